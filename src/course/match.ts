/** One way in which an object is not as expected. */
export interface Difference {
  /** `spec.containers[name=web].image` */
  path: string
  expected: string
  /** Undefined: there is nothing at that path. */
  seen: string | undefined
}

/**
 * Compares part of an object with the whole, as KUTTL's asserts do: what the pattern does not name does not matter.
 * Each element of a list in the pattern must match another element of the list seen, in any order. A map whose only
 * key begins with `$` is an operator: `$matches` (regular expression), `$in`, `$not`, `$gte`, `$lte`, `$exists`,
 * `$length`; `$as` beside it says what is told to be expected.
 */
export function differences(pattern: unknown, seen: unknown, path = ''): Difference[] {
  const operator = operatorOf(pattern)
  if (operator) return operator.holds(seen) ? [] : [{ path, expected: operator.words, seen: show(seen) }]
  if (Array.isArray(pattern)) return compareLists(pattern, seen, path)
  if (isMap(pattern)) {
    if (!isMap(seen)) {
      const inner = Object.entries(pattern)
      if (seen === undefined && inner.length > 0) {
        return inner.flatMap(([key, value]) => differences(value, undefined, join(path, key)))
      }
      return [{ path, expected: show(pattern) ?? '', seen: show(seen) }]
    }
    return Object.entries(pattern).flatMap(([key, value]) => differences(value, seen[key], join(path, key)))
  }
  if (pattern === seen) return []
  // Quantities and ports are often written as either a number or a text.
  if (seen !== undefined && seen !== null && typeof seen !== 'object' && String(pattern) === String(seen)) return []
  return [{ path, expected: show(pattern) ?? '', seen: show(seen) }]
}

function compareLists(pattern: readonly unknown[], seen: unknown, path: string): Difference[] {
  if (!Array.isArray(seen)) return [{ path, expected: show(pattern) ?? '', seen: show(seen) }]
  const free = new Set(seen.keys())
  const out: Difference[] = []
  for (const [i, wanted] of pattern.entries()) {
    const at = `${path}[${identity(wanted)?.join('=') ?? i}]`
    const best = closest(wanted, seen, free, at)
    if (best) free.delete(best.index)
    if (best) out.push(...best.found)
    else out.push({ path: at, expected: show(wanted) ?? '', seen: show([...free].map((n) => summary(seen[n]))) })
  }
  return out
}

/** The free element most like the one wanted; of maps with an identity, only the one with the same. */
function closest(wanted: unknown, seen: readonly unknown[], free: ReadonlySet<number>, path: string) {
  const [key, value] = identity(wanted) ?? []
  let best: { index: number; found: Difference[] } | undefined
  for (const index of free) {
    const candidate = seen[index]
    if (key !== undefined && !(isMap(candidate) && String(candidate[key]) === value)) continue
    const found = differences(wanted, candidate, path)
    if (found.length > 0 && !isMap(wanted)) continue
    if (!best || found.length < best.found.length) best = { index, found }
  }
  return best
}

/** What tells the elements of the API's lists apart. */
const identityKeys = ['name', 'type', 'key', 'mountPath', 'containerPort', 'port', 'ip']

function identity(value: unknown): [string, string] | undefined {
  if (!isMap(value)) return undefined
  const key = identityKeys.find((name) => typeof value[name] === 'string' || typeof value[name] === 'number')
  return key === undefined ? undefined : [key, String(value[key])]
}

const summary = (value: unknown) => identity(value)?.[1] ?? value

interface Operator {
  words: string
  holds(seen: unknown): boolean
}

function operatorOf(pattern: unknown): Operator | undefined {
  if (!isMap(pattern)) return undefined
  const { $as: words, ...rest } = pattern
  const [key, ...more] = Object.keys(rest)
  if (key === undefined || more.length > 0 || !key.startsWith('$')) return undefined
  const make = operators[key]
  if (!make) throw new Error(`unknown operator ${key} (known: ${Object.keys(operators).join(', ')})`)
  const operator = make(rest[key])
  return words === undefined ? operator : { ...operator, words }
}

const operators: Record<string, (value: any) => Operator> = {
  $matches: (value) => ({
    words: `/${value}/`,
    holds: (seen) =>
      seen !== undefined && new RegExp(value).test(typeof seen === 'object' ? JSON.stringify(seen) : String(seen)),
  }),
  $in: (value) => ({
    words: value.map((item: unknown) => show(item)).join(' | '),
    holds: (seen) => value.some((item: unknown) => differences(item, seen).length === 0),
  }),
  $not: (value) => ({ words: `not ${show(value)}`, holds: (seen) => differences(value, seen).length > 0 }),
  $gte: (value) => ({ words: `>= ${value}`, holds: (seen) => Number(seen) >= value }),
  $lte: (value) => ({ words: `<= ${value}`, holds: (seen) => Number(seen) <= value }),
  $exists: (value) => ({
    words: value ? 'set' : 'not set',
    holds: (seen) => (seen !== undefined && seen !== null) === value,
  }),
  $length: (value) => ({
    words: `length ${value}`,
    holds: (seen) => (Array.isArray(seen) ? seen.length : isMap(seen) ? Object.keys(seen).length : 0) === value,
  }),
}

export function isMap(value: unknown): value is Record<string, any> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** `spec.replicas`, `metadata.labels["app.kubernetes.io/name"]` */
function join(path: string, key: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(key)) return `${path}["${key}"]`
  return path === '' ? key : `${path}.${key}`
}

/** A value in a few words; undefined stays undefined. */
export function show(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value === '' ? '""' : value
  const json = JSON.stringify(value)
  return json.length > 120 ? `${json.slice(0, 117)}…` : json
}
