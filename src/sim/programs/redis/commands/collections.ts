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

function list(call: Call, key: string, make = false): string[] | undefined {
  const found = value(call, key, 'list')
  if (found || !make) return found?.items
  const items: string[] = []
  call.db.set(key, { type: 'list', items })
  return items
}

function members(call: Call, key: string, make = false): Set<string> | undefined {
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

function scores(call: Call, key: string, make = false): Map<string, number> | undefined {
  const found = value(call, key, 'zset')
  if (found || !make) return found?.scores
  const map = new Map<string, number>()
  call.db.set(key, { type: 'zset', scores: map })
  return map
}

/** Collections that become empty cease to exist. */
function dropEmpty(call: Call, key: string, size: number): void {
  if (size === 0) call.db.delete(key)
  touch(call, key)
}

const ranked = (map: ReadonlyMap<string, number>) =>
  [...map].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : a > b ? 1 : 0))

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

function zrange(call: Call, reverse: boolean) {
  const [, key = '', start, stop, ...options] = call.words
  const upper = options.map((o) => o.toUpperCase())
  const all = ranked(scores(call, key) ?? new Map())
  if (reverse || upper.includes('REV')) all.reverse()
  const [from, to] = sliceBounds(parseInteger(start), parseInteger(stop), all.length)
  const slice = all.slice(from, to)
  return bulks(upper.includes('WITHSCORES') ? slice.flatMap(([m, s]) => [m, formatNumber(s)]) : slice.map(([m]) => m))
}

function combine(call: Call, merge: (sets: Set<string>[]) => string[]) {
  return bulks(merge(call.words.slice(1).map((key) => members(call, key) ?? new Set())))
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
  smembers: { arity: 2, run: (c) => bulks([...(members(c, c.words[1]!) ?? [])]) },
  sismember: { arity: 3, run: (c) => integer(members(c, c.words[1]!)?.has(c.words[2]!) ? 1 : 0) },
  scard: { arity: 2, run: (c) => integer(members(c, c.words[1]!)?.size ?? 0) },
  sinter: {
    arity: -2,
    run: (c) => combine(c, ([first = new Set(), ...rest]) => [...first].filter((m) => rest.every((s) => s.has(m)))),
  },
  sunion: { arity: -2, run: (c) => combine(c, (all) => [...new Set(all.flatMap((s) => [...s]))]) },
  sdiff: {
    arity: -2,
    run: (c) => combine(c, ([first = new Set(), ...rest]) => [...first].filter((m) => !rest.some((s) => s.has(m)))),
  },
}

const hashes: CommandTable = {
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

const sortedSets: CommandTable = {
  zadd: {
    arity: -4,
    write: true,
    run: (c) => {
      const rest = c.words.slice(2)
      if (rest.length % 2 !== 0) throw new CommandError(SYNTAX)
      const pairs = Array.from(
        { length: rest.length / 2 },
        (_, i) => [parseFloat64(rest[2 * i]), rest[2 * i + 1]!] as const,
      )
      const map = scores(c, c.words[1]!, true)!
      const before = map.size
      for (const [score, member] of pairs) map.set(member, score)
      touch(c, c.words[1]!)
      return integer(map.size - before)
    },
  },
  zscore: {
    arity: 3,
    run: (c) => {
      const score = scores(c, c.words[1]!)?.get(c.words[2]!)
      return bulk(score === undefined ? undefined : formatNumber(score))
    },
  },
  zcard: { arity: 2, run: (c) => integer(scores(c, c.words[1]!)?.size ?? 0) },
  zrange: { arity: -4, run: (c) => zrange(c, false) },
  zrevrange: { arity: -4, run: (c) => zrange(c, true) },
  zrank: {
    arity: 3,
    run: (c) => {
      const at = ranked(scores(c, c.words[1]!) ?? new Map()).findIndex(([m]) => m === c.words[2])
      return at < 0 ? NIL : integer(at)
    },
  },
  zincrby: {
    arity: 4,
    write: true,
    run: (c) => {
      const map = scores(c, c.words[1]!, true)!
      const after = (map.get(c.words[3]!) ?? 0) + parseFloat64(c.words[2])
      map.set(c.words[3]!, after)
      touch(c, c.words[1]!)
      return bulk(formatNumber(after))
    },
  },
  zrem: {
    arity: -3,
    write: true,
    run: (c) => {
      const map = scores(c, c.words[1]!)
      if (!map) return integer(0)
      const gone = c.words.slice(2).filter((m) => map.delete(m)).length
      dropEmpty(c, c.words[1]!, map.size)
      return integer(gone)
    },
  },
  zrangebyscore: {
    arity: -4,
    run: (c) => {
      const bound = (text: string) => ({ open: text.startsWith('('), at: parseFloat64(text.replace(/^\(/, '')) })
      const [low, high] = [bound(c.words[2]!), bound(c.words[3]!)]
      const hits = ranked(scores(c, c.words[1]!) ?? new Map()).filter(
        ([, s]) => (low.open ? s > low.at : s >= low.at) && (high.open ? s < high.at : s <= high.at),
      )
      const withScores = c.words.slice(4).some((w) => w.toUpperCase() === 'WITHSCORES')
      return array(hits.flatMap(([m, s]) => (withScores ? [bulk(m), bulk(formatNumber(s))] : [bulk(m)])))
    },
  },
}

export const collections: CommandTable = { ...lists, ...sets, ...hashes, ...sortedSets }
