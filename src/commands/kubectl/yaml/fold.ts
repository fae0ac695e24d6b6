import { doubleQuoted } from './scalar.ts'

/** Where a scalar begins, and how far its further lines are indented. */
export interface Fold {
  column: number
  indent: number
}

/** go-yaml breaks a line at the first single space beyond this column. */
const WIDTH = 80

export const foldedPlain = (text: string, fold: Fold) => folded(text, fold.column, fold.indent, (c) => c)

export const foldedSingle = (text: string, fold: Fold) =>
  `'${folded(text, fold.column + 1, fold.indent, (c) => (c === "'" ? "''" : c))}'`

/** A line may break before further spaces here: a backslash keeps them. */
export const foldedDouble = (text: string, fold: Fold) =>
  `"${folded(text, fold.column + 1, fold.indent, (c) => doubleQuoted(c).slice(1, -1), true)}"`

function folded(text: string, start: number, indent: number, write: (c: string) => string, escapes = false): string {
  const chars = [...text]
  let out = ''
  let column = start
  let spaces = false
  for (const [i, c] of chars.entries()) {
    if (c !== ' ') {
      const written = write(c)
      out += written
      column += [...written].length
      spaces = false
      continue
    }
    const before = chars[i + 1] === ' '
    if (!spaces && column > WIDTH && i > 0 && i < chars.length - 1 && (escapes || !before)) {
      out += `\n${' '.repeat(indent)}${before ? '\\' : ''}`
      column = indent + (before ? 1 : 0)
    } else {
      out += c
      column++
    }
    spaces = true
  }
  return out
}
