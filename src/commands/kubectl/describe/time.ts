import { dateFields, parseRfc3339 } from '../../../sim/time/date.ts'

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const two = (n: number) => String(n).padStart(2, '0')

/** `Sat, 21 Nov 2026 03:55:05 +0000` (RFC 1123 with a numeric zone) of an RFC 3339 time. */
export function rfc1123(timestamp: string | undefined | null): string {
  if (!timestamp) return 'Mon, 01 Jan 0001 00:00:00 +0000'
  const d = dateFields(parseRfc3339(timestamp))
  return `${DAYS[d.weekday]}, ${two(d.day)} ${MONTHS[d.month - 1]} ${d.year} ${two(d.hour)}:${two(d.minute)}:${two(d.second)} +0000`
}

/** `2026-11-21 03:29:42 +0000 UTC`, as Go prints a time. */
export const goTime = (timestamp: string) => `${timestamp.replace('T', ' ').replace(/(\.\d+)?Z$/, '')} +0000 UTC`
