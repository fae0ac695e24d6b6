/**
 * Values a template works on. Plain objects are Go maps (keys in sorted order), arrays are slices, `null` is a nil
 * interface, `undefined` is "no value". What Go prints differently has a class here.
 */

/** A Go struct: fields in declared order; a function is a method (called when it is named). */
export class GoStruct {
  readonly typeName: string
  readonly fields: Readonly<Record<string, unknown>>

  constructor(typeName: string, fields: Record<string, unknown>) {
    this.typeName = typeName
    this.fields = fields
  }
}

/** A nil slice, map or pointer: prints as `[]`, `map[]`, `<nil>`. */
export class GoNil {
  readonly kind: 'slice' | 'map' | 'pointer'

  constructor(kind: 'slice' | 'map' | 'pointer') {
    this.kind = kind
  }
}

/** A value with its own way to print (time.Time, a port set …) and to marshal. */
export class GoText {
  readonly text: string
  readonly json: unknown

  constructor(text: string, json: unknown = text) {
    this.text = text
    this.json = json
  }
}

export type GoMap = Readonly<Record<string, unknown>>

export function isMap(value: unknown): value is GoMap {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof GoStruct) &&
    !(value instanceof GoNil) &&
    !(value instanceof GoText)
  )
}

export function isNil(value: unknown): boolean {
  return value === undefined || value === null || value instanceof GoNil
}

/** Go's idea of "not empty", for if, with, and, or, not. */
export function isTrue(value: unknown): boolean {
  if (isNil(value) || value === false || value === 0 || value === '') return false
  if (Array.isArray(value)) return value.length > 0
  if (isMap(value)) return Object.keys(value).length > 0
  return true
}

export function typeName(value: unknown): string {
  if (value instanceof GoStruct) return value.typeName
  if (value === null || value === undefined) return 'interface {}'
  if (value instanceof GoNil) return value.kind === 'map' ? 'map[string]interface {}' : '[]string'
  if (Array.isArray(value)) return value.every((v) => typeof v === 'string') ? '[]string' : '[]interface {}'
  if (isMap(value)) return 'map[string]interface {}'
  if (typeof value === 'boolean') return 'bool'
  if (typeof value === 'number') return Number.isInteger(value) ? 'int' : 'float64'
  return 'string'
}

export function sortedKeys(map: GoMap): string[] {
  return Object.keys(map).sort((a, b) => (a < b ? -1 : a > b ? 1 : 0))
}

/** encoding/json's output of a value: map keys sorted, struct fields in order, `<`, `>` and `&` as they are. */
export function toJson(value: unknown, indent = ''): string {
  const text = JSON.stringify(plain(value), null, indent)
  return text === undefined ? 'null' : text
}

function plain(value: unknown): unknown {
  if (value === undefined || value === null || value instanceof GoNil) return null
  if (value instanceof GoText) return value.json
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof GoStruct) {
    const entries = Object.entries(value.fields).filter(([, v]) => v !== undefined)
    return Object.fromEntries(entries.map(([k, v]) => [k, plain(typeof v === 'function' ? v() : v)]))
  }
  if (isMap(value)) {
    // Integer-like keys would jump the queue in an object literal; Object.fromEntries keeps JSON.stringify's order anyway.
    return Object.fromEntries(sortedKeys(value).map((k) => [k, plain(value[k])]))
  }
  return value
}
