import fc from 'fast-check'
import { expect, test } from 'vitest'
import { BoundedRegExp } from './bounded-regexp.ts'
import { compileRegExp } from './compile.ts'
import { Matcher } from './match.ts'
import { parseRegExp } from './parse.ts'

const atom = fc.constantFrom('a', 'b', '.', '[ab]', '[^a]', '\\w', '\\b', '^', '$', 'c', '(?=a)', '(?<=b)', '(?!c)')
const pattern: fc.Arbitrary<string> = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('pattern'), tie('pattern')).map((parts) => parts.join('')),
    fc.tuple(tie('pattern'), tie('pattern')).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie('pattern'), fc.constantFrom('*', '+', '?', '*?', '+?', '??', '{2}', '{1,2}', '{0,3}?', '{1,}'))
      .map(([body, times]) => `(?:${body})${times}`),
    tie('pattern').map((body) => `(${body})`),
  ),
})).pattern

test('finds what the host finds, for patterns made from the grammar', () => {
  const plain = { ignoreCase: false, multiline: false, dotAll: false, unicode: true, longest: false }
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 8 }), (source, text) => {
      const slots = new Matcher(compileRegExp(parseRegExp(source, true)), plain).search(text, 0, false)
      const found = new RegExp(source, 'u').exec(text)
      const seen = slots && [slots[0], text.slice(slots[0], slots[1])]
      expect(seen).toEqual(found ? [found.index, found[0]] : undefined)
    }),
    { numRuns: 2000, seed: 3 },
  )
})

test.each([
  ['^(a+)+$', `${'a'.repeat(5000)}!`],
  ['(a|aa)+$', `${'a'.repeat(5000)}!`],
  ['(.*)*x', 'a'.repeat(5000)],
  ['(a?){30}a{30}$', `${'a'.repeat(29)}!`],
  ['a*a*a*a*a*a*b', 'a'.repeat(3000)],
  ['(?=(a+)+$)', `${'a'.repeat(100)}!`],
])('%s, which sends other matchers to sleep, answers', (source, text) => {
  expect(new BoundedRegExp(source).test(text)).toBe(false)
})

test('with references a search that takes too long fails like memory that ran out', () => {
  expect(new BoundedRegExp('(a*)b\\1$').exec('aabaa')?.[0]).toBe('aabaa')
  expect(() => new BoundedRegExp('^(a*)*\\1b').exec('a'.repeat(60))).toThrow('Cannot allocate memory')
})

test('the longest of the leftmost is found where POSIX wants that', () => {
  const longest = (source: string, text: string) => [...new BoundedRegExp(source, '', { longest: true }).exec(text)!]
  expect(longest('foo|foobar', 'a foobar')).toEqual(['foobar'])
  expect(longest('(a|ab)(c|bcd)(d*)', 'abcd')[0]).toBe('abcd')
})

test('replace, split and matchAll go through it', () => {
  const words = new BoundedRegExp('(?:(a+)|b)+', 'g')
  expect('xaabyb'.replace(words, (found) => `<${found}>`)).toBe('x<aab>y<b>')
  expect('1aab2b3'.split(words)).toEqual(['1', 'aa', '2', undefined, '3'])
  expect([...'ab a'.matchAll(words)].map((m) => m.index)).toEqual([0, 3])
  expect(new BoundedRegExp('(?<y>\\d+)-(?<m>\\d+|x)+').exec('in 2026-11')?.groups).toMatchObject({ y: '2026', m: '11' })
})
