import type { Builtin } from './builtin.ts'
import { evaluateTest, TestSyntaxError } from './test-expression.ts'

/** `test` and `[`. */
export const test: Builtin = async ({ shell, name, args }) => {
  let words = args
  if (name === '[') {
    if (args.at(-1) !== ']') {
      if (shell.dialect === 'ash') await shell.process.printError(`${shell.name.replace(/^-/, '')}: missing ]\n`)
      else await shell.complain(shell.isBash ? "missing `]'" : 'missing ]')
      return 2
    }
    words = args.slice(0, -1)
  }
  try {
    return evaluateTest(shell, words, shell.dialect) ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestSyntaxError)) throw error
    if (shell.dialect === 'ash') await shell.process.printError(`${shell.name.replace(/^-/, '')}: ${error.message}\n`)
    else await shell.complain(error.message)
    return 2
  }
}
