import { expect, it } from 'vitest'
import { literalPrints } from './literal-prints.ts'

it('runs programs that only print literals, and nothing else', () => {
  expect(literalPrints('# hello\nprint("hi", 1)\nprint(\'a\\tb\'); print()\n', 'print')).toBe('hi 1\na\tb\n\n')
  expect(literalPrints('console.log("hi"); // no\n', 'console.log')).toBeUndefined()
  expect(literalPrints('console.log("hi")', 'console.log')).toBe('hi\n')
  for (const program of ['print(1 + 1)', 'import os', 'print(f"{x}")', 'print("a", end="")', 'x = 1; print("a")'])
    expect(literalPrints(program, 'print')).toBeUndefined()
})
