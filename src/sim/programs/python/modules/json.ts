import { PyDict } from '../objects/dict.ts'
import { exceptionClass, PyError, typeError, valueError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { asInt, floatText, int } from '../objects/numbers.ts'
import {
  builtinClass,
  PyBytes,
  PyException,
  PyFloat,
  PyInstance,
  PyList,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { str } from '../vm/text.ts'
import type { ModuleDefinition } from './module.ts'

const decodeError = builtinClass('JSONDecodeError', exceptionClass('ValueError'), 'json.decoder')
decodeError.make = (cls) => new PyException(cls)

/** A JSON text to values, with CPython's words for what is wrong. */
class Decoder {
  readonly #text: string
  #at = 0
  constructor(text: string) {
    this.#text = text
  }

  #fail(message: string, at = this.#at): never {
    const before = this.#text.slice(0, at)
    const line = before.split('\n').length
    const column = at - before.lastIndexOf('\n')
    const made = new PyException(decodeError)
    made.args = [`${message}: line ${line} column ${column} (char ${at})`]
    for (const [name, value] of Object.entries({ msg: message, doc: this.#text, pos: at, lineno: line, colno: column }))
      made.attrs.set(name, value)
    throw new PyError(made)
  }

  #space(): void {
    while (' \t\n\r'.includes(this.#text[this.#at] ?? 'x')) this.#at++
  }

  whole(): Value {
    this.#space()
    const value = this.#value()
    this.#space()
    if (this.#at < this.#text.length) this.#fail('Extra data')
    return value
  }

  #value(): Value {
    const text = this.#text
    const c = text[this.#at]
    if (c === '"') return this.#string()
    if (c === '{') return this.#object()
    if (c === '[') return this.#array()
    for (const [word, value] of [
      ['null', null],
      ['true', true],
      ['false', false],
      ['NaN', new PyFloat(Number.NaN)],
      ['Infinity', new PyFloat(Number.POSITIVE_INFINITY)],
    ] as const)
      if (text.startsWith(word, this.#at)) {
        this.#at += word.length
        return value
      }
    const number = /(-?(?:0|[1-9]\d*))(\.\d+)?([eE][-+]?\d+)?/y
    number.lastIndex = this.#at
    const m = number.exec(text)
    if (!m) this.#fail('Expecting value')
    this.#at += m[0].length
    return m[2] !== undefined || m[3] !== undefined ? new PyFloat(Number(m[0])) : int(BigInt(m[0]))
  }

  #string(): string {
    const text = this.#text
    const start = this.#at++
    let out = ''
    for (;;) {
      const c = text[this.#at]
      if (c === undefined) this.#fail('Unterminated string starting at', start)
      if (c === '"') {
        this.#at++
        return out
      }
      if (c < ' ') this.#fail('Invalid control character at')
      if (c !== '\\') {
        out += c
        this.#at++
        continue
      }
      const e = text[this.#at + 1] ?? ''
      if (e === 'u') {
        const hex = text.slice(this.#at + 2, this.#at + 6)
        if (!/^[\da-fA-F]{4}$/.test(hex)) this.#fail('Invalid \\uXXXX escape', this.#at + 1)
        out += String.fromCharCode(Number.parseInt(hex, 16))
        this.#at += 6
        continue
      }
      const plain = (
        { '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' } as Record<string, string>
      )[e]
      if (plain === undefined) this.#fail('Invalid \\escape')
      out += plain
      this.#at += 2
    }
  }

  #array(): PyList {
    this.#at++
    const items: Value[] = []
    this.#space()
    if (this.#text[this.#at] === ']') {
      this.#at++
      return new PyList(items)
    }
    for (;;) {
      this.#space()
      items.push(this.#value())
      this.#space()
      const c = this.#text[this.#at]
      if (c === ']') {
        this.#at++
        return new PyList(items)
      }
      if (c !== ',') this.#fail("Expecting ',' delimiter")
      this.#at++
    }
  }

  #object(): PyDict {
    this.#at++
    const made = new PyDict()
    this.#space()
    if (this.#text[this.#at] === '}') {
      this.#at++
      return made
    }
    for (;;) {
      this.#space()
      if (this.#text[this.#at] !== '"') this.#fail('Expecting property name enclosed in double quotes')
      const key = this.#string()
      this.#space()
      if (this.#text[this.#at] !== ':') this.#fail("Expecting ':' delimiter")
      this.#at++
      this.#space()
      made.set(key, this.#value())
      this.#space()
      const c = this.#text[this.#at]
      if (c === '}') {
        this.#at++
        return made
      }
      if (c !== ',') this.#fail("Expecting ',' delimiter")
      this.#at++
    }
  }
}

interface Style {
  indent: string | undefined
  item: string
  key: string
  ascii: boolean
  sort: boolean
  fallback: Value | undefined
}

function text(value: string, ascii: boolean): string {
  const quoted = JSON.stringify(value)
    .replace(/\u007f/g, '\\u007f')
    .replace(/\\u007f/g, '\u007f')
  return ascii
    ? quoted.replace(/[\u0080-\uffff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
    : quoted
}

function encode(vm: Interpreter, value: Value, style: Style, depth: string, parents: readonly Value[]): string {
  if (value === null) return 'null'
  if (typeof value === 'boolean') return value ? 'true' : 'false'
  if (typeof value === 'string') return text(value, style.ascii)
  if (asInt(value) !== undefined) return String(value)
  if (value instanceof PyFloat) {
    if (Number.isNaN(value.value)) return 'NaN'
    return Number.isFinite(value.value) ? floatText(value.value) : value.value > 0 ? 'Infinity' : '-Infinity'
  }
  if (parents.includes(value)) throw valueError('Circular reference detected')
  const inner = style.indent === undefined ? '' : depth + style.indent
  const around = (open: string, parts: string[], close: string) => {
    if (parts.length === 0) return open + close
    if (style.indent === undefined) return open + parts.join(style.item) + close
    return `${open}\n${inner}${parts.join(`${style.item.trimEnd()}\n${inner}`)}\n${depth}${close}`
  }
  const within = [...parents, value]
  if (value instanceof PyList || value instanceof PyTuple)
    return around(
      '[',
      value.items.map((item) => encode(vm, item, style, inner, within)),
      ']',
    )
  if (value instanceof PyDict) {
    let entries = [...value.entries()].map(([key, each]): [string, Value] => [keyText(vm, key), each])
    if (style.sort) entries = entries.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return around(
      '{',
      entries.map(([key, each]) => text(key, style.ascii) + style.key + encode(vm, each, style, inner, within)),
      '}',
    )
  }
  if (value instanceof PyInstance && value.attrs.has('_value_') && asInt(value.attrs.get('_value_')!) !== undefined)
    return String(value.attrs.get('_value_'))
  if (style.fallback !== undefined && style.fallback !== null)
    return encode(vm, vm.call(style.fallback, [value]), style, depth, within)
  throw typeError(`Object of type ${typeName(value)} is not JSON serializable`)
}

function keyText(vm: Interpreter, key: Value): string {
  if (typeof key === 'string') return key
  if (key === null) return 'null'
  if (typeof key === 'boolean') return key ? 'true' : 'false'
  if (asInt(key) !== undefined || key instanceof PyFloat) return str(vm, key)
  throw typeError(`keys must be str, int, float, bool or None, not ${typeName(key)}`)
}

export const json: ModuleDefinition = {
  cost: 2,
  isPackage: false,
  source: `
class JSONEncoder:
    def __init__(self, **options):
        self._options = options
    def default(self, o):
        raise TypeError('Object of type %s is not JSON serializable' % type(o).__name__)
    def encode(self, o):
        return _encode(o, default=self.default, **self._options)

class JSONDecoder:
    def decode(self, text):
        return loads(text)

def dumps(obj, *, skipkeys=False, ensure_ascii=True, check_circular=True, allow_nan=True, cls=None, indent=None, separators=None, default=None, sort_keys=False, **kw):
    if cls is not None:
        default = cls(**kw).default
    return _encode(obj, ensure_ascii=ensure_ascii, indent=indent, separators=separators, default=default, sort_keys=sort_keys)

def dump(obj, fp, **options):
    fp.write(dumps(obj, **options))

def loads(s, *, cls=None, object_hook=None, parse_float=None, parse_int=None, object_pairs_hook=None, **kw):
    value = _decode(s)
    return _hooked(value, object_hook) if object_hook else value

def _hooked(value, hook):
    if isinstance(value, dict):
        return hook({k: _hooked(v, hook) for k, v in value.items()})
    if isinstance(value, list):
        return [_hooked(v, hook) for v in value]
    return value

def load(fp, **options):
    return loads(fp.read(), **options)
`,
  names: () => {
    const names = functions({
      '_decode(text)': (_vm, given: Value) => {
        if (typeof given !== 'string' && !(given instanceof PyBytes))
          throw typeError(`the JSON object must be str, bytes or bytearray, not ${typeName(given)}`)
        return new Decoder(typeof given === 'string' ? given : new TextDecoder().decode(given.data)).whole()
      },
      '_encode(value *none ensure_ascii? indent? separators? default? sort_keys?)': (
        vm,
        value: Value,
        _none: Value[],
        ascii?: Value,
        indent?: Value,
        separators?: Value,
        fallback?: Value,
        sort?: Value,
      ) => {
        const size =
          indent === undefined || indent === null
            ? undefined
            : typeof indent === 'string'
              ? indent
              : ' '.repeat(Math.max(0, Number(asInt(indent) ?? 0)))
        const [item, key] = separators instanceof PyTuple ? (separators.items as string[]) : [', ', ': ']
        return encode(
          vm,
          value,
          { indent: size, item: item!, key: key!, ascii: ascii !== false, sort: sort === true, fallback },
          '',
          [],
        )
      },
    })
    names.set('JSONDecodeError', decodeError)
    return names
  },
}
