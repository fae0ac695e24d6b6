import { addQuantities, compareQuantities } from '../../../sim/kubernetes/api/quantity.ts'

export interface ResourceTotals {
  requests: Record<string, string>
  limits: Record<string, string>
}

/** What a Pod asks for as a whole: its containers' sum or its largest init step, sidecars counted in, plus overhead. */
export function podResources(pod: any): ResourceTotals {
  const { spec } = pod
  const totals = { requests: total(spec, 'requests'), limits: total(spec, 'limits') }
  for (const field of ['requests', 'limits'] as const) {
    for (const [name, value] of Object.entries(spec.resources?.[field] ?? {})) totals[field][name] = value as string
    for (const [name, value] of Object.entries(spec.overhead ?? {})) {
      if (field === 'requests' || name in totals[field])
        totals[field][name] = addQuantities(totals[field][name] ?? '0', value as string)
    }
  }
  return totals
}

function total(spec: any, field: 'requests' | 'limits'): Record<string, string> {
  const sum: Record<string, string> = {}
  const add = (into: Record<string, string>, values: Record<string, string> = {}) => {
    for (const [name, value] of Object.entries(values)) into[name] = addQuantities(into[name] ?? '0', value)
  }
  const valuesOf = (container: any) => container.resources?.[field]
  for (const container of spec.containers ?? []) add(sum, valuesOf(container))
  const sidecars: Record<string, string> = {}
  const peak: Record<string, string> = {}
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') {
      add(sum, valuesOf(container))
      add(sidecars, valuesOf(container))
      continue
    }
    const step = { ...sidecars }
    add(step, valuesOf(container))
    for (const [name, value] of Object.entries(step))
      if (compareQuantities(value, peak[name] ?? '0') > 0) peak[name] = value
  }
  for (const [name, value] of Object.entries(peak))
    if (compareQuantities(value, sum[name] ?? '0') > 0) sum[name] = value
  return sum
}
