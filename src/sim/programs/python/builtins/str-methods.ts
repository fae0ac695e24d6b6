import { PyDict } from '../objects/dict.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { methods } from '../objects/native.ts'
import { toIndex } from '../objects/numbers.ts'
import { length } from '../objects/text.ts'
import { PyBytes, PyList, PyTuple, strClass, typeName, type Value } from '../objects/value.ts'
import { getAttribute } from '../vm/attributes.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { valuesOf } from '../vm/iterate.ts'
import { getItem } from '../vm/subscript.ts'
import { format, repr, str } from '../vm/text.ts'
import { decodeBytes, encodeText } from './encodings.ts'

const SPACE = /^[\s\x1c-\x1f]+|[\s\x1c-\x1f]+$/g

function strip(text: string, chars: Value | undefined, left: boolean, right: boolean): string {
  if (chars === undefined || chars === null)
    return left && right
      ? text.replace(SPACE, '')
      : left
        ? text.replace(/^[\s\x1c-\x1f]+/, '')
        : text.replace(/[\s\x1c-\x1f]+$/, '')
  if (typeof chars !== 'string') throw typeError(`strip arg must be None or str`)
  let from = 0
  let to = text.length
  if (left) while (from < to && chars.includes(text[from]!)) from++
  if (right) while (to > from && chars.includes(text[to - 1]!)) to--
  return text.slice(from, to)
}

export function splitText(text: string, separator: Value | undefined, most: number): string[] {
  if (separator === undefined || separator === null) {
    const parts: string[] = []
    let rest = text.replace(/^\s+/, '')
    while (rest !== '') {
      const m = /\s+/.exec(rest)
      if (!m || (most >= 0 && parts.length >= most)) {
        parts.push(most >= 0 && parts.length >= most ? rest.replace(/\s+$/, '') : rest)
        break
      }
      parts.push(rest.slice(0, m.index))
      rest = rest.slice(m.index + m[0].length)
    }
    return parts
  }
  if (typeof separator !== 'string') throw typeError(`must be str or None, not ${typeName(separator)}`)
  if (separator === '') throw valueError('empty separator')
  if (most < 0) return text.split(separator)
  const parts: string[] = []
  let from = 0
  while (parts.length < most) {
    const at = text.indexOf(separator, from)
    if (at < 0) break
    parts.push(text.slice(from, at))
    from = at + separator.length
  }
  return [...parts, text.slice(from)]
}

function splitFromRight(text: string, separator: Value | undefined, most: number): string[] {
  if (most < 0) return splitText(text, separator, -1)
  if (separator === undefined || separator === null) {
    const reversed = splitText([...text].reverse().join(''), null, most)
    return reversed.map((part) => [...part].reverse().join('')).reverse()
  }
  const parts: string[] = []
  let to = text.length
  while (parts.length < most) {
    const at = to <= 0 ? -1 : text.lastIndexOf(separator as string, to - (separator as string).length)
    if (at < 0 || to - (separator as string).length < 0) break
    parts.unshift(text.slice(at + (separator as string).length, to))
    to = at
  }
  return [text.slice(0, to), ...parts]
}

const list = (items: readonly Value[]) => new PyList([...items])

function find(text: string, part: Value, start: Value | undefined, end: Value | undefined, last = false): number {
  if (typeof part !== 'string') throw typeError(`must be str, not ${typeName(part)}`)
  const size = text.length
  const clamp = (value: Value | undefined, fallback: number) => {
    if (value === undefined || value === null) return fallback
    const at = toIndex(value)
    return Math.max(0, Math.min(size, at < 0 ? at + size : at))
  }
  const from = clamp(start, 0)
  const to = clamp(end, size)
  const at = last ? text.slice(0, to).lastIndexOf(part) : text.slice(0, to).indexOf(part, from)
  return at < from ? -1 : at
}

function hasAffix(text: string, affix: Value, test: (affix: string) => boolean, name: string): boolean {
  if (affix instanceof PyTuple) return affix.items.some((each) => hasAffix(text, each, test, name))
  if (typeof affix !== 'string')
    throw typeError(`${name} first arg must be str or a tuple of str, not ${typeName(affix)}`)
  return test(affix)
}

