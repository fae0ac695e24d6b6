import { PyDict } from '../objects/dict.ts'
import { exceptionClass, notSimulated, PyError, typeError } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import { asInt, toIndex } from '../objects/numbers.ts'
import { quote } from '../objects/text.ts'
import {
  builtinClass,
  Control,
  Obj,
  PyBytes,
  PyException,
  PyGetSet,
  PyInstance,
  PyList,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { over } from '../vm/iterate.ts'
import type { ModuleDefinition } from './module.ts'

const FLAGS = {
  A: 256,
  ASCII: 256,
  I: 2,
  IGNORECASE: 2,
  M: 8,
  MULTILINE: 8,
  S: 16,
  DOTALL: 16,
  X: 64,
  VERBOSE: 64,
  U: 32,
  UNICODE: 32,
  L: 4,
  LOCALE: 4,
} as const

const patternClass = builtinClass('Pattern', undefined, 're')
const matchClass = builtinClass('Match', undefined, 're')
const reError = builtinClass('error', exceptionClass('Exception'), 're')
reError.make = (cls) => new PyException(cls)

/** Python's syntax as JavaScript's. */
function translate(source: string, flags: number): { source: string; flags: number } {
  let out = ''
  let inClass = false
  for (let i = 0; i < source.length; i++) {
    const c = source[i]!
    if (c === '\\') {
      const next = source[++i] ?? ''
      if (next === 'A') out += '(?<![\\s\\S])'
      else if (next === 'Z') out += '(?![\\s\\S])'
      else if (next === 'a') out += '\\x07'
      else out += `\\${next}`
      continue
    }
    if (inClass) {
      if (c === ']') inClass = false
      out += c === '[' ? '\\[' : c
      continue
    }
    if (c === '[') {
      inClass = true
      out += c
      if (source[i + 1] === '^') out += source[++i]
      if (source[i + 1] === ']') {
        out += '\\]'
        i++
      }
      continue
    }
    if (flags & FLAGS.X) {
      if (/\s/.test(c)) continue
      if (c === '#') {
        while (i < source.length && source[i] !== '\n') i++
        continue
      }
    }
    if (c === '(' && source.startsWith('(?P<', i)) {
      out += '(?<'
      i += 3
    } else if (c === '(' && source.startsWith('(?P=', i)) {
      const end = source.indexOf(')', i)
      out += `\\k<${source.slice(i + 4, end)}>`
      i = end
    } else if (c === '(' && source.startsWith('(?#', i)) i = source.indexOf(')', i)
    else if (c === '(' && /^\(\?[aiLmsux]+\)/.test(source.slice(i))) {
      const end = source.indexOf(')', i)
      for (const letter of source.slice(i + 2, end)) flags |= FLAGS[letter.toUpperCase() as keyof typeof FLAGS] ?? 0
      i = end
    } else if (c === '$' && !(flags & FLAGS.M)) out += '(?=\\n?(?![\\s\\S]))'
    else out += c
  }
  return { source: out, flags }
}

class Pattern extends Obj {
  readonly text: string
  readonly flags: number
  readonly bytes: boolean
  readonly #expressions = new Map<string, RegExp>()
  readonly #source: string
  constructor(text: string, flags: number, bytes: boolean) {
    super(patternClass)
    this.text = text
    this.bytes = bytes
    const translated = translate(text, flags)
    this.flags = translated.flags
    this.#source = translated.source
    this.expression('g')
  }

  /** `g` searches on from lastIndex, `y` matches there. */
  expression(mode: 'g' | 'y'): RegExp {
    let known = this.#expressions.get(mode)
    if (!known) {
      const letters = `d${mode}${this.flags & FLAGS.I ? 'i' : ''}${this.flags & FLAGS.M ? 'm' : ''}${this.flags & FLAGS.S ? 's' : ''}`
      try {
        known = new RegExp(this.#source, letters)
      } catch (thrown) {
        throw new PyError(failure(thrown, this.text))
      }
      this.#expressions.set(mode, known)
    }
    return known
  }

  run(text: string, mode: 'g' | 'y', from: number): RegExpExecArray | null {
    const expression = this.expression(mode)
    expression.lastIndex = from
    return expression.exec(text)
  }

  *all(text: string): Generator<RegExpExecArray> {
    let from = 0
    while (from <= text.length) {
      const found = this.run(text, 'g', from)
      if (!found) return
      yield found
      from = found[0].length === 0 ? found.index + 1 : found.index + found[0].length
    }
  }
}

function failure(thrown: unknown, text: string): PyException {
  const made = new PyException(reError)
  const words = thrown instanceof Error ? thrown.message : ''
  const message = /Unterminated group/.test(words)
    ? `missing ), unterminated subpattern at position ${Math.max(0, text.lastIndexOf('('))}`
    : /Unmatched '\)'/.test(words)
      ? `unbalanced parenthesis at position ${text.indexOf(')')}`
      : /Nothing to repeat/.test(words)
        ? `nothing to repeat at position ${Math.max(0, text.search(/[*+?]/))}`
        : /Unterminated character class|Invalid character class/.test(words)
          ? `unterminated character set at position ${text.lastIndexOf('[')}`
          : words.replace(/^.*: /, '')
  made.args = [message]
  return made
}

class Match extends Obj {
  readonly found: RegExpExecArray
  readonly pattern: Pattern
  readonly text: string
  constructor(found: RegExpExecArray, pattern: Pattern, text: string) {
    super(matchClass)
    this.found = found
    this.pattern = pattern
    this.text = text
  }
  value(text: string | undefined): Value {
    if (text === undefined) return null
    return this.pattern.bytes ? new PyBytes(Uint8Array.from(text, (c) => c.charCodeAt(0))) : text
  }
  group(key: Value): Value {
    const number = asInt(key)
    if (number !== undefined) {
      if (Number(number) >= this.found.length || number < 0) throw new PyError(indexError())
      return this.value(this.found[Number(number)])
    }
    const groups = this.found.groups ?? {}
    if (!(String(key) in groups)) throw new PyError(indexError())
    return this.value(groups[String(key)])
  }
  span(key: Value | undefined): readonly [number, number] {
    const indices = (
      this.found as RegExpExecArray & {
        indices: ([number, number] | undefined)[] & { groups?: Record<string, [number, number]> }
      }
    ).indices
    const at = key === undefined ? indices[0] : typeof key === 'string' ? indices.groups?.[key] : indices[toIndex(key)]
    return at ?? [-1, -1]
  }
}

const indexError = (): PyException => {
  const made = new PyException(exceptionClass('IndexError'))
  made.args = ['no such group']
  return made
}

const subject = (value: Value): string => {
  if (typeof value === 'string') return value
  if (value instanceof PyBytes) return String.fromCharCode(...value.data)
  throw typeError(`expected string or bytes-like object, got '${typeName(value)}'`)
}

const cache = new Map<string, Pattern>()
function compile(pattern: Value, flags: Value | undefined): Pattern {
  if (pattern instanceof Pattern) return pattern
  const bits =
    flags === undefined
      ? 0
      : Number(asInt(flags) ?? (flags instanceof PyInstance ? (flags.attrs.get('_value_') ?? 0) : 0))
  const bytes = pattern instanceof PyBytes
  const text = bytes ? String.fromCharCode(...pattern.data) : pattern
  if (typeof text !== 'string') throw typeError('first argument must be string or compiled pattern')
  const key = `${bits} ${bytes} ${text}`
  let known = cache.get(key)
  if (!known) {
    known = new Pattern(text, bits, bytes)
    if (cache.size < 500) cache.set(key, known)
  }
  return known
}

function expand(template: string, match: Match): string {
  return template.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|([nrt\\]))/g,
    (_all, name: string | undefined, number: string | undefined, special: string | undefined) => {
      if (special !== undefined) return ({ n: '\n', r: '\r', t: '\t', '\\': '\\' } as Record<string, string>)[special]!
      const key = name ?? number!
      const value = /^\d+$/.test(key) ? match.found[Number(key)] : match.found.groups?.[key]
      if (/^\d+$/.test(key) && Number(key) >= match.found.length)
        throw new PyError(failure(new Error(`invalid group reference ${key}`), ''))
      return value ?? ''
    },
  )
}

