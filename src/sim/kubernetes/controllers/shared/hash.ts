const ALPHABET = 'bcdfghjklmnpqrstvwxz2456789'

/** FNV-1a, 32 bit, of the value's JSON with sorted keys, and of a collision count if there is one. */
export function hashOf(value: unknown, collisionCount?: number): number {
  const text = canonical(value) + (collisionCount ? `#${collisionCount}` : '')
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return hash >>> 0
}

/** A label-safe hash, as Kubernetes names ReplicaSets and ControllerRevisions: seven to ten characters. */
export function safeHash(value: unknown, collisionCount?: number): string {
  const digits = String(hashOf(value, collisionCount)).padStart(7, '0')
  let out = ''
  for (let i = 0; i < digits.length; i++) out += ALPHABET[digits.charCodeAt(i) % ALPHABET.length]
  return out
}

function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const fields = value as Record<string, unknown>
  const keys = Object.keys(fields)
    .filter((key) => fields[key] !== undefined)
    .sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(fields[key])}`).join(',')}}`
}
