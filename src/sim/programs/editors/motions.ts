import type { Buffer, Position } from './buffer.ts'

export interface Motion {
  to: Position
  /** Operators take whole lines. */
  linewise?: boolean
  /** Operators take the character under the target too. */
  inclusive?: boolean
}

const kind = (char: string | undefined) =>
  char === undefined || /\s/.test(char) ? 0 : /[\w\u0080-\uffff]/.test(char) ? 1 : 2
const blind = (char: string | undefined) => (char === undefined || /\s/.test(char) ? 0 : 1)

/** Word motions: w, b, e and their big sisters. */
export function wordMotion({ lines, cursor }: Buffer, key: string, count: number): Motion {
  const type = key === key.toUpperCase() ? blind : kind
  let { line, column } = cursor
  const at = () => lines[line]?.[column]
  const forward = (): boolean => {
    if (column < (lines[line]?.length ?? 0)) column++
    else if (line + 1 < lines.length) {
      line++
      column = 0
    } else return false
    return true
  }
  const back = (): boolean => {
    if (column > 0) column--
    else if (line > 0) {
      line--
      column = Math.max(0, lines[line]!.length - 1)
    } else return false
    return true
  }
  for (let i = 0; i < count; i++) {
    if (key.toLowerCase() === 'w') {
      const start = type(at())
      const from = line
      while (start !== 0 && type(at()) === start && line === from && forward());
      while (type(at()) === 0 && !(at() === undefined && lines[line] === '' && line !== from) && forward());
    } else if (key.toLowerCase() === 'e') {
      forward()
      while (type(at()) === 0 && forward());
      while (type(at()) !== 0 && type(lines[line]?.[column + 1]) === type(at())) column++
    } else {
      back()
      while (type(at()) === 0 && back());
      while (column > 0 && type(lines[line]?.[column - 1]) === type(at())) column--
    }
  }
  return { to: { line, column }, inclusive: key.toLowerCase() === 'e' }
}

/** f, F, t, T within the line. */
export function charMotion({ line, cursor }: Buffer, key: string, char: string, count: number): Motion | undefined {
  let column = cursor.column
  for (let i = 0; i < count; i++) {
    column =
      key === 'f' || key === 't'
        ? line.indexOf(char, column + 1)
        : column <= 0
          ? -1
          : line.lastIndexOf(char, column - 1)
    if (column < 0) return undefined
  }
  return {
    to: { line: cursor.line, column: key === 't' ? column - 1 : key === 'T' ? column + 1 : column },
    inclusive: key === 'f' || key === 't',
  }
}

/** % */
export function pairMotion({ lines, cursor }: Buffer): Motion | undefined {
  const text = lines[cursor.line] ?? ''
  const start = text.slice(cursor.column).search(/[()[\]{}]/)
  if (start < 0) return undefined
  let [line, column] = [cursor.line, cursor.column + start]
  const own = text[column]!
  const other = '()[]{}'['()[]{}'.indexOf(own) ^ 1]!
  const step = '([{'.includes(own) ? 1 : -1
  for (let depth = 0; line >= 0 && line < lines.length; ) {
    const char = lines[line]![column]
    if (char === own) depth++
    else if (char === other && --depth === 0) return { to: { line, column }, inclusive: true }
    column += step
    if (column < 0 || column >= lines[line]!.length) {
      line += step
      column = step > 0 ? 0 : (lines[line]?.length ?? 1) - 1
    }
  }
  return undefined
}

/** { and }: to the next blank line. */
export function paragraphMotion({ lines, cursor }: Buffer, forward: boolean, count: number): Motion {
  let { line } = cursor
  const step = forward ? 1 : -1
  for (let i = 0; i < count; i++) {
    line += step
    while (line > 0 && line < lines.length - 1 && lines[line] !== '') line += step
  }
  line = Math.max(0, Math.min(line, lines.length - 1))
  return { to: { line, column: forward && lines[line] !== '' ? lines[line]!.length : 0 } }
}
