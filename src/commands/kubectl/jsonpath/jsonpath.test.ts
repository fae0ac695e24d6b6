import { expect, test } from 'vitest'
import { JsonPath } from './jsonpath.ts'

const DATA = {
  items: [
    { name: 'a', port: 80, tags: { 'x.y': 'dotted' } },
    { name: 'b', port: 2_000_000_000 },
  ],
}

test.each([
  ['{.items[*].name}', 'a b'],
  ['{range .items[*]}{.name}={.port}{"\\n"}{end}', 'a=80\nb=2e+09\n'],
  ['{.items[-1].name}', 'b'],
  ['{.items[0:1].name}', 'a'],
  ['{.items[?(@.port>100)].name}', 'b'],
  ['{.items[?(@.name=="a")].tags.x\\.y}', 'dotted'],
  ["{.items[*]['name', 'port']}", 'a b 80 2e+09'],
  ['{..name}', 'a b'],
  ['{.items[0].tags}', '{"x.y":"dotted"}'],
  ['{.nothing.here}', ''],
])('%s', (template, text) => {
  expect(new JsonPath(template).text(DATA)).toBe(text)
})

test.each([
  ['{.items[0].name', 'unclosed action'],
  ['{.items[x]}', 'invalid array index x'],
])('%s is refused: %s', (template, message) => {
  expect(() => new JsonPath(template)).toThrow(message)
})
