import { parseRfc3339 } from '../../../time/date.ts'
import type { KubeObject } from '../../api/object.ts'
import { milliValue, quantityValue } from '../../api/quantity.ts'

export type LabelPairs = Record<string, string | number>
type Sample = readonly [LabelPairs, number]

/** One metric of a kind: what it says of an object. */
export interface Family {
  name: string
  type: 'gauge' | 'counter'
  help: string
  samples: (object: KubeObject) => Iterable<Sample>
}

/** The metrics of one kind, and where its objects are listed. */
export interface KindFamilies {
  path: string
  families: readonly Family[]
}

/** A family without its prefix and help: `['status_replicas', …]`. */
export function families(
  prefix: string,
  identify: (object: KubeObject) => LabelPairs,
  given: Record<string, (object: KubeObject) => number | undefined | Iterable<readonly [LabelPairs, number]>>,
): Family[] {
  return Object.entries(given).map(([rest, value]) => {
    const [name, type] = rest.split(' ')
    return {
      name: `${prefix}_${name}`,
      type: (type as 'counter' | undefined) ?? 'gauge',
      help: `${name!.replaceAll('_', ' ')} of the ${prefix.replace('kube_', '')}.`,
      *samples(object: KubeObject) {
        const own = identify(object)
        const found = value(object)
        if (found === undefined) return
        if (typeof found === 'number') yield [own, found]
        else for (const [labels, number] of found) yield [{ ...own, ...labels }, number]
      },
    }
  })
}

/** Seconds since 1970; undefined when there is no such time. */
export const seconds = (text: string | undefined): number | undefined => {
  const ms = text ? parseRfc3339(text) : Number.NaN
  return Number.isNaN(ms) ? undefined : ms / 1000
}

export const created = (object: KubeObject) => seconds(object.metadata.creationTimestamp)

/** `label_app` for each label. */
export function* labelsOf({ metadata }: KubeObject): Generator<readonly [LabelPairs, number]> {
  const labels: LabelPairs = {}
  for (const [name, value] of Object.entries(metadata.labels ?? {}))
    labels[`label_${name.replaceAll(/[^a-zA-Z0-9_]/g, '_')}`] = value
  yield [labels, 1]
}

/** One sample a possible value: 1 for what it is. */
export const oneOf = (
  label: string,
  values: readonly string[],
  is: string | undefined,
): (readonly [LabelPairs, number])[] => values.map((value) => [{ [label]: value }, value === is ? 1 : 0] as const)

export function* conditions(object: KubeObject): Generator<readonly [LabelPairs, number]> {
  for (const { type, status } of object.status?.conditions ?? [])
    for (const each of ['true', 'false', 'unknown'])
      yield [{ condition: type, status: each }, status?.toLowerCase() === each ? 1 : 0]
}

const UNITS: Record<string, string> = { cpu: 'core', memory: 'byte', storage: 'byte', 'ephemeral-storage': 'byte' }

/** `resource`, `unit` and value of a resource list. */
export function* resources(list: Record<string, string> | undefined): Generator<readonly [LabelPairs, number]> {
  for (const [name, quantity] of Object.entries(list ?? {})) {
    const value = name === 'cpu' ? milliValue(quantity) / 1000 : quantityValue(quantity)
    yield [{ resource: name.replaceAll(/[^a-zA-Z0-9_]/g, '_'), unit: UNITS[name] ?? 'integer' }, value]
  }
}

export function owner({ metadata }: KubeObject): LabelPairs {
  const found = metadata.ownerReferences?.find((o) => o.controller) ?? metadata.ownerReferences?.[0]
  return {
    owner_kind: found?.kind ?? '<none>',
    owner_name: found?.name ?? '<none>',
    owner_is_controller: found ? String(found.controller === true) : '<none>',
  }
}

export const named =
  (kind: string) =>
  (object: KubeObject): LabelPairs =>
    object.metadata.namespace
      ? { namespace: object.metadata.namespace, [kind]: object.metadata.name }
      : { [kind]: object.metadata.name }
