import { orWait } from '../blocking.ts'
import { array, bulk, bulks, integer, NIL, OK, type Reply } from '../resp.ts'
import {
  type Consumer,
  compareIds,
  END,
  FIRST,
  idText,
  lowerBound,
  newStream,
  type PendingEntry,
  parseId,
  type Stream,
  type StreamEntry,
  type StreamGroup,
  type StreamId,
} from '../stream.ts'
import { type Call, CommandError, type CommandTable, parseInteger, SYNTAX, touch, value } from './command.ts'

const INVALID_ID = 'ERR Invalid stream ID specified as stream command argument'
const NO_KEY =
  'ERR The XGROUP subcommand requires the key to exist. Note that for CREATE you may want to use the MKSTREAM option to create an empty stream automatically.'

const find = (call: Call, key: string): Stream | undefined => value(call, key, 'stream')?.stream

function id(text: string | undefined, seq = 0): StreamId {
  const found = text === undefined ? undefined : parseId(text, seq)
  if (!found) throw new CommandError(INVALID_ID)
  return found
}

const noGroup = (name: string, key: string, command = '') =>
  new CommandError(
    command === 'xreadgroup'
      ? `NOGROUP No such key '${key}' or consumer group '${name}' in XREADGROUP with GROUP option`
      : `NOGROUP No such consumer group '${name}' for key name '${key}'`,
  )

const entryReply = ({ id, fields }: StreamEntry): Reply => array([bulk(idText(id)), bulks([...fields])])
const entriesReply = (entries: readonly StreamEntry[]): Reply => array(entries.map(entryReply))

interface Trim {
  by: 'MAXLEN' | 'MINID'
  /** Whole nodes only, which a small stream has none of. */
  roughly: boolean
  length: number
  least: StreamId
}

/** `MAXLEN ~ 1000 LIMIT 10`; advances the index it is given. */
function trimOption(words: readonly string[], start: number): { trim: Trim; next: number } {
  const by = words[start]!.toUpperCase() as Trim['by']
  let i = start + 1
  const roughly = words[i] === '~'
  if (words[i] === '~' || words[i] === '=') i++
  const threshold = words[i++]
  const trim: Trim = { by, roughly, length: 0, least: FIRST }
  if (by === 'MAXLEN') {
    trim.length = parseInteger(threshold)
    if (trim.length < 0) throw new CommandError('ERR The MAXLEN argument must be >= 0.')
  } else trim.least = id(threshold)
  if (words[i]?.toUpperCase() === 'LIMIT') {
    if (!roughly) throw new CommandError('ERR syntax error, LIMIT cannot be used without the special ~ option')
    parseInteger(words[i + 1])
    i += 2
  }
  return { trim, next: i }
}

/** How many entries went. Roughly means by nodes of 100 entries. */
function cut(stream: Stream, { by, roughly, length, least }: Trim): number {
  let gone = by === 'MAXLEN' ? Math.max(0, stream.entries.length - length) : lowerBound(stream.entries, least)
  if (roughly) gone -= gone % 100
  stream.entries.splice(0, gone)
  return gone
}

function add(call: Call): Reply {
  const { words } = call
  const key = words[1]!
  let i = 2
  let make = true
  let trim: Trim | undefined
  for (; i < words.length; ) {
    const word = words[i]!.toUpperCase()
    if (word === 'NOMKSTREAM') {
      make = false
      i++
    } else if (word === 'MAXLEN' || word === 'MINID') {
      const found = trimOption(words, i)
      trim = found.trim
      i = found.next
    } else break
  }
  const given = words[i++]
  const fields = words.slice(i)
  if (given === undefined || fields.length === 0 || fields.length % 2 !== 0)
    throw new CommandError("ERR wrong number of arguments for 'xadd' command")
  const known = find(call, key)
  const last = known?.last ?? FIRST
  const next = nextId(given, last, call.server.process.wallClock())
  if (!known && !make) return NIL
  const stream = known ?? newStream()
  if (!known) call.db.set(key, { type: 'stream', stream })
  stream.entries.push({ id: next, fields })
  stream.last = next
  stream.added++
  if (trim) cut(stream, trim)
  touch(call, key)
  // What others are told of carries the number that was given.
  call.propagated = words.map((word, at) => (at === i - 1 ? idText(next) : word))
  return bulk(idText(next))
}

