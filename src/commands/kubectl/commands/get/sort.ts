import { compareQuantities, parseQuantity } from '../../../../sim/kubernetes/api/quantity.ts'
import { CliError } from '../../errors/errors.ts'
import { JsonPath, JsonPathError, relaxedExpression } from '../../jsonpath/jsonpath.ts'

/** Sorts by a field, stable; those without it first. `quiet`: nothing remains when no object has the field. */
export function sortObjects<T>(items: readonly T[], field: string, objectOf: (item: T) => unknown, quiet = false): T[] {
  let path: JsonPath
  let expression: string
  try {
    expression = relaxedExpression(field)
    path = new JsonPath(expression)
  } catch (error) {
    if (error instanceof JsonPathError) throw new CliError(error.message)
    throw error
  }
  const keyed = items.map((item) => ({ item, values: path.find(objectOf(item)) }))
  if (items.length > 0 && keyed.every(({ values }) => values.length === 0)) {
    if (quiet) return []
    throw new CliError(`couldn't find any field with path ${JSON.stringify(expression)} in the list of objects`)
  }
  // Go's insertion sort turns those without the field around.
  const missing = keyed.filter(({ values }) => absent(values)).reverse()
  const present = keyed.filter(({ values }) => !absent(values))
  present.sort((a, b) => compareValues(a.values[0], b.values[0]))
  return [...missing, ...present].map(({ item }) => item)
}

const absent = (values: readonly unknown[]) => values.length === 0 || values[0] === null || values[0] === undefined

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const left = String(a)
  const right = String(b)
  if (parseQuantity(left) && parseQuantity(right)) return compareQuantities(left, right)
  return naturalCompare(left, right)
}

/** Digits by their value: `a2` before `a10`. */
function naturalCompare(a: string, b: string): number {
  const left = a.match(/\d+|\D+/g) ?? []
  const right = b.match(/\d+|\D+/g) ?? []
  for (let i = 0; i < left.length && i < right.length; i++) {
    const x = left[i]!
    const y = right[i]!
    if (x === y) continue
    if (/^\d/.test(x) && /^\d/.test(y) && Number(x) !== Number(y)) return Number(x) - Number(y)
    return x < y ? -1 : 1
  }
  return left.length - right.length
}
