import { Box } from 'ink'
import type { ReactNode } from 'react'
import type { Line } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'
import { dividerWidth } from '../study/geometry.ts'
import { theme } from '../theme.ts'
import { KeysLine } from './keys-line.tsx'
import { Lines } from './lines.tsx'
import { OverlayPane } from './overlay-pane.tsx'
import { PagePane } from './page-pane.tsx'
import { StatusLine } from './status-line.tsx'
import { TerminalPane } from './terminal-pane.tsx'

/** Page and terminal side by side; on a narrow screen one of them, with the other's last line below. */
export function StudyView(): ReactNode {
  const { geometry, overlay, focus, screen, layout, scroll } = useStudy()
  const { columns, wide, page } = geometry
  const below = scroll + page.rows
  const rest = below < layout.lines.length ? ` ↓ ${Math.round((below / layout.lines.length) * 100)} % ` : ''
  const left = overlay ? <OverlayPane overlay={overlay} /> : <PagePane />
  if (wide) {
    const divider = Array.from({ length: page.rows }, (): Line => [{ text: '│ ', sgr: theme.dim }])
    return (
      <Box flexDirection="column" width={columns}>
        <StatusLine />
        <Rule at={page.columns} joint="┬" />
        <Box>
          {left}
          <Lines columns={dividerWidth} lines={divider} rows={page.rows} />
          <TerminalPane />
        </Box>
        <Rule at={page.columns} joint="┴" label={overlay ? '' : rest} />
        <KeysLine />
      </Box>
    )
  }
  const inTerminal = focus === 'terminal' && !overlay
  const other = inTerminal ? (layout.lines[scroll] ?? []) : screen.lastLine()
  return (
    <Box flexDirection="column" width={columns}>
      <StatusLine />
      <Rule />
      {inTerminal ? <TerminalPane /> : left}
      <Rule label={inTerminal || overlay ? '' : rest} />
      <Lines columns={columns} lines={[dim(other)]} rows={1} />
      <Rule />
      <KeysLine />
    </Box>
  )
}

const dim = (line: Line): Line => [{ text: ' ' }, { text: line.map((span) => span.text).join(''), sgr: theme.dim }]

/** A line across the screen; a label stands at its right end, or before the joint. */
function Rule({ at, joint = '─', label = '' }: { at?: number; joint?: string; label?: string }): ReactNode {
  const { geometry } = useStudy()
  const { columns } = geometry
  const left = (at ?? columns - 1) - label.length - 1
  const right = columns - left - label.length - 1
  const line = `${'─'.repeat(left)}${label}─${at === undefined ? '' : joint}`
  return <Lines columns={columns} lines={[[{ text: line + '─'.repeat(right), sgr: theme.dim }]]} rows={1} />
}
