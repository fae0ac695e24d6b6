import { Break, Return, ShellError, ShellExit } from '../control.ts'
import { arithmetic } from '../expansion/expand.ts'
import type { Builtin, BuiltinCall } from './builtin.ts'

export const colon: Builtin = () => 0
export const fails: Builtin = () => 1

async function statusArgument({ shell, args }: BuiltinCall): Promise<number> {
  const [text] = args
  if (text === undefined) return shell.status
  if (/^[+-]?\d+$/.test(text)) return Number(BigInt.asIntN(32, BigInt(text.replace('+', '')))) & 255
  if (shell.isBash) {
    await shell.complain(`${text}: numeric argument required`)
    return 2
  }
  throw new ShellError(
    shell.dialect === 'ash' ? `${shell.builtin}: Illegal number: ${text}` : `${shell.builtin}: Illegal number: ${text}`,
    2,
  )
}

export const exit: Builtin = async (call) => {
  const { shell, args } = call
  if (args.length > 1 && shell.isBash && /^\d+$/.test(args[0]!)) {
    await shell.complain('too many arguments')
    return 1
  }
  const status = await statusArgument(call)
  if (shell.interactive && shell.subshell === 0) {
    if (shell.isBash) await shell.process.printError(shell.name.startsWith('-') ? 'logout\n' : 'exit\n')
    const stopped = shell.jobs.jobs.some((job) => job.state === 'stopped')
    if (stopped && !shell.warnedAboutJobs) {
      shell.warnedAboutJobs = true
      await shell.process.printError('There are stopped jobs.\n')
      return 1
    }
  }
  throw new ShellExit(status)
}

export const returns: Builtin = async (call) => {
  const { shell } = call
  if (shell.returnable === 0) {
    if (!shell.isBash) throw new ShellExit(await statusArgument(call))
    await shell.complain("can only `return' from a function or sourced script")
    return 2
  }
  throw new Return(await statusArgument(call))
}

const leaveLoop =
  (kind: 'break' | 'continue'): Builtin =>
  async ({ shell, args }) => {
    if (shell.loops === 0) {
      if (shell.isBash) await shell.complain("only meaningful in a `for', `while', or `until' loop")
      return 0
    }
    const depth = args[0] === undefined ? 1 : Number(args[0])
    if (!Number.isInteger(depth)) throw new ShellError(`${kind}: ${args[0]}: numeric argument required`, 128)
    if (depth < 1) {
      await shell.complain(`${args[0]}: loop count out of range`)
      return 1
    }
    throw new Break(kind, Math.min(depth, shell.loops))
  }

export const breaks = leaveLoop('break')
export const continues = leaveLoop('continue')

export const evaluate: Builtin = ({ shell, args }) => {
  const words = args[0] === '--' ? args.slice(1) : args
  shell.builtin = undefined
  return shell.interpreter.runText(shell, words.join(' '), { firstLine: shell.line })
}

export const shift: Builtin = async ({ shell, args }) => {
  const count = Number(args[0] ?? 1)
  if (!Number.isInteger(count) || count < 0) {
    await shell.complain(shell.isBash ? `${args[0]}: numeric argument required` : `Illegal number: ${args[0]}`)
    return 1
  }
  if (count > shell.positional.length) {
    if (shell.dialect === 'dash') throw new ShellError("can't shift that many", 2)
    return 1
  }
  shell.positional = shell.positional.slice(count)
  return 0
}

export const letBuiltin: Builtin = async ({ shell, args }) => {
  if (args.length === 0) {
    await shell.complain('expression expected')
    return 1
  }
  let value = 0n
  for (const text of args) {
    try {
      value = arithmetic(shell, text)
    } catch (error) {
      if (!(error instanceof ShellError) || error.fatal) throw error
      await shell.complain(error.message)
      return 1
    }
  }
  return value === 0n ? 1 : 0
}

export const getopts: Builtin = async ({ shell, args }) => {
  const [spec, name] = args
  if (spec === undefined || name === undefined) {
    await shell.process.printError('getopts: usage: getopts optstring name [arg ...]\n')
    return 2
  }
  const words = args.length > 2 ? args.slice(2) : shell.positional
  const silent = spec.startsWith(':')
  const set = (variable: string, text: string) => {
    shell.variables.ensure(variable).value = text
  }
  let index = Number(shell.variables.get('OPTIND') ?? 1)
  if (index !== shell.getopts.index) shell.getopts = { index, offset: 1 }
  const word = words[index - 1]
  const finish = (status: number) => {
    set('OPTIND', String(index))
    shell.getopts.index = index
    return status
  }
  if (word === undefined || !/^-./.test(word) || word === '--') {
    if (word === '--') index++
    shell.getopts.offset = 1
    set(name, '?')
    shell.variables.unset('OPTARG')
    return finish(1)
  }
  const letter = word[shell.getopts.offset]!
  const at = letter === ':' ? -1 : spec.indexOf(letter)
  const last = shell.getopts.offset === word.length - 1
  const next = () => {
    if (last) {
      index++
      shell.getopts.offset = 1
    } else shell.getopts.offset++
  }
  if (at < 0) {
    next()
    set(name, '?')
    if (silent) set('OPTARG', letter)
    else {
      shell.variables.unset('OPTARG')
      await shell.process.printError(
        shell.isBash ? `${shell.name}: illegal option -- ${letter}\n` : `Illegal option -${letter}\n`,
      )
    }
    return finish(0)
  }
  if (spec[at + 1] !== ':') {
    next()
    set(name, letter)
    shell.variables.unset('OPTARG')
    return finish(0)
  }
  const inline = last ? undefined : word.slice(shell.getopts.offset + 1)
  const argument = inline ?? words[index]
  shell.getopts.offset = 1
  index += inline === undefined ? 2 : 1
  if (argument === undefined) {
    index--
    set(name, silent ? ':' : '?')
    if (silent) set('OPTARG', letter)
    else {
      shell.variables.unset('OPTARG')
      await shell.process.printError(
        shell.isBash ? `${shell.name}: option requires an argument -- ${letter}\n` : `No arg for -${letter} option\n`,
      )
    }
    return finish(0)
  }
  set(name, letter)
  set('OPTARG', argument)
  return finish(0)
}
