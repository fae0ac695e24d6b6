import { array, bulk, bulks, integer, NIL, type Reply } from '../resp.ts'
import { dropEmpty } from './collections.ts'
import {
  type Call,
  CommandError,
  type CommandTable,
  formatScore,
  parseFloat64,
  parseInteger,
  SYNTAX,
  sliceBounds,
  touch,
  value,
} from './command.ts'

type Ranked = [member: string, score: number][]

function scores(call: Call, key: string, make = false): Map<string, number> | undefined {
  const found = value(call, key, 'zset')
  if (found || !make) return found?.scores
  const map = new Map<string, number>()
  call.db.set(key, { type: 'zset', scores: map })
  return map
}

const ranked = (map: ReadonlyMap<string, number> | undefined): Ranked =>
  [...(map ?? [])].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : a > b ? 1 : 0))

const shown = (call: Call, found: Ranked, withScores: boolean): Reply =>
  bulks(found.flatMap(([member, score]) => (withScores ? [member, formatScore(call, score)] : [member])))

/** A test of scores between two bounds, `(` before one that does not belong. */
function between(low: string | undefined, high: string | undefined): (score: number) => boolean {
  const bound = (text = '') => {
    try {
      return { open: text.startsWith('('), at: parseFloat64(text.replace(/^\(/, '')) }
    } catch {
      throw new CommandError('ERR min or max is not a float')
    }
  }
  const [least, most] = [bound(low), bound(high)]
  return (s) => (least.open ? s > least.at : s >= least.at) && (most.open ? s < most.at : s <= most.at)
}

function betweenNames(low = '', high = ''): (member: string) => boolean {
  if (![low, high].every((text) => /^([-+]$|[[(])/.test(text)))
    throw new CommandError('ERR min or max not valid string range item')
  const above = (m: string) => low === '-' || (low !== '+' && (low[0] === '[' ? m >= low.slice(1) : m > low.slice(1)))
  const below = (m: string) =>
    high === '+' || (high !== '-' && (high[0] === '[' ? m <= high.slice(1) : m < high.slice(1)))
  return (member) => above(member) && below(member)
}

interface RangeOptions {
  by: 'rank' | 'score' | 'lex'
  reverse: boolean
  withScores: boolean
  limit: readonly [number, number] | undefined
}

function rangeOptions(words: readonly string[], start: Pick<RangeOptions, 'by' | 'reverse'>): RangeOptions {
  const options: RangeOptions = { ...start, withScores: false, limit: undefined }
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!.toUpperCase()
    if (word === 'WITHSCORES') options.withScores = true
    else if (word === 'REV') options.reverse = true
    else if (word === 'BYSCORE') options.by = 'score'
    else if (word === 'BYLEX') options.by = 'lex'
    else if (word === 'LIMIT' && i + 2 < words.length) {
      options.limit = [parseInteger(words[i + 1]), parseInteger(words[i + 2])]
      i += 2
    } else throw new CommandError(SYNTAX)
  }
  if (options.limit && options.by === 'rank')
    throw new CommandError('ERR syntax error, LIMIT is only supported in combination with either BYSCORE or BYLEX')
  return options
}

function range(call: Call, start: Pick<RangeOptions, 'by' | 'reverse'>): Reply {
  const [, key = '', first, second, ...rest] = call.words
  const { by, reverse, withScores, limit } = rangeOptions(rest, start)
  const all = ranked(scores(call, key))
  if (reverse) all.reverse()
  if (by === 'rank')
    return shown(call, all.slice(...sliceBounds(parseInteger(first), parseInteger(second), all.length)), withScores)
  const [low, high] = reverse ? [second, first] : [first, second]
  const inScores = by === 'score' ? between(low, high) : undefined
  const inNames = by === 'lex' ? betweenNames(low, high) : undefined
  const hits = all.filter(([member, score]) => inScores?.(score) ?? inNames?.(member))
  const [skip, count] = limit ?? [0, -1]
  return shown(call, hits.slice(skip, count < 0 ? undefined : skip + count), withScores)
}

function add(call: Call): Reply {
  const flags = new Set<string>()
  let i = 2
  for (; /^(nx|xx|gt|lt|ch|incr)$/i.test(call.words[i] ?? ''); i++) flags.add(call.words[i]!.toLowerCase())
  const rest = call.words.slice(i)
  if (rest.length === 0 || rest.length % 2 !== 0) throw new CommandError(SYNTAX)
  if (flags.has('nx') && flags.has('xx'))
    throw new CommandError('ERR XX and NX options at the same time are not compatible')
  if (flags.has('incr') && rest.length > 2)
    throw new CommandError('ERR INCR option supports a single increment-element pair')
  const pairs = Array.from(
    { length: rest.length / 2 },
    (_, at) => [parseFloat64(rest[2 * at]), rest[2 * at + 1]!] as const,
  )
  const key = call.words[1]!
  const map = scores(call, key, true)!
  let added = 0
  let changed = 0
  let last: number | undefined
  for (const [given, member] of pairs) {
    const before = map.get(member)
    const after = flags.has('incr') ? (before ?? 0) + given : given
    const refused =
      (flags.has('nx') && before !== undefined) ||
      (flags.has('xx') && before === undefined) ||
      (flags.has('gt') && before !== undefined && after <= before) ||
      (flags.has('lt') && before !== undefined && after >= before)
    if (refused) continue
    map.set(member, after)
    last = after
    if (before === undefined) added++
    else if (before !== after) changed++
  }
  if (added + changed > 0) touch(call, key)
  if (map.size === 0) call.db.delete(key)
  if (flags.has('incr')) return last === undefined ? NIL : bulk(formatScore(call, last))
  return integer(flags.has('ch') ? added + changed : added)
}

function rank(call: Call, reverse: boolean): Reply {
  const all = ranked(scores(call, call.words[1]!))
  const at = (reverse ? all.reverse() : all).findIndex(([member]) => member === call.words[2])
  return at < 0 ? NIL : integer(at)
}

function removeAll(call: Call, doomed: readonly string[]): Reply {
  const map = scores(call, call.words[1]!)
  if (!map) return integer(0)
  const gone = doomed.filter((member) => map.delete(member)).length
  if (gone > 0) dropEmpty(call, call.words[1]!, map.size)
  return integer(gone)
}

function pop(call: Call, end: 'least' | 'most'): Reply {
  const map = scores(call, call.words[1]!)
  const all = ranked(map)
  if (end === 'most') all.reverse()
  const taken = all.slice(0, call.words[2] === undefined ? 1 : parseInteger(call.words[2]))
  for (const [member] of taken) map!.delete(member)
  if (taken.length > 0) dropEmpty(call, call.words[1]!, map!.size)
  return shown(call, taken, true)
}

const names = (found: Ranked) => found.map(([member]) => member)

export const sortedSets: CommandTable = {
  zadd: { arity: -4, write: true, run: add },
  zscore: {
    arity: 3,
    run: (c) => {
      const score = scores(c, c.words[1]!)?.get(c.words[2]!)
      return bulk(score === undefined ? undefined : formatScore(c, score))
    },
  },
  zmscore: {
    arity: -3,
    run: (c) => {
      const map = scores(c, c.words[1]!)
      const each = c.words.slice(2).map((member) => map?.get(member))
      return array(each.map((score) => bulk(score === undefined ? undefined : formatScore(c, score))))
    },
  },
  zcard: { arity: 2, run: (c) => integer(scores(c, c.words[1]!)?.size ?? 0) },
  zcount: {
    arity: 4,
    run: (c) => {
      const isIn = between(c.words[2], c.words[3])
      return integer(ranked(scores(c, c.words[1]!)).filter(([, score]) => isIn(score)).length)
    },
  },
  zrange: { arity: -4, run: (c) => range(c, { by: 'rank', reverse: false }) },
  zrevrange: { arity: -4, run: (c) => range(c, { by: 'rank', reverse: true }) },
  zrangebyscore: { arity: -4, run: (c) => range(c, { by: 'score', reverse: false }) },
  zrevrangebyscore: { arity: -4, run: (c) => range(c, { by: 'score', reverse: true }) },
  zrangebylex: { arity: -4, run: (c) => range(c, { by: 'lex', reverse: false }) },
  zrank: { arity: 3, run: (c) => rank(c, false) },
  zrevrank: { arity: 3, run: (c) => rank(c, true) },
  zincrby: {
    arity: 4,
    write: true,
    run: (c) => {
      const by = parseFloat64(c.words[2])
      const map = scores(c, c.words[1]!, true)!
      const after = (map.get(c.words[3]!) ?? 0) + by
      map.set(c.words[3]!, after)
      touch(c, c.words[1]!)
      return bulk(formatScore(c, after))
    },
  },
  zrem: { arity: -3, write: true, run: (c) => removeAll(c, c.words.slice(2)) },
  zremrangebyrank: {
    arity: 4,
    write: true,
    run: (c) => {
      const all = ranked(scores(c, c.words[1]!))
      const [from, to] = sliceBounds(parseInteger(c.words[2]), parseInteger(c.words[3]), all.length)
      return removeAll(c, names(all.slice(from, to)))
    },
  },
  zremrangebyscore: {
    arity: 4,
    write: true,
    run: (c) => {
      const isIn = between(c.words[2], c.words[3])
      return removeAll(c, names(ranked(scores(c, c.words[1]!)).filter(([, score]) => isIn(score))))
    },
  },
  zpopmin: { arity: -2, write: true, run: (c) => pop(c, 'least') },
  zpopmax: { arity: -2, write: true, run: (c) => pop(c, 'most') },
}
