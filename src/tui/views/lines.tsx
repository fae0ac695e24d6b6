import { Text } from 'ink'
import type { ReactNode } from 'react'
import { type Line, lineText, padLine } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'

/** Lines in a field of fixed size: cut, and filled with blanks, so that nothing behind them shows. */
export function Lines({ lines, columns, rows }: { lines: readonly Line[]; columns: number; rows: number }): ReactNode {
  const { color } = useStudy()
  const field = Array.from({ length: rows }, (_, i) => lineText(padLine(lines[i] ?? [], columns), color))
  return <Text wrap="truncate-end">{field.join('\n')}</Text>
}