function pad(text: string, width: Value, fill: Value | undefined, where: 'left' | 'right' | 'both'): string {
  const missing = toIndex(width) - length(text)
  const by = (fill as string | undefined) ?? ' '
  if (missing <= 0) return text
  if (where === 'right') return text + by.repeat(missing)
  if (where === 'left') return by.repeat(missing) + text
  const left = Math.floor(missing / 2) + (missing & toIndex(width) & 1)
  return by.repeat(left) + text + by.repeat(missing - left)
}

const cased = (text: string) => text.toLowerCase() !== text.toUpperCase()
const title = (text: string) => text.replace(/\p{L}+/gu, (word) => word[0]!.toUpperCase() + word.slice(1).toLowerCase())
const capital = (text: string) => (text === '' ? '' : text[0]!.toUpperCase() + text.slice(1).toLowerCase())

/** str.format */
export function formatFields(
  vm: Interpreter,
  text: string,
  args: readonly Value[],
  keywords: ReadonlyMap<string, Value>,
  depth = 0,
): string {
  let automatic = 0
  let out = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (c === '{' && text[i + 1] === '{') {
      out += '{'
      i++
    } else if (c === '}') {
      if (text[i + 1] !== '}') throw valueError("Single '}' encountered in format string")
      out += '}'
      i++
    } else if (c !== '{') out += c
    else {
      let level = 1
      let end = i + 1
      for (; end < text.length && level > 0; end++) level += text[end] === '{' ? 1 : text[end] === '}' ? -1 : 0
      if (level > 0)
        throw valueError(
          end === i + 1 ? "Single '{' encountered in format string" : "expected '}' before end of string",
        )
      const field = text.slice(i + 1, end - 1)
      const m = /^([^!:[.]*)((?:\.\w+|\[[^\]]*\])*)(?:!([rsa]))?(?::([\s\S]*))?$/.exec(field)
      if (!m) throw valueError('unexpected format field')
      const [, first = '', path = '', conversion, spec = ''] = m
      let value: Value | undefined
      if (first === '' || /^\d+$/.test(first)) {
        const index = first === '' ? automatic++ : Number(first)
        value = args[index]
        if (value === undefined)
          throw error('IndexError', `Replacement index ${index} out of range for positional args tuple`)
      } else {
        value = keywords.get(first)
        if (value === undefined) throw error('KeyError', first)
      }
      for (const [, attribute, index] of path.matchAll(/\.(\w+)|\[([^\]]*)\]/g))
        value =
          attribute !== undefined
            ? getAttribute(vm, value, attribute)
            : getItem(vm, value, /^\d+$/.test(index!) ? Number(index) : index!)
      if (conversion === 'r') value = repr(vm, value)
      else if (conversion === 's') value = str(vm, value)
      const inner =
        spec.includes('{') && depth === 0
          ? formatFields(
              vm,
              spec.replaceAll('{}', () => `{${automatic++}}`),
              args,
              keywords,
              1,
            )
          : spec
      out += format(vm, value, inner)
      i = end - 1
    }
  }
  return out
}

const test = (pattern: RegExp) => (_vm: Interpreter, self: string) => pattern.test(self)