function substitute(
  vm: Interpreter,
  pattern: Pattern,
  by: Value,
  given: Value,
  count: Value | undefined,
): [Value, number] {
  const text = subject(given)
  const most = count === undefined || count === 0 ? Number.POSITIVE_INFINITY : toIndex(count)
  let out = ''
  let at = 0
  let done = 0
  for (const found of pattern.all(text)) {
    if (done >= most) break
    const match = new Match(found, pattern, text)
    out += text.slice(at, found.index)
    if (typeof by === 'string' || by instanceof PyBytes) out += expand(subject(by), match)
    else {
      const made = vm.call(by, [match])
      if (made instanceof Control) throw notSimulated('waiting inside a replacement')
      out += subject(made)
    }
    at = found.index + found[0].length
    done++
  }
  const whole = out + text.slice(at)
  return [pattern.bytes ? new PyBytes(Uint8Array.from(whole, (c) => c.charCodeAt(0))) : whole, done]
}

function splitBy(pattern: Pattern, given: Value, count: Value | undefined): PyList {
  const text = subject(given)
  const most = count === undefined || count === 0 ? Number.POSITIVE_INFINITY : toIndex(count)
  const parts: Value[] = []
  let at = 0
  for (const found of pattern.all(text)) {
    if (parts.length >= most) break
    parts.push(text.slice(at, found.index), ...found.slice(1).map((part) => part ?? null))
    at = found.index + found[0].length
  }
  parts.push(text.slice(at))
  return new PyList(parts)
}

