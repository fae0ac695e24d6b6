import { parseRfc3339 } from '../../../time/date.ts'
import { humanDuration } from '../../api/duration.ts'
import { age } from '../cells.ts'
import type { Cell } from '../definition.ts'

interface Summary {
  ready: number
  total: number
  restarts: number
  reason: string
  /** ms since 1970 of the last end of a container that was restarted */
  lastRestart: number | undefined
}

const isRestartable = (container: any) => container?.restartPolicy === 'Always'

/** The STATUS column and its neighbours, as printPod computes them. */
export function summarizePod(pod: any): Summary {
  const { spec, status = {}, metadata } = pod
  let restarts = 0
  let restartableRestarts = 0
  let total = spec?.containers?.length ?? 0
  let ready = 0
  let lastRestart: number | undefined
  let lastRestartableRestart: number | undefined
  let reason: string = status.reason || status.phase || ''
  for (const condition of status.conditions ?? [])
    if (condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated') reason = 'SchedulingGated'
  const initContainers = new Map<string, any>((spec?.initContainers ?? []).map((c: any) => [c.name, c]))
  for (const c of initContainers.values()) if (isRestartable(c)) total++
  let initializing = false
  const initStatuses: any[] = status.initContainerStatuses ?? []
  for (const [i, container] of initStatuses.entries()) {
    const definition = initContainers.get(container.name)
    restarts += container.restartCount ?? 0
    const finished = finishedAt(container)
    if (finished !== undefined && !(finished < (lastRestart ?? Number.NEGATIVE_INFINITY))) lastRestart = finished
    if (isRestartable(definition)) {
      restartableRestarts += container.restartCount ?? 0
      if (finished !== undefined && !(finished < (lastRestartableRestart ?? Number.NEGATIVE_INFINITY)))
        lastRestartableRestart = finished
    }
    const { terminated, waiting } = container.state ?? {}
    if (terminated?.exitCode === 0) continue
    if (isRestartable(definition) && container.started) {
      if (container.ready) ready++
      continue
    }
    if (terminated) {
      if (terminated.reason) reason = `Init:${terminated.reason}`
      else reason = terminated.signal ? `Init:Signal:${terminated.signal}` : `Init:ExitCode:${terminated.exitCode}`
    } else if (waiting?.reason && waiting.reason !== 'PodInitializing') {
      reason = `Init:${waiting.reason}`
    } else {
      reason = `Init:${i}/${spec.initContainers.length}`
    }
    initializing = true
    break
  }
  const initialized = (status.conditions ?? []).some((c: any) => c.type === 'Initialized' && c.status === 'True')
  if (!initializing || initialized) {
    restarts = restartableRestarts
    lastRestart = lastRestartableRestart
    let hasRunning = false
    const statuses: any[] = status.containerStatuses ?? []
    for (let i = statuses.length - 1; i >= 0; i--) {
      const container = statuses[i]
      restarts += container.restartCount ?? 0
      const finished = finishedAt(container)
      if (finished !== undefined && !(finished < (lastRestart ?? Number.NEGATIVE_INFINITY))) lastRestart = finished
      const { terminated, waiting, running } = container.state ?? {}
      if (waiting?.reason) reason = waiting.reason
      else if (terminated?.reason) reason = terminated.reason
      else if (terminated)
        reason = terminated.signal ? `Signal:${terminated.signal}` : `ExitCode:${terminated.exitCode}`
      else if (container.ready && running) {
        hasRunning = true
        ready++
      }
    }
    if (reason === 'Completed' && hasRunning) {
      const isReady = (status.conditions ?? []).some((c: any) => c.type === 'Ready' && c.status === 'True')
      reason = isReady ? 'Running' : 'NotReady'
    }
  }
  if (metadata.deletionTimestamp) {
    if (status.reason === 'NodeLost') reason = 'Unknown'
    else if (status.phase !== 'Failed' && status.phase !== 'Succeeded') reason = 'Terminating'
  }
  return { ready, total, restarts, reason, lastRestart }
}

function finishedAt(container: any): number | undefined {
  const text = container.lastState?.terminated?.finishedAt
  return text ? parseRfc3339(text) : undefined
}

export function podCells(pod: any, now: number): Cell[] {
  const { ready, total, restarts, reason, lastRestart } = summarizePod(pod)
  const restartsText =
    restarts !== 0 && lastRestart !== undefined
      ? `${restarts} (${humanDuration(now - lastRestart)} ago)`
      : String(restarts)
  const gates: any[] = pod.spec?.readinessGates ?? []
  const met = gates.filter((g) =>
    (pod.status?.conditions ?? []).some((c: any) => c.type === g.conditionType && c.status === 'True'),
  ).length
  return [
    pod.metadata.name,
    `${ready}/${total}`,
    reason,
    restartsText,
    age(pod.metadata.creationTimestamp, now),
    pod.status?.podIPs?.[0]?.ip ?? pod.status?.podIP ?? '<none>',
    pod.spec?.nodeName || '<none>',
    pod.status?.nominatedNodeName || '<none>',
    gates.length > 0 ? `${met}/${gates.length}` : '<none>',
  ]
}
