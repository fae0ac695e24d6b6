import { array, integer, NIL, type Reply } from '../resp.ts'
import {
  type Call,
  CommandError,
  type CommandTable,
  NOT_INTEGER,
  SYNTAX,
  sliceBounds,
  touch,
  value,
} from './command.ts'

const OFFSET = 'ERR bit offset is not an integer or out of range'
const TYPE = 'ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.'

const text = (call: Call, key: string): string => value(call, key, 'string')?.text ?? ''

function keep(call: Call, key: string, bytes: string): void {
  call.db.set(key, { type: 'string', text: bytes }, call.db.get(key)?.expires)
  touch(call, key)
}

function offset(word: string | undefined): number {
  if (word === undefined || !/^\d{1,10}$/.test(word) || Number(word) >= 2 ** 32) throw new CommandError(OFFSET)
  return Number(word)
}

function integerOf(word: string | undefined): number {
  if (word === undefined || !/^-?\d{1,18}$/.test(word)) throw new CommandError(NOT_INTEGER)
  return Number(word)
}

const bitAt = (bytes: string, at: number): number => ((bytes.charCodeAt(at >> 3) || 0) >> (7 - (at & 7))) & 1

function withBit(bytes: string, at: number, bit: number): string {
  const index = at >> 3
  const padded = bytes.padEnd(index + 1, '\0')
  const mask = 1 << (7 - (at & 7))
  const before = padded.charCodeAt(index)
  const after = bit === 1 ? before | mask : before & ~mask
  return padded.slice(0, index) + String.fromCharCode(after) + padded.slice(index + 1)
}

function setBit(call: Call): Reply {
  const [, key = '', at, bit] = call.words
  const where = offset(at)
  if (bit !== '0' && bit !== '1') throw new CommandError('ERR bit is not an integer or out of range')
  const bytes = text(call, key)
  keep(call, key, withBit(bytes, where, Number(bit)))
  return integer(bitAt(bytes, where))
}

/** The bits between two ends, in bytes or in bits: as [from, to) of bits. */
function bitRange(length: number, from: string | undefined, to: string | undefined, unit: string): [number, number] {
  const scale = unit === 'BIT' ? 1 : 8
  const [first, end] = sliceBounds(
    integerOf(from),
    to === undefined ? -1 : integerOf(to),
    unit === 'BIT' ? length * 8 : length,
  )
  return [first * scale, end * scale]
}

function unitOf(word: string | undefined): string {
  const unit = word?.toUpperCase() ?? 'BYTE'
  if (unit !== 'BIT' && unit !== 'BYTE') throw new CommandError(SYNTAX)
  return unit
}

function count(call: Call): Reply {
  const [, key = '', from, to, unit, ...more] = call.words
  if (more.length > 0 || (from !== undefined && to === undefined)) throw new CommandError(SYNTAX)
  const bytes = text(call, key)
  const [start, end] = from === undefined ? [0, bytes.length * 8] : bitRange(bytes.length, from, to, unitOf(unit))
  let sum = 0
  for (let at = start; at < end; at++) sum += bitAt(bytes, at)
  return integer(sum)
}

function position(call: Call): Reply {
  const [, key = '', wanted, from, to, unit, ...more] = call.words
  if (wanted !== '0' && wanted !== '1') {
    integerOf(wanted)
    throw new CommandError('ERR The bit argument must be 1 or 0.')
  }
  if (more.length > 0) throw new CommandError(SYNTAX)
  const bytes = text(call, key)
  if (!call.db.get(key)) return integer(wanted === '1' ? -1 : 0)
  const [start, end] = from === undefined ? [0, bytes.length * 8] : bitRange(bytes.length, from, to, unitOf(unit))
  for (let at = start; at < end; at++) if (bitAt(bytes, at) === Number(wanted)) return integer(at)
  // Behind the end of a string there are zeros, unless the end was given.
  return integer(wanted === '0' && to === undefined && end > start ? end : -1)
}

