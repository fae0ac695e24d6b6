import { flags } from '../docker/cli/flag.ts'
import { COMMON, type Command, Exit } from './command.ts'
import { containerState, needProfile, profiles, removeProfile } from './profile.ts'
import { capture } from './shell.ts'
import { hostState } from './status.ts'
import { table } from './table.ts'

const stop: Command = {
  name: 'stop',
  summary: 'Stops a running local Kubernetes cluster',
  flags: [
    ...COMMON,
    ...flags`
      --all                  Set flag to stop all profiles (clusters)
      --keep-context-active  keep the kube-context active after cluster is stopped.
`,
  ],
  async run(call) {
    const { process, out } = call
    const profile = needProfile(process, call.profile)
    for (const { machine } of profile.nodes.toReversed()) {
      await out.step('✋', `Stopping node "${machine}"  ...`)
      if ((await containerState(process, machine)) !== 'running') continue
      await out.step('🛑', `Powering off "${machine}" via SSH ...`)
      await capture(process, ['docker', 'stop', machine])
    }
    if (!call.flags.bool('keep-context-active')) {
      const { stdout } = await capture(process, ['kubectl', 'config', 'current-context'])
      if (stdout.trim() === profile.name) await capture(process, ['kubectl', 'config', 'unset', 'current-context'])
    }
    await out.step('🛑', `${profile.nodes.length} node${profile.nodes.length > 1 ? 's' : ''} stopped.`)
    return 0
  },
}

const remove: Command = {
  name: 'delete',
  summary: 'Deletes a local Kubernetes cluster',
  flags: [
    ...COMMON,
    ...flags`
      --all     Set flag to delete all profiles
      --purge   Set this flag to delete the '.minikube' folder from your user directory.
`,
  ],
  async run(call) {
    const { process, out } = call
    const all = call.flags.bool('all')
      ? profiles(process)
      : profiles(process).filter(({ name }) => name === call.profile)
    if (all.length === 0) {
      await out.step('🙄', `"${call.profile}" profile does not exist, trying anyways.`)
      await out.step('💀', `Removed all traces of the "${call.profile}" cluster.`)
      return 0
    }
    for (const { name, driver, nodes } of all) {
      await out.step('🔥', `Deleting "${name}" in ${driver} ...`)
      for (const { machine } of nodes.toReversed()) {
        await out.step('🔥', `Deleting container "${machine}" ...`)
        await capture(process, ['docker', 'rm', '-f', '-v', machine])
      }
      await capture(process, ['docker', 'network', 'rm', name])
      await out.step('🔥', `Removing ${process.env.get('HOME') ?? '/root'}/.minikube/machines/${name} ...`)
      for (const args of [
        ['delete-context', name],
        ['delete-cluster', name],
        ['delete-user', name],
      ])
        await capture(process, ['kubectl', 'config', ...args])
      await capture(process, ['kubectl', 'config', 'unset', 'current-context'])
      removeProfile(process, name)
      await out.step('💀', `Removed all traces of the "${name}" cluster.`)
    }
    return 0
  },
}

const profileList: Command = {
  name: 'profile list',
  summary: 'Lists all minikube profiles.',
  flags: [
    ...COMMON,
    ...flags`
  -l, --light           If true, returns list of profiles faster by skipping validating the status of the cluster.
  -o, --output string   The output format. One of 'json', 'table'
`,
  ],
  async run({ process, profile: active }) {
    const all = profiles(process)
    if (all.length === 0)
      throw new Exit('', 'No minikube profile was found. You can create one using `minikube start`.', 14)
    const current = (await capture(process, ['kubectl', 'config', 'current-context'])).stdout.trim()
    const rows: string[][] = []
    for (const { name, driver, runtime, nodes, apiPort, kubernetesVersion } of all) {
      const host = await hostState(process, nodes[0]!.machine)
      const status = host === 'Running' ? 'OK' : host
      rows.push(
        [
          name,
          driver,
          runtime,
          nodes[0]!.ip,
          kubernetesVersion,
          status,
          String(nodes.length),
          name === active ? '*' : '',
          name === current ? '*' : '',
        ].toSpliced(4, 0, String(apiPort)),
      )
    }
    await process.print(
      table(
        [
          'PROFILE',
          'DRIVER',
          'RUNTIME',
          'IP',
          'PORT',
          'VERSION',
          'STATUS',
          'NODES',
          'ACTIVE PROFILE',
          'ACTIVE KUBECONTEXT',
        ],
        rows,
      ),
    )
    return 0
  },
}

export const LIFECYCLE: readonly Command[] = [stop, remove, profileList]
