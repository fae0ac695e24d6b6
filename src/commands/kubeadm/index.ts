import type { Program } from '../../sim/linux/process.ts'
import { FlagError, parseFlags } from '../docker/cli/flag-values.ts'
import { type Command, KubeadmError } from './command.ts'
import { init } from './init.ts'
import { join } from './join.ts'
import { MAINTENANCE } from './maintenance.ts'
import { reset } from './reset.ts'
import { TOKEN_COMMANDS } from './token.ts'

const COMMANDS: readonly Command[] = [init, join, reset, ...TOKEN_COMMANDS, ...MAINTENANCE]
const TRACE = 'To see the stack trace of this error execute with --v=5 or higher\n'

const HELP = `

    ┌──────────────────────────────────────────────────────────┐
    │ KUBEADM                                                  │
    │ Easily bootstrap a secure Kubernetes cluster             │
    │                                                          │
    │ Please give us feedback at:                              │
    │ https://github.com/kubernetes/kubeadm/issues             │
    └──────────────────────────────────────────────────────────┘

Example usage:

    Create a two-machine cluster with one control-plane node
    (which controls the cluster), and one worker node
    (where your workloads, like Pods and Deployments run).

    ┌──────────────────────────────────────────────────────────┐
    │ On the first machine:                                    │
    ├──────────────────────────────────────────────────────────┤
    │ control-plane# kubeadm init                              │
    └──────────────────────────────────────────────────────────┘

    ┌──────────────────────────────────────────────────────────┐
    │ On the second machine:                                   │
    ├──────────────────────────────────────────────────────────┤
    │ worker# kubeadm join <arguments-returned-from-init>      │
    └──────────────────────────────────────────────────────────┘

    You can then repeat the second step on as many other machines as you like.

Usage:
  kubeadm [command]

Available Commands:
  certs       Commands related to handling Kubernetes certificates
  config      Manage configuration for a kubeadm cluster persisted in a ConfigMap in the cluster
  init        Run this command in order to set up the Kubernetes control plane
  join        Run this on any machine you wish to join an existing cluster
  reset       Performs a best effort revert of changes made to this host by 'kubeadm init' or 'kubeadm join'
  token       Manage bootstrap tokens
  upgrade     Upgrade your cluster smoothly to a newer version with this command
  version     Print the version of kubeadm
`

function usage(command: Command): string {
  const rows = command.flags
    .filter((flag) => !flag.hidden)
    .map(({ name, shorthand, type, text }) => [
      `  ${shorthand ? `-${shorthand}, ` : '    '}--${name}${type ? ` ${type}` : ''}`,
      text,
    ])
  const width = Math.max(...rows.map(([left]) => left!.length)) + 3
  return `${command.summary}\n\nUsage:\n  kubeadm ${command.name} [flags]\n\nFlags:\n${rows.map(([left, text]) => `${left!.padEnd(width)}${text}\n`).join('')}`
}

/** kubeadm: makes machines a cluster, through their files, their kubelet's service and the API server. */
export const kubeadm: Program = async (process) => {
  const argv = process.argv.slice(1)
  const words = argv.filter((word) => !word.startsWith('-'))
  const command = COMMANDS.find(({ name }) => name.split(' ').every((part, i) => words[i] === part))
  if (!command) {
    const group = COMMANDS.filter(({ name }) => name.startsWith(`${words[0]} `))
    if (words.length === 0) {
      await process.print(HELP)
      return 0
    }
    if (group.length > 0) {
      const rows = group.map(({ name, summary }) => `  ${name.slice(words[0]!.length + 1).padEnd(16)} ${summary}\n`)
      await process.print(`Usage:\n  kubeadm ${words[0]} [command]\n\nAvailable Commands:\n${rows.join('')}`)
      return 0
    }
    const known = 'alpha completion kubeconfig'.split(' ').includes(words[0]!)
    await process.printError(
      known ? `not simulated: kubeadm ${words[0]}\n` : `error: unknown command "${words[0]}" for "kubeadm"\n${TRACE}`,
    )
    return 1
  }
  const parts = command.name.split(' ').length
  let skipped = 0
  const rest = argv.filter((word) => word.startsWith('-') || ++skipped > parts)
  try {
    const { values, args, help } = parseFlags(command.flags, rest)
    if (help) {
      await process.print(usage(command))
      return 0
    }
    const say = (text: string) => process.print(`${text}\n`)
    return (await command.run({ process, flags: values, args, say })) ?? 0
  } catch (error) {
    if (!(error instanceof FlagError) && !(error instanceof KubeadmError)) throw error
    const phase = error instanceof KubeadmError && error.phase ? `error execution phase ${error.phase}: ` : ''
    await process.printError(`error: ${phase}${error.message}\n${TRACE}`)
    return 1
  }
}
