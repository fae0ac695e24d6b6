import type { Process } from '../../sim/linux/process.ts'
import { decodeText } from '../../sim/linux/shell/bytes.ts'
import { runOver } from '../../sim/programs/ssh/connect.ts'
import { Exit } from './command.ts'
import type { Finished } from './shell.ts'

const USER = 'docker'

/** A command for a control plane: kubectl with the rights of an administrator. */
export const adminKubectl = (text: string) => `sudo KUBECONFIG=/etc/kubernetes/admin.conf kubectl ${text}`

/** Runs a command on a node, as minikube does: over SSH. */
export async function onNode(
  process: Process,
  ip: string,
  command: string,
  input?: string | Uint8Array,
): Promise<Finished> {
  const { output, stderr, status } = await rawOnNode(process, ip, command, input)
  return { stdout: decodeText(output), stderr, status }
}

/** The same, with the bytes it printed. */
export async function rawOnNode(process: Process, ip: string, command: string, input?: string | Uint8Array) {
  const bytes = typeof input === 'string' ? new TextEncoder().encode(input) : input
  const to = { user: USER, host: ip, port: 22 }
  const { output, error, status } = await runOver(process, to, command, bytes, { quiet: true })
  return { output, stderr: error, status }
}

/** The same; its failure ends minikube. */
export async function mustOnNode(process: Process, ip: string, command: string, input?: string): Promise<string> {
  const { stdout, stderr, status } = await onNode(process, ip, command, input)
  if (status !== 0)
    throw new Exit(
      'GUEST_START',
      `failed to start node: ${command.split(' ').slice(0, 3).join(' ')}: Process exited with status ${status}\nstdout:\n${stdout}\nstderr:\n${stderr}`,
      80,
    )
  return stdout
}
