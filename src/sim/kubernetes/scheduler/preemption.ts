import type { KubeObject } from '../api/object.ts'
import { parseTime } from '../controllers/shared/meta.ts'
import { matchesSelector } from '../controllers/shared/selector.ts'
import { type Diagnosis, fitMessage } from './fit-error.ts'
import type { Framework } from './framework.ts'
import type { NodeInfo } from './node-info.ts'
import { type Cycle, newCycle, type PluginContext } from './plugin.ts'
import { unresolvable, unschedulable } from './status.ts'

interface Candidate {
  node: string
  /** Highest priority first. */
  victims: KubeObject[]
  violations: number
}

export type PreemptionResult = { node: string; victims: KubeObject[] } | { message: string }

/** DefaultPreemption: the node where removing Pods of lower priority makes room at the least harm. */
export function preempt(
  cycle: Cycle,
  diagnosis: Diagnosis,
  framework: Framework,
  { api, cache }: PluginContext,
): PreemptionResult {
  const { pod } = cycle
  if (pod.spec.preemptionPolicy === 'Never') {
    return { message: 'preemption: not eligible due to preemptionPolicy=Never.' }
  }
  const priority = pod.spec.priority ?? 0
  const nominated = pod.status?.nominatedNodeName && cache.node(pod.status.nominatedNodeName)
  if (nominated && !diagnosis.rejections.get(nominated.name)?.unresolvable) {
    const leaving = [...nominated.pods.values()].some(
      ({ pod: other }) => other.metadata.deletionTimestamp && (other.spec.priority ?? 0) < priority,
    )
    if (leaving) return { message: 'preemption: not eligible due to a terminating pod on the nominated node.' }
  }
  const budgets = api.list('poddisruptionbudgets.policy', { namespace: pod.metadata.namespace })
  const candidates: Candidate[] = []
  const failures: Diagnosis = { total: cache.nodes.length, rejections: new Map(), plugins: new Set() }
  failures.absent = 'Preemption is not helpful for scheduling'
  for (const node of cache.nodes) {
    const rejection = diagnosis.rejections.get(node.name)
    if (!rejection || rejection.unresolvable) {
      failures.rejections.set(node.name, unresolvable('Preemption is not helpful for scheduling'))
      continue
    }
    const candidate = selectVictims(cycle, node, framework, budgets)
    if (candidate) candidates.push(candidate)
    else failures.rejections.set(node.name, unschedulable('No preemption victims found for incoming pod'))
  }
  const best = candidates.sort(compare)[0]
  return best ?? { message: `preemption: ${fitMessage(failures)}` }
}

/** The fewest and least important Pods whose absence lets the Pod in; undefined when even all would not do. */
function selectVictims(
  { pod }: Cycle,
  node: NodeInfo,
  framework: Framework,
  budgets: readonly KubeObject[],
): Candidate | undefined {
  const priority = pod.spec.priority ?? 0
  const trial = node.clone()
  const cycle = newCycle(pod)
  const lower = [...node.pods.values()].map((info) => info.pod).filter((other) => (other.spec.priority ?? 0) < priority)
  if (lower.length === 0) return undefined
  framework.prepare(cycle)
  const takeOut = (victim: KubeObject) => {
    trial.remove(victim.metadata.uid)
    cycle.without.add(victim.metadata.uid)
  }
  for (const victim of lower) takeOut(victim)
  if (framework.filter(cycle, trial)) return undefined
  lower.sort(byImportance)
  const violating = violators(lower, budgets)
  const victims: KubeObject[] = []
  let violations = 0
  for (const victim of [...lower.filter((p) => violating.has(p)), ...lower.filter((p) => !violating.has(p))]) {
    trial.add(victim)
    cycle.without.delete(victim.metadata.uid)
    if (!framework.filter(cycle, trial)) continue
    takeOut(victim)
    victims.push(victim)
    if (violating.has(victim)) violations++
  }
  return { node: node.name, victims: victims.sort(byImportance), violations }
}

/** Pods whose disruption a budget does not allow. */
function violators(pods: readonly KubeObject[], budgets: readonly KubeObject[]): Set<KubeObject> {
  const allowed = new Map(budgets.map((budget) => [budget, budget.status?.disruptionsAllowed ?? 0]))
  const out = new Set<KubeObject>()
  for (const pod of pods) {
    for (const [budget, left] of allowed) {
      if (budget.metadata.namespace !== pod.metadata.namespace) continue
      if (!matchesSelector(budget.spec.selector, pod.metadata.labels)) continue
      if (budget.status?.disruptedPods?.[pod.metadata.name]) continue
      if (left <= 0) out.add(pod)
      allowed.set(budget, left - 1)
    }
  }
  return out
}

const startOf = (pod: KubeObject) => parseTime(pod.status?.startTime ?? pod.metadata.creationTimestamp)

/** More important first: higher priority, then longer running. */
function byImportance(a: KubeObject, b: KubeObject): number {
  return (b.spec.priority ?? 0) - (a.spec.priority ?? 0) || startOf(a) - startOf(b)
}

/** Least harm first. */
function compare(a: Candidate, b: Candidate): number {
  const highest = (c: Candidate) => c.victims[0]?.spec.priority ?? 0
  const sum = (c: Candidate) => c.victims.reduce((total, { spec }) => total + (spec.priority ?? 0) + 2 ** 31, 0)
  const earliest = (c: Candidate) =>
    Math.min(...c.victims.filter((v) => (v.spec.priority ?? 0) === highest(c)).map(startOf))
  return (
    a.violations - b.violations ||
    highest(a) - highest(b) ||
    sum(a) - sum(b) ||
    a.victims.length - b.victims.length ||
    earliest(b) - earliest(a) ||
    (a.node < b.node ? -1 : 1)
  )
}
