import type { ParseError } from 'unbash'
import { unexpectedToken } from './parse.ts'
import type { Shell } from './shell.ts'

/** Tells a syntax error in the words of the dialect. */
export async function reportSyntaxError(shell: Shell, text: string, error: ParseError): Promise<void> {
  const line = shell.source.firstLine + text.slice(0, error.pos).split('\n').length - 1
  const lastLine = shell.source.firstLine + text.replace(/\n$/, '').split('\n').length
  const name = (shell.source.name ?? shell.name).replace(/^-/, '')
  const unterminated = /^unterminated|^unclosed|unexpected EOF/.test(error.message)
  const rest = text
    .slice(error.pos)
    .replace(/#[^\n]*/g, '')
    .trim()
  const atEnd = /^expected/.test(error.message) && rest === ''
  const where =
    shell.interactive || shell.quietLines ? `${name}: ` : shell.commandString ? `${name}: -c: line ` : `${name}: line `
  const numbered = (n: number) => (shell.interactive || shell.quietLines ? where : `${where}${n}: `)
  const say = (words: string) => shell.process.printError(words)
  if (shell.dialect === 'bash') {
    if (unterminated)
      await say(`${numbered(line)}unexpected EOF while looking for matching \`${closer(error.message)}'\n`)
    else if (
      atEnd &&
      !/^\s*$/.test(text.slice(text.lastIndexOf('\n', error.pos) + 1)) &&
      !text.endsWith('\n') &&
      needsNewline(text)
    )
      await sayNear(shell, 'newline', text, error.pos, numbered(line))
    else if (atEnd) await say(`${numbered(lastLine)}syntax error: unexpected end of file\n`)
    else await sayNear(shell, unexpectedToken(text, error.pos), text, error.pos, numbered(line))
    return
  }
  const token = unexpectedToken(text, error.pos)
  const shown = atEnd ? 'end of file' : token === 'newline' ? 'newline' : `"${token}"`
  if (shell.dialect === 'dash') {
    await say(
      `${name}: ${line}: Syntax error: ${unterminated ? `Unterminated quoted string` : `${shown} unexpected${atEnd ? '' : ''}`}\n`,
    )
    return
  }
  const prefix = shell.commandString || shell.interactive ? `${name}: ` : `${name}: line ${line}: `
  await say(`${prefix}syntax error: ${unterminated ? 'unterminated quoted string' : `unexpected ${shown}`}\n`)
}

/** Commands that cannot stop at the end of their line. */
const needsNewline = (text: string) => /(^|[\s;&|])(case|for|select|<<?|>>?|>&|<&)\s*$|[<>]\s*$/.test(text)

function closer(message: string): string {
  if (/single/.test(message)) return "'"
  if (/double/.test(message)) return '"'
  if (/backtick|backquote|command substitution with `/.test(message)) return '`'
  if (/brace|parameter/.test(message)) return '}'
  return ')'
}

async function sayNear(shell: Shell, token: string, text: string, pos: number, prefix: string): Promise<void> {
  const start = text.lastIndexOf('\n', pos - 1) + 1
  const end = text.indexOf('\n', pos)
  const shownLine = text.slice(start, end < 0 ? text.length : end)
  await shell.process.printError(`${prefix}syntax error near unexpected token \`${token}'\n`)
  if (!shell.interactive || token !== 'newline') {
    if (!shell.interactive) await shell.process.printError(`${prefix}\`${shownLine}'\n`)
  }
}
