import { ShellError } from '../control.ts'
import type { Shell } from '../shell.ts'
import { elements, lastIndex, noteIndex, scalar, subscripts, type Variable } from '../variables.ts'

/** Elements of one array: the machine's memory ends there. */
const MAX_ELEMENTS = 500_000

/** What a parameter stands for: one text, or several for `@` and `*`. */
export interface Lookup {
  /** Empty when unset. */
  values: string[]
  set: boolean
  list: '@' | '*' | undefined
}

/** Reads a parameter. `index` is an expanded subscript; `number` computes one. */
export function lookUp(
  shell: Shell,
  name: string,
  index: string | undefined,
  number: (text: string) => number,
): Lookup {
  if (index === undefined) return special(shell, name) ?? single(shell.variables.get(name))
  const variable = shell.variables.lookup(name)
  if (index === '@' || index === '*') {
    const values = elements(variable)
    return { values, set: values.length > 0, list: index }
  }
  return single(variable && element(variable, index, number))
}

export function element(variable: Variable, index: string, number: (text: string) => number): string | undefined {
  if (variable.associative) return variable.associative.get(index)
  const at = number(index)
  if (!variable.indexed) return at === 0 || at === -1 ? scalar(variable) : undefined
  return variable.indexed.get(at < 0 ? lastIndex(variable.indexed) + 1 + at : at)
}

/** The subscripts of `${!name[@]}`. */
export const keysOf = (shell: Shell, name: string): string[] => subscripts(shell.variables.lookup(name))

function single(text: string | undefined): Lookup {
  return { values: text === undefined ? [] : [text], set: text !== undefined, list: undefined }
}

function special(shell: Shell, name: string): Lookup | undefined {
  if (/^\d+$/.test(name)) return single(name === '0' ? shell.name : shell.positional[Number(name) - 1])
  switch (name) {
    case '@':
    case '*':
      return { values: shell.positional, set: shell.positional.length > 0, list: name }
    case '#':
      return single(String(shell.positional.length))
    case '?':
      return single(String(shell.status))
    case '$':
      return single(String(shell.pid))
    case '!':
      return single(shell.lastBackground === undefined ? undefined : String(shell.lastBackground))
    case '-':
      return single(flags(shell))
    default:
      return undefined
  }
}

function flags(shell: Shell): string {
  const letters: readonly [string, string][] = [
    ['errexit', 'e'],
    ['noglob', 'f'],
    ['hashall', 'h'],
    ['monitor', 'm'],
    ['nounset', 'u'],
    ['verbose', 'v'],
    ['xtrace', 'x'],
    ['braceexpand', 'B'],
    ['noclobber', 'C'],
    ['errtrace', 'E'],
    ['histexpand', 'H'],
  ]
  const on = letters.filter(
    ([name]) => shell.options.has(name) && (shell.isBash || !['hashall', 'braceexpand', 'histexpand'].includes(name)),
  )
  const set = on.map(([, letter]) => letter)
  if (shell.interactive) set.splice(set.includes('h') ? set.indexOf('h') + 1 : 0, 0, 'i')
  return set.join('') + (shell.commandString ? 'c' : shell.interactive ? 's' : '')
}

/** Assigns to a variable or an array element; knows the attributes. */
export function assign(
  shell: Shell,
  name: string,
  text: string,
  options: { index?: string; append?: boolean; variable?: Variable; number: (text: string) => number },
): void {
  const variable = options.variable ?? shell.variables.ensure(name)
  if (variable.readonly) throw readonlyError(shell, name)
  if (variable.dynamic) {
    if (variable.dynamic.write) variable.dynamic.write(text)
    else delete variable.dynamic
    if (variable.dynamic) return
  }
  const { index, append, number } = options
  if (index === undefined && !variable.indexed && !variable.associative) {
    variable.value = converted(variable, append ? combine(variable, variable.value ?? '', text, number) : text, number)
    if (shell.options.has('allexport')) variable.exported = true
    return
  }
  if (variable.associative) {
    const key = index ?? '0'
    const before = variable.associative.get(key) ?? ''
    variable.associative.set(key, converted(variable, append ? combine(variable, before, text, number) : text, number))
    return
  }
  if (!variable.indexed) {
    variable.indexed = new Map(variable.value === undefined ? [] : [[0, variable.value]])
    variable.value = undefined
  }
  let at = number(index ?? '0')
  if (at < 0) at += lastIndex(variable.indexed) + 1
  if (at < 0) throw new ShellError(`${name}[${index}]: bad array subscript`, 1, false)
  const before = variable.indexed.get(at) ?? ''
  if (variable.indexed.size > MAX_ELEMENTS)
    throw new ShellError(`xrealloc: cannot allocate ${variable.indexed.size * 48} bytes`, 2)
  variable.indexed.set(at, converted(variable, append ? combine(variable, before, text, number) : text, number))
  noteIndex(variable.indexed, at)
}

export function readonlyError(shell: Shell, name: string): ShellError {
  if (shell.isBash) return new ShellError(`${name}: readonly variable`, 1, false)
  return new ShellError(`${name}: ${shell.dialect === 'ash' ? 'is read only' : 'is read only'}`, 2)
}

function combine(variable: Variable, before: string, text: string, number: (text: string) => number): string {
  return variable.integer ? String(number(before) + number(text)) : before + text
}

function converted(variable: Variable, text: string, number: (text: string) => number): string {
  if (variable.integer) return String(number(text))
  if (variable.upper) return text.toUpperCase()
  if (variable.lower) return text.toLowerCase()
  return text
}
