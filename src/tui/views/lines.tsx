import { Box, Text } from 'ink'
import type { ReactNode } from 'react'
import { cutLine, type Line, lineText } from '../../course/text/span.ts'
import { useStudy } from '../contexts/study-context.ts'

/** Lines in a field of fixed size; what does not fit is cut. */
export function Lines({ lines, columns, rows }: { lines: readonly Line[]; columns: number; rows: number }): ReactNode {
  const { color } = useStudy()
  const text = lines.slice(0, rows).map((line) => lineText(cutLine(line, columns), color))
  return (
    <Box width={columns} height={rows} flexShrink={0}>
      <Text wrap="truncate-end">{text.join('\n')}</Text>
    </Box>
  )
}
