import { array, bulk, bulks, integer, NIL, OK, status } from '../resp.ts'
import { type Call, CommandError, type CommandTable, globToRegex, parseInteger, touch } from './command.ts'

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
