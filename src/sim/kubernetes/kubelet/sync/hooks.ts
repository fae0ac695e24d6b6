import type { ContainerHandle } from '../../../containers/engine.ts'
import type { NodeServices } from '../node.ts'
import type { Container, Pod } from '../pod.ts'
import { httpGet, portNumber } from '../probes/http.ts'
import { runInContainer } from '../streams/run.ts'

type Handler = NonNullable<NonNullable<Container['lifecycle']>['preStop']>

/** Runs a postStart or preStop handler; rejects with the words of its failure. */
export async function runHook(
  node: NodeServices,
  pod: Pod,
  container: Container,
  handle: ContainerHandle,
  hook: Handler,
): Promise<void> {
  const { exec, httpGet: http, tcpSocket } = hook
  const sleep = (hook as { sleep?: { seconds: number } }).sleep
  if (exec) {
    const { exitCode, output } = await runInContainer(handle, exec.command ?? [])
    if (exitCode !== 0) {
      throw new Error(
        `Exec lifecycle hook (${JSON.stringify(exec.command)}) for Container ${JSON.stringify(container.name)} in Pod ${JSON.stringify(pod.metadata.name)} failed - error: command '${(exec.command ?? []).join(' ')}' exited with ${exitCode}: ${output}`,
      )
    }
  } else if (http) {
    const host = http.host || handle.ip || pod.status?.podIP || node.node.ip
    const port = portNumber(http.port, container)
    const result = await httpGet(node, {
      host,
      port,
      path: http.path ?? '/',
      scheme: http.scheme ?? 'HTTP',
      headers: http.httpHeaders ?? [],
    })
    if (result.status >= 400) throw new Error(`HTTP lifecycle hook failed with statuscode: ${result.status}`)
  } else if (sleep) await node.sleep(sleep.seconds * 1000)
  else if (tcpSocket) return
}
