import { rfc3339 } from '../../../time/date.ts'
import type { Container, ContainerKind, ContainerState, ContainerStatus, Pod } from '../pod.ts'
import { type ContainerRun, exitCode, hasExited, type PodRuntime } from '../runtime/pod-runtime.ts'

/** Why a container waits, as the last sync of its Pod found. */
export interface WaitingReason {
  reason: string
  message: string
}

export interface StatusInputs {
  runtime: PodRuntime
  /** By container name. */
  reasons: ReadonlyMap<string, WaitingReason>
  started(name: string): boolean
  ready(name: string): boolean
}

/** The status of one container as the API shows it. */
export function containerStatus(
  pod: Pod,
  kind: ContainerKind,
  container: Container,
  { runtime, reasons, started, ready }: StatusInputs,
): ContainerStatus {
  const run = runtime.latest(container.name)
  const old = oldStatus(pod, kind, container.name)
  const reason = reasons.get(container.name)
  const status: ContainerStatus = {
    name: container.name,
    state: {
      waiting: { reason: (pod.spec.initContainers ?? []).length > 0 ? 'PodInitializing' : 'ContainerCreating' },
    },
    lastState: old?.lastState ?? {},
    ready: false,
    restartCount: old?.restartCount ?? 0,
    image: container.image ?? '',
    imageID: '',
    started: false,
  }
  if (run) {
    status.state = runState(run)
    const before = runtime.previous(container.name)
    status.lastState = before && hasExited(before) ? runState(before) : run.attempt > 0 ? (old?.lastState ?? {}) : {}
    status.restartCount = run.attempt
    status.image = shownImage(run)
    status.imageID = run.handle.image.digests[0] ?? run.handle.image.id
    status.containerID = `containerd://${run.handle.id}`
    if (run.user && status.state.running) status.user = { linux: run.user }
  }
  const requests = container.resources?.requests
  if (kind !== 'ephemeralContainers') {
    if (requests && Object.keys(requests).length > 0 && run) status.allocatedResources = requests
    if (run) status.resources = statusResources(run, container)
  }
  const mounts = (container.volumeMounts ?? []).map((mount) => ({
    mountPath: mount.mountPath,
    name: mount.name,
    ...(mount.readOnly ? { readOnly: true, recursiveReadOnly: 'Disabled' } : {}),
  }))
  if (mounts.length > 0) status.volumeMounts = mounts
  if (run && container.lifecycle?.stopSignal) status.stopSignal = container.lifecycle.stopSignal
  if (reason && !status.state?.running) {
    if (status.state?.terminated) status.lastState = status.state
    status.state = {
      waiting: reason.message ? { message: reason.message, reason: reason.reason } : { reason: reason.reason },
    }
  }
  const running = status.state?.running !== undefined
  status.started = running && started(container.name)
  status.ready = running && status.started && ready(container.name)
  if (kind === 'initContainers' && container.restartPolicy !== 'Always') {
    const terminated = status.state?.terminated
    status.ready = terminated?.exitCode === 0
    status.started = running && started(container.name)
  }
  return status
}

/** The image by the name it was asked for, when the engine knows it by that one. */
function shownImage({ handle }: ContainerRun): string {
  const { tags } = handle.image
  return tags.find((tag) => tag === handle.spec.image) ?? tags[0] ?? handle.spec.image
}

function statusResources(run: ContainerRun, container: Container): unknown {
  const resources = (run.resources ?? container.resources ?? {}) as { limits?: unknown; requests?: unknown }
  return {
    ...(resources.limits ? { limits: resources.limits } : {}),
    ...(resources.requests ? { requests: resources.requests } : {}),
  }
}

export function oldStatus(pod: Pod, kind: ContainerKind, name: string): ContainerStatus | undefined {
  const list =
    kind === 'containers'
      ? pod.status?.containerStatuses
      : kind === 'initContainers'
        ? pod.status?.initContainerStatuses
        : pod.status?.ephemeralContainerStatuses
  return list?.find((status) => status.name === name)
}

function runState(run: ContainerRun): ContainerState {
  const { handle } = run
  if (!hasExited(run)) {
    if (handle.status === 'created') return { waiting: { reason: 'ContainerCreating' } }
    return { running: { startedAt: rfc3339(handle.startedAt ?? run.createdAt) } }
  }
  const code = exitCode(run)
  const message = run.startError ?? run.message
  return {
    terminated: {
      containerID: `containerd://${handle.id}`,
      exitCode: code,
      finishedAt: rfc3339(handle.finishedAt ?? run.createdAt),
      ...(message ? { message } : {}),
      reason: run.startError ? 'StartError' : handle.oomKilled ? 'OOMKilled' : code === 0 ? 'Completed' : 'Error',
      startedAt: rfc3339(run.startError ? 0 : (handle.startedAt ?? run.createdAt)),
    },
  }
}
