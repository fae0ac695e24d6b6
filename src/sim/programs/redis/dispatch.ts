import { serveBlocked } from './blocking.ts'
import { asError, type Call, CommandError } from './commands/command.ts'
import { commands } from './commands/index.ts'
import { array, decodeText, failure, NIL, OK, type Reply, status } from './resp.ts'
import type { Client, ServerState } from './server-state.ts'

const BEFORE_AUTH = new Set(['auth', 'hello', 'quit', 'reset'])
const TRANSACTION = new Set(['multi', 'exec', 'discard', 'watch', 'unwatch'])

/** Commands of redis 7 that are none of ours. */
const NOT_SIMULATED = new Set(
  'lmpop zmpop blmpop bzmpop zunion zinter zdiff zunionstore zinterstore zdiffstore zrangestore zremrangebylex zlexcount zrandmember hrandfield hscan sscan zscan lcs dump restore migrate script function fcall monitor latency acl module failover unsubscribe punsubscribe ssubscribe spublish pubsub sort_ro move lolwut'.split(
    ' ',
  ),
)

function unknown(words: readonly string[]): Reply {
  if (NOT_SIMULATED.has(words[0]!.toLowerCase())) return failure(`ERR not simulated: ${words[0]!.toUpperCase()}`)
  const args = words.slice(1).map((w) => `'${decodeText(w)}' `)
  return failure(
    `ERR unknown command '${decodeText(words[0]!)}', with args beginning with: ${args.join('')}`.slice(0, 256),
  )
}

/** Carries out one command of a client and sends the reply. */
export function dispatch(state: ServerState, client: Client, words: readonly string[]): void {
  const name = words[0]!.toLowerCase()
  state.commands++
  const reply = decide(state, client, name, words)
  if (reply) client.send(reply)
}

function decide(state: ServerState, client: Client, name: string, words: readonly string[]): Reply | undefined {
  const command = commands[name]
  const known = command ?? (TRANSACTION.has(name) ? { arity: name === 'watch' ? -2 : 1 } : undefined)
  if (!known) {
    if (client.queue) client.queueFailed = true
    return unknown(words)
  }
  const { arity } = known
  if (arity >= 0 ? words.length !== arity : words.length < -arity) {
    if (client.queue) client.queueFailed = true
    return failure(`ERR wrong number of arguments for '${name}' command`)
  }
  if (!client.authenticated && !BEFORE_AUTH.has(name)) return failure('NOAUTH Authentication required.')
  if (TRANSACTION.has(name)) return transaction(state, client, name, words)
  if (client.queue) {
    client.queue.push([...words])
    return status('QUEUED')
  }
  const reply = execute(state, client, words)
  serveBlocked(state)
  return reply
}

function transaction(state: ServerState, client: Client, name: string, words: readonly string[]): Reply {
  if (name === 'multi') {
    if (client.queue) return failure('ERR MULTI calls can not be nested')
    client.queue = []
    client.queueFailed = false
    return OK
  }
  if (name === 'watch') {
    if (client.queue) return failure('ERR WATCH inside MULTI is not allowed')
    client.watched ??= new Map()
    for (const key of words.slice(1)) {
      const id = `${client.database}/${key}`
      client.watched.set(id, state.versions.get(id) ?? 0)
    }
    return OK
  }
  if (name === 'unwatch') {
    client.watched = undefined
    return OK
  }
  const { queue, watched } = client
  if (!queue) return failure(`ERR ${name.toUpperCase()} without MULTI`)
  client.queue = undefined
  client.watched = undefined
  if (name === 'discard') return OK
  if (client.queueFailed) return failure('EXECABORT Transaction discarded because of previous errors.')
  if (watched && [...watched].some(([id, version]) => (state.versions.get(id) ?? 0) !== version))
    return { kind: 'array', items: undefined }
  const replies = array(queue.map((queued) => execute(state, client, queued, true) ?? NIL))
  serveBlocked(state)
  return replies
}

function execute(
  state: ServerState,
  client: Client,
  words: readonly string[],
  inTransaction = false,
): Reply | undefined {
  const command = commands[words[0]!.toLowerCase()]!
  if (command.write && state.primary && !client.fromPrimary && state.config.get('replica-read-only') === 'yes')
    return failure("READONLY You can't write against a read only replica.")
  const call: Call = { server: state, client, db: state.databases[client.database]!, words, inTransaction }
  const before = state.dirty
  try {
    const reply = command.run(call)
    if (command.write && state.dirty !== before) state.propagate(client.database, call.propagated ?? words)
    return reply
  } catch (error) {
    if (error instanceof CommandError) return asError(error)
    throw error
  }
}
