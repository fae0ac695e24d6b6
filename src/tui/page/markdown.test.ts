import { expect, test } from 'vitest'
import { lineWidth } from '../../course/text/span.ts'
import { markdownLines } from './markdown.ts'

test.each([30, 41, 60])('a table fits into %i columns, so that nothing of it is cut', (width) => {
  const table = `| what | look at |
|---|---|
| nothing at all, and then \`timed out\` | NetworkPolicy、失联的节点，还有别的什么东西 |
| a short one | short |`
  const lines = markdownLines(table, width)
  expect(Math.max(...lines.map(lineWidth))).toBeLessThanOrEqual(width)
})
