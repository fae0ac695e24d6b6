import { flags } from '../docker/cli/flag.ts'
import { applyKindnet } from './cni.ts'
import { COMMON, type Command, Exit, firstArgument } from './command.ts'
import { adminKubectl, onNode } from './node-shell.ts'
import { containerState, isNamed, needProfile, type Profile, type ProfileNode, saveProfile } from './profile.ts'
import { running } from './running.ts'
import { capture } from './shell.ts'
import { addNode } from './start.ts'

const nodeList: Command = {
  name: 'node list',
  summary: 'List nodes.',
  flags: COMMON,
  async run(call) {
    const { nodes } = needProfile(call.process, call.profile)
    await call.process.print(nodes.map(({ machine, ip }) => `${machine}\t${ip}\n`).join(''))
    return 0
  },
}

const nodeAdd: Command = {
  name: 'node add',
  summary: 'Adds a node to the given cluster.',
  flags: [
    ...COMMON,
    ...flags`
      --control-plane   If set, added node will become a control-plane. Defaults to false.
      --worker          If set, added node will be available as worker. Defaults to true. (default true)
`,
  ],
  async run(call) {
    const profile = await running(call)
    if (call.flags.bool('control-plane')) throw new Exit('', 'not simulated: a second control plane', 80)
    const name = `m${String(profile.nodes.length + 1).padStart(2, '0')}`
    await call.out.step('😄', `Adding node ${name} to cluster ${profile.name} as [worker]`)
    if (profile.nodes.length === 1)
      await call.out.warning('Cluster was created without any CNI, adding a node to it might cause broken networking.')
    if (profile.nodes.length === 1) await applyKindnet(call.process, profile)
    await addNode(call, profile)
    await call.out.step('🏄', `Successfully added ${name} to ${profile.name}!`)
    return 0
  },
}

const nodeDelete: Command = {
  name: 'node delete',
  summary: 'Deletes a node from a cluster.',
  flags: COMMON,
  async run(call) {
    const profile = await running(call)
    const [name = ''] = call.args
    const at = profile.nodes.findIndex((node, i) => i > 0 && isNamed(node, name))
    if (at < 0) throw new Exit('GUEST_NODE_DELETE', `deleting node: retrieve: Could not find node ${name}`, 80)
    const { machine } = profile.nodes[at]!
    await call.out.step('🔥', `Deleting node ${name} from cluster ${profile.name}`)
    await onNode(
      call.process,
      profile.nodes[0]!.ip,
      `${adminKubectl(`drain ${machine} --force --ignore-daemonsets --delete-emptydir-data --timeout=60s`)}; ${adminKubectl(`delete node ${machine}`)}`,
    )
    await call.out.step('✋', `Stopping node "${machine}"  ...`)
    await capture(call.process, ['docker', 'rm', '-f', '-v', machine])
    profile.nodes.splice(at, 1)
    saveProfile(call.process, profile)
    await call.out.step('💀', `Node ${name} was successfully deleted.`)
    return 0
  },
}

const nodeOf = ({ nodes }: Profile, name: string): ProfileNode => {
  const found = nodes.find((node) => isNamed(node, name))
  if (!found) throw new Exit('GUEST_NODE_RETRIEVE', `retrieving node: Could not find node ${name}`, 85)
  return found
}

const nodeStop: Command = {
  name: 'node stop',
  summary: 'Stops a node in a cluster.',
  flags: COMMON,
  async run(call) {
    const name = firstArgument(call.args, 'Usage: minikube node stop [name]')
    const { machine } = nodeOf(await running(call), name)
    await call.out.step('✋', `Stopping node "${machine}"  ...`)
    await call.out.step('🛑', `Powering off "${machine}" via SSH ...`)
    await capture(call.process, ['docker', 'stop', machine])
    await call.out.step('🛑', `Successfully stopped node ${machine}`)
    return 0
  },
}

const nodeStart: Command = {
  name: 'node start',
  summary: 'Starts a node.',
  flags: COMMON,
  async run(call) {
    const name = firstArgument(call.args, 'Usage: minikube node start [name]')
    const profile = needProfile(call.process, call.profile)
    const { machine } = nodeOf(profile, name)
    if ((await containerState(call.process, machine)) === 'running') {
      await call.out.step('✨', `${name} is already running`)
      return 0
    }
    await call.out.step('👍', `Starting "${machine}" worker node in "${profile.name}" cluster`)
    await call.out.step('🔄', `Restarting existing docker container for "${machine}" ...`)
    await capture(call.process, ['docker', 'start', machine])
    await call.process.sleep(3000)
    await call.out.step('🏄', `Successfully started node ${machine}!`)
    return 0
  },
}

export const NODE_COMMANDS: readonly Command[] = [nodeList, nodeAdd, nodeDelete, nodeStart, nodeStop]
