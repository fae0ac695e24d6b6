import type { KubeObject } from '../../api/object.ts'
import { parseTime } from '../shared/meta.ts'
import { isPodFinished, podCondition } from '../shared/pods.ts'
import { type PodMetrics, thousandths } from './metrics-source.ts'

export const TOLERANCE = 0.1
const CPU_INITIALISATION_MS = 300_000
const INITIAL_READINESS_MS = 30_000

export interface Proposal {
  replicas: number
  /** percent of requests, for utilisation */
  utilisation?: number
  /** thousandths a Pod */
  average: number
}

interface Target {
  /** Percent of requests, or undefined for an average value. */
  utilisation?: number
  /** thousandths */
  average?: number
}

export interface Tolerances {
  up: number
  down: number
}

/** How many replicas would bring a resource to its target. Throws an Error in the real calculator's words. */
export function calculateReplicas(
  current: number,
  pods: readonly KubeObject[],
  metrics: PodMetrics,
  resource: string,
  target: Target,
  now: number,
  tolerances: Tolerances = { up: TOLERANCE, down: TOLERANCE },
  container?: string,
): Proposal {
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count')
  const { ready, unready, missing } = group(pods, metrics, resource, now)
  const requests = target.utilisation === undefined ? undefined : requestsOf(pods, resource, container)
  const usages = new Map(ready.map((pod) => [pod.metadata.name, metrics.get(pod.metadata.name)!]))
  if (usages.size === 0) throw new Error('did not receive metrics for targeted pods (pods might be unready)')
  const first = ratioOf(usages, target, requests)
  const average = sum(usages.values()) / usages.size
  const outcome = (replicas: number): Proposal => ({
    replicas,
    utilisation: first.utilisation,
    average: Math.floor(average),
  })
  const within = (ratio: number) => ratio >= 1 - tolerances.down && ratio <= 1 + tolerances.up
  const hasUnready = unready.length > 0 && first.ratio > 1
  if (!hasUnready && missing.length === 0) {
    return outcome(within(first.ratio) ? current : Math.ceil(first.ratio * ready.length - 1e-9))
  }
  // Those nothing is known of count against the change: as on target when shrinking, as idle when growing.
  for (const { metadata } of missing) {
    const share = target.utilisation === undefined ? target.average! : requests!.get(metadata.name)!
    if (first.ratio < 1) usages.set(metadata.name, share)
    else if (first.ratio > 1) usages.set(metadata.name, 0)
  }
  if (hasUnready) for (const { metadata } of unready) usages.set(metadata.name, 0)
  const { ratio } = ratioOf(usages, target, requests)
  const turned = (first.ratio < 1 && ratio > 1) || (first.ratio > 1 && ratio < 1)
  if (within(ratio) || turned) return outcome(current)
  const replicas = Math.ceil(ratio * usages.size - 1e-9)
  const wrongWay = (ratio < 1 && replicas > current) || (ratio > 1 && replicas < current)
  return outcome(wrongWay ? current : replicas)
}

function ratioOf(
  usages: ReadonlyMap<string, number>,
  target: Target,
  requests: ReadonlyMap<string, number> | undefined,
) {
  if (target.utilisation === undefined || !requests) {
    return { ratio: sum(usages.values()) / usages.size / target.average! }
  }
  let wanted = 0
  for (const name of usages.keys()) wanted += requests.get(name) ?? 0
  if (wanted === 0) throw new Error('no metrics returned matched known pods')
  const utilisation = Math.floor((sum(usages.values()) * 100) / wanted)
  return { ratio: utilisation / target.utilisation, utilisation }
}

function sum(values: Iterable<number>): number {
  let total = 0
  for (const value of values) total += value
  return total
}

function group(pods: readonly KubeObject[], metrics: PodMetrics, resource: string, now: number) {
  const ready: KubeObject[] = []
  const unready: KubeObject[] = []
  const missing: KubeObject[] = []
  for (const pod of pods) {
    if (pod.metadata.deletionTimestamp || isPodFinished(pod)) continue
    if (pod.status?.phase === 'Pending') unready.push(pod)
    else if (!metrics.has(pod.metadata.name)) missing.push(pod)
    else if (resource === 'cpu' && isStillStarting(pod, now)) unready.push(pod)
    else ready.push(pod)
  }
  return { ready, unready, missing }
}

function isStillStarting(pod: KubeObject, now: number): boolean {
  const condition = podCondition(pod, 'Ready')
  if (!condition || !pod.status?.startTime) return true
  const start = parseTime(pod.status.startTime)
  if (start + CPU_INITIALISATION_MS > now) return condition.status === 'False'
  const changed = parseTime(condition.lastTransitionTime ?? '')
  return condition.status === 'False' && start + INITIAL_READINESS_MS > changed
}

function requestsOf(pods: readonly KubeObject[], resource: string, only?: string): Map<string, number> {
  const out = new Map<string, number>()
  for (const pod of pods) {
    let total = 0
    const sidecars = (pod.spec.initContainers ?? []).filter((c: any) => c.restartPolicy === 'Always')
    for (const container of [...pod.spec.containers, ...sidecars]) {
      if (only && container.name !== only) continue
      const request = container.resources?.requests?.[resource]
      if (request === undefined) {
        throw new Error(`missing request for ${resource} in container ${container.name} of Pod ${pod.metadata.name}`)
      }
      total += thousandths(resource, request)
    }
    out.set(pod.metadata.name, total)
  }
  return out
}