function combine(call: Call): Reply {
  const [, word = '', target = '', ...keys] = call.words
  const operation = word.toUpperCase()
  if (!['AND', 'OR', 'XOR', 'NOT'].includes(operation)) throw new CommandError(SYNTAX)
  if (operation === 'NOT' && keys.length !== 1)
    throw new CommandError('ERR BITOP NOT must be called with a single source key.')
  const sources = keys.map((key) => text(call, key))
  const length = Math.max(...sources.map((s) => s.length))
  let out = ''
  for (let i = 0; i < length; i++) {
    const bytes = sources.map((s) => s.charCodeAt(i) || 0)
    const byte =
      operation === 'NOT'
        ? ~bytes[0]! & 255
        : bytes.reduce((a, b) => (operation === 'AND' ? a & b : operation === 'OR' ? a | b : a ^ b))
    out += String.fromCharCode(byte)
  }
  if (length === 0) {
    if (call.db.delete(target)) touch(call, target)
  } else {
    call.db.set(target, { type: 'string', text: out })
    touch(call, target)
  }
  return integer(length)
}

interface Field {
  signed: boolean
  bits: number
}

function fieldOf(word = ''): Field {
  const m = /^([iu])(\d{1,2})$/i.exec(word)
  const signed = m?.[1]?.toLowerCase() === 'i'
  const bits = Number(m?.[2])
  if (!m || bits < 1 || bits > (signed ? 64 : 63)) throw new CommandError(TYPE)
  return { signed, bits }
}

function fieldOffset(word = '', { bits }: Field): number {
  return word.startsWith('#') ? offset(word.slice(1)) * bits : offset(word)
}

function readField(bytes: string, at: number, { signed, bits }: Field): bigint {
  let raw = 0n
  for (let i = 0; i < bits; i++) raw = (raw << 1n) | BigInt(bitAt(bytes, at + i))
  return signed ? BigInt.asIntN(bits, raw) : raw
}

function writeField(bytes: string, at: number, { bits }: Field, amount: bigint): string {
  const raw = BigInt.asUintN(bits, amount)
  let out = bytes
  for (let i = 0; i < bits; i++) out = withBit(out, at + i, Number((raw >> BigInt(bits - 1 - i)) & 1n))
  return out
}

/** Into the field's range, or undefined where FAIL refuses it. */
function bounded(amount: bigint, { signed, bits }: Field, overflow: string): bigint | undefined {
  const most = signed ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n
  const least = signed ? -(1n << BigInt(bits - 1)) : 0n
  if (amount >= least && amount <= most) return amount
  if (overflow === 'FAIL') return undefined
  if (overflow === 'SAT') return amount > most ? most : least
  return signed ? BigInt.asIntN(bits, amount) : BigInt.asUintN(bits, amount)
}

function bitField(call: Call, readOnly: boolean): Reply {
  const [, key = '', ...words] = call.words
  let bytes = text(call, key)
  let overflow = 'WRAP'
  let changed = false
  const out: Reply[] = []
  const number = (amount: bigint): Reply => integer(Number(amount))
  for (let i = 0; i < words.length; ) {
    const what = words[i]!.toUpperCase()
    if (what === 'OVERFLOW') {
      overflow = words[i + 1]?.toUpperCase() ?? ''
      if (!['WRAP', 'SAT', 'FAIL'].includes(overflow)) throw new CommandError('ERR Invalid OVERFLOW type specified')
      i += 2
      continue
    }
    if (!['GET', 'SET', 'INCRBY'].includes(what) || i + (what === 'GET' ? 2 : 3) >= words.length)
      throw new CommandError(SYNTAX)
    const field = fieldOf(words[i + 1])
    const at = fieldOffset(words[i + 2], field)
    const before = readField(bytes, at, field)
    if (what === 'GET') {
      out.push(number(before))
      i += 3
      continue
    }
    if (readOnly) throw new CommandError('ERR BITFIELD_RO only supports the GET subcommand')
    const given = BigInt(integerOf(words[i + 3]))
    const after = bounded(what === 'SET' ? given : before + given, field, overflow)
    if (after === undefined) out.push(NIL)
    else {
      bytes = writeField(bytes, at, field, after)
      changed = true
      out.push(number(what === 'SET' ? before : after))
    }
    i += 4
  }
  if (changed) keep(call, key, bytes)
  return array(out)
}

export const bits: CommandTable = {
  setbit: { arity: 4, write: true, run: setBit },
  getbit: { arity: 3, run: (c) => integer(bitAt(text(c, c.words[1]!), offset(c.words[2]))) },
  bitcount: { arity: -2, run: count },
  bitpos: { arity: -3, run: position },
  bitop: { arity: -4, write: true, run: combine },
  bitfield: { arity: -2, write: true, run: (c) => bitField(c, false) },
  bitfield_ro: { arity: -2, run: (c) => bitField(c, true) },
}
