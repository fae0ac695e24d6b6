import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import { dateFields, dateFromFields, parseRfc3339, rfc3339 } from '../../time/date.ts'
import type { Env, Library, Native } from './evaluate.ts'
import { JqExhausted, spend, variable } from './evaluate.ts'
import { compactText, text } from './formats.ts'
import { binary } from './operators.ts'
import { parseJq } from './parser.ts'
import { deletePaths, getPath, type Path, recurse, setPath } from './paths.ts'
import type { Filter } from './syntax.ts'
import { brief, compare, isObject, JqError, type Json, truthy, typeOf } from './value.ts'

const one = (compute: (input: Json, env: Env) => Json): Native =>
  function* ({ input, env }) {
    yield [compute(input, env), undefined]
  }

/** A function of the input and the values of its arguments, for every combination. */
const withArgs = (compute: (input: Json, ...args: Json[]) => Json): Native =>
  function* ({ input, args }) {
    const combine = function* (at: number, so: Json[]): Generator<Json[]> {
      const arg = args[at]
      if (!arg) yield so
      else for (const value of arg.run(input)) yield* combine(at + 1, [...so, value])
    }
    for (const values of combine(0, [])) yield [compute(input, ...values), undefined]
  }

function array(value: Json, doing: string): Json[] {
  if (!Array.isArray(value)) throw new JqError(`${typeOf(value)} (${brief(value)}) ${doing}`)
  return value
}

function string(value: Json, doing: string): string {
  if (typeof value !== 'string') throw new JqError(`${typeOf(value)} (${brief(value)}) ${doing}`)
  return value
}

const sorted = (items: readonly Json[]) => [...items].sort(compare)

/** Items with the keys that `sort_by(f)` and friends compare. */
function keyed(call: Parameters<Native>[0]): { item: Json; key: Json[] }[] {
  return array(call.input, 'cannot be sorted, as it is not an array')
    .map((item) => ({ item, key: [...call.args[0]!.run(item)] }))
    .sort((a, b) => compare(a.key, b.key))
}

function grouped(call: Parameters<Native>[0]): Json[][] {
  const out: { key: Json[]; items: Json[] }[] = []
  for (const { item, key } of keyed(call)) {
    const lastGroup = out.at(-1)
    if (lastGroup && compare(lastGroup.key, key) === 0) lastGroup.items.push(item)
    else out.push({ key, items: [item] })
  }
  return out.map(({ items }) => items)
}

function length(value: Json): Json {
  if (value === null) return 0
  if (typeof value === 'number') return Math.abs(value)
  if (typeof value === 'string') return [...value].length
  if (typeof value === 'boolean') throw new JqError(`boolean (${value}) has no length`)
  return Array.isArray(value) ? value.length : Object.keys(value).length
}

function keys(value: Json, order: boolean): Json[] {
  if (Array.isArray(value)) return value.map((_, i) => i)
  if (!isObject(value)) throw new JqError(`${typeOf(value)} (${brief(value)}) has no keys`)
  return order ? Object.keys(value).sort() : Object.keys(value)
}

function contains(a: Json, b: Json): boolean {
  if (isObject(a) && isObject(b))
    return Object.entries(b).every(([key, value]) => Object.hasOwn(a, key) && contains(a[key]!, value))
  if (Array.isArray(a) && Array.isArray(b)) return b.every((each) => a.some((item) => contains(item, each)))
  if (typeof a === 'string' && typeof b === 'string') return a.includes(b)
  if (typeOf(a) !== typeOf(b))
    throw new JqError(`${typeOf(a)} (${brief(a)}) and ${typeOf(b)} (${brief(b)}) cannot have their containment checked`)
  return compare(a, b) === 0
}

function flatten(items: readonly Json[], depth: number): Json[] {
  return items.flatMap((item) => (Array.isArray(item) && depth > 0 ? flatten(item, depth - 1) : [item]))
}

