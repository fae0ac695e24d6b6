import type { KubeObject } from '../api/object.ts'
import type { SchedulerPlugin } from './plugin.ts'

/** What the plugins said of one node, for one attempt to place a Pod. */
export interface NodeVerdict {
  node: string
  /** In order; those after a rejection did not run. */
  filters: { plugin: string; verdict: 'passed' | 'rejected' | 'not run'; reasons?: string[] }[]
  /** Of nodes that passed, when there was a choice: weighted points. */
  scores?: { plugin: string; points: number }[]
  total?: number
}

/** The latest attempt to place a Pod. */
export interface PodVerdict {
  namespace: string
  name: string
  /** ms since 1970 */
  at: number
  /** The node chosen, if any. */
  node?: string
  /** Of the event when none was. */
  message?: string
  /** The plugin that rejected the Pod before any node was looked at. */
  rejectedBy?: { plugin: string; reasons: string[] }
  nodes: NodeVerdict[]
}

interface Attempt {
  namespace: string
  name: string
  at: number
  node?: string
  message?: string
  rejectedBy?: { plugin: string; reasons: string[] }
  examined: string[]
  rejections: Map<string, { plugin: string; reasons: string[] }>
  /** Weighted points of the nodes in `scored`, by plugin. */
  scores: Map<string, readonly number[]>
  scored: readonly string[]
}

/** Keeps what each plugin decided for the last Pods, by wrapping the plugins: none of them knows of it. */
export class Verdicts {
  readonly #kept: number
  readonly #attempts = new Map<string, Attempt>()
  readonly #filters: string[] = []
  #current: Attempt | undefined

  constructor(kept = 200) {
    this.#kept = kept
  }

  decorate(plugins: readonly SchedulerPlugin[]): SchedulerPlugin[] {
    return plugins.map((plugin) => {
      const { filter, preFilter } = plugin
      if (filter) this.#filters.push(plugin.name)
      return {
        ...plugin,
        ...(preFilter && {
          preFilter: (cycle, context) => {
            const result = preFilter(cycle, context)
            if (result?.rejection && this.#current) {
              this.#current.rejectedBy = { plugin: plugin.name, reasons: result.rejection.reasons }
            }
            return result
          },
        }),
        ...(filter && {
          filter: (cycle, node, context) => {
            const rejection = filter(cycle, node, context)
            const isTrial = cycle.without.size > 0 || cycle.extra.length > 0
            if (rejection && !isTrial) {
              this.#current?.rejections.set(node.name, { plugin: plugin.name, reasons: rejection.reasons })
            }
            return rejection
          },
        }),
      } satisfies SchedulerPlugin
    })
  }

  begin(pod: KubeObject, at: number): void {
    const { namespace = '', name } = pod.metadata
    const key = `${namespace}/${name}`
    this.#current = { namespace, name, at, examined: [], rejections: new Map(), scores: new Map(), scored: [] }
    this.#attempts.delete(key)
    this.#attempts.set(key, this.#current)
    if (this.#attempts.size > this.#kept) this.#attempts.delete(this.#attempts.keys().next().value!)
  }

  examined(node: string): void {
    this.#current?.examined.push(node)
  }

  scored(nodes: readonly { name: string }[], plugin: string, points: readonly number[]): void {
    if (!this.#current) return
    if (this.#current.scored.length === 0) this.#current.scored = nodes.map(({ name }) => name)
    this.#current.scores.set(plugin, points)
  }

  end(outcome: { node?: string; message?: string }): void {
    Object.assign(this.#current ?? {}, outcome)
    this.#current = undefined
  }

  /** The latest attempt for a Pod, if it is still kept. */
  of(namespace: string, name: string): PodVerdict | undefined {
    const attempt = this.#attempts.get(`${namespace}/${name}`)
    return attempt && this.#told(attempt)
  }

  /** The latest attempt for each Pod that is still kept, oldest first. */
  all(): PodVerdict[] {
    return [...this.#attempts.values()].map((attempt) => this.#told(attempt))
  }

  #told(attempt: Attempt): PodVerdict {
    const { examined, rejections: _, scores: _scores, scored: _scored, ...rest } = attempt
    return { ...rest, nodes: examined.map((node) => this.#nodeVerdict(node, attempt)) }
  }

  #nodeVerdict(node: string, { rejections, scores, scored }: Attempt): NodeVerdict {
    const rejection = rejections.get(node)
    let isPast = false
    const filters = this.#filters.map((plugin): NodeVerdict['filters'][number] => {
      if (isPast) return { plugin, verdict: 'not run' }
      if (rejection?.plugin !== plugin) return { plugin, verdict: 'passed' }
      isPast = true
      return { plugin, verdict: 'rejected', reasons: rejection.reasons }
    })
    const at = scored.indexOf(node)
    if (at < 0) return { node, filters }
    const points = [...scores].map(([plugin, all]) => ({ plugin, points: all[at] ?? 0 }))
    return { node, filters, scores: points, total: points.reduce((sum, score) => sum + score.points, 0) }
  }
}
