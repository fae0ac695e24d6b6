import { formatAs } from './formats.ts'
import { binary } from './operators.ts'
import { deletePaths, getPath, index, iterate, type Path, recurse, setPath, slice } from './paths.ts'
import type { Filter, Pattern } from './syntax.ts'
import { brief, JqError, type Json, truthy, typeOf } from './value.ts'

type Found = [Json, Path | undefined]

export interface Argument {
  run(input: Json): Generator<Json>
  paths(input: Json, path: Path | undefined): Generator<Found>
}

/** A function written in the host language. */
export type Native = (call: {
  input: Json
  path: Path | undefined
  args: readonly Argument[]
  env: Env
}) => Generator<Found>

export interface Library {
  native: Readonly<Record<string, Native>>
  defined(key: string): { params: readonly string[]; body: Filter } | undefined
}

interface Callable {
  params: readonly string[]
  body: Filter
  env: Env
}

/** Variables and functions in scope, as a chain. */
export interface Env {
  readonly parent: Env | undefined
  readonly variables: ReadonlyMap<string, Json>
  readonly functions: Map<string, Callable>
  readonly library: Library
  /** Steps left before the program is too large. */
  readonly budget: { left: number }
}

export class Break extends Error {
  readonly label: Json
  constructor(label: Json) {
    super('break')
    this.label = label
  }
}

const extend = (env: Env, variables: ReadonlyMap<string, Json> = new Map()): Env => ({
  parent: env,
  variables,
  functions: new Map(),
  library: env.library,
  budget: env.budget,
})

export function variable(env: Env, name: string): Json {
  for (let at: Env | undefined = env; at; at = at.parent) {
    const value = at.variables.get(name)
    if (value !== undefined) return value
  }
  throw new JqError(`$${name} is not defined`)
}

/** Programs run to their end without a pause, so they must have one. */
export function spend(env: Env): void {
  if (--env.budget.left < 0) throw new JqExhausted()
}

export class JqExhausted extends Error {}

/** Values of a filter. */
export function* run(filter: Filter, input: Json, env: Env): Generator<Json> {
  for (const [value] of paths(filter, input, env, undefined)) yield value
}

/** Values with the paths where they stand (undefined for values made anew, or when nobody asks). */
export function* paths(filter: Filter, input: Json, env: Env, path: Path | undefined): Generator<Found> {
  spend(env)
  switch (filter.kind) {
    case 'identity':
      yield [input, path]
      return
    case 'recurse':
      yield* recurse(input, path)
      return
    case 'field':
      for (const [of, at] of paths(filter.of, input, env, path))
        for (const key of run(filter.key, input, env)) yield [index(of, key), at && [...at, key]]
      return
    case 'slice':
      for (const [of, at] of paths(filter.of, input, env, path)) {
        for (const to of filter.to ? run(filter.to, input, env) : [null]) {
          for (const from of filter.from ? run(filter.from, input, env) : [null])
            yield [slice(of, from, to), at && [...at, { start: from, end: to }]]
        }
      }
      return
    case 'iterate':
      for (const [of, at] of paths(filter.of, input, env, path)) yield* iterate(of, at)
      return
    case 'try':
      try {
        yield* paths(filter.body, input, env, path)
      } catch (error) {
        if (!(error instanceof JqError)) throw error
        if (filter.handler) for (const value of run(filter.handler, error.value, env)) yield [value, undefined]
      }
      return
    case 'pipe':
      for (const [value, at] of paths(filter.left, input, env, path)) yield* paths(filter.right, value, env, at)
      return
    case 'comma':
      yield* paths(filter.left, input, env, path)
      yield* paths(filter.right, input, env, path)
      return
    case 'alternative':
      yield* alternative(filter, input, env, path)
      return
    case 'if':
      yield* conditional(filter, 0, input, env, path)
      return
    case 'bind':
      for (const value of run(filter.source, input, env)) {
        for (const variables of destructure(filter.pattern, value, env, new Map()))
          yield* paths(filter.body, input, extend(env, variables), path)
      }
      return
    case 'reduce':
      yield [reduce(filter, input, env), undefined]
      return
    case 'foreach':
      for (const value of foreach(filter, input, env)) yield [value, undefined]
      return
    case 'define': {
      const inner = extend(env)
      inner.functions.set(`${filter.name}/${filter.params.length}`, {
        params: filter.params,
        body: filter.body,
        env: inner,
      })
      yield* paths(filter.rest, input, inner, path)
      return
    }
    case 'call':
      yield* call(filter.name, filter.args, input, env, path)
      return
    case 'label': {
      const label: Json = {}
      try {
        yield* paths(filter.body, input, extend(env, new Map([[`*${filter.name}`, label]])), path)
      } catch (error) {
        if (!(error instanceof Break) || error.label !== label) throw error
      }
      return
    }
    case 'break':
      throw new Break(variable(env, `*${filter.name}`))
    default:
      for (const value of made(filter, input, env)) yield [value, undefined]
  }
}