function nextId(given: string, last: StreamId, now: number): StreamId {
  if (given === '*') {
    const ms = Math.floor(now)
    return ms > last.ms ? { ms, seq: 0 } : { ms: last.ms, seq: last.seq + 1 }
  }
  const partly = /^(\d{1,20})-\*$/.exec(given)
  const chosen = partly ? { ms: Number(partly[1]), seq: Number(partly[1]) === last.ms ? last.seq + 1 : 0 } : id(given)
  if (chosen.ms === 0 && chosen.seq === 0 && !partly)
    throw new CommandError('ERR The ID specified in XADD must be greater than 0-0')
  if (partly && chosen.ms === 0 && chosen.seq === 0) chosen.seq = 1
  if (compareIds(chosen, last) <= 0)
    throw new CommandError('ERR The ID specified in XADD is equal or smaller than the target stream top item')
  return chosen
}

/** An end of a range: `-`, `+`, an id, or `(` and an id that does not belong. */
function bound(text = '', side: 'low' | 'high'): { at: StreamId; open: boolean } {
  if (text === '-') return { at: FIRST, open: false }
  if (text === '+') return { at: END, open: false }
  const open = text.startsWith('(')
  return { at: id(open ? text.slice(1) : text, side === 'low' ? 0 : Infinity), open }
}

function between(stream: Stream | undefined, low: string | undefined, high: string | undefined): StreamEntry[] {
  const [from, to] = [bound(low, 'low'), bound(high, 'high')]
  return (stream?.entries ?? []).filter(
    (entry) =>
      compareIds(entry.id, from.at) >= (from.open ? 1 : 0) && compareIds(entry.id, to.at) <= (to.open ? -1 : 0),
  )
}

function range(call: Call, reverse: boolean): Reply {
  const [, key = '', first, second, word, amount, ...more] = call.words
  if ((word !== undefined && word.toUpperCase() !== 'COUNT') || more.length > 0 || (word && amount === undefined))
    throw new CommandError(SYNTAX)
  const count = amount === undefined ? undefined : parseInteger(amount)
  const found = reverse ? between(find(call, key), second, first).reverse() : between(find(call, key), first, second)
  if (count !== undefined && count < 0) return array([])
  return entriesReply(count === undefined ? found : found.slice(0, count))
}

interface ReadOptions {
  count: number | undefined
  block: number | undefined
  group?: string
  consumer?: string
  noAck: boolean
  keys: string[]
  ids: string[]
}

function readOptions(words: readonly string[], name: 'xread' | 'xreadgroup'): ReadOptions {
  const options: ReadOptions = { count: undefined, block: undefined, noAck: false, keys: [], ids: [] }
  for (let i = 1; i < words.length; i++) {
    const word = words[i]!.toUpperCase()
    if (word === 'COUNT') options.count = parseInteger(words[++i])
    else if (word === 'BLOCK') {
      const ms = words[++i]
      if (ms === undefined || !/^-?\d+$/.test(ms))
        throw new CommandError('ERR timeout is not an integer or out of range')
      options.block = Number(ms)
      if (options.block < 0) throw new CommandError('ERR timeout is negative')
    } else if (word === 'GROUP' && name === 'xreadgroup') {
      options.group = words[++i]
      options.consumer = words[++i]
    } else if (word === 'NOACK' && name === 'xreadgroup') options.noAck = true
    else if (word === 'STREAMS') {
      const rest = words.slice(i + 1)
      if (rest.length === 0) throw new CommandError(SYNTAX)
      if (rest.length % 2 !== 0)
        throw new CommandError(
          `ERR Unbalanced '${name}' list of streams: for each stream key an ID or '${name === 'xread' ? '$' : '>'}' must be specified.`,
        )
      options.keys = rest.slice(0, rest.length / 2)
      options.ids = rest.slice(rest.length / 2)
      break
    } else throw new CommandError(SYNTAX)
  }
  if (options.keys.length === 0) throw new CommandError(SYNTAX)
  if (name === 'xreadgroup' && options.group === undefined)
    throw new CommandError('ERR Missing GROUP option for XREADGROUP')
  return options
}

const behind = (stream: Stream, after: StreamId, count: number | undefined) => {
  const from = lowerBound(stream.entries, { ms: after.ms, seq: after.seq + 1 })
  return stream.entries.slice(from, count === undefined || count <= 0 ? undefined : from + count)
}

