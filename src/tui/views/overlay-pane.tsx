import type { ReactNode } from 'react'
import { type Line, padLine, wrapSpans } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import type { Overlay } from '../overlays/overlay.ts'
import { pageMargin } from '../study/geometry.ts'
import type { Study } from '../study/study.ts'
import { theme } from '../theme.ts'
import { Lines } from './lines.tsx'

/** An overlay in the page's place. */
export function OverlayPane({ overlay }: { overlay: Overlay }): ReactNode {
  const study = useStudy()
  const { columns, rows } = study.geometry.page
  const width = columns - 2 * pageMargin
  const title: Line = [{ text: overlay.title(study.words), sgr: theme.title }]
  const lines = overlay.items ? listLines(overlay, study, width, rows - 2) : textLines(overlay, study, width, rows - 2)
  const shown = [title, [], ...lines].map((line): Line => [{ text: ' '.repeat(pageMargin) }, ...line])
  return <Lines columns={columns} lines={shown} rows={rows} />
}

/** The part of a text that is scrolled to. */
function textLines(overlay: Overlay, study: Study, width: number, rows: number): Line[] {
  const lines = overlay.lines?.(study, width) ?? []
  const most = Math.max(0, lines.length - rows)
  study.overlayScroll = Math.max(0, Math.min(most, study.overlayScroll))
  const from = overlay.fromEnd ? most - study.overlayScroll : study.overlayScroll
  return lines.slice(from, from + rows)
}

function listLines(overlay: Overlay, study: Study, width: number, rows: number): Line[] {
  const items = overlay.items?.(study) ?? []
  const head: Line[] = overlay.typing
    ? [[{ text: '/ ', sgr: theme.accent }, { text: study.query }, { text: ' ', sgr: theme.selected }], []]
    : []
  if (items.length === 0)
    return [
      ...head,
      ...wrapSpans([{ text: overlay.empty?.(study.words) ?? study.words.notFound, sgr: theme.dim }], width),
    ]
  const room = Math.max(1, rows - head.length - 5)
  const from = Math.max(0, Math.min(study.cursor - Math.floor(room / 2), items.length - room))
  const list = items.slice(from, from + room).map((item, i): Line => {
    const line: Line = [{ text: item.label, ...(from + i === study.cursor ? { sgr: theme.accent } : {}) }]
    return padLine(line, width)
  })
  const text = items[study.cursor]?.text
  const below = text ? [[], ...wrapSpans([{ text, sgr: theme.dim }], width)] : []
  return [...head, ...list, ...below]
}
