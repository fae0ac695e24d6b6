import { bulk, bulks, integer, NIL, OK } from '../resp.ts'
import {
  type Call,
  CommandError,
  type CommandTable,
  formatNumber,
  NOT_INTEGER,
  parseFloat64,
  parseInteger,
  SYNTAX,
  sliceBounds,
  touch,
  value,
} from './command.ts'

function read(call: Call, key: string): string | undefined {
  return value(call, key, 'string')?.text
}

function write(call: Call, key: string, text: string, keepExpiry = true): void {
  const expires = keepExpiry ? call.db.get(key)?.expires : undefined
  call.db.set(key, { type: 'string', text }, expires)
  touch(call, key)
}

function increase(call: Call, by: number) {
  const key = call.words[1]!
  const before = read(call, key) ?? '0'
  if (!/^-?\d{1,18}$/.test(before)) throw new CommandError(NOT_INTEGER)
  const after = Number(before) + by
  write(call, key, String(after))
  return integer(after)
}

function set(call: Call) {
  const [, key = '', text = '', ...options] = call.words
  let expires: number | undefined
  let keep = false
  let only: 'NX' | 'XX' | undefined
  let get = false
  for (let i = 0; i < options.length; i++) {
    const option = options[i]!.toUpperCase()
    if (option === 'NX' || option === 'XX') only = option
    else if (option === 'KEEPTTL') keep = true
    else if (option === 'GET') get = true
    else if (['EX', 'PX', 'EXAT', 'PXAT'].includes(option)) {
      const amount = parseInteger(options[++i])
      if (amount <= 0) throw new CommandError("ERR invalid expire time in 'set' command")
      const ms = option.startsWith('EX') ? amount * 1000 : amount
      expires = option.endsWith('AT') ? ms : call.server.process.wallClock() + ms
    } else throw new CommandError(SYNTAX)
  }
  const before = get ? read(call, key) : undefined
  const exists = call.db.get(key) !== undefined
  if ((only === 'NX' && exists) || (only === 'XX' && !exists)) return get ? bulk(before) : NIL
  call.db.set(key, { type: 'string', text }, keep ? call.db.get(key)?.expires : expires)
  touch(call, key)
  return get ? bulk(before) : OK
}

function withExpiry(call: Call, unit: number, name: string) {
  const [, key = '', amount, text = ''] = call.words
  const time = parseInteger(amount)
  if (time <= 0) throw new CommandError(`ERR invalid expire time in '${name}' command`)
  call.db.set(key, { type: 'string', text }, call.server.process.wallClock() + time * unit)
  touch(call, key)
  return OK
}

function range(call: Call) {
  const text = read(call, call.words[1]!) ?? ''
  const [from, to] = sliceBounds(parseInteger(call.words[2]), parseInteger(call.words[3]), text.length)
  return bulk(text.slice(from, to))
}

export const strings: CommandTable = {
  get: { arity: 2, run: (c) => bulk(read(c, c.words[1]!)) },
  set: { arity: -3, write: true, run: set },
  setnx: {
    arity: 3,
    write: true,
    run: (c) => {
      if (c.db.get(c.words[1]!)) return integer(0)
      write(c, c.words[1]!, c.words[2]!)
      return integer(1)
    },
  },
  setex: { arity: 4, write: true, run: (c) => withExpiry(c, 1000, 'setex') },
  psetex: { arity: 4, write: true, run: (c) => withExpiry(c, 1, 'psetex') },
  getset: {
    arity: 3,
    write: true,
    run: (c) => {
      const before = read(c, c.words[1]!)
      write(c, c.words[1]!, c.words[2]!, false)
      return bulk(before)
    },
  },
  getdel: {
    arity: 2,
    write: true,
    run: (c) => {
      const before = read(c, c.words[1]!)
      if (c.db.delete(c.words[1]!)) touch(c, c.words[1]!)
      return bulk(before)
    },
  },
  mget: {
    arity: -2,
    run: (c) =>
      bulks(
        c.words.slice(1).map((key) => {
          const found = c.db.get(key)?.value
          return found?.type === 'string' ? found.text : undefined
        }),
      ),
  },
  mset: {
    arity: -3,
    write: true,
    run: (c) => {
      if (c.words.length % 2 === 0) throw new CommandError("ERR wrong number of arguments for 'mset' command")
      for (let i = 1; i < c.words.length; i += 2) write(c, c.words[i]!, c.words[i + 1]!, false)
      return OK
    },
  },
  msetnx: {
    arity: -3,
    write: true,
    run: (c) => {
      if (c.words.length % 2 === 0) throw new CommandError("ERR wrong number of arguments for 'msetnx' command")
      const pairs = Array.from({ length: (c.words.length - 1) / 2 }, (_, i) => c.words.slice(2 * i + 1, 2 * i + 3))
      if (pairs.some(([key]) => c.db.get(key!))) return integer(0)
      for (const [key, text] of pairs) write(c, key!, text!, false)
      return integer(1)
    },
  },
  getex: {
    arity: -2,
    write: true,
    run: (c) => {
      const [, key = '', option, amount] = c.words
      const text = read(c, key)
      const entry = c.db.get(key)
      if (!entry || option === undefined) return bulk(text)
      const how = option.toUpperCase()
      if (how === 'PERSIST') entry.expires = undefined
      else if (['EX', 'PX', 'EXAT', 'PXAT'].includes(how)) {
        const ms = parseInteger(amount) * (how.startsWith('EX') ? 1000 : 1)
        if (ms <= 0) throw new CommandError("ERR invalid expire time in 'getex' command")
        entry.expires = how.endsWith('AT') ? ms : c.server.process.wallClock() + ms
      } else throw new CommandError(SYNTAX)
      touch(c, key)
      return bulk(text)
    },
  },
  append: {
    arity: 3,
    write: true,
    run: (c) => {
      const text = (read(c, c.words[1]!) ?? '') + c.words[2]!
      write(c, c.words[1]!, text)
      return integer(text.length)
    },
  },
  strlen: { arity: 2, run: (c) => integer(read(c, c.words[1]!)?.length ?? 0) },
  getrange: { arity: 4, run: range },
  substr: { arity: 4, run: range },
  setrange: {
    arity: 4,
    write: true,
    run: (c) => {
      const at = parseInteger(c.words[2])
      const text = (read(c, c.words[1]!) ?? '').padEnd(at, '\0')
      const patch = c.words[3]!
      const after = text.slice(0, at) + patch + text.slice(at + patch.length)
      write(c, c.words[1]!, after)
      return integer(after.length)
    },
  },
  incr: { arity: 2, write: true, run: (c) => increase(c, 1) },
  decr: { arity: 2, write: true, run: (c) => increase(c, -1) },
  incrby: { arity: 3, write: true, run: (c) => increase(c, parseInteger(c.words[2])) },
  decrby: { arity: 3, write: true, run: (c) => increase(c, -parseInteger(c.words[2])) },
  incrbyfloat: {
    arity: 3,
    write: true,
    run: (c) => {
      const after = formatNumber(parseFloat64(read(c, c.words[1]!) ?? '0') + parseFloat64(c.words[2]))
      write(c, c.words[1]!, after)
      return bulk(after)
    },
  },
}