function read(call: Call): Reply | undefined {
  const options = readOptions(call.words, 'xread')
  const starts = options.keys.map((key, i) => {
    const given = options.ids[i]!
    const stream = find(call, key)
    if (given === '>')
      throw new CommandError(
        'ERR The > ID can be specified only when calling XREADGROUP using the GROUP <group> <consumer> option.',
      )
    return given === '$' ? (stream?.last ?? FIRST) : id(given)
  })
  const attempt = () => {
    const found = options.keys.flatMap((key, i) => {
      const stream = find(call, key)
      const entries = stream ? behind(stream, starts[i]!, options.count) : []
      return entries.length > 0 ? [array([bulk(key), entriesReply(entries)])] : []
    })
    return found.length > 0 ? array(found) : undefined
  }
  return options.block === undefined
    ? (attempt() ?? { kind: 'array', items: undefined })
    : orWait(call, options.block, attempt)
}

/** Whether an entry was deleted from the middle, at or behind an id. */
const hasHoles = (stream: Stream, from: StreamId): boolean =>
  stream.entries.length > 0 && compareIds(stream.maxDeleted, FIRST) !== 0 && compareIds(stream.maxDeleted, from) >= 0

/** How many entries there ever were up to an id; undefined where that cannot be told. */
function distance(stream: Stream, id: StreamId): number | undefined {
  const { entries, added, last, maxDeleted } = stream
  if (added === 0) return 0
  if (entries.length === 0 && compareIds(id, last) < 1) return added
  if (compareIds(id, maxDeleted) < 0) return undefined
  const order = compareIds(id, last)
  if (order >= 0) return order === 0 ? added : undefined
  const first = entries[0]!.id
  if (compareIds(maxDeleted, FIRST) !== 0 && compareIds(maxDeleted, first) >= 0) return undefined
  const place = compareIds(id, first)
  return place < 0 ? added - entries.length : place === 0 ? added - entries.length + 1 : undefined
}

function consumerOf(group: StreamGroup, name: string, now: number): Consumer {
  let consumer = group.consumers.get(name)
  if (!consumer) {
    consumer = { name, seen: now }
    group.consumers.set(name, consumer)
  }
  consumer.seen = now
  return consumer
}

function readGroup(call: Call): Reply | undefined {
  const options = readOptions(call.words, 'xreadgroup')
  const groupOf = (key: string) => {
    const group = find(call, key)?.groups.get(options.group!)
    if (!group) throw noGroup(options.group!, key, 'xreadgroup')
    return group
  }
  for (const [i, key] of options.keys.entries()) {
    groupOf(key)
    if (options.ids[i] === '$')
      throw new CommandError(
        'ERR The $ ID is meaningless in the context of XREADGROUP: you want to read the history of this consumer by specifying a proper ID, or use the > ID to get new messages. The $ ID would just return an empty result set.',
      )
  }
  const onlyNew = options.ids.every((each) => each === '>')
  const attempt = () => {
    const now = call.server.process.wallClock()
    const found = options.keys.flatMap((key, i) => {
      const stream = find(call, key)!
      const group = groupOf(key)
      const { name } = consumerOf(group, options.consumer!, now)
      if (options.ids[i] !== '>') return [array([bulk(key), history(stream, group, name, id(options.ids[i]), options)])]
      const entries = behind(stream, group.last, options.count)
      if (entries.length === 0) return []
      for (const entry of entries) {
        if (!options.noAck)
          group.pending.set(idText(entry.id), { id: entry.id, consumer: name, delivered: now, count: 1 })
        group.read =
          group.read !== undefined && !hasHoles(stream, entry.id) ? group.read + 1 : distance(stream, entry.id)
        group.last = entry.id
      }
      touch(call, key)
      return [array([bulk(key), entriesReply(entries)])]
    })
    return found.length > 0 ? array(found) : undefined
  }
  return options.block === undefined || !onlyNew
    ? (attempt() ?? { kind: 'array', items: undefined })
    : orWait(call, options.block, attempt)
}

const inOrder = (group: StreamGroup): PendingEntry[] =>
  [...group.pending.values()].sort((a, b) => compareIds(a.id, b.id))

