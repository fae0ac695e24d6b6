import { expect, it } from 'vitest'
import { proseLines } from './prose.ts'

it('wraps paragraphs and lists for a terminal, and drops the marks of Markdown', () => {
  const text = 'Run **one Pod** called `hello`\nin the namespace:\n- made from `nginx:alpine`\n- 带有标签，\n  就绪'
  expect(proseLines(text, 24, false)).toEqual([
    'Run one Pod called hello',
    'in the namespace:',
    '• made from nginx:alpine',
    '• 带有标签，就绪',
  ])
})
