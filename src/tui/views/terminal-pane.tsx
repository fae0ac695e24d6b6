import type { ReactNode } from 'react'
import { useStudy } from '../contexts/study-context.ts'
import { theme } from '../theme.ts'
import { Lines } from './lines.tsx'

/** The computer's terminal. */
export function TerminalPane(): ReactNode {
  const { desk, screen, focus, overlay, geometry, words } = useStudy()
  const { columns, rows } = geometry.terminal
  const cursor = focus === 'terminal' && !overlay && screen.scrolledBack === 0
  const lines = desk.session ? screen.lines(cursor) : [[{ text: words[desk.busy ?? 'opening'], sgr: theme.dim }]]
  return <Lines columns={columns} lines={lines} rows={rows} />
}
