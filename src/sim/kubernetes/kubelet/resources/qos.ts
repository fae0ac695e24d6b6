import { milliValue } from '../../api/quantity.ts'
import type { PodSpec } from '../pod.ts'

type Resources = { limits?: Record<string, unknown>; requests?: Record<string, unknown> } | undefined

/** Guaranteed, Burstable or BestEffort, by the Pod's CPU and memory. */
export function qosClass(spec: PodSpec): string {
  const sets = (
    spec.resources ? [spec.resources] : [...spec.containers, ...(spec.initContainers ?? [])].map((c) => c.resources)
  ) as Resources[]
  let guaranteed = true
  let any = false
  for (const resources of sets) {
    for (const name of ['cpu', 'memory']) {
      const limit = positive(resources?.limits?.[name])
      const request = positive(resources?.requests?.[name]) ?? limit
      if (limit !== undefined || request !== undefined) any = true
      if (limit === undefined || limit !== request) guaranteed = false
    }
  }
  return !any ? 'BestEffort' : guaranteed ? 'Guaranteed' : 'Burstable'
}

function positive(value: unknown): number | undefined {
  const number = milliValue(value as string | undefined)
  return number > 0 ? number : undefined
}
