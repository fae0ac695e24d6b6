/** An entry's number: the millisecond it was made in, and its place within it. */
export interface StreamId {
  ms: number
  seq: number
}
export interface StreamEntry {
  id: StreamId
  /** Names and values in turn. */
  fields: readonly string[]
}
/** What was delivered to a consumer and is not acknowledged. */
export interface PendingEntry {
  id: StreamId
  consumer: string
  /** ms since 1970 */
  delivered: number
  count: number
}
export interface Consumer {
  name: string
  /** ms since 1970: last try, and last delivery or claim */
  seen: number
}
export interface StreamGroup {
  last: StreamId
  /** How many entries it has read, as far as that can be told. */
  read: number | undefined
  /** By the id's text. */
  pending: Map<string, PendingEntry>
  consumers: Map<string, Consumer>
}
export interface Stream {
  entries: StreamEntry[]
  last: StreamId
  added: number
  maxDeleted: StreamId
  groups: Map<string, StreamGroup>
}

export const FIRST: StreamId = { ms: 0, seq: 0 }
/** Above all numbers; printed as the largest of 64 bits. */
export const END: StreamId = { ms: Infinity, seq: Infinity }
const LARGEST = '18446744073709551615'

export const compareIds = (a: StreamId, b: StreamId): number =>
  a.ms === b.ms ? (a.seq === b.seq ? 0 : a.seq < b.seq ? -1 : 1) : a.ms < b.ms ? -1 : 1

const part = (n: number) => (n === Infinity ? LARGEST : String(n))
export const idText = ({ ms, seq }: StreamId): string => `${part(ms)}-${part(seq)}`

/** `1526919030474-55`, `1526919030474` (the given number is then its place); undefined when it is none. */
export function parseId(text: string, seq: number): StreamId | undefined {
  const m = /^(\d{1,20})(?:-(\d{1,20}))?$/.exec(text)
  if (!m) return undefined
  const number = (digits: string) => (digits === LARGEST ? Infinity : Number(digits))
  return { ms: number(m[1]!), seq: m[2] === undefined ? seq : number(m[2]) }
}

export const newStream = (): Stream => ({
  entries: [],
  last: FIRST,
  added: 0,
  maxDeleted: FIRST,
  groups: new Map(),
})

/** The index of the first entry at or behind an id. */
export function lowerBound(entries: readonly StreamEntry[], id: StreamId): number {
  let [low, high] = [0, entries.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (compareIds(entries[middle]!.id, id) < 0) low = middle + 1
    else high = middle
  }
  return low
}
