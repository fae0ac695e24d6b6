import type { SchedulerPlugin } from '../plugin.ts'

/** Prefers nodes whose CPU and memory would be used to like degrees. */
export const nodeResourcesBalancedAllocation: SchedulerPlugin = {
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  preScore: ({ info }) => info.requests.size > 0,
  score({ info }, node) {
    const { requests } = info
    const parts: number[] = []
    for (const name of ['cpu', 'memory']) {
      const capacity = node.allocatable.get(name) ?? 0
      if (capacity === 0) continue
      const used = (node.requested.get(name) ?? 0) + (requests.get(name) ?? 0)
      parts.push(Math.min(1, used / capacity))
    }
    if (parts.length < 2) return 100
    return Math.floor((1 - Math.abs(parts[0]! - parts[1]!) / 2) * 100)
  },
}
