import { COMMON, type Command, Exit } from './command.ts'
import { changeSetting, settings } from './config.ts'
import { containerState, home, loadProfile, needProfile } from './profile.ts'
import { running } from './running.ts'
import { configureKubectl } from './start.ts'

const updateContext: Command = {
  name: 'update-context',
  summary: 'Update kubeconfig in case of an IP or port change',
  flags: COMMON,
  async run(call) {
    const profile = await running(call)
    await configureKubectl(call, profile)
    const { ip } = profile.nodes[0]!
    await call.out.step('🎉', `"${profile.name}" context has been updated to point to ${ip}:${profile.apiPort}`)
    await call.out.step('💗', `Current context is "${profile.name}"`)
    return 0
  },
}

const sshKey: Command = {
  name: 'ssh-key',
  summary: 'Retrieve the ssh identity key path of the specified node',
  flags: COMMON,
  async run(call) {
    const { nodes } = needProfile(call.process, call.profile)
    await call.process.print(`${home(call.process)}/machines/${nodes[0]!.machine}/id_rsa\n`)
    return 0
  },
}

/** The nodes run containerd, to which no Docker client can speak. */
const env = (name: string, runtime: string): Command => ({
  name,
  summary: `Provides instructions to point your terminal's ${name.split('-')[0]} to the one inside minikube. (Useful for building images directly inside minikube)`,
  flags: COMMON,
  async run(call) {
    const profile = await running(call)
    throw new Exit(
      'MK_USAGE',
      `The ${name} command is only compatible with the "${runtime}" runtime, but this cluster was configured to use the "${profile.runtime}" runtime.`,
      14,
    )
  },
})

const profile: Command = {
  name: 'profile',
  summary: 'Get or list the current profiles (clusters)',
  flags: COMMON,
  async run({ process, args, out, profile: current }) {
    const [name] = args
    if (name === undefined) {
      await process.print(`${current}\n`)
      return 0
    }
    const isKnown = loadProfile(process, name) !== undefined
    if (name !== 'minikube' && name !== 'default' && !isKnown) {
      await out.failure(`Profile "${name}" not found. Run "minikube profile list" to view all profiles.`)
      await out.step('👉', `To start a cluster, run: "minikube start -p ${name}"`)
      return 85
    }
    changeSetting(process, 'profile', name === 'default' ? undefined : name)
    await out.step('✅', `minikube profile was successfully set to ${name === 'default' ? 'minikube' : name}`)
    const state = isKnown ? await containerState(process, loadProfile(process, name)!.nodes[0]!.machine) : undefined
    if (isKnown && state !== 'running') await out.step('💡', `To start it, run: "minikube start -p ${name}"`)
    return 0
  },
}

/** `-p`, or what `minikube profile NAME` has set. */
export const currentProfile = (process: Parameters<typeof settings>[0], given: string | undefined): string =>
  given ?? String(settings(process).profile ?? 'minikube')

export const CONTEXT_COMMANDS: readonly Command[] = [
  profile,
  updateContext,
  sshKey,
  env('docker-env', 'docker'),
  env('podman-env', 'crio'),
]
