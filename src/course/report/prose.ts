import { lineText, type Span, wrapSpans } from '../text/span.ts'

/**
 * The book's Markdown as lines for a terminal: paragraphs and lists wrapped, code and emphasis styled. For short texts
 * (tasks, hints, debriefs); pages are laid out by the study session.
 */
export function proseLines(markdown: string, width: number, color: boolean): string[] {
  const out: string[] = []
  for (const block of markdown.trim().split(/\n\s*\n/)) {
    if (out.length > 0) out.push('')
    for (const part of joinLines(block)) {
      const mark = /^\s*(?:[-*]|\d+\.) +/.exec(part)?.[0] ?? ''
      const lines = wrapSpans(inlineSpans(part.slice(mark.length)), width - mark.length)
      const lead = mark.replace(/[-*]/, '•')
      out.push(
        ...lines.map(
          (line, i) =>
            (i === 0 ? lead : ' '.repeat(mark.length)) +
            (color ? lineText(line) : line.map((span) => span.text).join('')),
        ),
      )
    }
  }
  return out
}

/** Source lines of one paragraph or one list item belong together. */
function joinLines(block: string): string[] {
  const parts: string[] = []
  for (const line of block.split('\n')) {
    const last = parts.at(-1)
    if (last === undefined || /^\s*([-*]|\d+\.) /.test(line)) parts.push(line)
    else
      parts[parts.length - 1] =
        /[\u2e80-\uffef]$/.test(last) && /^\s*[\u2e80-\uffef]/.test(line)
          ? last + line.trim()
          : `${last} ${line.trim()}`
  }
  return parts
}

function inlineSpans(text: string, outer?: string): Span[] {
  const style = (sgr?: string) => [outer, sgr].filter(Boolean).join(';') || undefined
  const spans: Span[] = []
  for (const [, code, strong, emphasis, plain] of text.matchAll(
    /`([^`]+)`|\*\*([^*]+)\*\*|\*([^*]+)\*|([^`*]+|[`*])/g,
  )) {
    if (code) spans.push({ text: code, sgr: style('36') })
    else if (strong) spans.push(...inlineSpans(strong, style('1')))
    else if (emphasis) spans.push(...inlineSpans(emphasis, style('3')))
    else if (plain) spans.push({ text: plain, sgr: style() })
  }
  return spans
}
