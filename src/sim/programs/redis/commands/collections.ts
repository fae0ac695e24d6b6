import { array, bulk, bulks, integer, NIL, OK } from '../resp.ts'
import {
  type Call,
  CommandError,
  type CommandTable,
  formatNumber,
  parseFloat64,
  parseInteger,
  SYNTAX,
  sliceBounds,
  touch,
  value,
} from './command.ts'

export function list(call: Call, key: string, make = false): string[] | undefined {
  const found = value(call, key, 'list')
  if (found || !make) return found?.items
  const items: string[] = []
  call.db.set(key, { type: 'list', items })
  return items
}

export function members(call: Call, key: string, make = false): Set<string> | undefined {
  const found = value(call, key, 'set')
  if (found || !make) return found?.members
  const set = new Set<string>()
  call.db.set(key, { type: 'set', members: set })
  return set
}

function fields(call: Call, key: string, make = false): Map<string, string> | undefined {
  const found = value(call, key, 'hash')
  if (found || !make) return found?.fields
  const map = new Map<string, string>()
  call.db.set(key, { type: 'hash', fields: map })
  return map
}

/** Collections that become empty cease to exist. */
export function dropEmpty(call: Call, key: string, size: number): void {
  if (size === 0) call.db.delete(key)
  touch(call, key)
}

function push(call: Call, end: 'left' | 'right', onlyExisting: boolean) {
  const key = call.words[1]!
  const items = list(call, key, !onlyExisting)
  if (!items) return integer(0)
  for (const word of call.words.slice(2)) end === 'left' ? items.unshift(word) : items.push(word)
  touch(call, key)
  return integer(items.length)
}

function pop(call: Call, end: 'left' | 'right') {
  const key = call.words[1]!
  const items = list(call, key)
  const count = call.words[2] === undefined ? undefined : parseInteger(call.words[2])
  if (!items) return NIL
  const taken: string[] = []
  for (let i = 0; i < (count ?? 1) && items.length > 0; i++) taken.push(end === 'left' ? items.shift()! : items.pop()!)
  dropEmpty(call, key, items.length)
  return count === undefined ? bulk(taken[0]) : bulks(taken)
}

/** A set of integers lies in order. */
function inOrder(items: string[]): string[] {
  return items.every((item) => /^-?\d{1,18}$/.test(item)) ? items.toSorted((a, b) => Number(a) - Number(b)) : items
}

type Merge = (sets: Set<string>[]) => string[]
const MERGES = {
  inter: ([first = new Set(), ...rest]) => [...first].filter((m) => rest.every((s) => s.has(m))),
  union: (all) => [...new Set(all.flatMap((s) => [...s]))],
  diff: ([first = new Set(), ...rest]) => [...first].filter((m) => !rest.some((s) => s.has(m))),
} satisfies Record<string, Merge>

const merged = (call: Call, keys: readonly string[], merge: Merge) =>
  inOrder(merge(keys.map((key) => members(call, key) ?? new Set())))

function combine(call: Call, merge: Merge) {
  return bulks(merged(call, call.words.slice(1), merge))
}

function combineInto(call: Call, merge: Merge) {
  const [, key = '', ...sources] = call.words
  const found = merged(call, sources, merge)
  call.db.set(key, { type: 'set', members: new Set(found) })
  dropEmpty(call, key, found.length)
  return integer(found.length)
}

const lists: CommandTable = {
  lpush: { arity: -3, write: true, run: (c) => push(c, 'left', false) },
  rpush: { arity: -3, write: true, run: (c) => push(c, 'right', false) },
  lpushx: { arity: -3, write: true, run: (c) => push(c, 'left', true) },
  rpushx: { arity: -3, write: true, run: (c) => push(c, 'right', true) },
  lpop: { arity: -2, write: true, run: (c) => pop(c, 'left') },
  rpop: { arity: -2, write: true, run: (c) => pop(c, 'right') },
  llen: { arity: 2, run: (c) => integer(list(c, c.words[1]!)?.length ?? 0) },
  lrange: {
    arity: 4,
    run: (c) => {
      const items = list(c, c.words[1]!) ?? []
      return bulks(items.slice(...sliceBounds(parseInteger(c.words[2]), parseInteger(c.words[3]), items.length)))
    },
  },
  lindex: {
    arity: 3,
    run: (c) => {
      const at = parseInteger(c.words[2])
      return bulk(list(c, c.words[1]!)?.at(at))
    },
  },
  lset: {
    arity: 4,
    write: true,
    run: (c) => {
      const items = list(c, c.words[1]!)
      if (!items) throw new CommandError('ERR no such key')
      const at = parseInteger(c.words[2])
      const i = at < 0 ? items.length + at : at
      if (i < 0 || i >= items.length) throw new CommandError('ERR index out of range')
      items[i] = c.words[3]!
      touch(c, c.words[1]!)
      return OK
    },
  },
  lrem: {
    arity: 4,
    write: true,
    run: (c) => {
      const items = list(c, c.words[1]!)
      if (!items) return integer(0)
      const count = parseInteger(c.words[2])
      let left = count === 0 ? items.length : Math.abs(count)
      const order = count < 0 ? [...items.keys()].reverse() : [...items.keys()]
      const doomed = new Set<number>()
      for (const i of order)
        if (left > 0 && items[i] === c.words[3]) {
          doomed.add(i)
          left--
        }
      items.splice(0, items.length, ...items.filter((_, i) => !doomed.has(i)))
      dropEmpty(c, c.words[1]!, items.length)
      return integer(doomed.size)
    },
  },
  ltrim: {
    arity: 4,
    write: true,
    run: (c) => {
      const items = list(c, c.words[1]!)
      if (!items) return OK
      const kept = items.slice(...sliceBounds(parseInteger(c.words[2]), parseInteger(c.words[3]), items.length))
      items.splice(0, items.length, ...kept)
      dropEmpty(c, c.words[1]!, items.length)
      return OK
    },
  },
}

