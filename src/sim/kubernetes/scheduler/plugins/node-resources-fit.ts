import type { SchedulerPlugin } from '../plugin.ts'

/** Room for the Pod's requests; scores the emptier node higher (LeastAllocated over CPU and memory). */
export const nodeResourcesFit: SchedulerPlugin = {
  name: 'NodeResourcesFit',
  wakes: ['pod-gone', 'node', 'pod-itself'],
  filter({ info }, node) {
    const reasons: string[] = []
    let hopeless = false
    const slots = node.allocatable.get('pods') ?? 0
    if (node.pods.size + 1 > slots) reasons.push('Too many pods')
    const { requests } = info
    if (requests.size === 0) return reasons.length > 0 ? { reasons, unresolvable: false } : undefined
    for (const name of COMPUTE) check(name)
    for (const name of requests.keys()) if (!BASIC.has(name)) check(name)
    return reasons.length > 0 ? { reasons, unresolvable: hopeless } : undefined

    function check(name: string): void {
      const wanted = requests.get(name) ?? 0
      if (wanted === 0) return
      const capacity = node.allocatable.get(name) ?? 0
      if (wanted <= capacity - (node.requested.get(name) ?? 0)) return
      reasons.push(`Insufficient ${name}`)
      if (wanted > capacity) hopeless = true
    }
  },
  weight: 1,
  score({ info }, node) {
    const { nonZero } = info
    let sum = 0
    let weights = 0
    for (const name of SCORED) {
      const capacity = node.allocatable.get(name) ?? 0
      if (capacity === 0) continue
      const used = (node.nonZero.get(name) ?? 0) + (nonZero.get(name) ?? 0)
      sum += used > capacity ? 0 : Math.floor(((capacity - used) * 100) / capacity)
      weights++
    }
    return weights === 0 ? 0 : Math.floor(sum / weights)
  },
}

const BASIC = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods'])

const COMPUTE = ['cpu', 'memory', 'ephemeral-storage']
const SCORED = ['cpu', 'memory']
