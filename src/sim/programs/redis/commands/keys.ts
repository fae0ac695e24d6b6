import type { Value } from '../database.ts'
import { array, bulk, bulks, integer, NIL, OK, status } from '../resp.ts'
import { type Call, CommandError, type CommandTable, globToRegex, parseInteger, touch, WRONG_TYPE } from './command.ts'

function expire(call: Call, unit: number, absolute: boolean) {
  const key = call.words[1]!
  const amount = parseInteger(call.words[2]) * unit
  const entry = call.db.get(key)
  if (!entry) return integer(0)
  entry.expires = absolute ? amount : call.server.process.wallClock() + amount
  touch(call, key)
  return integer(1)
}

function timeLeft(call: Call, unit: number) {
  const entry = call.db.get(call.words[1]!)
  if (!entry) return integer(-2)
  if (entry.expires === undefined) return integer(-1)
  return integer(Math.round((entry.expires - call.server.process.wallClock()) / unit))
}

function remove(call: Call) {
  let count = 0
  for (const key of call.words.slice(1))
    if (call.db.delete(key)) {
      touch(call, key)
      count++
    }
  return integer(count)
}

function expiresAt(call: Call, unit: number) {
  const entry = call.db.get(call.words[1]!)
  return integer(!entry ? -2 : entry.expires === undefined ? -1 : Math.floor(entry.expires / unit))
}

const isInteger = (text: string) => /^(0|-?[1-9]\d{0,18})$/.test(text)
const isShared = (value: Value) => value.type === 'string' && isInteger(value.text) && Number(value.text) < 10_000

/** How redis 7 keeps a value. */
function encodingOf(value: Value): string {
  if (value.type === 'string') return isInteger(value.text) ? 'int' : value.text.length <= 44 ? 'embstr' : 'raw'
  if (value.type === 'list') return 'quicklist'
  if (value.type === 'stream') return 'stream'
  if (value.type === 'set')
    return value.members.size <= 512 && [...value.members].every(isInteger) ? 'intset' : 'hashtable'
  const words = value.type === 'hash' ? [...value.fields].flat() : [...value.scores.keys()]
  const size = value.type === 'hash' ? value.fields.size : value.scores.size
  const isSmall = size <= (value.type === 'hash' ? 512 : 128) && words.every((word) => word.length <= 64)
  return isSmall ? 'listpack' : value.type === 'hash' ? 'hashtable' : 'skiplist'
}

function sort(call: Call) {
  const [, key = '', ...rest] = call.words
  const options = rest.map((word) => word.toLowerCase())
  if (options.some((word) => ['by', 'get', 'store'].includes(word)))
    throw new CommandError('ERR not simulated: BY, GET and STORE of SORT')
  const value = call.db.get(key)?.value
  if (value && (value.type === 'string' || value.type === 'hash' || value.type === 'stream'))
    throw new CommandError(WRONG_TYPE)
  const items = !value
    ? []
    : [...(value.type === 'list' ? value.items : value.type === 'set' ? value.members : value.scores.keys())]
  const alpha = options.includes('alpha')
  if (!alpha && items.some((item) => item === '' || Number.isNaN(Number(item))))
    throw new CommandError("ERR One or more scores can't be converted into double")
  items.sort((a, b) => (alpha ? (a < b ? -1 : a > b ? 1 : 0) : Number(a) - Number(b)))
  if (options.includes('desc')) items.reverse()
  const at = options.indexOf('limit')
  const [skip, count] = at < 0 ? [0, -1] : [parseInteger(rest[at + 1]), parseInteger(rest[at + 2])]
  return bulks(items.slice(skip, count < 0 ? undefined : skip + count))
}

