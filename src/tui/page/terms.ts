import type { Line, Span } from '../../course/text/span.ts'

const literal = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What stands in a text for a term: `namespace` for `namespace (Linux)`. */
const bare = (term: string) => term.replace(/ ?[(（].*[)）]$/, '')

/** Finds any of the terms: whole words where they are made of letters, with their plural; the longest first. */
function pattern(terms: readonly string[]): RegExp | undefined {
  if (terms.length === 0) return undefined
  const each = [...new Set(terms.map(bare))]
    .sort((a, b) => b.length - a.length)
    .map((term) => (/^[\x20-\x7e]+$/.test(term) ? `(?<![\\w-])${literal(term)}(?:e?s)?(?![\\w-])` : literal(term)))
  return new RegExp(each.join('|'), 'gi')
}

/** The term of a found text. */
function termOf(found: string, terms: ReadonlyMap<string, string>): string | undefined {
  const lower = found.toLowerCase()
  return terms.get(lower) ?? terms.get(lower.replace(/s$/, '')) ?? terms.get(lower.replace(/es$/, ''))
}

/** Where a word stands for several terms, the first of them counts. */
const byLowerCase = (terms: readonly string[]) =>
  new Map([...terms].reverse().map((term) => [bare(term).toLowerCase(), term]))

/** The terms that stand in the lines, in their order. */
export function termsIn(lines: readonly Line[], terms: readonly string[]): string[] {
  const found = new Set<string>()
  const search = pattern(terms)
  if (!search) return []
  const known = byLowerCase(terms)
  for (const line of lines) {
    for (const [text] of line
      .map((span) => span.text)
      .join('')
      .matchAll(search)) {
      const term = termOf(text, known)
      if (term) found.add(term)
    }
  }
  return [...found]
}

/** Underlines each term where it stands first. Keeps count over all that it is given. */
export function termMarker(terms: readonly string[]): (lines: readonly Line[]) => Line[] {
  const search = pattern(terms)
  const known = byLowerCase(terms)
  const seen = new Set<string>()
  const mark = (span: Span): Span[] => {
    if (!search || span.sgr) return [span]
    const out: Span[] = []
    let rest = 0
    for (const match of span.text.matchAll(search)) {
      const term = termOf(match[0], known)
      if (!term || seen.has(term)) continue
      seen.add(term)
      out.push({ text: span.text.slice(rest, match.index) }, { text: match[0], sgr: '4' })
      rest = match.index + match[0].length
    }
    return [...out, { text: span.text.slice(rest) }].filter(({ text }) => text !== '')
  }
  return (lines) => lines.map((line) => line.flatMap(mark))
}
