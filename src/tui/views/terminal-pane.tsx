import type { ReactNode } from 'react'
import { type Line, wrapSpans } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { theme } from '../theme.ts'
import { Lines } from './lines.tsx'

/** The computer's terminal. */
export function TerminalPane(): ReactNode {
  const { desk, screen, focus, overlay, geometry, words } = useStudy()
  const { columns, rows } = geometry.terminal
  const cursor = focus === 'terminal' && !overlay && screen.scrolledBack === 0
  const message: Line[] = desk.error
    ? wrapSpans([{ text: desk.error, sgr: theme.bad }], columns)
    : [[{ text: words[desk.busy ?? 'opening'], sgr: theme.dim }]]
  const lines = desk.session ? screen.lines(cursor) : message
  return <Lines columns={columns} lines={lines} rows={rows} />
}
