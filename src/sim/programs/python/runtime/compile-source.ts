import type { Code, SourceFile } from '../compile/code.ts'
import { compileModule, type Mode } from '../compile/compiler.ts'
import { makeException, notSimulated, PyError } from '../objects/errors.ts'
import { parseModule } from '../syntax/parser.ts'
import { SourceError } from '../syntax/syntax-error.ts'

interface Options {
  hidden?: boolean
  mode?: Mode
}

/** Compiles a source. Throws PyError with a SyntaxError; an incomplete one says so in `incomplete`. */
export function compileSource(
  { python2 }: { python2: boolean },
  text: string,
  name: string,
  { hidden = false, mode = 'module' }: Options = {},
): Code {
  const lines = text.split('\n')
  const source: SourceFile = { name, lines, hidden, python2 }
  try {
    return compileModule(parseModule(text, { python2: python2 && !hidden }), source, mode)
  } catch (thrown) {
    if (!(thrown instanceof SourceError)) throw thrown
    if (thrown.message.startsWith('not simulated: ')) throw notSimulated(thrown.message.slice(15))
    const made = makeException(thrown.kind, thrown.message)
    const { line, col, endLine, endCol } = thrown.span
    made.attrs.set('filename', name)
    made.attrs.set('lineno', line)
    made.attrs.set('offset', col + 1)
    made.attrs.set('end_offset', (endLine === line ? endCol : (lines[line - 1]?.length ?? col)) + 1)
    made.attrs.set('text', lines[line - 1] ?? '')
    made.attrs.set('msg', thrown.message)
    if (thrown.incomplete) made.attrs.set('incomplete', true)
    throw new PyError(made)
  }
}