const otherEnd = { left: 'shift', right: 'pop' } as const

function moveItem(call: Call, from: string, to: string, take: 'left' | 'right', put: 'left' | 'right') {
  const source = list(call, from)
  if (!source) return NIL
  const target = from === to ? source : list(call, to, true)!
  const item = source[otherEnd[take]]()!
  put === 'left' ? target.unshift(item) : target.push(item)
  dropEmpty(call, from, source.length)
  touch(call, to)
  return bulk(item)
}

function sideOf(word: string | undefined): 'left' | 'right' {
  const side = word?.toLowerCase()
  if (side !== 'left' && side !== 'right') throw new CommandError(SYNTAX)
  return side
}

const moves: CommandTable = {
  rpoplpush: { arity: 3, write: true, run: (c) => moveItem(c, c.words[1]!, c.words[2]!, 'right', 'left') },
  lmove: {
    arity: 5,
    write: true,
    run: (c) => moveItem(c, c.words[1]!, c.words[2]!, sideOf(c.words[3]), sideOf(c.words[4])),
  },
  linsert: {
    arity: 5,
    write: true,
    run: (c) => {
      const [, key = '', where = '', pivot = '', item = ''] = c.words
      if (!/^(before|after)$/i.test(where)) throw new CommandError(SYNTAX)
      const items = list(c, key)
      if (!items) return integer(0)
      const at = items.indexOf(pivot)
      if (at < 0) return integer(-1)
      items.splice(where.toLowerCase() === 'before' ? at : at + 1, 0, item)
      touch(c, key)
      return integer(items.length)
    },
  },
  lpos: {
    arity: -3,
    run: (c) => {
      if (c.words.length > 3) throw new CommandError('ERR not simulated: options of LPOS')
      const at = list(c, c.words[1]!)?.indexOf(c.words[2]!) ?? -1
      return at < 0 ? NIL : integer(at)
    },
  },
}

const sets: CommandTable = {
  sadd: {
    arity: -3,
    write: true,
    run: (c) => {
      const set = members(c, c.words[1]!, true)!
      const before = set.size
      for (const word of c.words.slice(2)) set.add(word)
      touch(c, c.words[1]!)
      return integer(set.size - before)
    },
  },
  srem: {
    arity: -3,
    write: true,
    run: (c) => {
      const set = members(c, c.words[1]!)
      if (!set) return integer(0)
      const gone = c.words.slice(2).filter((word) => set.delete(word)).length
      dropEmpty(c, c.words[1]!, set.size)
      return integer(gone)
    },
  },
  smembers: { arity: 2, run: (c) => bulks(inOrder([...(members(c, c.words[1]!) ?? [])])) },
  sismember: { arity: 3, run: (c) => integer(members(c, c.words[1]!)?.has(c.words[2]!) ? 1 : 0) },
  scard: { arity: 2, run: (c) => integer(members(c, c.words[1]!)?.size ?? 0) },
  sinter: { arity: -2, run: (c) => combine(c, MERGES.inter) },
  sunion: { arity: -2, run: (c) => combine(c, MERGES.union) },
  sdiff: { arity: -2, run: (c) => combine(c, MERGES.diff) },
  sinterstore: { arity: -3, write: true, run: (c) => combineInto(c, MERGES.inter) },
  sunionstore: { arity: -3, write: true, run: (c) => combineInto(c, MERGES.union) },
  sdiffstore: { arity: -3, write: true, run: (c) => combineInto(c, MERGES.diff) },
  sintercard: {
    arity: -3,
    run: (c) => {
      const count = parseInteger(c.words[1])
      return integer(merged(c, c.words.slice(2, 2 + count), MERGES.inter).length)
    },
  },
  smismember: {
    arity: -3,
    run: (c) => array(c.words.slice(2).map((m) => integer(members(c, c.words[1]!)?.has(m) ? 1 : 0))),
  },
  smove: {
    arity: 4,
    write: true,
    run: (c) => {
      const [, from = '', to = '', member = ''] = c.words
      const source = members(c, from)
      if (!source?.delete(member)) return integer(0)
      members(c, to, true)!.add(member)
      dropEmpty(c, from, source.size)
      touch(c, to)
      return integer(1)
    },
  },
  spop: {
    arity: -2,
    write: true,
    run: (c) => {
      const set = members(c, c.words[1]!)
      if (!set) return c.words[2] === undefined ? NIL : array([])
      const taken: string[] = []
      const count = c.words[2] === undefined ? 1 : parseInteger(c.words[2])
      while (taken.length < count && set.size > 0) {
        const member = c.server.process.random.pick([...set])
        set.delete(member)
        taken.push(member)
      }
      dropEmpty(c, c.words[1]!, set.size)
      return c.words[2] === undefined ? bulk(taken[0]) : bulks(taken)
    },
  },
  srandmember: {
    arity: -2,
    run: (c) => {
      const all = [...(members(c, c.words[1]!) ?? [])]
      if (c.words[2] === undefined) return all.length === 0 ? NIL : bulk(c.server.process.random.pick(all))
      const count = parseInteger(c.words[2])
      if (count < 0) return bulks(Array.from({ length: all.length && -count }, () => c.server.process.random.pick(all)))
      const drawn: string[] = []
      while (drawn.length < count && all.length > 0) {
        const member = c.server.process.random.pick(all)
        drawn.push(member)
        all.splice(all.indexOf(member), 1)
      }
      return bulks(drawn)
    },
  },
}