/** What a consumer was given before and has not acknowledged. */
function history(stream: Stream, group: StreamGroup, name: string, after: StreamId, { count }: ReadOptions): Reply {
  const mine = inOrder(group).filter((p) => p.consumer === name && compareIds(p.id, after) > 0)
  return array(
    mine.slice(0, count === undefined || count <= 0 ? undefined : count).map((p) => {
      const entry = stream.entries[lowerBound(stream.entries, p.id)]
      const there = entry && compareIds(entry.id, p.id) === 0
      return there ? entryReply(entry) : array([bulk(idText(p.id)), { kind: 'array', items: undefined }])
    }),
  )
}

function group(call: Call): Reply {
  const [, what = '', key = '', name = '', fourth, ...more] = call.words
  const verb = what.toUpperCase()
  const wrong = () => new CommandError(`ERR wrong number of arguments for 'xgroup|${what.toLowerCase()}' command`)
  if (verb === 'HELP') return OK
  if (!['CREATE', 'SETID', 'DESTROY', 'CREATECONSUMER', 'DELCONSUMER'].includes(verb))
    throw new CommandError(`ERR unknown subcommand '${what}'. Try XGROUP HELP.`)
  if (call.words.length < (verb === 'DESTROY' ? 4 : 5)) throw wrong()
  let stream = find(call, key)
  const makes = verb === 'CREATE' && more.some((word) => word.toUpperCase() === 'MKSTREAM')
  if (!stream && makes) {
    stream = newStream()
    call.db.set(key, { type: 'stream', stream })
    touch(call, key)
  }
  if (!stream) throw new CommandError(NO_KEY)
  const start = () => (fourth === '$' ? stream.last : fourth === '-' ? FIRST : fourth === '+' ? END : id(fourth))
  if (verb === 'CREATE') {
    const last = start()
    if (stream.groups.has(name)) throw new CommandError('BUSYGROUP Consumer Group name already exists')
    const at = more.findIndex((word) => word.toUpperCase() === 'ENTRIESREAD')
    stream.groups.set(name, {
      last,
      read: at >= 0 ? parseInteger(more[at + 1]) : undefined,
      pending: new Map(),
      consumers: new Map(),
    })
    touch(call, key)
    return OK
  }
  const found = stream.groups.get(name)
  if (verb === 'DESTROY') {
    stream.groups.delete(name)
    if (found) touch(call, key)
    return integer(found ? 1 : 0)
  }
  if (!found) throw noGroup(name, key)
  touch(call, key)
  if (verb === 'SETID') {
    found.last = start()
    found.read = undefined
    return OK
  }
  if (verb === 'CREATECONSUMER') {
    const isNew = !found.consumers.has(fourth!)
    consumerOf(found, fourth!, call.server.process.wallClock())
    return integer(isNew ? 1 : 0)
  }
  const pending = [...found.pending].filter(([, p]) => p.consumer === fourth)
  for (const [text] of pending) found.pending.delete(text)
  found.consumers.delete(fourth!)
  return integer(pending.length)
}

function acknowledge(call: Call): Reply {
  const [, key = '', name = '', ...ids] = call.words
  const wanted = ids.map((text) => idText(id(text)))
  const pending = find(call, key)?.groups.get(name)?.pending
  const gone = wanted.filter((text) => pending?.delete(text)).length
  if (gone > 0) touch(call, key)
  return integer(gone)
}

function pending(call: Call): Reply {
  const [, key = '', name = '', ...rest] = call.words
  const found = find(call, key)?.groups.get(name)
  if (!found) throw new CommandError(`NOGROUP No such key '${key}' or consumer group '${name}'`)
  const all = inOrder(found)
  if (rest.length === 0) {
    if (all.length === 0) return array([integer(0), NIL, NIL, { kind: 'array', items: undefined }])
    const names = [...found.consumers.keys()].sort()
    const counts = names.flatMap((each) => {
      const count = all.filter((p) => p.consumer === each).length
      return count > 0 ? [bulks([each, String(count)])] : []
    })
    return array([integer(all.length), bulk(idText(all[0]!.id)), bulk(idText(all.at(-1)!.id)), array(counts)])
  }
  const now = call.server.process.wallClock()
  let idle = 0
  if (rest[0]!.toUpperCase() === 'IDLE') {
    idle = parseInteger(rest[1])
    rest.splice(0, 2)
  }
  const [low, high, amount, consumer] = rest
  if (amount === undefined) throw new CommandError(SYNTAX)
  const [from, to, count] = [bound(low, 'low'), bound(high, 'high'), parseInteger(amount)]
  return array(
    all
      .filter(
        (p) =>
          compareIds(p.id, from.at) >= (from.open ? 1 : 0) &&
          compareIds(p.id, to.at) <= (to.open ? -1 : 0) &&
          (consumer === undefined || p.consumer === consumer) &&
          now - p.delivered >= idle,
      )
      .slice(0, Math.max(0, count))
      .map((p) =>
        array([bulk(idText(p.id)), bulk(p.consumer), integer(Math.floor(now - p.delivered)), integer(p.count)]),
      ),
  )
}

