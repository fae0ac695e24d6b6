import { addQuantities, compareQuantities, parseQuantity } from '../../api/quantity.ts'
import { forbidden } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

type Quantities = Record<string, string>

/** Fills in a namespace's default requests and limits, and refuses what is outside its ranges. */
export const limitRanger: AdmissionPlugin = {
  name: 'LimitRanger',
  admit({ operation, info, subresource, object, namespace, context }) {
    if (info.name !== 'pods' || operation !== 'CREATE' || subresource !== '' || !object) return
    for (const range of context.list<any>('limitranges', namespace)) {
      const defaults = defaultsOf(range)
      const set: string[] = []
      for (const [what, list] of [
        ['container', object.spec.containers],
        ['init container', object.spec.initContainers],
      ] as const)
        for (const container of list ?? []) {
          const added = fill(container, defaults)
          if (added.requests.length > 0) set.push(`${added.requests.join(', ')} request for ${what} ${container.name}`)
          if (added.limits.length > 0) set.push(`${added.limits.join(', ')} limit for ${what} ${container.name}`)
        }
      if (set.length > 0)
        object.metadata.annotations = {
          ...object.metadata.annotations,
          'kubernetes.io/limit-ranger': `LimitRanger plugin set: ${set.join('; ')}`,
        }
    }
  },
  validate({ operation, info, subresource, object, namespace, name, context }) {
    if ((operation !== 'CREATE' && operation !== 'UPDATE') || !object) return
    if (info.name !== 'pods' && info.name !== 'persistentvolumeclaims') return
    if (info.name === 'pods' && operation === 'UPDATE' && subresource !== 'resize') return
    if (info.name === 'persistentvolumeclaims' && subresource !== '') return
    for (const range of context.list<any>('limitranges', namespace)) {
      const problems = info.name === 'pods' ? podProblems(range, object.spec) : claimProblems(range, object.spec)
      if (problems.length === 0) continue
      throw forbidden(info, name, problems.length === 1 ? problems[0]! : `[${problems.join(', ')}]`)
    }
  },
}

function defaultsOf(range: any): { requests: Quantities; limits: Quantities } {
  const out = { requests: {} as Quantities, limits: {} as Quantities }
  for (const limit of range.spec?.limits ?? []) {
    if (limit.type !== 'Container') continue
    Object.assign(out.limits, limit.default)
    Object.assign(out.requests, limit.defaultRequest)
  }
  return out
}

function fill(container: any, defaults: { requests: Quantities; limits: Quantities }) {
  const added = { requests: [] as string[], limits: [] as string[] }
  for (const kind of ['limits', 'requests'] as const)
    for (const [name, value] of Object.entries(defaults[kind])) {
      const resources = container.resources ?? {}
      if (resources[kind]?.[name] !== undefined) continue
      container.resources = { ...resources, [kind]: { ...resources[kind], [name]: value } }
      added[kind].push(name)
    }
  added.limits.sort()
  added.requests.sort()
  return added
}

function ordered(list: Quantities = {}): [string, string][] {
  return Object.entries(list).sort(([a], [b]) => (a < b ? -1 : 1))
}

