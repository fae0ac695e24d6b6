import { ShellError } from '../control.ts'
import { assignNode } from '../expansion/assignment.ts'
import { declaration, setting } from '../expansion/declaration.ts'
import { arithmetic } from '../expansion/expand.ts'
import { assign, readonlyError } from '../expansion/lookup.ts'
import { singleQuote } from '../expansion/quote.ts'
import { functionText } from '../function-text.ts'
import type { Shell } from '../shell.ts'
import { isName, lastIndex, scalar, type Variable } from '../variables.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'

interface Flags {
  /** Letters switched on and off. */
  on: Set<string>
  off: Set<string>
  rest: number
}

function parseFlags(args: readonly string[]): Flags {
  const flags: Flags = { on: new Set(), off: new Set(), rest: 0 }
  for (const arg of args) {
    if (arg === '--') {
      flags.rest++
      break
    }
    if (!/^[-+][a-zA-Z]+$/.test(arg)) break
    for (const letter of arg.slice(1)) (arg[0] === '-' ? flags.on : flags.off).add(letter)
    flags.rest++
  }
  return flags
}

/** Sets attributes and value of the arguments from `first` on. */
async function declareAll(call: BuiltinCall, flags: Flags, target: (name: string) => Variable): Promise<number> {
  const { shell, args, assignments } = call
  let status = 0
  for (let i = flags.rest; i < args.length; i++) {
    const node = assignments[i]
    const text = args[i]!
    const match = /^([A-Za-z_][A-Za-z0-9_]*)(?:\[([\s\S]*?)\])?(?:(\+?)=([\s\S]*))?$/.exec(text)
    const name = node?.name ?? match?.[1]
    if (!name || !isName(name)) {
      if (shell.isBash) await shell.complain(`\`${text}': not a valid identifier`)
      else throw new ShellError(`${shell.builtin}: ${text.split('=')[0]}: bad variable name`, 2)
      status = 1
      continue
    }
    const variable = target(name)
    if (variable.readonly && (node || match?.[4] !== undefined)) {
      if (!shell.isBash) throw readonlyError(shell, name)
      await shell.complain(`${name}: readonly variable`)
      status = 1
      continue
    }
    applyAttributes(variable, flags)
    if (node?.value.type === 'ArrayValue') await assignNode(shell, node, variable)
    else if (match?.[4] !== undefined) {
      const index = match[2]
      assign(shell, name, match[4], {
        variable,
        append: match[3] === '+',
        ...(index === undefined ? {} : { index }),
        number: (each) => Number(arithmetic(shell, each)),
      })
    }
    if (flags.on.has('r')) variable.readonly = true
  }
  return status
}

function applyAttributes(variable: Variable, { on, off }: Flags): void {
  if (on.has('x')) variable.exported = true
  if (off.has('x')) variable.exported = false
  if (on.has('i')) variable.integer = true
  if (off.has('i')) variable.integer = false
  if (on.has('l')) Object.assign(variable, { lower: true, upper: false })
  if (on.has('u')) Object.assign(variable, { upper: true, lower: false })
  if (on.has('n')) variable.reference = true
  if (on.has('a') && !variable.indexed) {
    variable.indexed = new Map(variable.value === undefined ? [] : [[0, variable.value]])
    variable.value = undefined
  }
  if (on.has('A') && !variable.associative) {
    variable.associative = new Map()
    variable.value = undefined
  }
}

export const declare: Builtin = async (call) => {
  const { shell, args } = call
  const flags = parseFlags(args)
  const names = args.slice(flags.rest)
  if (flags.on.has('f') || flags.on.has('F')) return declareFunctions(shell, names, flags)
  if (flags.on.has('p') || names.length === 0) return printDeclarations(shell, names, flags)
  const local = shell.functionNames.length > 0 && !flags.on.has('g')
  const follow = flags.on.has('n')
  return declareAll(call, flags, (name) =>
    local
      ? shell.variables.ensureLocal(name)
      : follow
        ? shell.variables.ensureGlobal(name)
        : shell.variables.ensure(name),
  )
}

async function declareFunctions(shell: Shell, names: readonly string[], flags: Flags): Promise<number> {
  const wanted = names.length > 0 ? names : [...shell.functions.keys()].sort()
  let status = 0
  for (const name of wanted) {
    const found = shell.functions.get(name)
    if (!found) status = 1
    else if (flags.on.has('F')) await shell.process.print(names.length > 0 ? `${name}\n` : `declare -f ${name}\n`)
    else await shell.process.print(`${functionText(name, found)}\n`)
  }
  return status
}