const hashes: CommandTable = {
  hstrlen: { arity: 3, run: (c) => integer(fields(c, c.words[1]!)?.get(c.words[2]!)?.length ?? 0) },
  hsetnx: {
    arity: 4,
    write: true,
    run: (c) => {
      const map = fields(c, c.words[1]!, true)!
      if (map.has(c.words[2]!)) return integer(0)
      map.set(c.words[2]!, c.words[3]!)
      touch(c, c.words[1]!)
      return integer(1)
    },
  },
  hincrbyfloat: {
    arity: 4,
    write: true,
    run: (c) => {
      const by = parseFloat64(c.words[3])
      const map = fields(c, c.words[1]!, true)!
      const before = Number(map.get(c.words[2]!) ?? '0')
      if (Number.isNaN(before)) throw new CommandError('ERR hash value is not a float')
      const after = formatNumber(before + by)
      map.set(c.words[2]!, after)
      touch(c, c.words[1]!)
      return bulk(after)
    },
  },
  hset: {
    arity: -4,
    write: true,
    run: (c) => {
      if (c.words.length % 2 !== 0) throw new CommandError("ERR wrong number of arguments for 'hset' command")
      const map = fields(c, c.words[1]!, true)!
      const before = map.size
      for (let i = 2; i < c.words.length; i += 2) map.set(c.words[i]!, c.words[i + 1]!)
      touch(c, c.words[1]!)
      return integer(map.size - before)
    },
  },
  hmset: {
    arity: -4,
    write: true,
    run: (c) => {
      hashes.hset!.run(c)
      return OK
    },
  },
  hget: { arity: 3, run: (c) => bulk(fields(c, c.words[1]!)?.get(c.words[2]!)) },
  hmget: { arity: -3, run: (c) => bulks(c.words.slice(2).map((f) => fields(c, c.words[1]!)?.get(f))) },
  hgetall: { arity: 2, run: (c) => bulks([...(fields(c, c.words[1]!) ?? [])].flat()) },
  hkeys: { arity: 2, run: (c) => bulks([...(fields(c, c.words[1]!)?.keys() ?? [])]) },
  hvals: { arity: 2, run: (c) => bulks([...(fields(c, c.words[1]!)?.values() ?? [])]) },
  hlen: { arity: 2, run: (c) => integer(fields(c, c.words[1]!)?.size ?? 0) },
  hexists: { arity: 3, run: (c) => integer(fields(c, c.words[1]!)?.has(c.words[2]!) ? 1 : 0) },
  hdel: {
    arity: -3,
    write: true,
    run: (c) => {
      const map = fields(c, c.words[1]!)
      if (!map) return integer(0)
      const gone = c.words.slice(2).filter((field) => map.delete(field)).length
      dropEmpty(c, c.words[1]!, map.size)
      return integer(gone)
    },
  },
  hincrby: {
    arity: 4,
    write: true,
    run: (c) => {
      const map = fields(c, c.words[1]!, true)!
      const before = map.get(c.words[2]!) ?? '0'
      if (!/^-?\d+$/.test(before)) throw new CommandError('ERR hash value is not an integer')
      const after = Number(before) + parseInteger(c.words[3])
      map.set(c.words[2]!, String(after))
      touch(c, c.words[1]!)
      return integer(after)
    },
  },
}

export const collections: CommandTable = { ...lists, ...moves, ...sets, ...hashes }
