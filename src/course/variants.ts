import { Random } from '../sim/time/random.ts'
import type { Lab } from './lab.ts'
import { isMap } from './match.ts'

/** What may stand for `__name__` or, when it is a map, for `__name.key__`. */
export type Value = string | number | Readonly<Record<string, string | number>>
/** Name to the values it may have in one variant or another. */
export type Values = Readonly<Record<string, readonly Value[]>>

/** The lab as a learner with this seed gets it: each value drawn on its own. A lab without values is its only variant. */
export function variantOf(lab: Lab, seed: number): Lab {
  const random = new Random(seed, 'variant')
  return withValues(lab, (choices) => random.pick(choices))
}

/** Variants in which together every value occurs, for proofs. */
export function everyVariant(lab: Lab): { name: string; lab: Lab }[] {
  const values = lab.values ?? {}
  const count = Math.max(1, ...Object.values(values).map((choices) => choices.length))
  return Array.from({ length: count }, (_, i) => ({
    name: count === 1 ? '' : ` (variant ${i + 1})`,
    lab: withValues(lab, (choices) => choices[i % choices.length]!),
  }))
}

function withValues(lab: Lab, choose: (choices: readonly Value[]) => Value): Lab {
  const { values, ...rest } = lab
  if (!values) return lab
  const chosen = Object.fromEntries(Object.entries(values).map(([name, choices]) => [name, choose(choices)]))
  return { ...(fill(rest, chosen) as Lab), values }
}

const place = /__([a-z][a-zA-Z0-9]*)(?:\.([a-zA-Z0-9]+))?__/g

/** Puts the values into all texts. A text that is nothing but a place becomes the value itself, so numbers stay numbers. */
export function fill(target: unknown, chosen: Readonly<Record<string, Value>>): unknown {
  const valueAt = (whole: string, name: string, key: string | undefined) => {
    const value = chosen[name]
    if (typeof value === 'object') return key === undefined ? whole : (value[key] ?? whole)
    return key === undefined ? (value ?? whole) : whole
  }
  const visit = (value: unknown): unknown => {
    if (typeof value === 'string') {
      const [whole, name, key] = new RegExp(`^${place.source}$`).exec(value) ?? []
      if (whole !== undefined) return valueAt(whole, name!, key)
      return value.replace(place, (...found) => String(valueAt(found[0], found[1], found[2])))
    }
    if (Array.isArray(value)) return value.map(visit)
    if (isMap(value)) return Object.fromEntries(Object.entries(value).map(([key, item]) => [visit(key), visit(item)]))
    return value
  }
  return visit(target)
}

/** The first value of each name: what a file is checked with. */
export function firstValues(values: Values): Record<string, Value> {
  return Object.fromEntries(Object.entries(values).map(([name, choices]) => [name, choices[0] ?? '']))
}

/** Places in a lab or a grader for which there is no value. */
export function unknownPlaces(target: unknown): string[] {
  return [...new Set(JSON.stringify(target)?.match(place) ?? [])]
}