function findAll(pattern: Pattern, given: Value): PyList {
  const text = subject(given)
  return new PyList(
    [...pattern.all(text)].map((found) => {
      const match = new Match(found, pattern, text)
      if (found.length === 1) return match.value(found[0])
      if (found.length === 2) return match.value(found[1] ?? '')
      return new PyTuple(found.slice(1).map((part) => match.value(part ?? '')))
    }),
  )
}

function attempt(pattern: Pattern, given: Value, how: 'match' | 'search' | 'fullmatch', position?: Value): Value {
  const text = subject(given)
  const from = position === undefined ? 0 : toIndex(position)
  if (how === 'fullmatch') {
    const whole = new Pattern(`(?:${pattern.text})\\Z`, pattern.flags, pattern.bytes)
    const found = whole.run(text, 'y', from)
    return found ? new Match(found, pattern, text) : null
  }
  const found = pattern.run(text, how === 'match' ? 'y' : 'g', from)
  return found ? new Match(found, pattern, text) : null
}

methods(patternClass, {
  'match(string pos? endpos?)': (_vm, self: Pattern, text: Value, at?: Value) => attempt(self, text, 'match', at),
  'search(string pos? endpos?)': (_vm, self: Pattern, text: Value, at?: Value) => attempt(self, text, 'search', at),
  'fullmatch(string)': (_vm, self: Pattern, text: Value) => attempt(self, text, 'fullmatch'),
  'findall(string)': (_vm, self: Pattern, text: Value) => findAll(self, text),
  'finditer(string)': (_vm, self: Pattern, text: Value) =>
    over([...self.all(subject(text))].map((found) => new Match(found, self, subject(text)))),
  'sub(repl string count?)': (vm, self: Pattern, by: Value, text: Value, count?: Value) =>
    substitute(vm, self, by, text, count)[0],
  'subn(repl string count?)': (vm, self: Pattern, by: Value, text: Value, count?: Value) =>
    new PyTuple(substitute(vm, self, by, text, count)),
  'split(string maxsplit?)': (_vm, self: Pattern, text: Value, count?: Value) => splitBy(self, text, count),
  __repr__: (_vm, self: Pattern) =>
    `re.compile(${quote(self.text)}${
      self.flags
        ? `, ${Object.entries(FLAGS)
            .filter(([name, bit]) => name.length > 1 && self.flags & bit)
            .map(([name]) => `re.${name}`)
            .join('|')}`
        : ''
    })`,
})
patternClass.dict.set('pattern', new PyGetSet((self: Pattern) => self.text))
patternClass.dict.set('flags', new PyGetSet((self: Pattern) => self.flags | 32))

