import { milliValue, quantityValue } from '../api/quantity.ts'

/** CPU in millicores; everything else in whole units (bytes, devices). */
export type Resources = Map<string, number>

const DEFAULT_CPU = 100
const DEFAULT_MEMORY = 200 * 1024 * 1024

export function readResources(list: Record<string, string | number> | undefined): Resources {
  const out: Resources = new Map()
  for (const name in list) out.set(name, name === 'cpu' ? milliValue(list[name]) : quantityValue(list[name]))
  return out
}

export function addTo(total: Resources, more: Resources, sign = 1): void {
  for (const [name, value] of more) total.set(name, (total.get(name) ?? 0) + sign * value)
}

function maxInto(total: Resources, other: Resources): void {
  for (const [name, value] of other) if (value > (total.get(name) ?? 0)) total.set(name, value)
}

/** What a Pod needs of its node: its containers and sidecars, or its largest init step, and the overhead. */
export function podRequests(spec: any, requestsOf: (container: any) => Resources = containerRequests): Resources {
  const total: Resources = new Map()
  for (const container of spec.containers ?? []) addTo(total, requestsOf(container))
  const peak: Resources = new Map()
  const sidecars: Resources = new Map()
  for (const container of spec.initContainers ?? []) {
    const own = new Map(requestsOf(container))
    if (container.restartPolicy === 'Always') {
      addTo(total, own)
      addTo(sidecars, own)
      maxInto(peak, sidecars)
    } else {
      addTo(own, sidecars)
      maxInto(peak, own)
    }
  }
  maxInto(total, peak)
  for (const [name, value] of readResources(spec.resources?.requests)) total.set(name, value)
  addTo(total, readResources(spec.overhead))
  return total
}

function containerRequests(container: any): Resources {
  return readResources(container.resources?.requests)
}

/** As for scoring: containers without requests count as if they wanted a little. */
export function nonZeroRequests(spec: any): Resources {
  return podRequests(spec, (container) => {
    const requests = containerRequests(container)
    if (!requests.has('cpu')) requests.set('cpu', DEFAULT_CPU)
    if (!requests.has('memory')) requests.set('memory', DEFAULT_MEMORY)
    return requests
  })
}
