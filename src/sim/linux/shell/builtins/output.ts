import { encodeText } from '../bytes.ts'
import { arithmetic } from '../expansion/expand.ts'
import { assign } from '../expansion/lookup.ts'
import { decodeEscapes } from '../expansion/quote.ts'
import type { Builtin } from './builtin.ts'
import { formatPrintf } from './printf-format.ts'

/** The text that `echo` prints. bash and ash know -n, -e, -E; dash only -n, and always decodes escapes. */
export function echoText(args: readonly string[], style: 'bash' | 'ash' | 'dash'): string {
  let newline = true
  let escapes = style === 'dash'
  let first = 0
  const options = style === 'dash' ? /^-n$/ : /^-[neE]+$/
  while (first < args.length && options.test(args[first]!)) {
    for (const letter of args[first]!.slice(1)) {
      if (letter === 'n') newline = false
      else escapes = letter === 'e'
    }
    first++
  }
  const text = args.slice(first).join(' ')
  if (!escapes) return newline ? `${text}\n` : text
  const decoded = decodeEscapes(text, 'echo')
  return newline && !decoded.stop ? `${decoded.text}\n` : decoded.text
}

export const echo: Builtin = async ({ shell, args }) => {
  await shell.process.stdout.write(encodeText(echoText(args, shell.dialect)))
  return 0
}

export const printf: Builtin = async ({ shell, args }) => {
  let rest = args
  let variable: string | undefined
  if (shell.isBash && rest[0] === '-v') {
    variable = rest[1]
    rest = rest.slice(2)
  }
  const optionsEnd = rest[0] === '--'
  if (optionsEnd) rest = rest.slice(1)
  if (rest.length === 0) {
    await shell.process.printError(
      shell.isBash ? 'printf: usage: printf [-v var] format [arguments]\n' : 'usage: printf FORMAT [ARG]...\n',
    )
    return shell.isBash ? 2 : 1
  }
  if (shell.isBash && !optionsEnd && /^-./.test(rest[0]!)) {
    await shell.complain(`${rest[0]!.slice(0, 2)}: invalid option`)
    await shell.process.printError('printf: usage: printf [-v var] format [arguments]\n')
    return 2
  }
  const { text, errors } = formatPrintf(rest[0]!, rest.slice(1), {
    now: shell.process.wallClock(),
    style: shell.dialect,
  })
  for (const error of errors) {
    if (shell.dialect === 'ash') await shell.process.printError(`${shell.name.replace(/^-/, '')}: ${error}\n`)
    else await shell.complain(error)
  }
  if (variable !== undefined) {
    const match = /^(\w+)(?:\[(.*)\])?$/.exec(variable)
    if (match)
      assign(shell, match[1]!, text, {
        ...(match[2] === undefined ? {} : { index: match[2] }),
        number: (each) => Number(arithmetic(shell, each)),
      })
  } else if (text !== '') await shell.process.stdout.write(encodeText(text))
  return errors.length > 0 ? 1 : 0
}