/** Gives what one consumer holds to another; entries that are gone leave the list. */
function take(call: Call, stream: Stream, group: StreamGroup, held: PendingEntry, name: string, just: boolean) {
  const entry = stream.entries[lowerBound(stream.entries, held.id)]
  if (!entry || compareIds(entry.id, held.id) !== 0) {
    group.pending.delete(idText(held.id))
    return undefined
  }
  held.consumer = name
  held.delivered = call.server.process.wallClock()
  if (!just) held.count++
  return entry
}

function claim(call: Call): Reply {
  const [, key = '', name = '', consumer = '', least, ...rest] = call.words
  const stream = find(call, key)
  const found = stream?.groups.get(name)
  if (!stream || !found) throw new CommandError(`NOGROUP No such key '${key}' or consumer group '${name}'`)
  const idle = parseInteger(least)
  const now = call.server.process.wallClock()
  const isId = (word: string) => /^\d/.test(word)
  const ids = rest.slice(0, rest.findIndex((word) => !isId(word)) < 0 ? undefined : rest.findIndex((w) => !isId(w)))
  const options = rest.slice(ids.length).map((word) => word.toUpperCase())
  const just = options.includes('JUSTID')
  consumerOf(found, consumer, now)
  const out: StreamEntry[] = []
  for (const text of ids) {
    const at = id(text)
    let held = found.pending.get(idText(at))
    if (!held && options.includes('FORCE')) {
      held = { id: at, consumer, delivered: 0, count: 0 }
      found.pending.set(idText(at), held)
    }
    if (!held || now - held.delivered < idle) continue
    const entry = take(call, stream, found, held, consumer, just)
    if (entry) out.push(entry)
  }
  touch(call, key)
  return just ? bulks(out.map((entry) => idText(entry.id))) : entriesReply(out)
}

function autoClaim(call: Call): Reply {
  const [, key = '', name = '', consumer = '', least, start, ...rest] = call.words
  const stream = find(call, key)
  const found = stream?.groups.get(name)
  if (!stream || !found) throw new CommandError(`NOGROUP No such key '${key}' or consumer group '${name}'`)
  const idle = parseInteger(least)
  const now = call.server.process.wallClock()
  const words = rest.map((word) => word.toUpperCase())
  const count = words.includes('COUNT') ? parseInteger(rest[words.indexOf('COUNT') + 1]) : 100
  const just = words.includes('JUSTID')
  const from = bound(start, 'low')
  consumerOf(found, consumer, now)
  const out: StreamEntry[] = []
  const deleted: string[] = []
  const due = inOrder(found).filter((p) => compareIds(p.id, from.at) >= (from.open ? 1 : 0))
  let next = FIRST
  for (const [i, held] of due.entries()) {
    if (out.length + deleted.length >= count) {
      next = due[i]!.id
      break
    }
    if (now - held.delivered < idle) continue
    const entry = take(call, stream, found, held, consumer, just)
    if (entry) out.push(entry)
    else deleted.push(idText(held.id))
  }
  touch(call, key)
  return array([
    bulk(idText(next)),
    just ? bulks(out.map((entry) => idText(entry.id))) : entriesReply(out),
    bulks(deleted),
  ])
}

const pairs = (of: Record<string, Reply>): Reply =>
  array(Object.entries(of).flatMap(([name, reply]) => [bulk(name), reply]))

