import { addQuantities, compareQuantities } from '../../api/quantity.ts'

const COUNTED = ['cpu', 'memory']

/** Guaranteed, Burstable or BestEffort, from requests and limits of CPU and memory. */
export function qosClass(spec: any): 'Guaranteed' | 'Burstable' | 'BestEffort' {
  const requests: Record<string, string> = {}
  const limits: Record<string, string> = {}
  let guaranteed = true
  const groups =
    spec.resources && (spec.resources.requests || spec.resources.limits)
      ? [spec]
      : [...(spec.initContainers ?? []), ...(spec.containers ?? [])]
  for (const { resources = {} } of groups) {
    for (const name of COUNTED) {
      const request = resources.requests?.[name]
      const limit = resources.limits?.[name]
      if (request !== undefined && compareQuantities(request, '0') !== 0)
        requests[name] = addQuantities(requests[name] ?? '0', request)
      if (limit !== undefined && compareQuantities(limit, '0') !== 0)
        limits[name] = addQuantities(limits[name] ?? '0', limit)
      else guaranteed = false
    }
  }
  if (Object.keys(requests).length === 0 && Object.keys(limits).length === 0) return 'BestEffort'
  const equal = Object.keys(requests).every(
    (name) => limits[name] !== undefined && compareQuantities(limits[name], requests[name]!) === 0,
  )
  if (guaranteed && equal && Object.keys(requests).length === Object.keys(limits).length) return 'Guaranteed'
  return 'Burstable'
}
