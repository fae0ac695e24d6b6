import { type ContainerHandle, StartError } from '../../../containers/engine.ts'
import { SystemError } from '../../../linux/errors.ts'
import type { NodeServices } from '../node.ts'
import type { Container, Probe } from '../pod.ts'
import { runInContainer } from '../streams/run.ts'
import { httpGet, portNumber } from './http.ts'

export type ProbeKind = 'liveness' | 'readiness' | 'startup'

export interface ProbeResult {
  outcome: 'success' | 'failure' | 'unknown'
  output: string
}

/** Carries out one probe of a container. */
export async function probe(
  node: NodeServices,
  container: Container,
  handle: ContainerHandle,
  spec: Probe,
  podIP: string,
): Promise<ProbeResult> {
  const timeout = (spec.timeoutSeconds ?? 1) * 1000
  try {
    if (spec.exec) return await execProbe(node, handle, spec.exec.command ?? [], timeout)
    if (spec.httpGet) {
      const { host, port, path, scheme, httpHeaders } = spec.httpGet
      const { status, body } = await httpGet(node, {
        host: host || podIP,
        port: portNumber(port, container),
        path: path ?? '/',
        scheme: scheme ?? 'HTTP',
        headers: httpHeaders ?? [],
        timeout,
      })
      if (status >= 200 && status < 400) return { outcome: 'success', output: body }
      return { outcome: 'failure', output: `HTTP probe failed with statuscode: ${status}` }
    }
    if (spec.tcpSocket) {
      const host = spec.tcpSocket.host || podIP
      return await tcpProbe(node, host, portNumber(spec.tcpSocket.port, container), timeout)
    }
    if (spec.grpc) return await grpcProbe(node, podIP, spec.grpc.port, timeout)
  } catch (error) {
    return { outcome: 'failure', output: (error as Error).message }
  }
  return { outcome: 'success', output: '' }
}

async function execProbe(
  node: NodeServices,
  handle: ContainerHandle,
  command: readonly string[],
  timeout: number,
): Promise<ProbeResult> {
  const timer = node.deadline(timeout)
  try {
    const { exitCode, output, killed } = await runInContainer(handle, command, { kill: timer.expired })
    if (killed) {
      return {
        outcome: 'failure',
        output: `command timed out: ${JSON.stringify(command.join(' '))} timed out after ${timeout / 1000}s`,
      }
    }
    return { outcome: exitCode === 0 ? 'success' : 'failure', output }
  } catch (error) {
    if (!(error instanceof StartError) && !(error instanceof SystemError)) throw error
    return { outcome: 'unknown', output: execFailure(node, command, error) }
  } finally {
    timer.cancel()
  }
}

/** containerd's words for a command that cannot be started. */
export function execFailure(node: NodeServices, command: readonly string[], error: Error): string {
  const id = node.random.hex(64)
  const words = error.message.includes('exec failed')
    ? error.message
    : `OCI runtime exec failed: exec failed: unable to start container process: exec: ${JSON.stringify(command[0] ?? '')}: ${
        error.message.startsWith('exec:')
          ? error.message.replace(/^exec: "[^"]*": /, '')
          : notFoundWords(command[0] ?? '', error)
      }`
  return `rpc error: code = Unknown desc = failed to exec in container: failed to start exec "${id}": ${words}`
}

function notFoundWords(name: string, error: Error): string {
  if (error instanceof SystemError && error.code !== 'ENOENT') return error.message.toLowerCase()
  return name.includes('/') ? `stat ${name}: no such file or directory` : 'executable file not found in $PATH'
}

async function tcpProbe(node: NodeServices, host: string, port: number, timeout: number): Promise<ProbeResult> {
  if (!node.host) return { outcome: 'success', output: '' }
  try {
    const connection = await node.host.net.connect({ address: host, port }, { timeout })
    connection.close()
    return { outcome: 'success', output: '' }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const words = error.code === 'ETIMEDOUT' ? 'i/o timeout' : `connect: ${error.message.toLowerCase()}`
    return { outcome: 'failure', output: `dial tcp ${host}:${port}: ${words}` }
  }
}

async function grpcProbe(node: NodeServices, host: string, port: number, timeout: number): Promise<ProbeResult> {
  const result = await tcpProbe(node, host, port, timeout)
  if (result.outcome === 'success') return result
  return {
    outcome: 'failure',
    output: `timeout: failed to connect service ${JSON.stringify(`${host}:${port}`)} within ${timeout / 1000}s: context deadline exceeded`,
  }
}
