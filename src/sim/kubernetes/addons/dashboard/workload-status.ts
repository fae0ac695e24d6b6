import type { KubeObject } from '../../api/object.ts'
import type { Listed, Listings } from './listings.ts'

/** In the order in which they are drawn. */
export const STATES = ['running', 'succeeded', 'pending', 'failed'] as const
export type State = (typeof STATES)[number]
export type Tally = Readonly<Record<State, number>>

/** The kinds of the overview's first part, in its order. */
export const WORKLOADS = [
  ['cronjobs', 'Cron Jobs'],
  ['daemonsets', 'Daemon Sets'],
  ['deployments', 'Deployments'],
  ['jobs', 'Jobs'],
  ['pods', 'Pods'],
  ['replicasets', 'Replica Sets'],
  ['replicationcontrollers', 'Replication Controllers'],
  ['statefulsets', 'Stateful Sets'],
] as const satisfies readonly (readonly [Listed, string])[]

export type Workload = (typeof WORKLOADS)[number][0]

const condition = (object: KubeObject, type: string) =>
  object.status?.conditions?.some((each: any) => each.type === type && each.status === 'True') === true

/** Warnings about a Pod that is not ready; each text once. */
export function warningsOf(pod: KubeObject, events: readonly KubeObject[]): string[] {
  if (pod.status?.phase === 'Succeeded' || condition(pod, 'Ready')) return []
  const own = events.filter((event) => event.type === 'Warning' && event.involvedObject?.uid === pod.metadata.uid)
  return [...new Set(own.map((event) => String(event.message ?? '')))]
}

/** A Pod that waits is failed once something has warned of it. */
function podState(pod: KubeObject, events: readonly KubeObject[]): State {
  const phase = pod.status?.phase
  if (phase === 'Failed') return 'failed'
  if (phase === 'Succeeded') return 'succeeded'
  if (phase === 'Running' && condition(pod, 'Ready') && condition(pod, 'Initialized')) return 'running'
  return warningsOf(pod, events).length > 0 ? 'failed' : 'pending'
}

const owned = (object: KubeObject, owner: KubeObject) =>
  object.metadata.ownerReferences?.some(({ uid }: { uid: string }) => uid === owner.metadata.uid) === true

/** The Pods of a workload: a Deployment's are its ReplicaSets'. */
function podsOf(owner: KubeObject, { pods, replicasets }: Listings): KubeObject[] {
  const sets = replicasets.items.filter((set) => owned(set, owner))
  return pods.items.filter((pod) => owned(pod, owner) || sets.some((set) => owned(pod, set)))
}

function stateOf(kind: Workload, object: KubeObject, listings: Listings): State {
  const events = listings.events.items
  if (kind === 'pods') return podState(object, events)
  if (kind === 'cronjobs') return object.spec?.suspend ? 'failed' : 'running'
  if (kind === 'jobs') {
    if (condition(object, 'Complete')) return 'succeeded'
    return condition(object, 'Failed') ? 'failed' : 'running'
  }
  const pods = podsOf(object, listings)
  if (pods.some((pod) => warningsOf(pod, events).length > 0)) return 'failed'
  return pods.some((pod) => podState(pod, events) === 'pending') ? 'pending' : 'running'
}

/** How many objects of a kind are in which state, as the dashboard's circles count them. */
export function tally(kind: Workload, listings: Listings): Tally {
  const counts = { running: 0, pending: 0, failed: 0, succeeded: 0 }
  for (const object of listings[kind].items) {
    // An old revision of a Deployment is kept without Pods; it is no workload any more.
    if (kind === 'replicasets' && object.spec?.replicas === 0) continue
    counts[stateOf(kind, object, listings)]++
  }
  return counts
}