function info(call: Call): Reply {
  const [, what = '', key = '', name = ''] = call.words
  const verb = what.toUpperCase()
  if (!['STREAM', 'GROUPS', 'CONSUMERS'].includes(verb))
    throw new CommandError(`ERR unknown subcommand '${what}'. Try XINFO HELP.`)
  const stream = find(call, key)
  if (!stream) throw new CommandError('ERR no such key')
  const now = call.server.process.wallClock()
  const lag = (group: StreamGroup): Reply => {
    if (stream.added === 0) return integer(0)
    const read = group.read !== undefined && !hasHoles(stream, group.last) ? group.read : distance(stream, group.last)
    return read === undefined ? NIL : integer(stream.added - read)
  }
  if (verb === 'GROUPS')
    return array(
      [...stream.groups]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([each, g]) =>
          pairs({
            name: bulk(each),
            consumers: integer(g.consumers.size),
            pending: integer(g.pending.size),
            'last-delivered-id': bulk(idText(g.last)),
            'entries-read': g.read === undefined ? NIL : integer(g.read),
            lag: lag(g),
          }),
        ),
    )
  if (verb === 'CONSUMERS') {
    const found = stream.groups.get(name)
    if (!found) throw noGroup(name, key)
    return array(
      [...found.consumers.values()]
        .sort((a, b) => (a.name < b.name ? -1 : 1))
        .map((consumer) =>
          pairs({
            name: bulk(consumer.name),
            pending: integer([...found.pending.values()].filter((p) => p.consumer === consumer.name).length),
            idle: integer(Math.floor(now - consumer.seen)),
          }),
        ),
    )
  }
  const end = (entry: StreamEntry | undefined) => (entry ? entryReply(entry) : NIL)
  return pairs({
    length: integer(stream.entries.length),
    'radix-tree-keys': integer(stream.entries.length > 0 ? Math.ceil(stream.entries.length / 100) : 0),
    'radix-tree-nodes': integer(stream.entries.length > 0 ? 2 : 1),
    'last-generated-id': bulk(idText(stream.last)),
    'max-deleted-entry-id': bulk(idText(stream.maxDeleted)),
    'entries-added': integer(stream.added),
    'recorded-first-entry-id': bulk(idText(stream.entries[0]?.id ?? FIRST)),
    groups: integer(stream.groups.size),
    'first-entry': end(stream.entries[0]),
    'last-entry': end(stream.entries.at(-1)),
  })
}

function remove(call: Call): Reply {
  const [, key = '', ...ids] = call.words
  const wanted = ids.map((text) => id(text))
  const stream = find(call, key)
  let gone = 0
  for (const each of stream ? wanted : []) {
    const at = lowerBound(stream!.entries, each)
    if (!stream!.entries[at] || compareIds(stream!.entries[at].id, each) !== 0) continue
    stream!.entries.splice(at, 1)
    if (compareIds(each, stream!.maxDeleted) > 0) stream!.maxDeleted = each
    gone++
  }
  if (gone > 0) touch(call, key)
  return integer(gone)
}

function trim(call: Call): Reply {
  const [, key = '', how = ''] = call.words
  if (!/^(MAXLEN|MINID)$/i.test(how)) throw new CommandError(SYNTAX)
  const { trim: what, next } = trimOption(call.words, 2)
  if (next < call.words.length) throw new CommandError(SYNTAX)
  const stream = find(call, key)
  const gone = stream ? cut(stream, what) : 0
  if (gone > 0) touch(call, key)
  return integer(gone)
}

function setId(call: Call): Reply {
  const [, key = '', given] = call.words
  const last = id(given)
  const stream = find(call, key)
  if (!stream) throw new CommandError('ERR no such key')
  const top = stream.entries.at(-1)
  if (top && compareIds(last, top.id) < 0)
    throw new CommandError('ERR The ID specified in XSETID is smaller than the target stream top item')
  stream.last = last
  touch(call, key)
  return OK
}

export const streams: CommandTable = {
  xadd: { arity: -5, write: true, run: add },
  xlen: { arity: 2, run: (c) => integer(find(c, c.words[1]!)?.entries.length ?? 0) },
  xrange: { arity: -4, run: (c) => range(c, false) },
  xrevrange: { arity: -4, run: (c) => range(c, true) },
  xread: { arity: -4, run: read },
  xreadgroup: { arity: -7, write: true, run: readGroup },
  xgroup: { arity: -2, write: true, run: group },
  xack: { arity: -4, write: true, run: acknowledge },
  xpending: { arity: -3, run: pending },
  xclaim: { arity: -6, write: true, run: claim },
  xautoclaim: { arity: -6, write: true, run: autoClaim },
  xinfo: { arity: -2, run: info },
  xdel: { arity: -3, write: true, run: remove },
  xtrim: { arity: -4, write: true, run: trim },
  xsetid: { arity: -3, write: true, run: setId },
}
