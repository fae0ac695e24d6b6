import { charWidth, cutToWidth, textWidth } from './width.ts'

/** A piece of text with one style (SGR parameters such as `1;36`; none is plain). */
export interface Span {
  text: string
  sgr?: string
}

/** One line of the screen. */
export type Line = readonly Span[]

export function lineWidth(line: Line): number {
  return line.reduce((sum, span) => sum + textWidth(span.text), 0)
}

/** The line as terminal text; without colour, bold and inverse remain. */
export function lineText(line: Line, color = true): string {
  const styled = ({ text, sgr }: Span) => {
    const codes = color
      ? sgr
      : sgr
          ?.split(';')
          .filter((code) => /^[1-9]$/.test(code))
          .join(';')
    return codes && text ? `\x1b[${codes}m${text}\x1b[0m` : text
  }
  return line.map(styled).join('')
}

/** Cuts a line at a width. */
export function cutLine(line: Line, width: number): Line {
  const out: Span[] = []
  let left = width
  for (const span of line) {
    const text = cutToWidth(span.text, left)
    if (text) out.push({ ...span, text })
    left -= textWidth(text)
    if (text.length < span.text.length) break
  }
  return out
}

/** Fills a line with spaces up to a width; longer ones are cut. */
export function padLine(line: Line, width: number): Line {
  const cut = cutLine(line, width)
  const missing = width - lineWidth(cut)
  return missing > 0 ? [...cut, { text: ' '.repeat(missing) }] : cut
}

/** May not begin a line: closing punctuation, as Chinese typesetting has it. */
const noStart = new Set('，。、；：？！）》」』】〉”’…—·,.;:?!)]}')
/** May not end a line. */
const noEnd = new Set('（《「『【〈“‘([{')

interface Glyph {
  char: string
  sgr: string | undefined
  width: number
}

/**
 * Breaks spans into lines: between words, and between East Asian characters except before closing and after opening
 * punctuation. A word longer than a line is cut.
 */
export function wrapSpans(spans: readonly Span[], width: number): Line[] {
  const lines: Glyph[][] = [[]]
  let used = 0
  for (const word of words(spans)) {
    const size = word.reduce((sum, glyph) => sum + glyph.width, 0)
    const blank = word[0]!.char === ' '
    if (used + size > width && used > 0) {
      if (blank) continue
      dropTrailingBlanks(lines.at(-1)!)
      lines.push([])
      used = 0
    }
    if (blank && used === 0 && lines.length > 1) continue
    for (const glyph of word) {
      if (used + glyph.width > width && used > 0) {
        lines.push([])
        used = 0
      }
      lines.at(-1)!.push(glyph)
      used += glyph.width
    }
  }
  return lines.map(merge)
}

/** Pieces that stay together. */
function* words(spans: readonly Span[]): Generator<Glyph[]> {
  let word: Glyph[] = []
  for (const { text, sgr } of spans) {
    for (const char of text) {
      const glyph = { char, sgr, width: charWidth(char.codePointAt(0)!) }
      const last = word.at(-1)
      if (last && breaksBetween(last, glyph)) {
        yield word
        word = []
      }
      word.push(glyph)
    }
  }
  if (word.length > 0) yield word
}

function breaksBetween(a: Glyph, b: Glyph): boolean {
  if (b.char === ' ') return a.char !== ' '
  if (a.char === ' ') return true
  if (noStart.has(b.char) || noEnd.has(a.char)) return false
  return a.width === 2 || b.width === 2
}

function dropTrailingBlanks(line: Glyph[]): void {
  while (line.at(-1)?.char === ' ') line.pop()
}

function merge(glyphs: readonly Glyph[]): Line {
  const out: Span[] = []
  for (const { char, sgr } of glyphs) {
    const last = out.at(-1)
    if (last && last.sgr === sgr) last.text += char
    else out.push(sgr ? { text: char, sgr } : { text: char })
  }
  return out
}