methods(strClass, {
  '__new__(cls object? encoding? errors?)': (vm, _cls, object, encoding) => {
    if (object === undefined) return ''
    if (object instanceof PyBytes && encoding !== undefined) return decodeBytes(object.data, String(encoding), 'strict')
    return str(vm, object)
  },
  upper: (_vm, self: string) => self.toUpperCase(),
  lower: (_vm, self: string) => self.toLowerCase(),
  casefold: (_vm, self: string) => self.toLowerCase(),
  title: (_vm, self: string) => title(self),
  capitalize: (_vm, self: string) => capital(self),
  swapcase: (_vm, self: string) =>
    [...self].map((c) => (c === c.toUpperCase() ? c.toLowerCase() : c.toUpperCase())).join(''),
  'strip(chars?)': (_vm, self: string, chars?: Value) => strip(self, chars, true, true),
  'lstrip(chars?)': (_vm, self: string, chars?: Value) => strip(self, chars, true, false),
  'rstrip(chars?)': (_vm, self: string, chars?: Value) => strip(self, chars, false, true),
  'split(sep? maxsplit?)': (_vm, self: string, sep?: Value, most?: Value) =>
    list(splitText(self, sep, most === undefined ? -1 : toIndex(most))),
  'rsplit(sep? maxsplit?)': (_vm, self: string, sep?: Value, most?: Value) =>
    list(splitFromRight(self, sep, most === undefined ? -1 : toIndex(most))),
  'splitlines(keepends?)': (_vm, self: string, keep?: Value) => {
    const lines = self.match(/[^\n\r]*(?:\r\n|\n|\r)|[^\n\r]+$/g) ?? []
    return list(keep === true ? lines : lines.map((line) => line.replace(/(?:\r\n|\n|\r)$/, '')))
  },
  'join(iterable!)': (vm, self: string, iterable: Value) => {
    const parts = valuesOf(vm, iterable, 'can only join an iterable')
    parts.forEach((part, i) => {
      if (typeof part !== 'string')
        throw typeError(`sequence item ${i}: expected str instance, ${typeName(part)} found`)
    })
    const joined = (parts as string[]).join(self)
    vm.allocated += joined.length
    return joined
  },
  'replace(old new count?)': (_vm, self: string, old: Value, by: Value, count?: Value) => {
    if (typeof old !== 'string' || typeof by !== 'string')
      throw typeError(
        `replace() argument ${typeof old === 'string' ? 2 : 1} must be str, not ${typeName(typeof old === 'string' ? by : old)}`,
      )
    if (count === undefined || toIndex(count) < 0) return self.replaceAll(old, () => by)
    let left = toIndex(count)
    return self.replaceAll(old, (all) => (left-- > 0 ? by : all))
  },
  'find(sub start? end?)': (_vm, self: string, part: Value, start?: Value, end?: Value) => find(self, part, start, end),
  'rfind(sub start? end?)': (_vm, self: string, part: Value, start?: Value, end?: Value) =>
    find(self, part, start, end, true),
  'index(sub start? end?)': (_vm, self: string, part: Value, start?: Value, end?: Value) => {
    const at = find(self, part, start, end)
    if (at < 0) throw valueError('substring not found')
    return at
  },
  'rindex(sub start? end?)': (_vm, self: string, part: Value, start?: Value, end?: Value) => {
    const at = find(self, part, start, end, true)
    if (at < 0) throw valueError('substring not found')
    return at
  },
  'count(sub start? end?)': (_vm, self: string, part: Value, start?: Value, end?: Value) => {
    if (typeof part !== 'string') throw typeError(`must be str, not ${typeName(part)}`)
    const text = self.slice(
      start === undefined || start === null ? 0 : toIndex(start),
      end === undefined || end === null ? undefined : toIndex(end),
    )
    return part === '' ? length(text) + 1 : text.split(part).length - 1
  },
  'startswith(prefix start? end?)': (_vm, self: string, prefix: Value, start?: Value) => {
    const text = start === undefined ? self : self.slice(toIndex(start))
    return hasAffix(text, prefix, (each) => text.startsWith(each), 'startswith')
  },
  'endswith(suffix start? end?)': (_vm, self: string, suffix: Value) =>
    hasAffix(self, suffix, (each) => self.endsWith(each), 'endswith'),
  'removeprefix(prefix)': (_vm, self: string, prefix: string) =>
    self.startsWith(prefix) ? self.slice(prefix.length) : self,
  'removesuffix(suffix)': (_vm, self: string, suffix: string) =>
    suffix !== '' && self.endsWith(suffix) ? self.slice(0, -suffix.length) : self,
  'ljust(width fill?)': (_vm, self: string, width: Value, fill?: Value) => pad(self, width, fill, 'right'),
  'rjust(width fill?)': (_vm, self: string, width: Value, fill?: Value) => pad(self, width, fill, 'left'),
  'center(width fill?)': (_vm, self: string, width: Value, fill?: Value) => pad(self, width, fill, 'both'),
  'zfill(width)': (_vm, self: string, width: Value) => {
    const sign = /^[+-]/.exec(self)?.[0] ?? ''
    return sign + self.slice(sign.length).padStart(toIndex(width) - sign.length, '0')
  },
  'partition(sep)': (_vm, self: string, separator: string) => {
    const at = self.indexOf(separator)
    return new PyTuple(at < 0 ? [self, '', ''] : [self.slice(0, at), separator, self.slice(at + separator.length)])
  },
  'rpartition(sep)': (_vm, self: string, separator: string) => {
    const at = self.lastIndexOf(separator)
    return new PyTuple(at < 0 ? ['', '', self] : [self.slice(0, at), separator, self.slice(at + separator.length)])
  },
  'expandtabs(size?)': (_vm, self: string, size?: Value) => {
    let column = 0
    return [...self]
      .map((c) => {
        if (c !== '\t') {
          column = c === '\n' ? 0 : column + 1
          return c
        }
        const width = (size === undefined ? 8 : toIndex(size)) - (column % (size === undefined ? 8 : toIndex(size)))
        column += width
        return ' '.repeat(width)
      })
      .join('')
  },
  isdigit: test(/^\p{Nd}+$/u),
  isdecimal: test(/^\p{Nd}+$/u),
  isnumeric: test(/^\p{N}+$/u),
  isalpha: test(/^\p{L}+$/u),
  isalnum: test(/^[\p{L}\p{N}]+$/u),
  isspace: test(/^\s+$/),
  isascii: test(/^[\x00-\x7f]*$/),
  isidentifier: test(/^[\p{L}_][\p{L}\p{N}_]*$/u),
  isprintable: (_vm, self: string) => !/[\x00-\x1f\x7f]/.test(self),
  isupper: (_vm, self: string) => cased(self) && self === self.toUpperCase(),
  islower: (_vm, self: string) => cased(self) && self === self.toLowerCase(),
  istitle: (_vm, self: string) => cased(self) && self === title(self),
  'format(*args **kwargs)': (vm, self: string, args: Value[], keywords: Map<string, Value>) =>
    formatFields(vm, self, args, keywords),
  'format_map(mapping)': (vm, self: string, mapping: Value) =>
    formatFields(
      vm,
      self,
      [],
      new Map(mapping instanceof PyDict ? [...mapping.entries()].map(([key, value]) => [String(key), value]) : []),
    ),
  '__format__(spec)': (vm, self: string, spec: string) => format(vm, self, spec),
  'encode(encoding? errors?)': (_vm, self: string, encoding?: Value, errors?: Value) =>
    new PyBytes(encodeText(self, String(encoding ?? 'utf-8'), String(errors ?? 'strict'))),
  'decode(encoding? errors?)': (_vm, self: string) => self,
  'translate(table)': (_vm, self: string, table: PyDict) =>
    [...self]
      .map((c) => {
        const by = table.get(c.codePointAt(0)!)
        if (by === undefined) return c
        return by === null ? '' : typeof by === 'number' ? String.fromCodePoint(by) : String(by)
      })
      .join(''),
  'maketrans(x y? z?)': (_vm, self: Value, x?: Value, y?: Value) => {
    // Called on the class: the first argument is the first table.
    const [from, to, gone] = typeof self === 'string' ? [self, x, y] : [x!, y, undefined]
    const table = new PyDict()
    if (from instanceof PyDict)
      for (const [key, value] of from.entries()) table.set(typeof key === 'string' ? key.codePointAt(0)! : key, value)
    else
      for (const [i, c] of [...(from as string)].entries())
        table.set(c.codePointAt(0)!, [...(to as string)][i]!.codePointAt(0)!)
    if (typeof gone === 'string') for (const c of gone) table.set(c.codePointAt(0)!, null)
    return table
  },
  __len__: (_vm, self: string) => length(self),
  '__contains__(part)': (_vm, self: string, part: string) => self.includes(part),
  '__getitem__(index)': (vm, self: string, index: Value) => getItem(vm, self, index),
  '__eq__(other)': (_vm, self: string, other: Value) => self === other,
  __hash__: (_vm, self: string) => {
    let hash = 5381
    for (let i = 0; i < self.length; i++) hash = (hash * 33 + self.charCodeAt(i)) % 9007199254740881
    return hash
  },
})
