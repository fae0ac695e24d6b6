import type { YAMLError } from 'yaml'

type Kind = 'scanner' | 'parser'

/** go-yaml's words and line for what the parser found wrong. */
export function yamlProblem(text: string, error: YAMLError): string {
  const { kind, words, line } = translate(text, error)
  const shown = kind === 'scanner' ? line : line - 1
  return shown > 0 ? `yaml: line ${shown}: ${words}` : `yaml: ${words}`
}

function translate(text: string, error: YAMLError): { kind: Kind; words: string; line: number } {
  const at = error.pos[0]
  const line = lineOf(text, at)
  const message = error.message
  switch (error.code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return { kind: 'scanner', words: 'mapping values are not allowed in this context', line: nextColon(text, at) }
    case 'MULTILINE_IMPLICIT_KEY': {
      const required = keyColumn(text, at) && at === lineStart(text, at) + indentOf(text, at)
      const words = required ? "could not find expected ':'" : 'mapping values are not allowed in this context'
      return { kind: 'scanner', words, line: nextColon(text, at) }
    }
    case 'TAB_AS_INDENT':
      return { kind: 'scanner', words: 'found character that cannot start any token', line }
    case 'BAD_INDENT':
      if (message.startsWith('Flow sequence'))
        return { kind: 'parser', words: "did not find expected ',' or ']'", line }
      if (message.startsWith('Flow map')) return { kind: 'parser', words: "did not find expected ',' or '}'", line }
      if (message.includes('sequence')) return { kind: 'parser', words: "did not find expected '-' indicator", line }
      return { kind: 'parser', words: 'did not find expected key', line }
    case 'MISSING_CHAR':
      if (message.includes('quote')) {
        return { kind: 'scanner', words: 'found unexpected end of stream', line: lineOf(text, text.length) }
      }
      if (message.includes('Flow map')) return { kind: 'parser', words: "did not find expected ',' or '}'", line }
      if (message.includes('Flow seq')) return { kind: 'parser', words: "did not find expected ',' or ']'", line }
      return { kind: 'scanner', words: "could not find expected ':'", line: line + 1 }
    case 'BAD_DQ_ESCAPE':
      return { kind: 'scanner', words: 'found unknown escape character', line }
    case 'BAD_SCALAR_START':
      return { kind: 'scanner', words: 'found character that cannot start any token', line }
    case 'UNEXPECTED_TOKEN':
      if (/^\s*-/.test(text.slice(lineStart(text, at)))) {
        return { kind: 'scanner', words: 'block sequence entries are not allowed in this context', line }
      }
      return { kind: 'parser', words: 'did not find expected key', line }
    default:
      return { kind: 'parser', words: 'did not find expected node content', line }
  }
}

function lineOf(text: string, offset: number): number {
  let line = 1
  for (let i = 0; i < offset && i < text.length; i++) if (text[i] === '\n') line++
  return line
}

const lineStart = (text: string, at: number) => text.lastIndexOf('\n', at - 1) + 1

function indentOf(text: string, at: number): number {
  return /^ */.exec(text.slice(lineStart(text, at)))![0].length
}

/** Whether an earlier key stands in the same column. */
function keyColumn(text: string, at: number): boolean {
  const column = at - lineStart(text, at)
  const before = text.slice(0, lineStart(text, at))
  return new RegExp(`(^|\\n) {${column}}[^\\s#-][^\\n]*:(\\s|$)`).test(before)
}

function nextColon(text: string, at: number): number {
  const match = /:(?=\s|$)/.exec(text.slice(at))
  let line = lineOf(text, match ? at + match.index : at)
  // The key itself is fine; what follows it on a later line is not.
  if (match && /^[^\n]*:\s[^\n]*:(\s|$)/.test(text.slice(at)) === false && line === lineOf(text, at)) {
    const rest = text.slice(at + match.index + 1)
    const later = /:(?=\s|$)/.exec(rest)
    if (later) line = lineOf(text, at + match.index + 1 + later.index)
  }
  return line
}