/** Filters whose values are made anew. */
function* made(filter: Filter, input: Json, env: Env): Generator<Json> {
  switch (filter.kind) {
    case 'literal':
      yield filter.value as Json
      return
    case 'variable':
      yield filter.name === '__loc__' ? { file: '<top-level>', line: 1 } : variable(env, filter.name)
      return
    case 'string':
      yield* interpolate(filter.parts, 0, '', filter.format ?? '@text', input, env)
      return
    case 'format':
      yield formatAs(filter.name, input)
      return
    case 'array':
      yield filter.body ? [...run(filter.body, input, env)] : []
      return
    case 'object':
      yield* objects(filter.entries, 0, {}, input, env)
      return
    case 'negate':
      for (const value of run(filter.body, input, env)) {
        if (typeof value !== 'number') throw new JqError(`${typeOf(value)} (${brief(value)}) cannot be negated`)
        yield -value
      }
      return
    case 'and':
    case 'or':
      for (const left of run(filter.left, input, env)) {
        if (truthy(left) === (filter.kind === 'or')) yield filter.kind === 'or'
        else for (const right of run(filter.right, input, env)) yield truthy(right)
      }
      return
    case 'binary':
      for (const right of run(filter.right, input, env))
        for (const left of run(filter.left, input, env)) yield binary(filter.operator, left, right)
      return
    case 'update':
      yield* update(filter, input, env)
  }
}

function* interpolate(
  parts: readonly (string | Filter)[],
  at: number,
  text: string,
  format: string,
  input: Json,
  env: Env,
): Generator<Json> {
  const part = parts[at]
  if (part === undefined) yield text
  else if (typeof part === 'string') yield* interpolate(parts, at + 1, text + part, format, input, env)
  else
    for (const value of run(part, input, env))
      yield* interpolate(parts, at + 1, text + formatAs(format, value), format, input, env)
}

function* objects(
  entries: readonly [Filter, Filter][],
  at: number,
  so: { [key: string]: Json },
  input: Json,
  env: Env,
): Generator<Json> {
  const entry = entries[at]
  if (!entry) {
    yield so
    return
  }
  for (const key of run(entry[0], input, env)) {
    if (typeof key !== 'string') throw new JqError(`Object keys must be strings`)
    for (const value of run(entry[1], input, env)) yield* objects(entries, at + 1, { ...so, [key]: value }, input, env)
  }
}

function* alternative(
  filter: Extract<Filter, { left: Filter }>,
  input: Json,
  env: Env,
  path: Path | undefined,
): Generator<Found> {
  let any = false
  try {
    for (const found of paths(filter.left, input, env, path)) {
      if (!truthy(found[0])) continue
      any = true
      yield found
    }
  } catch (error) {
    if (!(error instanceof JqError)) throw error
  }
  if (!any) yield* paths(filter.right, input, env, path)
}

function* conditional(
  filter: Extract<Filter, { kind: 'if' }>,
  at: number,
  input: Json,
  env: Env,
  path: Path | undefined,
): Generator<Found> {
  const branch = filter.branches[at]
  if (!branch) {
    if (filter.otherwise) yield* paths(filter.otherwise, input, env, path)
    else yield [input, path]
    return
  }
  for (const test of run(branch[0], input, env)) {
    if (truthy(test)) yield* paths(branch[1], input, env, path)
    else yield* conditional(filter, at + 1, input, env, path)
  }
}

function* destructure(
  pattern: Pattern,
  value: Json,
  env: Env,
  so: ReadonlyMap<string, Json>,
): Generator<ReadonlyMap<string, Json>> {
  if (pattern.kind === 'name') {
    yield new Map(so).set(pattern.name, value)
    return
  }
  let maps = [so]
  if (pattern.kind === 'array') {
    for (const [i, item] of pattern.items.entries())
      maps = maps.flatMap((map) => [...destructure(item, index(value, i), env, map)])
  } else {
    for (const [key, inner] of pattern.entries) {
      maps = maps.flatMap((map) =>
        [...(typeof key === 'string' ? [key] : run(key, value, extend(env, map)))].flatMap((name) => {
          const found = index(value, name)
          const own = typeof key === 'string' ? new Map(map).set(key, found) : map
          return inner ? [...destructure(inner, found, env, own)] : [own]
        }),
      )
    }
  }
  yield* maps
}