methods(matchClass, {
  'group(*keys)': (_vm, self: Match, keys: Value[]) =>
    keys.length === 0
      ? self.group(0)
      : keys.length === 1
        ? self.group(keys[0]!)
        : new PyTuple(keys.map((key) => self.group(key))),
  'groups(default?)': (_vm, self: Match, fallback?: Value) =>
    new PyTuple(self.found.slice(1).map((part) => (part === undefined ? (fallback ?? null) : self.value(part)))),
  'groupdict(default?)': (_vm, self: Match, fallback?: Value) =>
    PyDict.of(
      Object.entries(self.found.groups ?? {}).map(([name, part]): [Value, Value] => [
        name,
        part === undefined ? (fallback ?? null) : self.value(part),
      ]),
    ),
  'start(group?)': (_vm, self: Match, key?: Value) => self.span(key)[0],
  'end(group?)': (_vm, self: Match, key?: Value) => self.span(key)[1],
  'span(group?)': (_vm, self: Match, key?: Value) => new PyTuple([...self.span(key)]),
  'expand(template)': (_vm, self: Match, template: string) => expand(template, self),
  '__getitem__(key)': (_vm, self: Match, key: Value) => self.group(key),
  __repr__: (_vm, self: Match) =>
    `<re.Match object; span=(${self.span(undefined).join(', ')}), match=${quote(self.found[0])}>`,
})
matchClass.dict.set('string', new PyGetSet((self: Match) => self.text))
matchClass.dict.set('re', new PyGetSet((self: Match) => self.pattern))
matchClass.dict.set(
  'lastindex',
  new PyGetSet((self: Match) => {
    const at = self.found.findLastIndex((part, i) => i > 0 && part !== undefined)
    return at > 0 ? at : null
  }),
)

export const re: ModuleDefinition = {
  cost: 4,
  names: () => {
    const names = functions({
      'compile(pattern flags?)': (_vm, pattern: Value, flags?: Value) => compile(pattern, flags),
      'match(pattern string flags?)': (_vm, pattern: Value, text: Value, flags?: Value) =>
        attempt(compile(pattern, flags), text, 'match'),
      'search(pattern string flags?)': (_vm, pattern: Value, text: Value, flags?: Value) =>
        attempt(compile(pattern, flags), text, 'search'),
      'fullmatch(pattern string flags?)': (_vm, pattern: Value, text: Value, flags?: Value) =>
        attempt(compile(pattern, flags), text, 'fullmatch'),
      'findall(pattern string flags?)': (_vm, pattern: Value, text: Value, flags?: Value) =>
        findAll(compile(pattern, flags), text),
      'finditer(pattern string flags?)': (_vm, pattern: Value, text: Value, flags?: Value) => {
        const compiled = compile(pattern, flags)
        return over([...compiled.all(subject(text))].map((found) => new Match(found, compiled, subject(text))))
      },
      'sub(pattern repl string count? flags?)': (
        vm,
        pattern: Value,
        by: Value,
        text: Value,
        count?: Value,
        flags?: Value,
      ) => substitute(vm, compile(pattern, flags), by, text, count)[0],
      'subn(pattern repl string count? flags?)': (
        vm,
        pattern: Value,
        by: Value,
        text: Value,
        count?: Value,
        flags?: Value,
      ) => new PyTuple(substitute(vm, compile(pattern, flags), by, text, count)),
      'split(pattern string maxsplit? flags?)': (_vm, pattern: Value, text: Value, count?: Value, flags?: Value) =>
        splitBy(compile(pattern, flags), text, count),
      'escape(text)': (_vm, text: string) => text.replace(/[-()[\]{}?*+|^$\\.&~# \t\n\r\v\f]/g, (c) => `\\${c}`),
      purge: () => null,
    })
    for (const [name, bit] of Object.entries(FLAGS)) names.set(name, bit)
    names.set('error', reError)
    names.set('Pattern', patternClass)
    names.set('Match', matchClass)
    return names
  },
}
