import { parseRfc3339, rfc3339, rfc3339Micro } from '../../time/date.ts'
import { canonicalQuantity, parseQuantity, QUANTITY_ERROR } from '../api/quantity.ts'
import { type Field, type TypeCode, typeInfo } from '../api/schema.ts'
import { alwaysPrinted, isPointer } from './pointers.ts'

/** A body that the server's decoder refuses, in the decoder's words. */
export class DecodeError extends Error {}

export interface Decoded<T = any> {
  value: T
  /** `unknown field "spec.x"`, in the order met. */
  unknown: string[]
}

interface Path {
  parent: Path | undefined
  /** A field's name, an index, or a map's key. */
  step: string | number
  isKey?: boolean
}

/**
 * Reads JSON as the Go decoder reads it into a struct and prints it again: unknown fields are reported and dropped,
 * wrong types refused, empty optional values dropped, quantities and times in canonical form, fields in Go's order.
 * Never shares a part with its input.
 */
export function decodeType<T = any>(type: string, input: unknown): Decoded<T> {
  const decoder = new Decoder()
  const value = decoder.value(type, input, undefined, '')
  if (decoder.error) throw new DecodeError(decoder.error)
  return { value: value as T, unknown: decoder.unknown }
}

const DROP = Symbol('drop')

class Decoder {
  readonly unknown: string[] = []
  error: string | undefined

  value(code: TypeCode, input: unknown, path: Path | undefined, struct: string): unknown {
    switch (code[0]) {
      case '[':
        if (input === null || input === undefined) return DROP
        if (!Array.isArray(input)) return this.#mismatch(input, code, path, struct)
        return this.#list(code.slice(1), input, path, struct)
      case '{':
        if (input === null || input === undefined) return DROP
        if (typeof input !== 'object' || Array.isArray(input)) return this.#mismatch(input, code, path, struct)
        return this.#map(code.slice(1), input as Record<string, unknown>, path, struct)
      case '*':
        return input === undefined || input === null ? DROP : structuredCloneJson(input)
    }
    if (code.length === 1) return this.#scalar(code, input, path, struct)
    if (input === null || input === undefined) return DROP
    if (typeof input !== 'object' || Array.isArray(input)) return this.#mismatch(input, code, path, struct)
    return this.#struct(code, input as Record<string, unknown>, path)
  }

