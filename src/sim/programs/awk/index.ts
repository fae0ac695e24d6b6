import { SystemError } from '../../linux/errors.ts'
import type { Program } from '../../linux/process.ts'
import { RegexError } from '../regex/posix-regex.ts'
import { AwkError, Interpreter } from './interpreter.ts'
import { parseAwk } from './parser.ts'
import type { AwkProgram } from './syntax.ts'
import { AwkSyntaxError, unescapeString } from './tokens.ts'

const USAGE = `Usage: awk [-F value][-v var=value][--] 'program text' [file ...]
       awk [-F value][-v var=value] -f program-file [file ...]
`

/** awk as POSIX has it, with the GNU functions that people use. */
export const awk: Program = async (process) => {
  const args = process.argv.slice(1)
  let separator: string | undefined
  let source: string | undefined
  const assignments: [string, string][] = []
  let i = 0
  for (; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') {
      i++
      break
    }
    if (!arg.startsWith('-') || arg === '-') break
    if (arg === '--version' || arg === '-W') {
      await process.print('mawk 1.3.4 20200120\n')
      return 0
    }
    const value = () => (arg.length > 2 ? arg.slice(2) : args[++i])
    if (arg[1] === 'F') {
      const given = value() ?? ''
      separator = given === 't' ? '\t' : unescapeString(given)
    } else if (arg[1] === 'v') {
      const m = /^([A-Za-z_]\w*)=(.*)$/s.exec(value() ?? '')
      if (!m) {
        await process.printError(`awk: improper assignment: -v ${args[i]}\n`)
        return 2
      }
      assignments.push([m[1]!, unescapeString(m[2]!)])
    } else if (arg[1] === 'f') {
      const path = value() ?? ''
      try {
        source = `${source ?? ''}${process.files.readText(path)}\n`
      } catch (error) {
        if (!(error instanceof SystemError)) throw error
        await process.printError(`awk: cannot open "${path}" (${error.message})\n`)
        return 2
      }
    } else {
      await process.printError(`awk: not an option: ${arg}\n`)
      return 2
    }
  }
  if (source === undefined) source = args[i++]
  if (source === undefined) {
    await process.printError(USAGE)
    return 2
  }
  let program: AwkProgram
  try {
    program = parseAwk(source)
  } catch (error) {
    if (!(error instanceof AwkSyntaxError)) throw error
    await process.printError(`awk: line 1: ${error.message}\n`)
    return 2
  }
  const interpreter = new Interpreter(process, program, args.slice(i), separator)
  for (const [name, text] of assignments) interpreter.assign(name, text)
  try {
    const status = await interpreter.run()
    for (const complaint of interpreter.complaints) await process.printError(complaint)
    return status
  } catch (error) {
    if (!(error instanceof AwkError) && !(error instanceof RegexError)) throw error
    await interpreter.outputs.flush()
    await process.printError(`awk: run time error: ${error.message}\n`)
    return 2
  }
}
