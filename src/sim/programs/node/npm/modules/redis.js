// A client of redis: commands as methods, pipelined over one connection.
const net = require('node:net')
const { EventEmitter } = require('node:events')

class ErrorReply extends Error {}
class SocketClosedUnexpectedlyError extends Error {
  constructor() {
    super('Socket closed unexpectedly')
  }
}
class ClientClosedError extends Error {
  constructor() {
    super('The client is closed')
  }
}

/** One reply from the front of the bytes: `[value, length]`, or undefined while it is not whole. */
function parse(bytes, at = 0) {
  const end = bytes.indexOf('\r\n', at)
  if (end < 0) return undefined
  const line = bytes.subarray(at + 1, end).toString()
  const next = end + 2
  switch (String.fromCharCode(bytes[at])) {
    case '+':
      return [line, next]
    case '-':
      return [new ErrorReply(line), next]
    case ':':
      return [Number(line), next]
    case '$': {
      const length = Number(line)
      if (length < 0) return [null, next]
      if (bytes.length < next + length + 2) return undefined
      return [bytes.subarray(next, next + length).toString(), next + length + 2]
    }
    case '*': {
      if (Number(line) < 0) return [null, next]
      const list = []
      let from = next
      for (let i = 0; i < Number(line); i++) {
        const part = parse(bytes, from)
        if (!part) return undefined
        list.push(part[0])
        from = part[1]
      }
      return [list, from]
    }
  }
  return [new ErrorReply(`protocol error: ${line}`), next]
}

const pairs = (list) => {
  const found = Object.create(null)
  for (let i = 0; i < list.length; i += 2) found[list[i]] = list[i + 1]
  return found
}
const flat = (value) =>
  Array.isArray(value)
    ? value.flatMap(flat)
    : value !== null && typeof value === 'object' && !Buffer.isBuffer(value)
      ? Object.entries(value).flatMap(([name, each]) => [name, `${each}`])
      : [value]

/** Options of commands that tutorials give as objects. */
const SHAPES = {
  set: (key, value, options = {}) => [
    'SET',
    key,
    value,
    ...(options.EX !== undefined ? ['EX', options.EX] : []),
    ...(options.PX !== undefined ? ['PX', options.PX] : []),
    ...(options.NX ? ['NX'] : []),
    ...(options.XX ? ['XX'] : []),
    ...(options.KEEPTTL ? ['KEEPTTL'] : []),
    ...(options.GET ? ['GET'] : []),
  ],
  zAdd: (key, members) => ['ZADD', key, ...[members].flat().flatMap(({ score, value }) => [score, value])],
  zRangeWithScores: (key, from, to) => ['ZRANGE', key, from, to, 'WITHSCORES'],
  configGet: (name) => ['CONFIG', 'GET', name],
  clientSetName: (name) => ['CLIENT', 'SETNAME', name],
  sendCommand: (words) => words,
}
const REPLIES = {
  hGetAll: pairs,
  configGet: pairs,
  zRangeWithScores: (list) => list.flatMap((value, i) => (i % 2 ? [] : [{ value, score: Number(list[i + 1]) }])),
  zScore: (value) => (value === null ? null : Number(value)),
  zIncrBy: Number,
  incrByFloat: (value) => value,
}

