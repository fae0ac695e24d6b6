import { error, typeError, valueError } from '../objects/errors.ts'
import { methods, type NativeFunction } from '../objects/native.ts'
import { asInt, toIndex } from '../objects/numbers.ts'
import {
  bytearrayClass,
  bytesClass,
  PyBytes,
  type PyClass,
  PyList,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import { findAttribute } from '../vm/attributes.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { over, valuesOf } from '../vm/iterate.ts'
import { latin } from '../vm/operators.ts'
import { getItem, setItem } from '../vm/subscript.ts'
import { decodeBytes, encodeText } from './encodings.ts'
import { splitText } from './str-methods.ts'

const bytes = (text: string, cls: PyClass = bytesClass) =>
  new PyBytes(
    Uint8Array.from(text, (c) => c.charCodeAt(0)),
    cls,
  )

function needBytes(value: Value): string {
  if (value instanceof PyBytes) return latin(value.data)
  if (typeof value === 'number') return String.fromCharCode(value)
  throw typeError(`a bytes-like object is required, not '${typeName(value)}'`)
}

function make(vm: Interpreter, cls: PyClass, source?: Value, encoding?: Value): PyBytes {
  if (source === undefined) return new PyBytes(new Uint8Array(0), cls)
  if (typeof source === 'string') {
    if (encoding === undefined) throw typeError('string argument without an encoding')
    return new PyBytes(encodeText(source, String(encoding), 'strict'), cls)
  }
  const size = asInt(source)
  if (size !== undefined) {
    if (size < 0) throw valueError('negative count')
    if (size > 1_000_000) vm.host.reserve(Number(size))
    vm.allocated += Number(size)
    if (size > 3_000_000_000) throw error('MemoryError')
    return new PyBytes(new Uint8Array(Number(size)), cls)
  }
  if (source instanceof PyBytes) return new PyBytes(source.data.slice(), cls)
  const custom = findAttribute(vm, source, '__bytes__')
  if (custom !== undefined) return vm.call(custom, []) as PyBytes
  return new PyBytes(
    Uint8Array.from(valuesOf(vm, source), (item) => {
      const byte = toIndex(item)
      if (byte < 0 || byte > 255) throw valueError('bytes must be in range(0, 256)')
      return byte
    }),
    cls,
  )
}

const affix = (value: Value, test: (text: string) => boolean): boolean =>
  value instanceof PyTuple ? value.items.some((each) => test(needBytes(each))) : test(needBytes(value))

const common: Record<string, NativeFunction> = {
  '__new__(cls source!? encoding? errors?)': (vm, cls: PyClass, source?: Value, encoding?: Value) =>
    make(vm, cls, source, encoding),
  'decode(encoding? errors?)': (_vm, self: PyBytes, encoding?: Value, errors?: Value) =>
    decodeBytes(self.data, String(encoding ?? 'utf-8'), String(errors ?? 'strict')),
  hex: (_vm, self: PyBytes) => [...self.data].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
  __len__: (_vm, self: PyBytes) => self.data.length,
  __iter__: (_vm, self: PyBytes) => over(self.data),
  '__getitem__(index)': (vm, self, index) => getItem(vm, self, index),
  'join(parts!)': (vm, self: PyBytes, parts: Value) =>
    bytes(valuesOf(vm, parts).map(needBytes).join(latin(self.data)), self.cls),
  'split(sep? maxsplit?)': (_vm, self: PyBytes, sep?: Value, most?: Value) =>
    new PyList(
      splitText(
        latin(self.data),
        sep === undefined || sep === null ? null : needBytes(sep),
        most === undefined ? -1 : toIndex(most),
      ).map((part) => bytes(part)),
    ),
  splitlines: (_vm, self: PyBytes) =>
    new PyList((latin(self.data).match(/[^\n]*\n|[^\n]+$/g) ?? []).map((line) => bytes(line.replace(/\r?\n$/, '')))),
  'strip(chars?)': (_vm, self: PyBytes) =>
    bytes(
      latin(self.data).replace(/^[\s\0]+|[\s\0]+$/g, (part) => part.replace(/\s/g, '')),
      self.cls,
    ),
  'rstrip(chars?)': (_vm, self: PyBytes) => bytes(latin(self.data).replace(/\s+$/, ''), self.cls),
  'lstrip(chars?)': (_vm, self: PyBytes) => bytes(latin(self.data).replace(/^\s+/, ''), self.cls),
  'replace(old new)': (_vm, self: PyBytes, old: Value, by: Value) =>
    bytes(
      latin(self.data).replaceAll(needBytes(old), () => needBytes(by)),
      self.cls,
    ),
  'find(sub start?)': (_vm, self: PyBytes, part: Value, start?: Value) =>
    latin(self.data).indexOf(needBytes(part), start === undefined ? 0 : toIndex(start)),
  'index(sub)': (_vm, self: PyBytes, part: Value) => {
    const at = latin(self.data).indexOf(needBytes(part))
    if (at < 0) throw valueError('subsection not found')
    return at
  },
  'count(sub)': (_vm, self: PyBytes, part: Value) => latin(self.data).split(needBytes(part)).length - 1,
  'startswith(prefix)': (_vm, self: PyBytes, prefix: Value) =>
    affix(prefix, (text) => latin(self.data).startsWith(text)),
  'endswith(suffix)': (_vm, self: PyBytes, suffix: Value) => affix(suffix, (text) => latin(self.data).endsWith(text)),
  upper: (_vm, self: PyBytes) =>
    bytes(
      latin(self.data).replace(/[a-z]/g, (c) => c.toUpperCase()),
      self.cls,
    ),
  lower: (_vm, self: PyBytes) =>
    bytes(
      latin(self.data).replace(/[A-Z]/g, (c) => c.toLowerCase()),
      self.cls,
    ),
  isdigit: (_vm, self: PyBytes) => /^\d+$/.test(latin(self.data)),
  'fromhex(text)': (_vm, self: Value, text?: Value) => {
    const digits = String(text ?? self).replace(/\s/g, '')
    return new PyBytes(Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)))
  },
  'partition(sep)': (_vm, self: PyBytes, separator: Value) => {
    const text = latin(self.data)
    const by = needBytes(separator)
    const at = text.indexOf(by)
    return new PyTuple(
      at < 0 ? [self, bytes(''), bytes('')] : [bytes(text.slice(0, at)), bytes(by), bytes(text.slice(at + by.length))],
    )
  },
}

methods(bytesClass, {
  ...common,
  __hash__: (_vm, self: PyBytes) => self.data.reduce((hash, byte) => (hash * 31 + byte) % 2 ** 31, 7),
})
methods(bytearrayClass, {
  ...common,
  'append(item)': (vm, self: PyBytes, item: Value) => {
    const grown = new Uint8Array(self.data.length + 1)
    grown.set(self.data)
    grown[self.data.length] = toIndex(item)
    self.data = grown
    vm.allocated += 1
    return null
  },
  'extend(items!)': (vm, self: PyBytes, items: Value) => {
    const more = items instanceof PyBytes ? items.data : Uint8Array.from(valuesOf(vm, items), (item) => toIndex(item))
    const grown = new Uint8Array(self.data.length + more.length)
    grown.set(self.data)
    grown.set(more, self.data.length)
    self.data = grown
    vm.allocated += more.length
    return null
  },
  clear: (_vm, self: PyBytes) => {
    self.data = new Uint8Array(0)
    return null
  },
  '__setitem__(index value)': (vm, self, index, value) => {
    setItem(vm, self, index, value)
    return null
  },
})
bytearrayClass.dict.set('__hash__', null)