function check(limit: any, type: string, requests: Quantities, limits: Quantities): string[] {
  const out: string[] = []
  for (const [name, value] of ordered(limit.min)) {
    const request = requests[name]
    const bound = limits[name]
    if (request === undefined) out.push(`minimum ${name} usage per ${type} is ${value}.  No request is specified`)
    else if (compareQuantities(request, value) < 0)
      out.push(`minimum ${name} usage per ${type} is ${value}, but request is ${request}`)
    else if (bound !== undefined && compareQuantities(bound, value) < 0)
      out.push(`minimum ${name} usage per ${type} is ${value}, but limit is ${bound}`)
  }
  for (const [name, value] of ordered(limit.max)) {
    const request = requests[name]
    const bound = limits[name]
    if (bound === undefined && request === undefined)
      out.push(`maximum ${name} usage per ${type} is ${value}.  No limit is specified`)
    else if (bound === undefined) {
      if (compareQuantities(request!, value) > 0)
        out.push(`maximum ${name} usage per ${type} is ${value}, but request is ${request}`)
      else out.push(`maximum ${name} usage per ${type} is ${value}.  No limit is specified`)
    } else if (compareQuantities(bound, value) > 0)
      out.push(`maximum ${name} usage per ${type} is ${value}, but limit is ${bound}`)
    else if (request !== undefined && compareQuantities(request, value) > 0)
      out.push(`maximum ${name} usage per ${type} is ${value}, but request is ${request}`)
  }
  for (const [name, ratio] of ordered(limit.maxLimitRequestRatio)) {
    const request = requests[name]
    const bound = limits[name]
    if (request === undefined || compareQuantities(request, '0') === 0)
      out.push(
        `${name} max limit to request ratio per ${type} is ${ratio}, but no request is specified or request is 0`,
      )
    else if (bound === undefined || compareQuantities(bound, '0') === 0)
      out.push(`${name} max limit to request ratio per ${type} is ${ratio}, but no limit is specified or limit is 0`)
    else {
      const observed = Number(parseQuantity(bound)!.nano) / Number(parseQuantity(request)!.nano)
      if (observed > Number(parseQuantity(ratio)!.nano) / 1e9)
        out.push(
          `${name} max limit to request ratio per ${type} is ${ratio}, but provided ratio is ${observed.toFixed(6)}`,
        )
    }
  }
  return out
}

function podProblems(range: any, spec: any): string[] {
  const out: string[] = []
  for (const limit of range.spec?.limits ?? []) {
    if (limit.type === 'Container')
      for (const container of [...(spec.containers ?? []), ...(spec.initContainers ?? [])])
        out.push(...check(limit, 'Container', container.resources?.requests ?? {}, container.resources?.limits ?? {}))
    if (limit.type === 'Pod') out.push(...check(limit, 'Pod', total(spec, 'requests'), total(spec, 'limits')))
  }
  return out
}

/** Sums over the containers, or what the greatest init container needs. */
function total(spec: any, kind: 'requests' | 'limits'): Quantities {
  if (spec.resources?.[kind]) return spec.resources[kind]
  const out: Quantities = {}
  const names = new Set<string>((spec.containers ?? []).flatMap((c: any) => Object.keys(c.resources?.[kind] ?? {})))
  for (const name of names) {
    const values: (string | undefined)[] = spec.containers.map((c: any) => c.resources?.[kind]?.[name])
    if (values.some((v) => v === undefined) && kind === 'limits') continue
    out[name] = addQuantities(...values.filter((v): v is string => v !== undefined))
  }
  for (const container of spec.initContainers ?? [])
    for (const [name, value] of Object.entries<string>(container.resources?.[kind] ?? {}))
      if (out[name] === undefined || compareQuantities(value, out[name]) > 0) out[name] = value
  return out
}

function claimProblems(range: any, spec: any): string[] {
  const requests = spec.resources?.requests ?? {}
  return (range.spec?.limits ?? [])
    .filter((l: any) => l.type === 'PersistentVolumeClaim')
    .flatMap((limit: any) => {
      const out: string[] = []
      for (const [name, value] of ordered(limit.min))
        if (compareQuantities(requests[name] ?? '0', value) < 0)
          out.push(
            `minimum ${name} usage per PersistentVolumeClaim is ${value}, but request is ${requests[name] ?? '0'}`,
          )
      for (const [name, value] of ordered(limit.max))
        if (compareQuantities(requests[name] ?? '0', value) > 0)
          out.push(
            `maximum ${name} usage per PersistentVolumeClaim is ${value}, but request is ${requests[name] ?? '0'}`,
          )
      return out
    })
}
