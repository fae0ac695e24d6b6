import { expect, test } from 'vitest'
import { parseRfc3339, rfc3339 } from '../../../time/date.ts'
import { parseSchedule } from './schedule.ts'

test.each([
  ['*/5 * * * *', undefined, '2026-11-21T03:11:14Z', '2026-11-21T03:15:00Z'],
  ['0 3 * * 1-5', 'Asia/Shanghai', '2026-11-21T03:11:14Z', '2026-11-22T19:00:00Z'],
  ['30 2 29 2 *', undefined, '2026-11-21T00:00:00Z', '2028-02-29T02:30:00Z'],
  ['0 0 13 * fri', undefined, '2026-11-21T00:00:00Z', '2026-11-27T00:00:00Z'],
  ['@hourly', undefined, '2026-11-21T03:00:00Z', '2026-11-21T04:00:00Z'],
  ['30 2 * * *', 'America/New_York', '2027-03-13T12:00:00Z', '2027-03-14T06:30:00Z'],
])('%s (%s) after %s is due at %s', (text, zone, after, due) => {
  expect(rfc3339(parseSchedule(text, zone).next(parseRfc3339(after))!)).toBe(due)
})

test('a field out of range is refused in the parser’s words', () => {
  expect(() => parseSchedule('61 * * * *')).toThrow('end of range (61) above maximum (59): 61')
})
