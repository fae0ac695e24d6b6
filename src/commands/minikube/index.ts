import type { Program } from '../../sim/linux/process.ts'
import { AppletError } from '../../sim/programs/applet/applet.ts'
import { FlagError, parseFlags } from '../docker/cli/flag-values.ts'
import { ACCESS } from './access.ts'
import { ADDON_COMMANDS } from './addons/commands.ts'
import { COMMON, type Command, Exit, Output } from './command.ts'
import { CONFIG_COMMANDS } from './config.ts'
import { CONTEXT_COMMANDS, currentProfile } from './context.ts'
import { copy } from './copy.ts'
import { dashboard } from './dashboard.ts'
import { IMAGE_COMMANDS } from './image.ts'
import { LIFECYCLE } from './lifecycle.ts'
import { NODE_COMMANDS } from './node.ts'
import { pause, unpause } from './pause.ts'
import { service } from './service.ts'
import { start } from './start.ts'
import { status } from './status.ts'
import { tunnel } from './tunnel.ts'

/** Commands of two words come before those of one. */
const COMMANDS: readonly Command[] = [
  start,
  status,
  dashboard,
  service,
  tunnel,
  pause,
  unpause,
  copy,
  ...LIFECYCLE,
  ...ADDON_COMMANDS,
  ...NODE_COMMANDS,
  ...IMAGE_COMMANDS,
  ...CONFIG_COMMANDS,
  ...CONTEXT_COMMANDS,
  ...ACCESS,
]

const HELP = `minikube provisions and manages local Kubernetes clusters optimized for development workflows.

Basic Commands:
  start            Starts a local Kubernetes cluster
  status           Gets the status of a local Kubernetes cluster
  stop             Stops a running local Kubernetes cluster
  delete           Deletes a local Kubernetes cluster
  dashboard        Access the Kubernetes dashboard running within the minikube cluster
  pause            pause Kubernetes
  unpause          unpause Kubernetes

Images Commands:
  docker-env       Provides instructions to point your terminal's docker-cli to the Docker Engine inside minikube. (Useful for building docker images directly inside minikube)
  podman-env       Configure environment to use minikube's Podman service
  image            Manage images

Configuration and Management Commands:
  addons           Enable or disable a minikube addon
  config           Modify persistent configuration values
  profile          Get or list the current profiles (clusters)
  update-context   Update kubeconfig in case of an IP or port change

Networking and Connectivity Commands:
  service          Returns a URL to connect to a service
  tunnel           Connect to LoadBalancer services

Advanced Commands:
  ssh              Log into the minikube environment (for debugging)
  kubectl          Run a kubectl binary matching the cluster version
  node             Add, remove, or list additional nodes
  cp               Copy the specified file into minikube

Troubleshooting Commands:
  ssh-key          Retrieve the ssh identity key path of the specified node
  ip               Retrieves the IP address of the specified node
  logs             Returns logs to debug a local Kubernetes cluster

Other Commands:
  version          Print the version of minikube

Use "minikube <command> --help" for more information about a given command.
`
const UNSIMULATED = ['cache', 'mount', 'ssh-host', 'update-check', 'options', 'completion', 'license']

function usage(command: Command): string {
  const rows = command.flags
    .filter((flag) => !COMMON.includes(flag))
    .map(({ name, shorthand, text }) => `    ${shorthand ? `-${shorthand}, ` : ''}--${name}:\n\t${text}\n\n`)
  return `${command.summary}\n\nOptions:\n${rows.join('')}Usage:\n  minikube ${command.name} [flags] [options]\n\nUse "minikube options" for a list of global command-line options (applies to all commands).\n`
}

/** minikube with its Docker driver: nodes are containers of the machine's Docker, made a cluster by kubeadm. */
export const minikube: Program = async (process) => {
  const argv = process.argv.slice(1)
  const out = new Output(process)
  const end = argv.indexOf('--')
  const words = (end < 0 ? argv : argv.slice(0, end)).filter(
    (word, i, all) => !word.startsWith('-') && !/^(-p|--profile|-n|--node)$/.test(all[i - 1] ?? ''),
  )
  const command = COMMANDS.find(({ name }) => name.split(' ').every((part, i) => words[i] === part))
  if (!command) {
    if (words.length === 0) {
      await process.print(HELP)
      return 0
    }
    const group = COMMANDS.filter(({ name }) => name.startsWith(`${words[0]} `))
    if (group.length > 0) {
      const rows = group.map(({ name, summary }) => `  ${name.slice(words[0]!.length + 1).padEnd(16)} ${summary}\n`)
      await process.print(
        `Available Commands:\n${rows.join('')}\nUsage:\n  minikube ${words[0]} SUBCOMMAND [flags] [options]\n`,
      )
      return 0
    }
    await process.printError(
      UNSIMULATED.includes(words[0]!)
        ? `not simulated: minikube ${words[0]}\n`
        : `Error: unknown command "${words[0]}" for "minikube"\nRun 'minikube --help' for usage.\n`,
    )
    return 14
  }
  const parts = command.name.split(' ')
  const rest = [...argv]
  for (const part of parts) rest.splice(rest.indexOf(part), 1)
  try {
    const { values, args, help } = parseFlags(command.flags, rest)
    if (help) {
      await process.print(usage(command))
      return 0
    }
    const profile = currentProfile(process, values.string('profile'))
    return (await command.run({ process, flags: values, args, profile, out })) ?? 0
  } catch (error) {
    if (error instanceof FlagError) {
      await process.printError(`Error: ${error.message}\nSee 'minikube ${command.name} --help' for usage.\n`)
      return 14
    }
    if (error instanceof AppletError) {
      await out.failure(`Exiting due to GUEST_SSH: ${error.message}`)
      return 80
    }
    if (!(error instanceof Exit)) throw error
    if (error.reason === '') {
      await out.step('🤷', error.message)
      if (error.status === 83 || error.status === 85) await out.step('👉', `To start a cluster, run: "minikube start"`)
      return error.status
    }
    await process.printError('\n')
    await out.failure(`Exiting due to ${error.reason}: ${error.message}`)
    if (error.advice) await out.advice(error.advice)
    return error.status
  }
}
