import { expect, test } from 'vitest'
import { toYaml } from './dump.ts'
import { parseYaml } from './load.ts'

test.each([
  [{ b: 1, a: ['x', { y: [], z: {} }] }, 'a:\n- x\n- "y": []\n  z: {}\nb: 1\n'],
  [
    { s: 'yes', n: '010', t: 'true', d: '2026-01-01', v: 'v1.0', e: '' },
    'd: "2026-01-01"\ne: ""\n"n": "010"\ns: "yes"\nt: "true"\nv: v1.0\n',
  ],
  [{ m: 'a\nb\n', c: 'x: y', star: '*', l: ' x' }, "c: 'x: y'\nl: ' x'\nm: |\n  a\n  b\nstar: '*'\n"],
])('prints as the real tool does (%#)', (value, text) => {
  expect(toYaml(value)).toBe(text)
  expect(parseYaml(text)).toEqual(value)
})

test('reads YAML 1.1: booleans in words, octal numbers, no dates', () => {
  expect(parseYaml('a: yes\nb: 0400\nc: 2026-01-01\nd: 1:30\ne: ~')).toEqual({
    a: true,
    b: 256,
    c: '2026-01-01',
    d: '1:30',
    e: null,
  })
})

test('names line and trouble as go-yaml does', () => {
  expect(() => parseYaml('metadata:\n  name: x\n   labels: {a: b}\n')).toThrow(
    'yaml: line 3: mapping values are not allowed in this context',
  )
})

test('breaks long scalars beyond column 80 as go-yaml does', () => {
  const words = 'words that go on and on and on until the line is much longer than eighty columns wide, and more'
  expect(toYaml({ data: { a: words, b: `quoted: ${words}` } })).toBe(
    `data:
  a: words that go on and on and on until the line is much longer than eighty columns
    wide, and more
  b: 'quoted: words that go on and on and on until the line is much longer than eighty
    columns wide, and more'
`,
  )
})
