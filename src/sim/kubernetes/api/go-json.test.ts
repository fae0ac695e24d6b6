import { expect, test } from 'vitest'
import { goJsonProblem } from './go-json.ts'

test.each([
  ['{"a": [1, -2.5e3, true, null, "x\\u00e9"]}', undefined],
  ['', 'unexpected end of JSON input'],
  ['{"a": [1', 'unexpected end of JSON input'],
  ['{bad', "invalid character 'b' looking for beginning of object key string"],
  ['{"a"=1}', "invalid character '=' after object key"],
  ['{"a":1 "b"}', `invalid character '"' after object key:value pair`],
  ['[1 2]', "invalid character '2' after array element"],
  ['{"a":}', "invalid character '}' looking for beginning of value"],
  ['{} x', "invalid character 'x' after top-level value"],
  ['trux', "invalid character 'x' in literal true (expecting 'e')"],
  ['"a\nb"', "invalid character '\\n' in string literal"],
  ['[01]', "invalid character '1' after array element"],
  ['['.repeat(100_000), 'unexpected end of JSON input'],
])('names the first wrong character of %j', (text, problem) => {
  expect(goJsonProblem(text)).toBe(problem)
})
