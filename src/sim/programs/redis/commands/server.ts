import { info } from '../info.ts'
import { array, bulk, bulks, failure, integer, NIL, OK, status } from '../resp.ts'
import { CommandError, type CommandTable, globToRegex, NOT_INTEGER, parseInteger } from './command.ts'

export const server: CommandTable = {
  ping: { arity: -1, run: (c) => (c.words[1] === undefined ? status('PONG') : bulk(c.words[1])) },
  echo: { arity: 2, run: (c) => bulk(c.words[1]) },
  select: {
    arity: 2,
    run: (c) => {
      if (!/^-?\d+$/.test(c.words[1]!)) throw new CommandError(NOT_INTEGER)
      const index = Number(c.words[1])
      if (index < 0 || index >= c.server.databases.length) throw new CommandError('ERR DB index is out of range')
      c.client.database = index
      return OK
    },
  },
  auth: {
    arity: -2,
    run: (c) => {
      const wanted = c.server.config.get('requirepass')
      if (wanted === '')
        throw new CommandError(
          'ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?',
        )
      if (c.words.at(-1) !== wanted)
        throw new CommandError('WRONGPASS invalid username-password pair or user is disabled.')
      c.client.authenticated = true
      return OK
    },
  },
  quit: {
    arity: -1,
    run: (c) => {
      c.client.send(OK)
      c.client.close()
      return undefined
    },
  },
  info: { arity: -1, run: (c) => bulk(info(c.server, c.words.slice(1))) },
  time: {
    arity: 1,
    run: (c) => {
      const ms = c.server.process.wallClock()
      return bulks([String(Math.floor(ms / 1000)), String(Math.floor(ms % 1000) * 1000)])
    },
  },
  role: {
    arity: 1,
    run: ({ server }) =>
      server.primary
        ? array([
            bulk('slave'),
            bulk(server.primary.host),
            integer(server.primary.port),
            bulk(server.primary.linkUp ? 'connected' : 'connect'),
            integer(server.replicationOffset),
          ])
        : array([
            bulk('master'),
            integer(server.replicationOffset),
            array(
              [...server.replicas.values()].map((r) =>
                bulks([r.address, String(r.port), String(server.replicationOffset)]),
              ),
            ),
          ]),
  },
  save: { arity: 1, run: (c) => (c.server.save() ? OK : failure('ERR')) },
  bgsave: {
    arity: -1,
    run: (c) => {
      c.server.save()
      return status('Background saving started')
    },
  },
  bgrewriteaof: {
    arity: 1,
    run: (c) => {
      c.server.rewriteAof()
      return status('Background append only file rewriting started')
    },
  },
  lastsave: { arity: 1, run: (c) => integer(c.server.lastSave) },
  shutdown: {
    arity: -1,
    run: (c) => {
      const how = c.words[1]?.toUpperCase()
      const configured = c.server.config.get('save') !== ''
      c.server.onShutdown?.(how === 'SAVE' || (how !== 'NOSAVE' && configured))
      return undefined
    },
  },
  config: {
    arity: -2,
    run: (c) => {
      const action = c.words[1]!.toUpperCase()
      const { config } = c.server
      if (action === 'GET') {
        const patterns = c.words.slice(2).map(globToRegex)
        return bulks(
          config
            .names()
            .filter((n) => patterns.some((p) => p.test(n)))
            .sort()
            .flatMap((n) => [n, config.get(n)]),
        )
      }
      if (action === 'SET') {
        for (let i = 2; i + 1 < c.words.length; i += 2) {
          const name = c.words[i]!
          if (!config.names().includes(name.toLowerCase()))
            throw new CommandError(`ERR Unknown option or number of arguments for CONFIG SET - '${name}'`)
          const wasOff = config.get('appendonly') === 'no'
          const problem = config.set(name, [c.words[i + 1]!])
          if (wasOff && config.get('appendonly') === 'yes') c.server.rewriteAof()
          if (problem)
            throw new CommandError(`ERR CONFIG SET failed (possibly related to argument '${name}') - ${problem}`)
        }
        return OK
      }
      if (action === 'RESETSTAT') return OK
      if (action === 'REWRITE')
        throw new CommandError(
          config.file ? 'ERR not simulated: CONFIG REWRITE' : 'ERR The server is running without a config file',
        )
      throw new CommandError(`ERR unknown subcommand '${c.words[1]}'. Try CONFIG HELP.`)
    },
  },
  client: {
    arity: -2,
    run: (c) => {
      const action = c.words[1]!.toUpperCase()
      if (action === 'SETNAME') {
        if (/[^!-~]/.test(c.words[2] ?? ''))
          throw new CommandError('ERR Client names cannot contain spaces, newlines or special characters.')
        c.client.name = c.words[2] ?? ''
        return OK
      }
      if (action === 'GETNAME') return c.client.name ? bulk(c.client.name) : NIL
      if (action === 'ID') return integer(c.client.id)
      if (action === 'LIST')
        return bulk(
          [...c.server.clients.values()]
            .map((k) => `id=${k.id} addr=${k.address} name=${k.name} db=${k.database}\n`)
            .join(''),
        )
      return OK
    },
  },
  command: { arity: -1, run: (c) => (c.words[1]?.toUpperCase() === 'COUNT' ? integer(240) : array([])) },
  memory: { arity: -2, run: () => integer(64) },
  debug: { arity: -2, run: (c) => (c.words[1]?.toUpperCase() === 'SLEEP' ? OK : failure('ERR not simulated: DEBUG')) },
  replicaof: {
    arity: 3,
    run: (c) => {
      const [, host = '', port = ''] = c.words
      if (host.toLowerCase() === 'no' && port.toLowerCase() === 'one') c.server.primary = undefined
      else {
        c.server.primary = { host, port: parseInteger(port), linkUp: false }
        c.server.startReplication()
      }
      return OK
    },
  },
  slaveof: { arity: 3, run: (c) => server.replicaof!.run(c) },
  wait: { arity: 3, run: (c) => integer(c.server.replicas.size) },
  publish: {
    arity: 3,
    run: (c) => {
      let reached = 0
      for (const client of c.server.clients.values()) {
        if (client.channels.has(c.words[1]!)) {
          client.send(bulks(['message', c.words[1], c.words[2]]))
          reached++
        }
        for (const pattern of client.patterns)
          if (globToRegex(pattern).test(c.words[1]!)) {
            client.send(bulks(['pmessage', pattern, c.words[1], c.words[2]]))
            reached++
          }
      }
      return integer(reached)
    },
  },
  subscribe: {
    arity: -2,
    run: (c) => {
      for (const channel of c.words.slice(1)) {
        c.client.channels.add(channel)
        c.client.send(
          array([bulk('subscribe'), bulk(channel), integer(c.client.channels.size + c.client.patterns.size)]),
        )
      }
      return undefined
    },
  },
  psubscribe: {
    arity: -2,
    run: (c) => {
      for (const pattern of c.words.slice(1)) {
        c.client.patterns.add(pattern)
        c.client.send(
          array([bulk('psubscribe'), bulk(pattern), integer(c.client.channels.size + c.client.patterns.size)]),
        )
      }
      return undefined
    },
  },
  hello: {
    arity: -1,
    run: (c) => {
      if (c.words[1] !== undefined && c.words[1] !== '2') throw new CommandError('NOPROTO unsupported protocol version')
      return bulks([
        'server',
        'redis',
        'version',
        '7.0.15',
        'proto',
        '2',
        'id',
        String(c.client.id),
        'mode',
        'standalone',
        'role',
        c.server.primary ? 'replica' : 'master',
      ])
    },
  },
  reset: { arity: 1, run: () => status('RESET') },
  cluster: { arity: -2, run: () => failure('ERR This instance has cluster support disabled') },
  eval: { arity: -3, run: () => failure('ERR not simulated: Lua scripts') },
  evalsha: { arity: -3, run: () => failure('ERR not simulated: Lua scripts') },
  slowlog: { arity: -2, run: (c) => (c.words[1]?.toUpperCase() === 'LEN' ? integer(0) : array([])) },
  swapdb: {
    arity: 3,
    write: true,
    run: (c) => {
      const { databases } = c.server
      const index = (word: string | undefined, which: string) => {
        if (!/^\d+$/.test(word ?? '')) throw new CommandError(`ERR invalid ${which} DB index`)
        if (Number(word) >= databases.length) throw new CommandError('ERR DB index is out of range')
        return Number(word)
      }
      const [a, b] = [index(c.words[1], 'first'), index(c.words[2], 'second')]
      ;[databases[a], databases[b]] = [databases[b]!, databases[a]!]
      c.server.dirty++
      return OK
    },
  },
}