async function printDeclarations(shell: Shell, names: readonly string[], flags: Flags): Promise<number> {
  let status = 0
  const wanted = names.length > 0 ? names : shell.variables.names()
  for (const name of wanted) {
    const variable = shell.variables.lookup(name, false)
    if (!variable) {
      await shell.complain(`${name}: not found`)
      status = 1
      continue
    }
    if (names.length === 0 && !hasAll(variable, flags)) continue
    const line = flags.on.has('p') || [...flags.on].length > 0 ? declaration(name, variable) : setting(name, variable)
    if (line !== undefined) await shell.process.print(`${line}\n`)
  }
  return status
}

function hasAll(variable: Variable, { on }: Flags): boolean {
  const letters: Readonly<Record<string, unknown>> = {
    x: variable.exported,
    r: variable.readonly,
    i: variable.integer,
    a: variable.indexed,
    A: variable.associative,
  }
  return [...on].every((letter) => letter === 'p' || letters[letter])
}

export const local: Builtin = async (call) => {
  const { shell, args } = call
  if (shell.functionNames.length === 0) {
    if (!shell.isBash) throw new ShellError(shell.dialect === 'ash' ? 'not in a function' : 'not in a function', 2)
    await shell.complain('can only be used in a function')
    return 1
  }
  return declareAll(call, parseFlags(args), (name) => shell.variables.ensureLocal(name))
}

export const exportBuiltin: Builtin = async (call) => {
  const { shell, args } = call
  const flags = parseFlags(args)
  if (args.length === flags.rest) {
    for (const name of shell.variables.names()) {
      const variable = shell.variables.lookup(name)
      if (!variable?.exported) continue
      const text = scalar(variable)
      await shell.process.print(
        shell.isBash
          ? `${declaration(name, variable)}\n`
          : `export ${name}${text === undefined ? '' : `=${singleQuote(text)}`}\n`,
      )
    }
    return 0
  }
  if (flags.on.has('f')) return 0
  if (flags.on.has('n')) {
    flags.on.delete('n')
    flags.off.add('x')
  } else flags.on.add('x')
  return declareAll(call, flags, (name) => shell.variables.ensure(name))
}

export const readonly: Builtin = async (call) => {
  const { shell, args } = call
  const flags = parseFlags(args)
  if (args.length === flags.rest) {
    for (const name of shell.variables.names()) {
      const variable = shell.variables.lookup(name)
      if (!variable?.readonly) continue
      await shell.process.print(
        shell.isBash ? `${declaration(name, variable)}\n` : `readonly ${name}=${singleQuote(scalar(variable) ?? '')}\n`,
      )
    }
    return 0
  }
  flags.on.add('r')
  return declareAll(call, flags, (name) => shell.variables.ensure(name))
}

export const unset: Builtin = async ({ shell, args }) => {
  const flags = parseFlags(args)
  let status = 0
  for (const text of args.slice(flags.rest)) {
    const match = /^([A-Za-z_]\w*)\[([\s\S]*)\]$/.exec(text)
    const name = match?.[1] ?? text
    if (flags.on.has('f')) {
      shell.functions.delete(name)
      continue
    }
    const variable = shell.variables.lookup(name, !flags.on.has('n'))
    if (variable?.readonly) {
      if (!shell.isBash) throw readonlyError(shell, name)
      await shell.complain(`${name}: cannot unset: readonly variable`)
      status = 1
    } else if (match && variable) {
      if (match[2] === '@' || match[2] === '*') shell.variables.unset(name)
      else if (variable.associative) variable.associative.delete(match[2]!)
      else if (variable.indexed) {
        const at = Number(arithmetic(shell, match[2]!))
        variable.indexed.delete(at < 0 ? lastIndex(variable.indexed) + 1 + at : at)
      }
    } else if (
      !shell.variables.unset(
        variable && !flags.on.has('n')
          ? shell.variables.lookup(name, false)?.reference
            ? shell.variables.lookup(name, false)!.value!
            : name
          : name,
      ) &&
      !flags.on.has('v')
    ) {
      shell.functions.delete(name)
    }
  }
  return status
}