class Client extends EventEmitter {
  #options
  #socket
  #waiting = []
  #rest = Buffer.alloc(0)
  #offline = []
  #closing = false
  #attempts = 0
  #subscriptions = new Map()
  constructor(options = {}) {
    super()
    const url = options.url ? new URL(options.url) : undefined
    this.#options = {
      host: options.socket?.host ?? url?.hostname ?? 'localhost',
      port: Number(options.socket?.port ?? url?.port) || 6379,
      password: options.password ?? (url?.password ? decodeURIComponent(url.password) : undefined),
      username: options.username ?? (url?.username || undefined),
      database: options.database ?? (url && url.pathname.length > 1 ? Number(url.pathname.slice(1)) : 0),
      strategy: options.socket?.reconnectStrategy,
      given: options,
    }
    this.isOpen = false
    this.isReady = false
  }
  async connect() {
    if (this.isOpen) throw new Error('Socket already opened')
    this.isOpen = true
    this.#closing = false
    await this.#open()
    return this
  }
  #open() {
    return new Promise((resolve, reject) => {
      const attempt = () => {
        this.emit('connect')
        const { host, port } = this.#options
        const socket = net.connect({ host, port })
        this.#socket = socket
        const failed = (error) => {
          this.emit('error', error)
          const wait =
            typeof this.#options.strategy === 'function'
              ? this.#options.strategy(this.#attempts, error)
              : Math.min(this.#attempts * 50 + 50, 2000)
          this.#attempts++
          if (wait === false || wait instanceof Error || this.#closing) {
            this.isOpen = false
            return reject(wait instanceof Error ? wait : error)
          }
          this.emit('reconnecting')
          setTimeout(attempt, wait)
        }
        socket.once('error', failed)
        socket.once('connect', async () => {
          socket.off('error', failed)
          this.#attempts = 0
          this.#use(socket)
          try {
            const { username, password, database } = this.#options
            if (password !== undefined) await this.#write(username ? ['AUTH', username, password] : ['AUTH', password])
            if (database) await this.#write(['SELECT', `${database}`])
          } catch (error) {
            this.isOpen = false
            socket.destroy()
            return reject(error)
          }
          this.isReady = true
          this.emit('ready')
          for (const { words, resolve: done, reject: fail } of this.#offline.splice(0))
            this.#write(words).then(done, fail)
          resolve()
        })
      }
      attempt()
    })
  }
  #use(socket) {
    this.#rest = Buffer.alloc(0)
    socket.on('data', (piece) => {
      this.#rest = Buffer.concat([this.#rest, piece])
      for (;;) {
        const reply = parse(this.#rest)
        if (!reply) return
        this.#rest = this.#rest.subarray(reply[1])
        this.#take(reply[0])
      }
    })
    const lost = () => {
      if (!this.isReady) return
      this.isReady = false
      for (const { reject } of this.#waiting.splice(0)) reject(new SocketClosedUnexpectedlyError())
      if (this.#closing) return
      this.emit('error', new SocketClosedUnexpectedlyError())
      this.emit('reconnecting')
      setTimeout(() => this.#open().catch(() => {}), 50)
    }
    socket.on('error', lost)
    socket.on('end', lost)
    socket.on('close', lost)
  }
  #take(reply) {
    if (Array.isArray(reply) && (reply[0] === 'message' || reply[0] === 'pmessage') && this.#subscriptions.size > 0) {
      const [channel, message] = reply.slice(-2)
      for (const listener of this.#subscriptions.get(reply[0] === 'message' ? channel : reply[1]) ?? [])
        listener(message, channel)
      return
    }
    const waiting = this.#waiting.shift()
    if (!waiting) return
    if (reply instanceof Error) waiting.reject(reply)
    else waiting.resolve(reply)
  }
  #write(words) {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ resolve, reject })
      const parts = words.map((each) => (Buffer.isBuffer(each) ? each : Buffer.from(`${each}`)))
      this.#socket.write(
        Buffer.concat([
          Buffer.from(`*${parts.length}\r\n`),
          ...parts.flatMap((part) => [Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n')]),
        ]),
      )
    })
  }
  send(words) {
    for (const each of words)
      if (typeof each !== 'string' && typeof each !== 'number' && !Buffer.isBuffer(each))
        return Promise.reject(
          new TypeError(
            `"arguments[${words.indexOf(each)}]" must be of type "string | Buffer", got ${typeof each} instead.`,
          ),
        )
    if (!this.isOpen) return Promise.reject(new ClientClosedError())
    if (!this.isReady) return new Promise((resolve, reject) => this.#offline.push({ words, resolve, reject }))
    return this.#write(words)
  }
  duplicate() {
    return createClient(this.#options.given)
  }
  async subscribe(channels, listener) {
    for (const channel of [channels].flat()) {
      this.#subscriptions.set(channel, [...(this.#subscriptions.get(channel) ?? []), listener])
      await this.send(['SUBSCRIBE', channel])
    }
  }
  async pSubscribe(pattern, listener) {
    this.#subscriptions.set(pattern, [listener])
    await this.send(['PSUBSCRIBE', pattern])
  }
  multi() {
    const queue = []
    const chain = new Proxy(
      {},
      {
        get: (_, name) => {
          if (name === 'then') return undefined
          if (name !== 'exec')
            return (...args) => {
              queue.push([name, args])
              return chain
            }
          return async () => {
            const all = [
              this.#write(['MULTI']),
              ...queue.map(([each, args]) => this.#write(wordsOf(each, args))),
              this.#write(['EXEC']),
            ]
            const replies = (await Promise.all(all)).at(-1)
            return replies?.map((reply, i) => (REPLIES[queue[i][0]] ?? ((value) => value))(reply)) ?? null
          }
        },
      },
    )
    return chain
  }
  async *scanIterator({ MATCH, COUNT } = {}) {
    let cursor = '0'
    do {
      const [next, keys] = await this.send([
        'SCAN',
        cursor,
        ...(MATCH ? ['MATCH', MATCH] : []),
        ...(COUNT ? ['COUNT', `${COUNT}`] : []),
      ])
      cursor = next
      yield* keys
    } while (cursor !== '0')
  }
  async quit() {
    const reply = await this.send(['QUIT'])
    this.#end()
    return reply
  }
  async disconnect() {
    this.#end()
  }
  async close() {
    this.#end()
  }
  destroy() {
    this.#end()
  }
  #end() {
    this.#closing = true
    this.isOpen = this.isReady = false
    this.#socket?.destroy()
    this.emit('end')
  }
}

/** `hGetAll` is HGETALL, `lPush` LPUSH. */
function wordsOf(name, args) {
  if (SHAPES[name])
    return SHAPES[name](...args).map((each) =>
      Buffer.isBuffer(each) ? each : typeof each === 'number' ? `${each}` : each,
    )
  return [name.toUpperCase(), ...args.flatMap(flat)].map((each) => (typeof each === 'number' ? `${each}` : each))
}

function createClient(options) {
  const client = new Client(options)
  return new Proxy(client, {
    get(target, name) {
      const own = target[name]
      if (own !== undefined || typeof name === 'symbol' || name === 'then' || name.startsWith('_'))
        return typeof own === 'function' ? own.bind(target) : own
      return async (...args) => {
        const reply = await target.send(wordsOf(name, args))
        return (REPLIES[name] ?? ((value) => value))(reply)
      }
    },
  })
}

module.exports = { createClient, ErrorReply, ClientClosedError, SocketClosedUnexpectedlyError }