  #list(code: TypeCode, input: unknown[], path: Path | undefined, struct: string): unknown[] {
    const out: unknown[] = []
    for (let i = 0; i < input.length; i++) {
      const item = this.value(code, input[i], { parent: path, step: i }, struct)
      out.push(item === DROP ? zero(code) : item)
    }
    return out
  }

  #map(code: TypeCode, input: Record<string, unknown>, path: Path | undefined, struct: string): unknown {
    const out: Record<string, unknown> = {}
    for (const key of Object.keys(input).sort()) {
      const item = this.value(code, input[key], { parent: path, step: key, isKey: true }, struct)
      out[key] = item === DROP ? zero(code) : item
    }
    return out
  }

  #struct(name: string, input: Record<string, unknown>, path: Path | undefined): unknown {
    const type = layoutOf(name)
    if (!type) return structuredCloneJson(input)
    const present: Slot[] = []
    for (const key in input) {
      const raw = input[key]
      if (raw === undefined) continue
      const field = type.fields.get(key)
      if (!field) {
        this.unknown.push(`unknown field ${JSON.stringify(unknownPath({ parent: path, step: key }))}`)
        continue
      }
      const value = this.value(field.type, raw, { parent: path, step: key }, type.struct)
      if (value !== DROP && (field.keepsZero || !isEmpty(value, field)))
        present.push({ index: field.index, name: key, value })
    }
    for (const field of type.always) {
      if (present.some((p) => p.index === field.index)) continue
      const value = field.standard()
      if (value !== undefined) present.push({ index: field.index, name: field.name, value })
    }
    present.sort((a, b) => a.index - b.index)
    const out: Record<string, unknown> = {}
    for (const slot of present) out[slot.name] = slot.value
    return out
  }

  #scalar(code: string, input: unknown, path: Path | undefined, struct: string): unknown {
    if (input === null || input === undefined) return DROP
    switch (code) {
      case 'y':
        if (typeof input === 'string') {
          const at = illegalBase64(input)
          if (at !== undefined) this.error ??= `illegal base64 data at input byte ${at}`
          return input
        }
        return this.#mismatch(input, code, path, struct)
      case 's':
        return typeof input === 'string' ? input : this.#mismatch(input, code, path, struct)
      case 'b':
        return typeof input === 'boolean' ? input : this.#mismatch(input, code, path, struct)
      case 'i':
      case 'l': {
        if (typeof input !== 'number') return this.#mismatch(input, code, path, struct)
        const fits = code === 'i' ? Math.abs(input) <= 2 ** 31 : Math.abs(input) <= 2 ** 63
        if (!Number.isInteger(input) || !fits) return this.#mismatch(input, code, path, struct, `number ${input}`)
        return input
      }
      case 'd':
        return typeof input === 'number' ? input : this.#mismatch(input, code, path, struct)
      case 'q': {
        const text = typeof input === 'string' ? input.trim() : JSON.stringify(input)
        if (parseQuantity(text) === undefined) {
          if (text !== '') this.error ??= QUANTITY_ERROR
          else return '0'
        }
        return canonicalQuantity(text)
      }
      case 'x':
        if (typeof input === 'string' || typeof input === 'number') return input
        return this.#mismatch(input, code, path, struct)
      case 't':
      case 'm':
        return this.#time(code, input)
    }
    return input
  }

  #time(code: string, input: unknown): unknown {
    if (typeof input !== 'string') {
      this.error ??= `json: cannot unmarshal ${jsonKind(input)} into Go value of type string`
      return DROP
    }
    const ms = parseRfc3339(input)
    if (Number.isNaN(ms)) {
      const layout = code === 't' ? '2006-01-02T15:04:05Z07:00' : '2006-01-02T15:04:05.000000Z07:00'
      this.error ??= `parsing time ${JSON.stringify(input)} as "${layout}": cannot parse ${JSON.stringify(input)} as "2006"`
      return DROP
    }
    return code === 't' ? rfc3339(ms) : /\.\d{6}Z$/.test(input) ? input : rfc3339Micro(ms)
  }

  #mismatch(input: unknown, code: TypeCode, path: Path | undefined, struct: string, as = jsonKind(input)): unknown {
    const into = path ? `Go struct field ${struct}.${goPath(path)}` : 'Go value'
    this.error ??= `json: cannot unmarshal ${as} into ${into} of type ${goType(code)}`
    return DROP
  }
}

/** Where Go's decoder stops; undefined when it does not. */
function illegalBase64(text: string): number | undefined {
  const plain = text.replace(/[\r\n]/g, '')
  if (/^[A-Za-z0-9+/]*={0,2}$/.test(plain) && plain.length % 4 === 0) return undefined
  const wrong = /[^A-Za-z0-9+/]/.exec(plain)
  return wrong ? wrong.index : Math.floor(plain.length / 4) * 4
}

interface Slot {
  index: number
  name: string
  value: unknown
}

interface LaidOut extends Field {
  /** Place in the printed order. */
  index: number
  /** Zero, false, empty text, list and map are kept when they are given. */
  keepsZero: boolean
  isCollection: boolean
  /** What is printed when nothing is given; a fresh copy. */
  standard: () => unknown
}

interface Layout {
  struct: string
  fields: Map<string, LaidOut>
  /** Those that are printed even when nothing is given. */
  always: LaidOut[]
}

const layouts = new Map<string, Layout>()