export const keys: CommandTable = {
  del: { arity: -2, write: true, run: remove },
  unlink: { arity: -2, write: true, run: remove },
  exists: { arity: -2, run: (c) => integer(c.words.slice(1).filter((key) => c.db.get(key)).length) },
  type: { arity: 2, run: (c) => status(c.db.get(c.words[1]!)?.value.type ?? 'none') },
  keys: {
    arity: 2,
    run: (c) => {
      const pattern = globToRegex(c.words[1]!)
      return bulks(c.db.keys().filter((key) => pattern.test(key)))
    },
  },
  scan: {
    arity: -2,
    run: (c) => {
      const at = c.words.findIndex((w) => w.toUpperCase() === 'MATCH')
      const pattern = globToRegex(at > 0 ? (c.words[at + 1] ?? '*') : '*')
      return array([bulk('0'), bulks(c.db.keys().filter((key) => pattern.test(key)))])
    },
  },
  randomkey: {
    arity: 1,
    run: (c) => {
      const all = c.db.keys()
      return all.length === 0 ? NIL : bulk(c.server.process.random.pick(all))
    },
  },
  rename: {
    arity: 3,
    write: true,
    run: (c) => {
      const entry = c.db.get(c.words[1]!)
      if (!entry) throw new CommandError('ERR no such key')
      c.db.delete(c.words[1]!)
      c.db.set(c.words[2]!, entry.value, entry.expires)
      touch(c, c.words[2]!)
      return OK
    },
  },
  renamenx: {
    arity: 3,
    write: true,
    run: (c) => {
      if (!c.db.get(c.words[1]!)) throw new CommandError('ERR no such key')
      if (c.db.get(c.words[2]!)) return integer(0)
      keys.rename!.run(c)
      return integer(1)
    },
  },
  copy: {
    arity: -3,
    write: true,
    run: (c) => {
      const [, from = '', to = '', ...options] = c.words
      const entry = c.db.get(from)
      if (options.some((o) => o.toUpperCase() !== 'REPLACE'))
        throw new CommandError('ERR not simulated: options of COPY')
      if (!entry || (c.db.get(to) && options.length === 0)) return integer(0)
      c.db.set(to, structuredClone(entry.value), entry.expires)
      touch(c, to)
      return integer(1)
    },
  },
  touch: { arity: -2, run: (c) => integer(c.words.slice(1).filter((key) => c.db.get(key)).length) },
  expiretime: { arity: 2, run: (c) => expiresAt(c, 1000) },
  pexpiretime: { arity: 2, run: (c) => expiresAt(c, 1) },
  object: {
    arity: -2,
    run: (c) => {
      const action = c.words[1]!.toUpperCase()
      const entry = c.db.get(c.words[2] ?? '')
      if (!entry) return NIL
      if (action === 'ENCODING') return bulk(encodingOf(entry.value))
      if (action === 'REFCOUNT') return integer(isShared(entry.value) ? 2_147_483_647 : 1)
      if (action === 'IDLETIME') return integer(0)
      throw new CommandError(`ERR unknown subcommand '${c.words[1]}'. Try OBJECT HELP.`)
    },
  },
  sort: { arity: -2, run: sort },
  expire: { arity: -3, write: true, run: (c) => expire(c, 1000, false) },
  pexpire: { arity: -3, write: true, run: (c) => expire(c, 1, false) },
  expireat: { arity: -3, write: true, run: (c) => expire(c, 1000, true) },
  pexpireat: { arity: -3, write: true, run: (c) => expire(c, 1, true) },
  ttl: { arity: 2, run: (c) => timeLeft(c, 1000) },
  pttl: { arity: 2, run: (c) => timeLeft(c, 1) },
  persist: {
    arity: 2,
    write: true,
    run: (c) => {
      const entry = c.db.get(c.words[1]!)
      if (entry?.expires === undefined) return integer(0)
      entry.expires = undefined
      touch(c, c.words[1]!)
      return integer(1)
    },
  },
  dbsize: { arity: 1, run: (c) => integer(c.db.size) },
  flushdb: {
    arity: -1,
    write: true,
    run: (c) => {
      c.db.clear()
      touch(c, '')
      return OK
    },
  },
  flushall: {
    arity: -1,
    write: true,
    run: (c) => {
      for (const db of c.server.databases) db.clear()
      touch(c, '')
      return OK
    },
  },
}
