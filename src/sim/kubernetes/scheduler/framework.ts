import type { KubeObject } from '../api/object.ts'
import type { Diagnosis } from './fit-error.ts'
import type { NodeInfo } from './node-info.ts'
import { type Cycle, newCycle, type PluginContext, type SchedulerPlugin } from './plugin.ts'
import type { Rejection } from './status.ts'
import type { Verdicts } from './verdicts.ts'

/** Pods that were promised room on a node by preemption, which others must not take. */
export type NominatedPods = (node: string) => readonly KubeObject[]

export interface Feasibility {
  cycle: Cycle
  feasible: NodeInfo[]
  diagnosis: Diagnosis
}

/** Runs the plugins, in order. */
export class Framework {
  readonly plugins: readonly SchedulerPlugin[]
  readonly #filters: readonly SchedulerPlugin[]
  readonly #context: PluginContext
  readonly #verdicts: Verdicts
  readonly #nominated: NominatedPods
  #start = 0

  constructor(
    plugins: readonly SchedulerPlugin[],
    context: PluginContext,
    verdicts: Verdicts,
    nominated: NominatedPods,
  ) {
    this.plugins = verdicts.decorate(plugins)
    this.#filters = this.plugins.filter(({ filter }) => filter)
    this.#context = context
    this.#verdicts = verdicts
    this.#nominated = nominated
  }

  /** Looks for nodes the Pod can go to: all of them in a small cluster, enough of them in a large one. */
  findNodes(pod: KubeObject): Feasibility {
    const { nodes } = this.#context.cache
    const cycle = newCycle(pod)
    const diagnosis: Diagnosis = { total: nodes.length, rejections: new Map(), plugins: new Set() }
    let allowed: Set<string> | undefined
    const restricting: string[] = []
    for (const { name, preFilter } of this.plugins) {
      const result = preFilter?.(cycle, this.#context)
      if (result?.rejection) {
        diagnosis.preFilter = result.rejection.reasons.join(', ')
        diagnosis.plugins.add(name)
        return { cycle, feasible: [], diagnosis }
      }
      if (result?.skip) cycle.skipped.add(name)
      if (!result?.nodes) continue
      restricting.push(name)
      const before: ReadonlySet<string> = allowed ?? result.nodes
      allowed = new Set([...result.nodes].filter((node) => before.has(node)))
    }
    if (allowed) {
      diagnosis.absent = `node(s) didn't satisfy plugin(s) [${restricting.join(' ')}]`
      for (const name of restricting) diagnosis.plugins.add(name)
    }
    const candidates = allowed ? nodes.filter(({ name }) => allowed.has(name)) : nodes
    return { cycle, feasible: this.#filterNodes(cycle, candidates, diagnosis), diagnosis }
  }

  /** Gives the filters what they work out beforehand, for a trial outside a scheduling attempt. */
  prepare(cycle: Cycle): void {
    for (const { name, preFilter } of this.plugins) {
      if (preFilter?.(cycle, this.#context)?.skip) cycle.skipped.add(name)
    }
  }

  #filterNodes(cycle: Cycle, candidates: readonly NodeInfo[], diagnosis: Diagnosis): NodeInfo[] {
    const feasible: NodeInfo[] = []
    const enough = enoughNodes(candidates.length)
    const nominated = cycle.pod.status?.nominatedNodeName
    const first = nominated ? candidates.find(({ name }) => name === nominated) : undefined
    if (first && !this.#reject(cycle, first, diagnosis)) return [first]
    let looked = 0
    for (; looked < candidates.length && feasible.length < enough; looked++) {
      const node = candidates[(this.#start + looked) % candidates.length]!
      if (!this.#reject(cycle, node, diagnosis)) feasible.push(node)
    }
    if (candidates.length > 0) this.#start = (this.#start + looked) % candidates.length
    return feasible
  }

  #reject(cycle: Cycle, node: NodeInfo, diagnosis: Diagnosis): boolean {
    this.#verdicts.examined(node.name)
    const result = this.filter(cycle, node)
    if (!result) return false
    diagnosis.rejections.set(node.name, result.rejection)
    diagnosis.plugins.add(result.plugin)
    return true
  }

  /** The first rejection, also counting the Pods of no lower priority that are nominated to the node. */
  filter(cycle: Cycle, node: NodeInfo): { plugin: string; rejection: Rejection } | undefined {
    const priority = cycle.pod.spec.priority ?? 0
    const others = this.#nominated(node.name).filter(
      (pod) => (pod.spec.priority ?? 0) >= priority && pod.metadata.uid !== cycle.pod.metadata.uid,
    )
    if (others.length > 0) {
      const crowded = node.clone()
      for (const pod of others) crowded.add({ ...pod, spec: { ...pod.spec, nodeName: node.name } })
      const rejection = this.filterAlone(cycle, crowded)
      if (rejection) return rejection
    }
    return this.filterAlone(cycle, node)
  }

  filterAlone(cycle: Cycle, node: NodeInfo): { plugin: string; rejection: Rejection } | undefined {
    for (const { name, filter } of this.#filters) {
      if (cycle.skipped.has(name)) continue
      const rejection = filter!(cycle, node, this.#context)
      if (rejection) return { plugin: name, rejection }
    }
    return undefined
  }

  /** Weighted points of each node. */
  score(cycle: Cycle, nodes: readonly NodeInfo[]): number[] {
    const totals = nodes.map(() => 0)
    for (const { name, weight, preScore, score, normalize } of this.plugins) {
      if (!score || !weight || preScore?.(cycle, nodes, this.#context) === false) continue
      const scores = nodes.map((node) => score(cycle, node, this.#context))
      normalize?.(scores, cycle, nodes)
      for (let i = 0; i < scores.length; i++) {
        scores[i]! *= weight
        totals[i]! += scores[i]!
      }
      this.#verdicts.scored(nodes, name, scores)
    }
    return totals
  }
}

/** How many feasible nodes are enough (percentageOfNodesToScore, adaptive). */
function enoughNodes(total: number): number {
  if (total < 100) return total
  const percentage = Math.max(5, 50 - Math.floor(total / 125))
  return Math.max(100, Math.floor((total * percentage) / 100))
}