function layoutOf(name: string): Layout | undefined {
  const known = layouts.get(name)
  if (known) return known
  const type = typeInfo(name)
  if (!type) return undefined
  const layout: Layout = { struct: name.slice(name.lastIndexOf('.') + 1), fields: new Map(), always: [] }
  layouts.set(name, layout)
  let index = 0
  for (const field of type.fields.values()) {
    const printed = alwaysPrinted(name, field.name)
    const laidOut: LaidOut = {
      ...field,
      index: index++,
      keepsZero: field.r === 1 || field.z === 1 || isPointer(name, field.name),
      isCollection: field.type[0] === '{' || field.type[0] === '[',
      standard: () => (field.d !== undefined ? structuredCloneJson(field.d) : printed ? null : emptyValue(field)),
    }
    layout.fields.set(field.name, laidOut)
    if (field.d !== undefined || printed || field.z) layout.always.push(laidOut)
  }
  layout.always = layout.always.filter((field) => field.standard() !== undefined)
  return layout
}

function isEmpty(value: unknown, field: LaidOut): boolean {
  if (value === '' || value === 0 || value === false) return true
  if (!field.isCollection) return false
  if (Array.isArray(value)) return value.length === 0
  for (const _ in value as object) return false
  return true
}

/** What Go prints for a value that was not given and is not omitted. */
function emptyValue(field: Field): unknown {
  switch (field.type[0]) {
    case 's':
      if (field.type === 's') return ''
      break
    case 'i':
    case 'l':
    case 'd':
      if (field.type.length === 1) return 0
      break
    case 'b':
      if (field.type === 'b') return false
      break
    case 'q':
      return '0'
    case '[':
    case '{':
      return undefined
  }
  if (field.type.length === 1) return undefined
  return decodeType(field.type, {}).value
}

function zero(code: TypeCode): unknown {
  if (code === 's' || code === 'y') return ''
  if (code === 'i' || code === 'l' || code === 'd') return 0
  if (code === 'b') return false
  if (code === 'q') return '0'
  return code.length > 1 && code[0] !== '[' && code[0] !== '{' ? {} : null
}

function jsonKind(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'boolean') return 'bool'
  return typeof value
}

function goType(code: TypeCode): string {
  if (code[0] === '[') return `[]${goType(code.slice(1))}`
  if (code[0] === '{') return `map[string]${goType(code.slice(1))}`
  const scalars: Record<string, string> = {
    s: 'string',
    i: 'int32',
    l: 'int64',
    b: 'bool',
    d: 'float64',
    q: 'resource.Quantity',
    x: 'intstr.IntOrString',
    t: 'v1.Time',
    m: 'v1.MicroTime',
    y: '[]uint8',
  }
  return scalars[code] ?? code.split('.').slice(-2).join('.')
}

const steps = (path: Path): (string | number)[] => {
  const out: (string | number)[] = []
  for (let at: Path | undefined = path; at; at = at.parent) out.push(at.step)
  return out.reverse()
}

/** Fields only: neither indexes nor keys. */
function goPath(path: Path): string {
  const names: (string | number)[] = []
  for (let at: Path | undefined = path; at; at = at.parent)
    if (typeof at.step === 'string' && !at.isKey) names.push(at.step)
  return names.reverse().join('.')
}

function unknownPath(path: Path): string {
  let text = ''
  for (const step of steps(path)) text += typeof step === 'number' ? `[${step}]` : text === '' ? step : `.${step}`
  return text
}

/** A deep copy of JSON; undefined members are left out. */
export function structuredCloneJson<T>(value: T): T {
  if (Array.isArray(value)) return value.map(structuredCloneJson) as T
  if (typeof value === 'object' && value !== null) {
    const out: Record<string, unknown> = {}
    for (const key in value) {
      const member = (value as Record<string, unknown>)[key]
      if (member !== undefined) out[key] = structuredCloneJson(member)
    }
    return out as T
  }
  return value
}