function last(values: Generator<Json>, usual: Json): Json {
  let out = usual
  for (const value of values) out = value
  return out
}

function reduce(filter: Extract<Filter, { kind: 'reduce' }>, input: Json, env: Env): Json {
  let state = last(run(filter.init, input, env), null)
  for (const item of run(filter.source, input, env)) {
    for (const variables of destructure(filter.pattern, item, env, new Map()))
      state = last(run(filter.update, state, extend(env, variables)), null)
  }
  return state
}

function* foreach(filter: Extract<Filter, { kind: 'foreach' }>, input: Json, env: Env): Generator<Json> {
  for (const init of run(filter.init, input, env)) {
    let state = init
    for (const item of run(filter.source, input, env)) {
      for (const variables of destructure(filter.pattern, item, env, new Map())) {
        const inner = extend(env, variables)
        for (const value of run(filter.update, state, inner)) {
          state = value
          if (filter.extract) yield* run(filter.extract, value, inner)
          else yield value
        }
      }
    }
  }
}

function* call(name: string, args: readonly Filter[], input: Json, env: Env, path: Path | undefined): Generator<Found> {
  const key = `${name}/${args.length}`
  for (let at: Env | undefined = env; at; at = at.parent) {
    const own = at.functions.get(key)
    if (!own) continue
    yield* enter(own, args, input, env, path)
    return
  }
  const native = env.library.native[key]
  if (native) {
    yield* native({
      input,
      path,
      env,
      args: args.map((body) => ({
        run: (value) => run(body, value, env),
        paths: (value, at) => paths(body, value, env, at),
      })),
    })
    return
  }
  const defined = env.library.defined(key)
  if (!defined) throw new JqError(`${key} is not defined`)
  yield* enter(
    {
      ...defined,
      env: { parent: undefined, variables: new Map(), functions: new Map(), library: env.library, budget: env.budget },
    },
    args,
    input,
    env,
    path,
  )
}

function* enter(
  called: Callable,
  args: readonly Filter[],
  input: Json,
  caller: Env,
  path: Path | undefined,
): Generator<Found> {
  const inner = extend(called.env)
  const values: [string, Filter][] = []
  for (const [i, param] of called.params.entries()) {
    inner.functions.set(`${param.replace(/^\$/, '')}/0`, { params: [], body: args[i]!, env: caller })
    if (param.startsWith('$')) values.push([param.slice(1), args[i]!])
  }
  yield* withValues(values, 0, called.body, input, caller, inner, path)
}

/** `def f($a): …`: once for each value of the arguments. */
function* withValues(
  values: readonly [string, Filter][],
  at: number,
  body: Filter,
  input: Json,
  caller: Env,
  inner: Env,
  path: Path | undefined,
): Generator<Found> {
  const entry = values[at]
  if (!entry) {
    yield* paths(body, input, inner, path)
    return
  }
  for (const value of run(entry[1], input, caller))
    yield* withValues(values, at + 1, body, input, caller, extend(inner, new Map([[entry[0], value]])), path)
}

function* update(filter: Extract<Filter, { kind: 'update' }>, input: Json, env: Env): Generator<Json> {
  const places = [...paths(filter.left, input, env, [])].map(([, at]) => {
    if (!at) throw new JqError('Invalid path expression')
    return at
  })
  if (filter.operator === '|=') {
    let out = input
    const removed: Path[] = []
    for (const at of places) {
      const next = run(filter.right, getPath(out, at), env).next()
      if (next.done) removed.push(at)
      else out = setPath(out, at, next.value)
    }
    yield deletePaths(out, removed)
    return
  }
  for (const value of run(filter.right, input, env)) {
    let out = input
    for (const at of places) {
      const before = getPath(out, at)
      out = setPath(
        out,
        at,
        filter.operator === '='
          ? value
          : filter.operator === '//='
            ? truthy(before)
              ? before
              : value
            : binary(filter.operator[0]!, before, value),
      )
    }
    yield out
  }
}
