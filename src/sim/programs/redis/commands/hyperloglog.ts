import { integer, OK, type Reply } from '../resp.ts'
import { type Call, CommandError, type CommandTable, touch, value } from './command.ts'

/** Registers, and the bits of a hash behind the register's number. */
const REGISTERS = 16_384
const HEADER = 'HYLL\0\0\0\0\0\0\0\0\0\0\0\0'
const INVALID = 'WRONGTYPE Key is not a valid HyperLogLog string value.'

const mask = (n: bigint) => BigInt.asUintN(64, n)

/** MurmurHash64A, the seed redis takes. */
function murmur(text: string): bigint {
  const m = 0xc6a4a7935bd1e995n
  let h = mask(0xadc83b19n ^ (BigInt(text.length) * m))
  const whole = text.length - (text.length % 8)
  for (let at = 0; at < whole; at += 8) {
    let k = 0n
    for (let i = 7; i >= 0; i--) k = (k << 8n) | BigInt(text.charCodeAt(at + i))
    k = mask(k * m)
    k ^= k >> 47n
    k = mask(k * m)
    h = mask((h ^ k) * m)
  }
  if (whole < text.length) {
    let tail = 0n
    for (let i = text.length - 1; i >= whole; i--) tail = (tail << 8n) | BigInt(text.charCodeAt(i))
    h = mask((h ^ tail) * m)
  }
  h ^= h >> 47n
  h = mask(h * m)
  return h ^ (h >> 47n)
}

/** Which register an element goes to, and the length of its run of zeros. */
function place(element: string): [register: number, run: number] {
  const hash = murmur(element)
  const register = Number(hash & BigInt(REGISTERS - 1))
  let rest = (hash >> 14n) | (1n << 50n)
  let run = 1
  for (; (rest & 1n) === 0n; rest >>= 1n) run++
  return [register, run]
}

function registersOf(call: Call, key: string): Uint8Array | undefined {
  const text = value(call, key, 'string')?.text
  if (text === undefined) return undefined
  if (!text.startsWith('HYLL') || text.length !== HEADER.length + REGISTERS) throw new CommandError(INVALID)
  return Uint8Array.from({ length: REGISTERS }, (_, i) => text.charCodeAt(HEADER.length + i))
}

function keep(call: Call, key: string, registers: Uint8Array): void {
  let text = HEADER
  for (let i = 0; i < REGISTERS; i += 4096) text += String.fromCharCode(...registers.subarray(i, i + 4096))
  call.db.set(key, { type: 'string', text }, call.db.get(key)?.expires)
  touch(call, key)
}

/** Ertl's estimator, as redis uses it. */
function estimate(registers: Uint8Array): number {
  const counts = new Array<number>(52).fill(0)
  for (const run of registers) counts[run]!++
  let z = REGISTERS * tau((REGISTERS - counts[51]!) / REGISTERS)
  for (let j = 50; j >= 1; j--) z = (z + counts[j]!) * 0.5
  z += REGISTERS * sigma(counts[0]! / REGISTERS)
  return Math.round((0.7213475204444817 * REGISTERS * REGISTERS) / z)
}

function tau(given: number): number {
  if (given === 0 || given === 1) return 0
  let [x, y, z, before] = [given, 1, 1 - given, Number.NaN]
  while (before !== z) {
    x = Math.sqrt(x)
    before = z
    y *= 0.5
    z -= (1 - x) ** 2 * y
  }
  return z / 3
}

function sigma(given: number): number {
  if (given === 1) return Infinity
  let [x, y, z, before] = [given, 1, given, Number.NaN]
  while (before !== z) {
    x *= x
    before = z
    z += x * y
    y += y
  }
  return z
}

function add(call: Call): Reply {
  const [, key = '', ...elements] = call.words
  const known = registersOf(call, key)
  const registers = known ?? new Uint8Array(REGISTERS)
  let changed = known === undefined
  for (const element of elements) {
    const [register, run] = place(element)
    if (registers[register]! >= run) continue
    registers[register] = run
    changed = true
  }
  if (changed) keep(call, key, registers)
  return integer(changed ? 1 : 0)
}

function union(call: Call, keys: readonly string[]): Uint8Array {
  const all = new Uint8Array(REGISTERS)
  for (const key of keys)
    registersOf(call, key)?.forEach((run, i) => {
      if (run > all[i]!) all[i] = run
    })
  return all
}

export const hyperLogLog: CommandTable = {
  pfadd: { arity: -2, write: true, run: add },
  pfcount: { arity: -2, run: (c) => integer(estimate(union(c, c.words.slice(1)))) },
  pfmerge: {
    arity: -2,
    write: true,
    run: (c) => {
      keep(c, c.words[1]!, union(c, c.words.slice(1)))
      return OK
    },
  },
}
