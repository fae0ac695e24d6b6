/** What a Pod uses now: CPU in millicores, memory in bytes. */
export interface PodUsage {
  cpu: number
  memory: number
}

/** One measurement of everything that is shown. */
export interface UsagePoint extends PodUsage {
  /** ms since 1970 */
  time: number
}

/** What the metrics scraper has kept of the Pods that are shown. */
export interface Usage {
  /** By `namespace/name`. */
  pods: ReadonlyMap<string, PodUsage>
  /** All of them together, oldest first. */
  history: readonly UsagePoint[]
}
