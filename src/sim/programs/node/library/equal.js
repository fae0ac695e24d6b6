// Deep equality of assert and util.
const same = (a, b, strict) => (strict ? Object.is(a, b) : a == b || (a !== a && b !== b))

function equal(a, b, strict, seen = new Map()) {
  if (same(a, b, strict)) return true
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return false
  if (strict && Object.getPrototypeOf(a) !== Object.getPrototypeOf(b)) return false
  if (Array.isArray(a) !== Array.isArray(b)) return false
  if (seen.get(a) === b) return true
  seen.set(a, b)
  if (a instanceof Date && b instanceof Date) {
    if (a.getTime() !== b.getTime()) return false
  } else if (a instanceof RegExp && b instanceof RegExp) {
    if (`${a}` !== `${b}`) return false
  } else if (a instanceof Error && b instanceof Error) {
    if (a.message !== b.message || a.name !== b.name) return false
  } else if (ArrayBuffer.isView(a)) {
    return ArrayBuffer.isView(b) && a.length === b.length && [...a].every((each, i) => Object.is(each, b[i]))
  } else if (a instanceof Set) {
    if (!(b instanceof Set) || a.size !== b.size) return false
    return [...a].every((each) => b.has(each) || [...b].some((other) => equal(each, other, strict, seen)))
  } else if (a instanceof Map) {
    if (!(b instanceof Map) || a.size !== b.size) return false
    return [...a].every(([key, value]) =>
      b.has(key)
        ? equal(value, b.get(key), strict, seen)
        : [...b].some(([k, v]) => equal(key, k, strict, seen) && equal(value, v, strict, seen)),
    )
  }
  for (const type of [Number, String, Boolean, BigInt, Symbol])
    if (a instanceof type && !same(a.valueOf(), b?.valueOf(), strict)) return false
  const [keysA, keysB] = [a, b].map((each) =>
    Reflect.ownKeys(each).filter(
      (key) => Object.prototype.propertyIsEnumerable.call(each, key) && (strict || typeof key === 'string'),
    ),
  )
  return (
    keysA.length === keysB.length && keysA.every((key) => Object.hasOwn(b, key) && equal(a[key], b[key], strict, seen))
  )
}
module.exports = { equal }
