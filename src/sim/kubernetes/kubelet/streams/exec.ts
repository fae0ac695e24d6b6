import { StartError } from '../../../containers/engine.ts'
import { SystemError } from '../../../linux/errors.ts'
import type { PodExecRequest } from '../../api/kubelet-port.ts'
import type { Status } from '../../api/object.ts'
import { badRequest } from '../../api/status-error.ts'
import type { NodeServices } from '../node.ts'
import { execFailure } from '../probes/prober.ts'
import { isLive } from '../runtime/pod-runtime.ts'
import type { PodWorker } from '../sync/pod-worker.ts'

/** Runs a command in a container and joins its streams to the caller's. */
export function podExec(node: NodeServices, worker: PodWorker | undefined, request: PodExecRequest): void {
  const { streams, command, tty } = request
  const handle = liveHandle(worker, request)
  const run = async () => {
    const exec = await handle.exec({
      argv: command,
      tty,
      streams: { stdin: streams.stdin, stdout: streams.stdout, stderr: streams.stderr },
    })
    streams.onResize?.((size) => exec.resize(size))
    const code = await exec.exitCode
    streams.onStatus?.(code === 0 ? success() : exitStatus(command, code))
  }
  run().catch((error: unknown) => {
    if (!(error instanceof StartError) && !(error instanceof SystemError)) throw error
    streams.onStatus?.(startFailure(node, command, error))
  })
}

/** Joins the caller's streams to the container's first process. */
export function podAttach(worker: PodWorker | undefined, request: PodExecRequest): void {
  const { streams } = request
  const handle = liveHandle(worker, request)
  const attached = handle.attach({ stdin: streams.stdin, stdout: streams.stdout, stderr: streams.stderr })
  handle.onExit((code) => {
    attached.detach()
    streams.onStatus?.(code === 0 ? success() : exitStatus([], code))
  })
}

function liveHandle(worker: PodWorker | undefined, { container, pod, namespace }: PodExecRequest) {
  const run = worker?.runtime.latest(container)
  if (!run || !isLive(run)) {
    if (!worker) throw badRequest(`unable to upgrade connection: pod does not exist`)
    throw badRequest(`unable to upgrade connection: container not found (${JSON.stringify(container)})`)
  }
  void pod
  void namespace
  return run.handle
}

const success = (): Partial<Status> => ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success' })

function exitStatus(command: readonly string[], code: number): Partial<Status> {
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with non-zero exit code: error executing command [${command.join(' ')}], exit code ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  }
}

/** The command could not be started: what the runtime says comes back as an internal error (exit 126 or 127 in kubectl's words). */
function startFailure(node: NodeServices, command: readonly string[], error: Error): Partial<Status> {
  const words = execFailure(node, command, error).replace('rpc error: code = Unknown desc = ', '')
  const message = `Internal error occurred: Internal error occurred: error executing command in container: ${words}`
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    reason: 'InternalError',
    message,
    details: { causes: [{ message: message.replace('Internal error occurred: ', '') }] },
    code: 500,
  }
}