function pattern(source: Json, flags: Json): RegExp {
  const letters = typeof flags === 'string' ? flags : ''
  try {
    return new BoundedRegExp(
      String(source).replace(/\(\?<(\w+)>/g, '(?<$1>'),
      `${letters.includes('g') ? 'g' : ''}${/i/.test(letters) ? 'i' : ''}${/[sp]/.test(letters) ? 's' : ''}ud`,
    )
  } catch {
    throw new JqError(`${String(source)} (at offset 0) is not a valid regex`)
  }
}

function matches(subject: Json, source: Json, flags: Json): RegExpExecArray[] {
  const content = string(subject, `cannot be matched, as it is not a string`)
  if (Array.isArray(source)) return matches(subject, source[0] ?? null, source[1] ?? null)
  const regexp = pattern(source, flags)
  if (regexp.global) return [...content.matchAll(regexp)] as RegExpExecArray[]
  const found = regexp.exec(content)
  return found ? [found] : []
}

function matchObject(found: RegExpExecArray): Json {
  const names = Object.keys(found.groups ?? {})
  const captures = [...found].slice(1).map(
    (group, i): Json => ({
      offset: found.indices?.[i + 1]?.[0] ?? -1,
      length: group === undefined ? 0 : [...group].length,
      string: group ?? null,
      name: names.find((name) => found.groups![name] === group) ?? null,
    }),
  )
  return {
    offset: [...found.input.slice(0, found.index)].length,
    length: [...found[0]].length,
    string: found[0],
    captures,
  }
}

const captured = (found: RegExpExecArray): Json =>
  Object.fromEntries(Object.entries(found.groups ?? {}).map(([name, value]) => [name, value ?? null]))

function substitute(all: boolean): Native {
  return function* ({ input, args }) {
    const subject = string(input, 'cannot be matched, as it is not a string')
    for (const source of args[0]!.run(input)) {
      for (const flags of args[2] ? args[2].run(input) : [null]) {
        let out = ''
        let at = 0
        for (const found of matches(subject, source, `${flags ?? ''}${all ? 'g' : ''}`)) {
          const replacement = args[1]!.run(captured(found)).next().value as Json | undefined
          out += subject.slice(at, found.index) + String(replacement ?? '')
          at = found.index + found[0].length
        }
        yield [out + subject.slice(at), undefined]
      }
    }
  }
}

function toNumber(value: Json): Json {
  if (typeof value === 'number') return value
  const parsed = typeof value === 'string' && value.trim() !== '' ? Number(value) : Number.NaN
  if (Number.isNaN(parsed)) throw new JqError(`Cannot parse '${text(value)}' as number`)
  return parsed
}

function fromJson(value: Json): Json {
  try {
    return JSON.parse(string(value, 'cannot be parsed as JSON')) as Json
  } catch {
    throw new JqError(`${text(value)} (while parsing '${text(value)}')`)
  }
}

function brokenDown(ms: number): Json {
  const d = dateFields(ms)
  return [
    d.year,
    d.month - 1,
    d.day,
    d.hour,
    d.minute,
    d.second,
    d.weekday,
    Math.floor((ms - dateFromFields(d.year, 1, 1)) / 86_400_000),
  ]
}

const msOf = (value: Json): number =>
  Array.isArray(value)
    ? dateFromFields(
        Number(value[0]),
        Number(value[1]) + 1,
        Number(value[2]),
        Number(value[3] ?? 0),
        Number(value[4] ?? 0),
        Number(value[5] ?? 0),
      )
    : Number(value) * 1000

const math = (compute: (x: number) => number) => one((input) => compute(typeof input === 'number' ? input : Number.NaN))

function* count(env: Env, from: number, end: number, step: number): Generator<[Json, undefined]> {
  if (step === 0) return
  for (let i = from; step > 0 ? i < end : i > end; i += step) {
    spend(env)
    yield [i, undefined]
  }
}

/** Calls of a repetition that may be open at a time. */
const REPEATS = 100_000

const native: Record<string, Native> = {
  'empty/0': function* () {},
  'not/0': one((input) => !truthy(input)),
  'length/0': one(length),
  'utf8bytelength/0': one((input) => new TextEncoder().encode(text(input)).length),
  'keys/0': one((input) => keys(input, true)),
  'keys_unsorted/0': one((input) => keys(input, false)),
  'has/1': withArgs((input, key) =>
    Array.isArray(input)
      ? typeof key === 'number' && key >= 0 && key < input.length
      : isObject(input)
        ? Object.hasOwn(input, String(key))
        : false,
  ),
  'contains/1': withArgs((input, other) => contains(input, other)),
  'inside/1': withArgs((input, other) => contains(other, input)),
  'add/0': one((input) =>
    (Array.isArray(input) ? input : Object.values(input ?? {})).reduce<Json>(
      (sum, item) => binary('+', sum, item as Json),
      null,
    ),
  ),
  'add/1': function* ({ input, args }) {
    let sum: Json = null
    for (const value of args[0]!.run(input)) sum = binary('+', sum, value)
    yield [sum, undefined]
  },
  'range/1': function* ({ input, args, env }) {
    for (const end of args[0]!.run(input)) yield* count(env, 0, Number(end), 1)
  },
  'range/2': function* ({ input, args, env }) {
    for (const from of args[0]!.run(input)) {
      for (const end of args[1]!.run(input)) yield* count(env, Number(from), Number(end), 1)
    }
  },
  'range/3': function* ({ input, args, env }) {
    for (const from of args[0]!.run(input)) {
      for (const end of args[1]!.run(input)) {
        for (const by of args[2]!.run(input)) yield* count(env, Number(from), Number(end), Number(by))
      }
    }
  },
  'repeat/1': function* ({ input, args, env }) {
    yield [input, undefined]
    const open = [args[0]!.run(input)]
    while (open.length > 0) {
      spend(env)
      const next = open.at(-1)!.next()
      if (next.done) open.pop()
      else {
        if (open.length > REPEATS) throw new JqExhausted()
        yield [next.value, undefined]
        open.push(args[0]!.run(next.value))
      }
    }
  },
  'floor/0': math(Math.floor),
  'ceil/0': math(Math.ceil),
  'round/0': math(Math.round),
  'sqrt/0': math(Math.sqrt),
  'fabs/0': math(Math.abs),
  'abs/0': math(Math.abs),
  'log/0': math(Math.log),
  'log2/0': math(Math.log2),
  'log10/0': math(Math.log10),
  'exp/0': math(Math.exp),
  'pow/2': withArgs((_, base, exponent) => Number(base) ** Number(exponent)),
  'infinite/0': one(() => Number.POSITIVE_INFINITY),
  'nan/0': one(() => Number.NaN),
  'isnan/0': one((input) => Number.isNaN(input)),
  'isinfinite/0': one((input) => typeof input === 'number' && !Number.isFinite(input) && !Number.isNaN(input)),
  'type/0': one(typeOf),
  'tostring/0': one(text),
  'tonumber/0': one(toNumber),
  'tojson/0': one(compactText),
  'fromjson/0': one(fromJson),
  'ascii_downcase/0': one((input) =>
    string(input, 'ascii_downcase input must be a string').replace(/[A-Z]/g, (char) => char.toLowerCase()),
  ),
  'ascii_upcase/0': one((input) =>
    string(input, 'ascii_upcase input must be a string').replace(/[a-z]/g, (char) => char.toUpperCase()),
  ),
  'explode/0': one((input) => [...string(input, 'cannot be exploded')].map((char) => char.codePointAt(0)!)),
  'implode/0': one((input) =>
    array(input, 'cannot be imploded')
      .map((code) => String.fromCodePoint(Number(code)))
      .join(''),
  ),
  'ltrimstr/1': withArgs((input, prefix) =>
    typeof input === 'string' && typeof prefix === 'string' && input.startsWith(prefix)
      ? input.slice(prefix.length)
      : input,
  ),
  'rtrimstr/1': withArgs((input, suffix) =>
    typeof input === 'string' && typeof suffix === 'string' && suffix !== '' && input.endsWith(suffix)
      ? input.slice(0, -suffix.length)
      : input,
  ),
  'trim/0': one((input) => string(input, 'cannot be trimmed').trim()),
  'ltrim/0': one((input) => string(input, 'cannot be trimmed').trimStart()),
  'rtrim/0': one((input) => string(input, 'cannot be trimmed').trimEnd()),
  'startswith/1': withArgs((input, prefix) =>
    string(input, 'startswith() requires string inputs').startsWith(
      string(prefix, 'startswith() requires string inputs'),
    ),
  ),
  'endswith/1': withArgs((input, suffix) =>
    string(input, 'endswith() requires string inputs').endsWith(string(suffix, 'endswith() requires string inputs')),
  ),
  'split/1': withArgs((input, separator) =>
    binary('/', string(input, 'split input and separator must be strings'), separator),
  ),
  'split/2': withArgs((input, source, flags) => string(input, 'cannot be split').split(pattern(source, flags))),
  'join/1': withArgs((input, separator) =>
    array(input, 'cannot be iterated over')
      .map((item) => (item === null ? '' : text(item)))
      .join(String(separator)),
  ),
  'ascii/0': one((input) => String.fromCharCode(Number(input))),
  'sort/0': one((input) => sorted(array(input, 'cannot be sorted, as it is not an array'))),
  'sort_by/1': function* (call) {
    yield [keyed(call).map(({ item }) => item), undefined]
  },
  'group_by/1': function* (call) {
    yield [grouped(call), undefined]
  },
  'unique_by/1': function* (call) {
    yield [grouped(call).map((group) => group[0]!), undefined]
  },
  'unique/0': one((input) =>
    sorted(array(input, 'cannot be sorted, as it is not an array')).filter(
      (item, i, all) => i === 0 || compare(all[i - 1]!, item) !== 0,
    ),
  ),
  'min_by/1': function* (call) {
    yield [keyed(call)[0]?.item ?? null, undefined]
  },
  'max_by/1': function* (call) {
    yield [keyed(call).at(-1)?.item ?? null, undefined]
  },
  'min/0': one((input) => sorted(array(input, 'is not an array'))[0] ?? null),
  'max/0': one((input) => sorted(array(input, 'is not an array')).at(-1) ?? null),
  'reverse/0': one((input) =>
    typeof input === 'string'
      ? [...input].reverse().join('')
      : input === null
        ? []
        : [...array(input, 'cannot be reversed, as it is not an array')].reverse(),
  ),
  'flatten/0': one((input) => flatten(array(input, 'cannot be flattened'), 1000)),
  'flatten/1': withArgs((input, depth) => flatten(array(input, 'cannot be flattened'), Number(depth))),
  'transpose/0': one((input) => {
    const rows = array(input, 'cannot be transposed') as Json[][]
    return Array.from({ length: Math.max(0, ...rows.map((row) => row.length)) }, (_, i) =>
      rows.map((row) => row[i] ?? null),
    )
  }),
  'to_entries/0': one((input) =>
    Object.entries(input as object).map(([key, value]) => ({ key, value: value as Json })),
  ),
  'from_entries/0': one((input) => {
    const name = (entry: { [key: string]: Json }) =>
      ['key', 'k', 'name', 'Name', 'Key', 'K']
        .map((each) => entry[each])
        .find((each) => each !== undefined && each !== null && each !== false) ?? null
    const content = (entry: { [key: string]: Json }) =>
      ['value', 'v', 'Value', 'V'].map((each) => entry[each]).find((each) => each !== undefined) ?? null
    return Object.fromEntries(
      (array(input, 'cannot be iterated over') as { [key: string]: Json }[]).map((entry) => [
        text(name(entry)),
        content(entry),
      ]),
    )
  }),
  'path/1': function* ({ input, args }) {
    for (const [, at] of args[0]!.paths(input, [])) {
      if (!at) throw new JqError('Invalid path expression')
      yield [at as Json[], undefined]
    }
  },
  'paths/0': function* ({ input }) {
    for (const [, at] of recurse(input, [])) if (at!.length > 0) yield [at as Json[], undefined]
  },
  'paths/1': function* ({ input, args }) {
    for (const [value, at] of recurse(input, []))
      if (at!.length > 0 && [...args[0]!.run(value)].some(truthy)) yield [at as Json[], undefined]
  },
  'getpath/1': function* ({ input, path, args }) {
    for (const at of args[0]!.run(input)) yield [getPath(input, at as Path), path && [...path, ...(at as Path)]]
  },
  'setpath/2': withArgs((input, at, value) => setPath(input, at as Path, value)),
  'delpaths/1': withArgs((input, list) => deletePaths(input, list as Json[][])),
  'del/1': function* ({ input, args }) {
    yield [
      deletePaths(
        input,
        [...args[0]!.paths(input, [])].map(([, at]) => at ?? []),
      ),
      undefined,
    ]
  },
  'error/0': one((input) => {
    throw new JqError(input)
  }),
  'error/1': withArgs((_, value) => {
    throw new JqError(value)
  }),
  'test/1': withArgs((input, source) => matches(input, source, null).length > 0),
  'test/2': withArgs((input, source, flags) => matches(input, source, flags).length > 0),
  'match/1': function* ({ input, args }) {
    for (const source of args[0]!.run(input))
      for (const found of matches(input, source, null)) yield [matchObject(found), undefined]
  },
  'match/2': function* ({ input, args }) {
    for (const source of args[0]!.run(input))
      for (const flags of args[1]!.run(input))
        for (const found of matches(input, source, flags)) yield [matchObject(found), undefined]
  },
  'capture/1': function* ({ input, args }) {
    for (const source of args[0]!.run(input))
      for (const found of matches(input, source, null)) yield [captured(found), undefined]
  },
  'scan/1': function* ({ input, args }) {
    for (const source of args[0]!.run(input))
      for (const found of matches(input, source, 'g'))
        yield [found.length > 1 ? [...found].slice(1).map((group) => group ?? null) : found[0], undefined]
  },
  'sub/2': substitute(false),
  'sub/3': substitute(false),
  'gsub/2': substitute(true),
  'gsub/3': substitute(true),
  'index/1': withArgs((input, other) => indices(input, other)[0] ?? null),
  'rindex/1': withArgs((input, other) => indices(input, other).at(-1) ?? null),
  'indices/1': withArgs((input, other) => (input === null ? null : indices(input, other))),
  'splits/1': function* ({ input, args }) {
    for (const source of args[0]!.run(input))
      for (const part of string(input, 'cannot be split').split(pattern(source, null))) yield [part, undefined]
  },
  'env/0': one((_, env) => variable(env, 'ENV')),
  'now/0': one((_, env) => variable(env, '*now')),
  'todate/0': one((input) => rfc3339(Number(input) * 1000)),
  'fromdate/0': one((input) => fromIso(input)),
  'fromdateiso8601/0': one((input) => fromIso(input)),
  'todateiso8601/0': one((input) => rfc3339(Number(input) * 1000)),
  'gmtime/0': one((input) => brokenDown(Number(input) * 1000)),
  'mktime/0': one((input) => Math.floor(msOf(input) / 1000)),
  'strftime/1': withArgs((input, format) => dateText(String(format), msOf(input))),
  'input/0': function* ({ env }) {
    const next = (variable(env, '*input') as unknown as () => Json | undefined)()
    if (next === undefined) throw new JqError('No more inputs')
    yield [next, undefined]
  },
  'inputs/0': function* ({ env }) {
    const take = variable(env, '*input') as unknown as () => Json | undefined
    for (let next = take(); next !== undefined; next = take()) yield [next, undefined]
  },
  'debug/0': function* ({ input, path }) {
    yield [input, path]
  },
  'input_line_number/0': one(() => 0),
  'limit/2': function* ({ input, path, args }) {
    for (const count of args[0]!.run(input)) {
      let left = Number(count)
      if (left <= 0) continue
      for (const found of args[1]!.paths(input, path)) {
        yield found
        if (--left === 0) break
      }
    }
  },
  'first/1': function* ({ input, path, args }) {
    for (const found of args[0]!.paths(input, path)) {
      yield found
      return
    }
  },
  'isempty/1': function* ({ input, args }) {
    yield [args[0]!.run(input).next().done === true, undefined]
  },
  'halt/0': one(() => {
    throw new JqHalt(0, undefined)
  }),
  'halt_error/0': one((input) => {
    throw new JqHalt(5, input)
  }),
  'halt_error/1': withArgs((input, status) => {
    throw new JqHalt(Number(status), input)
  }),
}

function fromIso(input: Json): Json {
  const ms = parseRfc3339(text(input))
  if (Number.isNaN(ms)) throw new JqError(`date "${text(input)}" does not match format "%Y-%m-%dT%H:%M:%SZ"`)
  return ms / 1000
}

function indices(input: Json, other: Json): number[] {
  if (typeof input === 'string' && typeof other === 'string') {
    const out: number[] = []
    for (let at = input.indexOf(other); at >= 0 && other !== ''; at = input.indexOf(other, at + 1)) out.push(at)
    return out
  }
  if (!Array.isArray(input)) return []
  const wanted = Array.isArray(other) ? other : [other]
  return input.flatMap((_, i) =>
    wanted.length > 0 && wanted.every((each, k) => i + k < input.length && compare(input[i + k]!, each) === 0)
      ? [i]
      : [],
  )
}

export class JqHalt extends Error {
  readonly status: number
  readonly value: Json | undefined
  constructor(status: number, value: Json | undefined) {
    super('halt')
    this.status = status
    this.value = value
  }
}

/** Functions written in jq itself. */
const DEFINITIONS: Readonly<Record<string, string>> = {
  'map(f)': '[.[] | f]',
  'select(f)': 'if f then . else empty end',
  'recurse(f)': 'def r: ., (f | r); r',
  'recurse(f; c)': 'def r: ., (f | select(c) | r); r',
  recurse: 'recurse(.[]?)',
  values: 'select(. != null)',
  nulls: 'select(. == null)',
  booleans: 'select(type == "boolean")',
  numbers: 'select(type == "number")',
  strings: 'select(type == "string")',
  arrays: 'select(type == "array")',
  objects: 'select(type == "object")',
  iterables: 'select(type == "array" or type == "object")',
  scalars: 'select(type != "array" and type != "object")',
  'map_values(f)': '.[] |= f',
  'with_entries(f)': 'to_entries | map(f) | from_entries',
  any: 'reduce .[] as $x (false; . or $x)',
  all: 'reduce .[] as $x (true; . and $x)',
  'any(f)': 'reduce (.[] | f) as $x (false; . or $x)',
  'all(f)': 'reduce (.[] | f) as $x (true; . and $x)',
  'any(g; f)': 'isempty(first(g | f | select(.))) | not',
  'all(g; f)': 'isempty(first(g | f | select(. | not)))',
  first: '.[0]',
  last: '.[-1]',
  'last(f)': 'reduce f as $x (null; $x)',
  'nth($n)': '.[$n]',
  'nth($n; f)': 'last(limit($n + 1; f))',
  'until(c; u)': 'def r: if c then . else (u | r) end; r',
  'while(c; u)': 'def r: if c then ., (u | r) else empty end; r',
  'in(o)': '. as $k | o | has($k)',
  leaf_paths: 'paths(scalars)',
  'pick(f)': '. as $top | reduce path(f) as $p (null; setpath($p; $top | getpath($p)))',
  tostream:
    'path(def r: (.[]? | r), .; r) as $p | getpath($p) | if type == "array" or type == "object" then (if length == 0 then [$p, .] else empty end) else [$p, .] end',
  'walk(f)': 'def w: if type == "object" then map_values(w) elif type == "array" then map(w) else . end | f; w',
  finites: 'select(isinfinite | not)',
  normals: 'select(. != 0)',
  combinations: 'if length == 0 then [] else .[0][] as $x | (.[1:] | combinations) as $w | [$x] + $w end',
  'INDEX(s; f)': 'reduce s as $row ({}; .[$row | f | tostring] |= $row)',
  'INDEX(f)': 'INDEX(.[]; f)',
  'IN(s)': 'any(s == .; .)',
  'IN(t; s)': 'any(t == s; .)',
  'debug(m)': '.',
  input_filename: 'null',
  'splits($re; flags)': 'split($re; flags) | .[]',
  have_literal_numbers: 'true',
  date: 'todate',
}

let parsed: Map<string, { params: readonly string[]; body: Filter }> | undefined

export const library: Library = {
  native,
  defined(key) {
    if (!parsed) {
      parsed = new Map()
      for (const [head, source] of Object.entries(DEFINITIONS)) {
        const match = /^(\w+)(?:\((.*)\))?$/.exec(head)!
        const params = match[2] ? match[2].split(/;\s*/) : []
        parsed.set(`${match[1]}/${params.length}`, { params, body: parseJq(source) })
      }
    }
    return parsed.get(key)
  },
}
