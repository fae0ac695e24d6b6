import type { LogLine } from '../../../containers/engine.ts'
import type { RestStream } from '../../../rest/port.ts'
import { parseRfc3339, rfc3339Micro } from '../../../time/date.ts'
import { type Deferred, defer, type Waiting } from '../../../time/waiting.ts'
import type { PodLogRequest } from '../../api/kubelet-port.ts'
import { badRequest } from '../../api/status-error.ts'
import type { NodeServices } from '../node.ts'
import { containersOf } from '../pod.ts'
import { type ContainerRun, hasExited } from '../runtime/pod-runtime.ts'
import type { PodWorker } from '../sync/pod-worker.ts'

const encoder = new TextEncoder()

/** `kubectl logs` as the kubelet answers it. */
export function podLogs(
  node: NodeServices,
  worker: PodWorker | undefined,
  request: PodLogRequest,
): { text: string } | { stream: RestStream } {
  const { pod, container, previous, follow } = request
  const run = worker && chooseRun(worker, request)
  if (!run) {
    if (previous) {
      throw badRequest(
        `previous terminated container ${JSON.stringify(container)} in pod ${JSON.stringify(pod)} not found`,
      )
    }
    throw badRequest(
      `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod)} is waiting to start: ${waitingReason(worker, container)}`,
    )
  }
  if (run.removed) return { text: `unable to retrieve container logs for containerd://${run.handle.id}` }
  const wanted = selector(node, request)
  let lines = run.handle.logs().filter(wanted)
  if (request.tailLines !== undefined) lines = request.tailLines === 0 ? [] : lines.slice(-request.tailLines)
  const text = limited(lines.map((line) => format(line, request.timestamps)).join(''), request.limitBytes)
  if (!follow || hasExited(run)) return { text }
  return { stream: followed(node.world.waiting, run, text, wanted, request) }
}

function chooseRun(worker: PodWorker, { container, previous }: PodLogRequest): ContainerRun | undefined {
  const latest = worker.runtime.latest(container)
  if (!previous) return latest && latest.handle.status !== 'created' ? latest : latest?.startError ? latest : undefined
  return worker.runtime.previous(container)
}

function waitingReason(worker: PodWorker | undefined, container: string): string {
  const reason = worker?.reasons.get(container)?.reason
  if (reason) return reason
  const init = worker && (worker.pod.spec.initContainers ?? []).length > 0
  const known = worker && containersOf(worker.pod).some((c) => c.container.name === container)
  return known && init ? 'PodInitializing' : 'ContainerCreating'
}

function selector(node: NodeServices, { sinceSeconds, sinceTime, stream }: PodLogRequest): (line: LogLine) => boolean {
  const since =
    sinceSeconds !== undefined
      ? node.wallClock() - sinceSeconds * 1000
      : sinceTime !== undefined
        ? parseRfc3339(sinceTime)
        : Number.NEGATIVE_INFINITY
  const only = stream === 'Stdout' ? 'stdout' : stream === 'Stderr' ? 'stderr' : undefined
  return (line) => line.time >= since && (only === undefined || line.stream === only)
}

function format(line: LogLine, timestamps = false): string {
  const stamp = timestamps ? `${rfc3339Micro(line.time).replace(/Z$/, '000Z')} ` : ''
  return `${stamp}${line.text}${line.partial ? '' : '\n'}`
}

const limited = (text: string, bytes: number | undefined) => {
  if (bytes === undefined) return text
  const encoded = encoder.encode(text)
  return encoded.length <= bytes ? text : new TextDecoder().decode(encoded.slice(0, bytes))
}

function followed(
  waiting: Waiting,
  run: ContainerRun,
  begin: string,
  wanted: (line: LogLine) => boolean,
  { timestamps }: PodLogRequest,
): RestStream {
  const queue: Uint8Array[] = begin === '' ? [] : [encoder.encode(begin)]
  let ended = false
  let changed: Deferred<void> | undefined
  const notify = () => {
    changed?.resolve()
    changed = undefined
  }
  const stopLog = run.handle.onLog((line) => {
    if (!wanted(line)) return
    queue.push(encoder.encode(format(line, timestamps)))
    notify()
  })
  const stopExit = run.handle.onExit(() => close())
  const close = () => {
    ended = true
    stopLog()
    stopExit()
    notify()
  }
  return {
    close,
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const next = queue.shift()
        if (next) {
          yield next
          continue
        }
        if (ended) return
        changed ??= defer<void>(waiting)
        await changed.promise
      }
    },
  }
}
