/** Deep equality of JSON values; undefined members count as absent. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false
    for (let i = 0; i < a.length; i++) if (!deepEqual(a[i], b[i])) return false
    return true
  }
  if (Array.isArray(b)) return false
  const left = a as Record<string, unknown>
  const right = b as Record<string, unknown>
  let members = 0
  for (const key in left) {
    if (left[key] === undefined) continue
    members++
    if (!deepEqual(left[key], right[key])) return false
  }
  for (const key in right) if (right[key] !== undefined) members--
  return members === 0
}

/** A copy whose unchanged members are the old ones, so that later comparisons are cheap. */
export function reuse<T>(next: T, old: unknown): T {
  if (next === old) return next
  if (typeof next !== 'object' || next === null || typeof old !== 'object' || old === null) return next
  if (deepEqual(next, old)) return old as T
  return next
}
