import type { ApiClient } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'
import type { SchedulerCache } from './cache.ts'
import { type NodeInfo, type PodInfo, podInfo } from './node-info.ts'
import type { Rejection } from './status.ts'

/** What plugins may look at. */
export interface PluginContext {
  readonly api: ApiClient
  readonly cache: SchedulerCache
}

/** What one attempt to place one Pod carries from plugin to plugin. */
export interface Cycle {
  readonly pod: KubeObject
  readonly info: PodInfo
  /** Plugins that found nothing to filter for this Pod. */
  readonly skipped: Set<string>
  /** Set by a plugin's preFilter for its own filter, and by preScore for its score. */
  readonly state: Map<string, unknown>
  /** Pods that are tried out as gone (preemption) or as present (nominated). */
  readonly without: Set<string>
  readonly extra: KubeObject[]
}

export function newCycle(pod: KubeObject): Cycle {
  return { pod, info: podInfo(pod), skipped: new Set(), state: new Map(), without: new Set(), extra: [] }
}

/** Changes in the cluster that may help a Pod that could not be placed. */
export type ClusterChange = 'node' | 'pod-gone' | 'pod-assigned' | 'volume' | 'pod-itself'

export interface PreFilterResult {
  rejection?: Rejection
  nodes?: ReadonlySet<string>
  skip?: boolean
}

/** One named plugin of the scheduling framework, with the extension points it takes part in. */
export interface SchedulerPlugin {
  readonly name: string
  /** Changes after which a Pod it rejected is worth another try. */
  readonly wakes?: readonly ClusterChange[]
  /** Rejects the Pod outright, restricts it to some nodes, or says that there is nothing to filter. */
  preFilter?(cycle: Cycle, context: PluginContext): PreFilterResult | undefined
  filter?(cycle: Cycle, node: NodeInfo, context: PluginContext): Rejection | undefined
  readonly weight?: number
  /** False: nothing to score for this Pod. */
  preScore?(cycle: Cycle, nodes: readonly NodeInfo[], context: PluginContext): boolean | undefined
  score?(cycle: Cycle, node: NodeInfo, context: PluginContext): number
  /** Brings raw scores to 0…100, in place. */
  normalize?(scores: number[], cycle: Cycle, nodes: readonly NodeInfo[]): void
}

/** Scales so that the highest becomes 100; reversed, so that the lowest does. */
export function normalizeLinear(scores: number[], reverse = false): void {
  const highest = Math.max(0, ...scores)
  for (let i = 0; i < scores.length; i++) {
    const part = highest === 0 ? 0 : Math.floor((100 * scores[i]!) / highest)
    scores[i] = reverse ? 100 - part : part
  }
}
