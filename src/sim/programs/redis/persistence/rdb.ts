import type { Database, Value } from '../database.ts'
import { fromLatin1, latin1 } from '../resp.ts'
import type { Stream } from '../stream.ts'

/** The RDB file format, version 10, plain encodings only (no compression, checksum 0 = unchecked). */
const OPCODE = { aux: 0xfa, resize: 0xfb, expireMs: 0xfc, select: 0xfe, end: 0xff }
const TYPE: Record<Value['type'], number> = { string: 0, list: 1, set: 2, zset: 5, hash: 4, stream: 21 }

export function encodeRdb(databases: readonly Database[], version: string): Uint8Array {
  const out: string[] = ['REDIS0010']
  const length = (n: number) => {
    if (n < 64) return String.fromCharCode(n)
    if (n < 16_384) return String.fromCharCode(0x40 | (n >> 8), n & 255)
    return String.fromCharCode(0x80, (n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255)
  }
  const text = (s: string) => length(s.length) + s
  out.push(String.fromCharCode(OPCODE.aux), text('redis-ver'), text(version))
  databases.forEach((db, index) => {
    const keys = db.keys()
    if (keys.length === 0) return
    out.push(
      String.fromCharCode(OPCODE.select),
      length(index),
      String.fromCharCode(OPCODE.resize),
      length(keys.length),
      length(0),
    )
    for (const key of keys) {
      const { value, expires } = db.get(key)!
      if (expires !== undefined) out.push(String.fromCharCode(OPCODE.expireMs), littleEndian64(expires))
      out.push(String.fromCharCode(TYPE[value.type]), text(key))
      if (value.type === 'string') out.push(text(value.text))
      else if (value.type === 'list') out.push(length(value.items.length), ...value.items.map(text))
      else if (value.type === 'set') out.push(length(value.members.size), ...[...value.members].map(text))
      else if (value.type === 'hash') out.push(length(value.fields.size), ...[...value.fields].flat().map(text))
      else if (value.type === 'stream') out.push(text(streamText(value.stream)))
      else out.push(length(value.scores.size), ...[...value.scores].map(([m, s]) => text(m) + double(s)))
    }
  })
  out.push(String.fromCharCode(OPCODE.end), '\0\0\0\0\0\0\0\0')
  return fromLatin1(out.join(''))
}

export class RdbError extends Error {}

/** Fills the databases; gives the number of keys loaded and of those already expired, and where the file's own bytes end. */
export function decodeRdb(
  bytes: Uint8Array,
  databases: readonly Database[],
  now: number,
): { loaded: number; expired: number; end: number } {
  const data = latin1(bytes)
  if (!data.startsWith('REDIS')) throw new RdbError('Wrong signature trying to load DB from file')
  let at = 9
  const byte = () => data.charCodeAt(at++)
  const length = () => {
    const first = byte()
    if (first >> 6 === 0) return first
    if (first >> 6 === 1) return ((first & 63) << 8) | byte()
    return ((byte() << 24) | (byte() << 16) | (byte() << 8) | byte()) >>> 0
  }
  const text = () => {
    const n = length()
    const s = data.slice(at, at + n)
    at += n
    return s
  }
  const many = <T>(read: () => T): T[] => Array.from({ length: length() }, read)
  let index = 0
  let expires: number | undefined
  let loaded = 0
  let expired = 0
  while (at < data.length) {
    const code = byte()
    if (code === OPCODE.end) break
    if (code === OPCODE.aux) {
      text()
      text()
    } else if (code === OPCODE.resize) {
      length()
      length()
    } else if (code === OPCODE.select) index = length()
    else if (code === OPCODE.expireMs) {
      const view = new DataView(fromLatin1(data.slice(at, at + 8)).buffer)
      expires = Number(view.getBigInt64(0, true))
      at += 8
    } else {
      const key = text()
      const value = readValue(code, text, many, () => {
        const view = new DataView(fromLatin1(data.slice(at, at + 8)).buffer)
        at += 8
        return view.getFloat64(0, true)
      })
      if (expires !== undefined && expires <= now) expired++
      else {
        databases[index]?.set(key, value, expires)
        loaded++
      }
      expires = undefined
    }
  }
  return { loaded, expired, end: at + 8 }
}

function readValue(code: number, text: () => string, many: <T>(read: () => T) => T[], double: () => number): Value {
  switch (code) {
    case TYPE.string:
      return { type: 'string', text: text() }
    case TYPE.list:
      return { type: 'list', items: many(text) }
    case TYPE.set:
      return { type: 'set', members: new Set(many(text)) }
    case TYPE.hash:
      return { type: 'hash', fields: new Map(many(() => [text(), text()] as const)) }
    case TYPE.zset:
      return { type: 'zset', scores: new Map(many(() => [text(), double()] as const)) }
    case TYPE.stream:
      return { type: 'stream', stream: parseStream(text()) }
    default:
      throw new RdbError(`Unknown RDB encoding type ${code}`)
  }
}

/** A stream in words of our own: the format's list packs are not simulated. */
function streamText(stream: Stream): string {
  const groups = [...stream.groups].map(([name, group]) => [
    name,
    { ...group, pending: [...group.pending], consumers: [...group.consumers] },
  ])
  return JSON.stringify({ ...stream, groups })
}

function parseStream(text: string): Stream {
  const { groups, ...rest } = JSON.parse(text)
  return {
    ...rest,
    groups: new Map(
      groups.map(([name, group]: [string, any]) => [
        name,
        { ...group, pending: new Map(group.pending), consumers: new Map(group.consumers) },
      ]),
    ),
  }
}

function littleEndian64(n: number): string {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigInt64(0, BigInt(Math.floor(n)), true)
  return latin1(bytes)
}

function double(n: number): string {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setFloat64(0, n, true)
  return latin1(bytes)
}
