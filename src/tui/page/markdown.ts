import { lexer, type Token, type Tokens } from 'marked'
import { type Line, lineWidth, padLine, type Span, wrapSpans } from '../../course/text/span.ts'
import { theme } from '../theme.ts'
import { highlight } from './highlight.ts'

/** Markdown as lines of a given width. */
export function markdownLines(markdown: string, width: number): Line[] {
  return blockLines(lexer(markdown), width)
}

function blockLines(tokens: readonly Token[], width: number): Line[] {
  const out: Line[] = []
  for (const token of tokens) {
    if (token.type === 'space') continue
    if (out.length > 0) out.push([])
    out.push(...tokenLines(token, width))
  }
  return out
}

function tokenLines(token: Token, width: number): Line[] {
  switch (token.type) {
    case 'heading':
      return wrapSpans(inline(token.tokens ?? [], theme.title), width)
    case 'list':
      return listLines(token as Tokens.List, width)
    case 'code':
      return highlight(token.text, token.lang ?? '').map((line) => [{ text: '  ' }, ...line])
    case 'blockquote':
      return blockLines(token.tokens ?? [], width - 2).map((line) => [{ text: '│ ', sgr: theme.dim }, ...line])
    case 'table':
      return tableLines(token as Tokens.Table, width)
    case 'hr':
      return [[{ text: '─'.repeat(width), sgr: theme.dim }]]
    default:
      return wrapSpans(inline('tokens' in token && token.tokens ? token.tokens : [token]), width)
  }
}

function listLines(list: Tokens.List, width: number): Line[] {
  const start = Number(list.start) || 1
  return list.items.flatMap((item, i) => {
    const mark = list.ordered ? `${start + i}. ` : '• '
    const lines = blockLines(item.tokens, width - mark.length)
    return lines.map((line, n): Line => [{ text: n === 0 ? mark : ' '.repeat(mark.length), sgr: theme.dim }, ...line])
  })
}

function tableLines(table: Tokens.Table, width: number): Line[] {
  const rows = [table.header, ...table.rows].map((row, i) =>
    row.map((cell) => inline(cell.tokens, i === 0 ? theme.strong : undefined)),
  )
  const columns = table.header.map((_, i) => Math.max(...rows.map((row) => lineWidth(row[i] ?? []))))
  const gap = 2
  let excess = columns.reduce((sum, size) => sum + size + gap, -gap) - width
  // The widest column gives way first.
  while (excess > 0) {
    const widest = columns.indexOf(Math.max(...columns))
    const cut = Math.min(excess, Math.max(1, Math.ceil(columns[widest]! / 8)))
    columns[widest]! -= cut
    excess -= cut
    if (columns[widest]! < 6) break
  }
  return rows.flatMap((row, i) => {
    const cells = row.map((cell, n) => wrapSpans(cell, Math.max(1, columns[n]!)))
    const height = Math.max(...cells.map((lines) => lines.length))
    const lines: Line[] = []
    for (let y = 0; y < height; y++) {
      lines.push(
        cells.flatMap((cell, n) =>
          n === cells.length - 1
            ? (cell[y] ?? [])
            : [...padLine(cell[y] ?? [], columns[n]!), { text: ' '.repeat(gap) }],
        ),
      )
    }
    if (i === 0)
      lines.push([
        {
          text: '─'.repeat(
            Math.min(
              width,
              columns.reduce((sum, size) => sum + size + gap, -gap),
            ),
          ),
          sgr: theme.dim,
        },
      ])
    return lines
  })
}

function inline(tokens: readonly Token[], sgr?: string): Span[] {
  return tokens.flatMap((token): Span[] => {
    const inner = 'tokens' in token && token.tokens ? (token.tokens as Token[]) : undefined
    switch (token.type) {
      case 'strong':
        return inline(inner ?? [], join(sgr, theme.strong))
      case 'em':
        return inline(inner ?? [], join(sgr, '3'))
      case 'codespan':
        return [{ text: decode(token.text), sgr: join(sgr, theme.code) }]
      case 'link':
        return inline(inner ?? [], join(sgr, '4'))
      case 'br':
        return [{ text: ' ' }]
      default:
        if (inner) return inline(inner, sgr)
        return [{ text: joinLines(decode('text' in token ? token.text : token.raw)), ...(sgr ? { sgr } : {}) }]
    }
  })
}

const join = (a: string | undefined, b: string) => (a ? `${a};${b}` : b)

/** A line break in the source is a blank, but none between Chinese characters. */
function joinLines(text: string): string {
  return text.replace(/([\u2e80-\uffef])\n([\u2e80-\uffef])/g, '$1$2').replaceAll('\n', ' ')
}

function decode(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
