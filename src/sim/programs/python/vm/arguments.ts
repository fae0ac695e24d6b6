import type { Code } from '../compile/code.ts'
import { PyDict } from '../objects/dict.ts'
import { typeError } from '../objects/errors.ts'
import type { Value } from '../objects/value.ts'
import { Cell, type Keywords, type PyFunction, PyTuple } from '../objects/value.ts'
import type { Frame } from './frame.ts'

/** Puts a call's arguments into the locals of a new frame. */
export function bindArguments(callee: PyFunction, frame: Frame, args: readonly Value[], keywords: Keywords): void {
  const { code } = callee
  const { locals } = frame
  const { parameterCount } = code
  const given = args.length
  if (given > parameterCount && code.vararg < 0) throw tooMany(callee, given, keywords)
  const plain = Math.min(given, parameterCount)
  for (let i = 0; i < plain; i++) locals[i] = args[i]
  if (code.vararg >= 0) locals[code.vararg] = new PyTuple(args.slice(parameterCount))
  if (keywords && keywords.size > 0) bindKeywords(callee, frame, keywords)
  else if (code.kwarg >= 0) locals[code.kwarg] = new PyDict()
  if (plain < parameterCount) {
    const { defaults } = callee
    const first = parameterCount - defaults.length
    const missing: string[] = []
    for (let i = plain; i < parameterCount; i++) {
      if (locals[i] !== undefined) continue
      if (i >= first) locals[i] = defaults[i - first]
      else missing.push(code.locals[i]!)
    }
    if (missing.length > 0) throw missingArguments(callee, missing, 'positional')
  }
  if (code.keywordOnlyCount > 0) {
    const missing: string[] = []
    for (let i = parameterCount; i < parameterCount + code.keywordOnlyCount; i++) {
      if (locals[i] !== undefined) continue
      const fallback = callee.keywordDefaults?.get(code.locals[i]!)
      if (fallback === undefined) missing.push(code.locals[i]!)
      else locals[i] = fallback
    }
    if (missing.length > 0) throw missingArguments(callee, missing, 'keyword-only')
  }
  if (code.cells.length > 0 || callee.closure.length > 0) frame.cells = makeCells(code, locals, callee.closure)
}

export function makeCells(code: Code, locals: (Value | undefined)[], closure: readonly Cell[]): Cell[] {
  const cells = code.cells.map(() => new Cell())
  for (const [local, cell] of code.cellParameters) cells[cell]!.value = locals[local]
  cells.push(...closure)
  return cells
}

function bindKeywords({ code, qualname }: PyFunction, { locals }: Frame, keywords: NonNullable<Keywords>): void {
  const rest = code.kwarg >= 0 ? new PyDict() : undefined
  const named = code.parameterCount + code.keywordOnlyCount
  for (const [name, value] of keywords) {
    const at = code.locals.indexOf(name)
    if (at >= code.positionalOnly && at < named && at >= 0) {
      if (locals[at] !== undefined) throw typeError(`${qualname}() got multiple values for argument '${name}'`)
      locals[at] = value
    } else if (rest) rest.set(name, value)
    else if (at >= 0 && at < code.positionalOnly)
      throw typeError(`${qualname}() got some positional-only arguments passed as keyword arguments: '${name}'`)
    else throw typeError(`${qualname}() got an unexpected keyword argument '${name}'`)
  }
  if (rest) locals[code.kwarg] = rest
}

function tooMany({ code, qualname, defaults }: PyFunction, given: number, keywords: Keywords): Error {
  const most = code.parameterCount
  const least = most - defaults.length
  const takes =
    defaults.length > 0
      ? `from ${least} to ${most} positional arguments`
      : `${most} positional argument${most === 1 ? '' : 's'}`
  const extra =
    keywords && code.keywordOnlyCount > 0
      ? [...keywords.keys()].filter((name) => code.locals.indexOf(name) >= most).length
      : 0
  const got =
    extra > 0
      ? `${given} positional argument${given === 1 ? '' : 's'} (and ${extra} keyword-only argument${extra === 1 ? '' : 's'})`
      : `${given}`
  return typeError(`${qualname}() takes ${takes} but ${got} ${given === 1 && extra === 0 ? 'was' : 'were'} given`)
}

function missingArguments({ qualname }: PyFunction, names: readonly string[], kind: string): Error {
  const quoted = names.map((name) => `'${name}'`)
  const list =
    quoted.length === 1
      ? quoted[0]
      : quoted.length === 2
        ? quoted.join(' and ')
        : `${quoted.slice(0, -1).join(', ')}, and ${quoted.at(-1)}`
  return typeError(
    `${qualname}() missing ${names.length} required ${kind} argument${names.length === 1 ? '' : 's'}: ${list}`,
  )
}
