import type { KubeObject } from '../../src/sim/kubernetes/api/object.ts'
import type { HistoryEntry } from '../../src/sim/world/api.ts'
import type { Step } from './journal.ts'
import type { Played } from './play.ts'

type Objects = Map<string, KubeObject>
/** Every object at one moment: by resource, then by uid. */
class Moment {
  readonly #tables = new Map<string, Objects>()
  t = 0

  apply({ t, type, resource, object }: HistoryEntry): void {
    this.t = t
    let table = this.#tables.get(resource)
    if (!table) {
      table = new Map()
      this.#tables.set(resource, table)
    }
    if (type === 'DELETED') table.delete(object.metadata.uid)
    else table.set(object.metadata.uid, object)
  }

  all(resource: string): KubeObject[] {
    return [...(this.#tables.get(resource)?.values() ?? [])]
  }

  owned(resource: string, uid: string): KubeObject[] {
    return this.all(resource).filter((each) => each.metadata.ownerReferences?.some((owner) => owner.uid === uid))
  }

  byUid(resource: string, uid: string): KubeObject | undefined {
    return this.#tables.get(resource)?.get(uid)
  }
}

const condition = (object: KubeObject, type: string) =>
  object.status?.conditions?.find((each: { type: string }) => each.type === type)?.status === 'True'
const leaving = (object: KubeObject) => object.metadata.deletionTimestamp !== undefined
const finished = (pod: KubeObject) => ['Succeeded', 'Failed'].includes(pod.status?.phase)
const portion = (value: unknown, of: number, up: boolean) => {
  if (typeof value === 'number') return value
  const share = (Number.parseInt(String(value), 10) * of) / 100
  return up ? Math.ceil(share) : Math.floor(share)
}

/** What must hold at each moment and at the end. Gives what did not. */
export function broken(played: Played, steps: readonly Step[]): string[] {
  const problems = new Set<string>(played.faults)
  const moment = new Moment()
  const rollouts = new Rollouts(played, steps)
  for (const entry of played.world.history) {
    moment.apply(entry)
    for (const problem of [...rollouts.problems(moment, entry), ...order(moment, entry), ...quotas(moment, entry)])
      problems.add(`${(entry.t / 1000).toFixed(3)} s: ${problem}`)
  }
  for (const problem of settled(moment)) problems.add(`at the end: ${problem}`)
  return [...problems]
}

/** While nobody kills Pods or nodes, a rollout that began from health keeps within its limits. */
class Rollouts {
  /** From when on nothing was disturbed; Infinity while it is. */
  readonly #calm: { at: number; from: number }[]
  /** Deployments that were whole at some moment since the last disturbance, and at which generation's limits. */
  readonly #whole = new Map<string, { from: number; replicas: number }>()

  constructor({ times, quiet }: Played, steps: readonly Step[]) {
    const never = Number.POSITIVE_INFINITY
    this.#calm = [{ at: 0, from: 0 }]
    for (const [i, step] of steps.entries()) {
      if (!disturbs(step)) continue
      // A node that goes takes its Pods' readiness with it half a minute later, and gives it back as late.
      const end = step.do === 'type' ? (times[i + 1] ?? quiet) : quiet + 60_000
      this.#calm.push({ at: times[i]!, from: never }, { at: end, from: end })
      if (step.do !== 'type') break
    }
  }

  *problems(moment: Moment, { resource }: HistoryEntry): Iterable<string> {
    if (!['pods', 'replicasets.apps', 'deployments.apps'].includes(resource)) return
    const calm = this.#calm.findLast(({ at }) => at <= moment.t)!
    for (const deployment of moment.all('deployments.apps')) {
      if (leaving(deployment) || deployment.metadata.namespace !== 'default') continue
      const { uid, name } = deployment.metadata
      const { spec, status = {} } = deployment
      const sets = moment.owned('replicasets.apps', uid)
      const pods = sets.flatMap((set) => moment.owned('pods', set.metadata.uid)).filter((pod) => !leaving(pod))
      const available = pods.filter((pod) => condition(pod, 'Ready')).length
      const whole =
        status.observedGeneration === deployment.metadata.generation &&
        status.updatedReplicas === spec.replicas &&
        status.availableReplicas === spec.replicas &&
        status.replicas === spec.replicas &&
        pods.length === spec.replicas
      const since = this.#whole.get(uid)
      if (whole) this.#whole.set(uid, { from: moment.t, replicas: spec.replicas })
      else if (since && (since.from < calm.from || since.replicas !== spec.replicas)) this.#whole.delete(uid)
      else if (since) {
        const { maxSurge, maxUnavailable } = spec.strategy.rollingUpdate
        let unavailable = portion(maxUnavailable, spec.replicas, false)
        const surge = portion(maxSurge, spec.replicas, true)
        if (unavailable === 0 && surge === 0) unavailable = 1
        // As the controller counts: what its ReplicaSets are to have.
        const wanted = sets.reduce((sum, set) => sum + set.spec.replicas, 0)
        if (wanted > spec.replicas + surge) yield `${name} wants ${wanted} Pods, ${spec.replicas} + ${surge} allowed`
        if (available < spec.replicas - unavailable)
          yield `${name} has ${available} ready Pods, ${spec.replicas} - ${unavailable} promised`
      }
    }
  }
}

function disturbs(step: Step): boolean {
  if (step.do === 'node-down' || step.do === 'node-up') return true
  return step.do === 'type' && /delete \$\(|drain/.test(step.text)
}

/** A StatefulSet's Pods come one after the other, each when those before it are ready. */
function* order(moment: Moment, { type, resource, object }: HistoryEntry): Iterable<string> {
  if (resource !== 'pods' || type !== 'ADDED') return
  const owner = object.metadata.ownerReferences?.[0]
  if (owner?.kind !== 'StatefulSet') return
  const set = moment.byUid('statefulsets.apps', owner.uid)
  if (!set) yield `${object.metadata.name} came when its StatefulSet was gone`
  if (!set || set.spec.podManagementPolicy === 'Parallel') return
  const ordinal = Number(/\d+$/.exec(object.metadata.name)![0])
  if (ordinal >= set.spec.replicas) yield `${object.metadata.name} came though ${set.spec.replicas} are wanted`
  const pods = moment.all('pods')
  for (let i = 0; i < ordinal; i++) {
    const before = pods.find((pod) => pod.metadata.name === `${set.metadata.name}-${i}`)
    if (!before || !condition(before, 'Ready'))
      yield `${object.metadata.name} came before ${set.metadata.name}-${i} was ready`
  }
}

function* quotas(moment: Moment, { type, resource, object }: HistoryEntry): Iterable<string> {
  if (resource !== 'pods' || type !== 'ADDED') return
  for (const quota of moment.all('resourcequotas')) {
    if (quota.metadata.namespace !== object.metadata.namespace) continue
    const pods = moment
      .all('pods')
      .filter((pod) => pod.metadata.namespace === quota.metadata.namespace && !finished(pod))
    // A limit holds from when its controller has seen it, as on a real cluster.
    const { hard } = quota.status ?? {}
    if (!hard) continue
    if (pods.length > Number(hard.pods)) yield `${pods.length} Pods where ${hard.pods} are allowed`
    if (pods.length * 100 > 300) yield `${pods.length * 100}m where 300m are allowed`
  }
}

/** What holds once the cluster was left alone. */
function* settled(moment: Moment): Iterable<string> {
  const live = new Set(
    [
      'deployments.apps',
      'replicasets.apps',
      'statefulsets.apps',
      'daemonsets.apps',
      'jobs.batch',
      'nodes',
      'services',
      'cronjobs.batch',
      'pods',
      'namespaces',
    ].flatMap((resource) => moment.all(resource).map((each) => each.metadata.uid)),
  )
  const pods = moment.all('pods')
  for (const resource of [
    'replicasets.apps',
    'pods',
    'controllerrevisions.apps',
    'endpointslices.discovery.k8s.io',
    'endpoints',
  ])
    for (const each of moment.all(resource)) {
      const owners = each.metadata.ownerReferences ?? []
      if (owners.length > 0 && !owners.some(({ uid }) => live.has(uid)))
        yield `${resource} ${each.metadata.name} outlived its owner`
    }
  for (const resource of ['deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'pods', 'namespaces'])
    for (const each of moment.all(resource)) if (leaving(each)) yield `${resource} ${each.metadata.name} never goes`
  for (const node of moment.all('nodes')) if (!condition(node, 'Ready')) yield `node ${node.metadata.name} is not ready`
  const good = (template: KubeObject['spec']) => template.spec.containers[0].image !== 'nginx:nosuch'
  for (const { metadata, spec, status = {} } of moment.all('deployments.apps')) {
    if (metadata.namespace !== 'default' || !good(spec.template)) continue
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
    if ([replicas, updatedReplicas, availableReplicas].some((n) => n !== spec.replicas))
      yield `deployment ${metadata.name} wants ${spec.replicas}: ${JSON.stringify({ replicas, updatedReplicas, availableReplicas })}`
  }
  for (const set of moment.all('replicasets.apps')) {
    const own = pods.filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === set.metadata.uid && !finished(pod))
    if (set.metadata.namespace === 'default' && own.length !== set.spec.replicas)
      yield `replicaset ${set.metadata.name} has ${own.length} of ${set.spec.replicas}`
  }
  for (const { metadata, spec, status = {} } of moment.all('statefulsets.apps')) {
    if (!good(spec.template)) continue
    // A broken Pod of an older template stays until somebody deletes it: the known limit of ordered updates.
    const stuck = pods.some(
      (pod) => pod.metadata.ownerReferences?.[0]?.uid === metadata.uid && !good({ spec: pod.spec }),
    )
    if (!stuck && (status.readyReplicas ?? 0) !== spec.replicas)
      yield `statefulset ${metadata.name} has ${status.readyReplicas ?? 0} of ${spec.replicas}`
  }
  for (const { metadata, spec, status = {} } of moment.all('daemonsets.apps')) {
    // The cluster's own tolerate the master's taint.
    const wanted = moment.all('nodes').length - (metadata.namespace === 'default' ? 1 : 0)
    if (good(spec.template) && (status.numberReady !== wanted || status.desiredNumberScheduled !== wanted))
      yield `daemonset ${metadata.name} has ${status.numberReady} of ${status.desiredNumberScheduled}`
  }
  for (const { metadata, spec, status = {} } of moment.all('jobs.batch'))
    if (status.succeeded !== spec.completions)
      yield `job ${metadata.name} has ${status.succeeded} of ${spec.completions}`
  for (const service of moment.all('services')) {
    if (!service.spec.selector || service.metadata.namespace !== 'default') continue
    const wanted = pods
      .filter((pod) => pod.metadata.labels?.app === service.spec.selector.app && condition(pod, 'Ready'))
      .map((pod) => pod.status.podIP)
    const slices = moment
      .all('endpointslices.discovery.k8s.io')
      .filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === service.metadata.name)
    const found = slices.flatMap(
      (slice) =>
        (slice as KubeObject & { endpoints?: { addresses: string[]; conditions: { ready: boolean } }[] }).endpoints ??
        [],
    )
    const ready = found.filter((each) => each.conditions.ready).flatMap((each) => each.addresses)
    if (JSON.stringify(ready.sort()) !== JSON.stringify(wanted.sort()))
      yield `service ${service.metadata.name} sends to ${ready} and not to ${wanted}`
  }
}
