import type { Interpreter } from '../vm/interpreter.ts'
import { typeError } from './errors.ts'
import { type Control, type PyClass, PyNative, type Value } from './value.ts'

/** A native function's code: the interpreter, then its arguments as its parameters name them (undefined: not given). */
export type NativeFunction = (vm: Interpreter, ...args: any[]) => Value | Control

interface Parameter {
  readonly name: string
  readonly optional: boolean
}

interface Signature {
  readonly parameters: readonly Parameter[]
  /** Position of `*rest`: names after it are keywords only. */
  readonly rest: number
  readonly keywords: boolean
  readonly least: number
}

function parse(text: string): Signature {
  const words = text.split(' ').filter(Boolean)
  const rest = words.findIndex((word) => word.startsWith('*') && !word.startsWith('**'))
  const parameters = words
    .filter((word) => !word.startsWith('*'))
    .map((word) => ({ name: word.replace('?', ''), optional: word.endsWith('?') }))
  const positional = rest < 0 ? parameters : parameters.slice(0, rest)
  return {
    parameters,
    rest,
    keywords: words.at(-1)?.startsWith('**') ?? false,
    least: positional.filter(({ optional }) => !optional).length,
  }
}

/**
 * A native function. Parameters: `a b? *rest c? **more`; a question mark makes one optional, what follows `*` goes by
 * name. `drains` names those that are iterated.
 */
export function native(
  name: string,
  parameters: string,
  code: NativeFunction,
  options: { drains?: readonly number[]; binds?: boolean } = {},
): PyNative {
  const signature = parse(parameters)
  const { parameters: list, rest, keywords: takesMore, least } = signature
  const most = rest < 0 ? list.length : rest
  const self = options.binds ? 1 : 0
  return new PyNative(
    name,
    (vm, args, keywords) => {
      if ((args.length > most && rest < 0) || args.length < least) {
        const counted = keywords
          ? list.slice(0, most).filter((each, i) => i >= args.length && keywords.has(each.name)).length
          : 0
        if (args.length > most && rest < 0) throw wrongCount(name, least - self, most - self, args.length - self)
        if (args.length + counted < least) throw wrongCount(name, least - self, most - self, args.length - self)
      }
      if (!keywords && rest < 0 && !takesMore) return code(vm, ...args)
      const bound: unknown[] = []
      const left = keywords ? new Map(keywords) : undefined
      for (let i = 0; i < list.length; i++) {
        const parameter = list[i]!
        if (i === rest) bound.push(args.slice(rest))
        if (i < most && i < args.length) {
          bound.push(args[i])
          if (left?.has(parameter.name))
            throw typeError(`argument for ${name}() given by name ('${parameter.name}') and position (${i + 1})`)
          continue
        }
        bound.push(left?.get(parameter.name))
        left?.delete(parameter.name)
      }
      if (rest >= list.length) bound.push(args.slice(rest))
      if (takesMore) bound.push(left ?? new Map())
      else if (left && left.size > 0)
        throw typeError(
          most === self && rest < 0
            ? `${name}() takes no keyword arguments`
            : `${name}() got an unexpected keyword argument '${[...left.keys()][0]}'`,
        )
      return code(vm, ...bound)
    },
    options.drains,
    options.binds ?? false,
  )
}

function wrongCount(name: string, least: number, most: number, given: number): Error {
  const s = (count: number) => (count === 1 ? '' : 's')
  if (most <= 0) return typeError(`${name}() takes no arguments (${given} given)`)
  if (least === most)
    return typeError(
      most === 1
        ? `${name}() takes exactly one argument (${given} given)`
        : `${name} expected ${most} argument${s(most)}, got ${given}`,
    )
  return given < least
    ? typeError(`${name} expected at least ${least} argument${s(least)}, got ${given}`)
    : typeError(`${name} expected at most ${most} argument${s(most)}, got ${given}`)
}

/** Puts methods into a built-in class: `name(parameters)` to code. Parameters marked `!` are drained. */
export function methods(cls: PyClass, table: Readonly<Record<string, NativeFunction>>): void {
  for (const [head, code] of Object.entries(table)) {
    const m = /^(\w+)\((.*)\)$/.exec(head)
    const name = m?.[1] ?? head
    const words = [...(name === '__new__' ? [] : ['self']), ...(m?.[2] ?? '').split(' ').filter(Boolean)]
    const drains = words.flatMap((word, i) => (word.includes('!') ? [i] : []))
    cls.dict.set(
      name,
      native(name, words.map((word) => word.replace('!', '')).join(' '), code, {
        binds: name !== '__new__',
        ...(drains.length > 0 ? { drains } : {}),
      }),
    )
  }
}

/** Functions of a module or of the built-ins, in the same notation. */
export function functions(table: Readonly<Record<string, NativeFunction>>): Map<string, Value> {
  const made = new Map<string, Value>()
  for (const [head, code] of Object.entries(table)) {
    const m = /^(\w+)\((.*)\)$/.exec(head)
    const name = m?.[1] ?? head
    const words = (m?.[2] ?? '').split(' ').filter(Boolean)
    const drains = words.flatMap((word, i) => (word.includes('!') ? [i] : []))
    made.set(
      name,
      native(name, words.map((word) => word.replace('!', '')).join(' '), code, drains.length > 0 ? { drains } : {}),
    )
  }
  return made
}
