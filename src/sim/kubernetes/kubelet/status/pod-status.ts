import { rfc3339 } from '../../../time/date.ts'
import { type ContainerStatus, isSidecar, type Pod, type PodStatus } from '../pod.ts'
import { qosClass } from '../resources/qos.ts'
import { kubeletConditions, mergeConditions } from './conditions.ts'
import { containerStatus, type StatusInputs } from './container-status.ts'
import { podPhase } from './phase.ts'

export interface PodStatusInputs extends StatusInputs {
  hostIP: string
  /** ms since 1970 */
  now: number
  /** The Pod is over: whatever still runs counts as ended. */
  terminal: boolean
  /** Why the kubelet ended the Pod (Evicted, DeadlineExceeded, …). */
  verdict?: { phase?: string; reason: string; message: string }
  resize?: { type: string; status: string; reason?: string; message?: string }[]
}

/** The whole status of a Pod, as the kubelet reports it. */
export function podStatus(pod: Pod, inputs: PodStatusInputs): PodStatus {
  const { runtime, verdict } = inputs
  const init = (pod.spec.initContainers ?? []).map((c) => containerStatus(pod, 'initContainers', c, inputs))
  const main = pod.spec.containers.map((c) => containerStatus(pod, 'containers', c, inputs))
  const ephemeral = (pod.spec.ephemeralContainers ?? []).map((c) =>
    containerStatus(pod, 'ephemeralContainers', c as never, inputs),
  )
  const statuses = new Map([...init, ...main].map((status) => [status.name, status]))
  const initialized = main.some((s) => s.state?.running || s.state?.terminated || s.lastState?.terminated)
  let phase = podPhase(pod, statuses, { terminal: inputs.terminal, initialized })
  const before = pod.status?.phase
  if (before === 'Failed' || before === 'Succeeded') phase = before
  if (verdict) phase = (verdict.phase as typeof phase) ?? 'Failed'
  if (phase === 'Failed' || phase === 'Succeeded') settle(pod, [...main, ...init])
  const now = rfc3339(inputs.now)
  const fresh = kubeletConditions(pod, { phase, sandboxReady: runtime.sandboxReady && !inputs.terminal, statuses })
  const podIP = pod.spec.hostNetwork ? inputs.hostIP : (runtime.sandbox?.ip ?? pod.status?.podIP)
  const status: PodStatus = {
    ...pod.status,
    conditions: mergeConditions(pod, [...fresh, ...((inputs.resize ?? []) as typeof fresh)], now),
    hostIP: inputs.hostIP,
    hostIPs: [{ ip: inputs.hostIP }],
    observedGeneration: pod.metadata.generation,
    phase,
    qosClass: qosClass(pod.spec),
    resources: pod.spec.resources ?? {},
    startTime: pod.status?.startTime ?? (now as never),
    containerStatuses: main.sort(byName),
  }
  if (pod.spec.resources?.requests) status.allocatedResources = pod.spec.resources.requests
  if (init.length > 0) status.initContainerStatuses = init
  if (ephemeral.length > 0) status.ephemeralContainerStatuses = ephemeral
  if (podIP) {
    status.podIP = podIP
    status.podIPs = [{ ip: podIP }]
  }
  if (verdict) {
    status.reason = verdict.reason
    status.message = verdict.message
  }
  return status
}

const byName = (a: ContainerStatus, b: ContainerStatus) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)

/** Containers of a finished Pod are never ready; those that never ran keep waiting as they were. */
function settle(pod: Pod, statuses: ContainerStatus[]): void {
  const inits = new Set((pod.spec.initContainers ?? []).filter((c) => !isSidecar(c)).map((c) => c.name))
  for (const status of statuses) {
    if (inits.has(status.name)) continue
    status.ready = false
    status.started = false
  }
}
