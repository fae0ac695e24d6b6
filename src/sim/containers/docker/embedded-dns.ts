import { Killed, SystemError } from '../../linux/errors.ts'
import { type DnsMessage, decodeDns, encodeDns } from '../../linux/net/dns/message.ts'
import { queryServer } from '../../linux/net/dns/resolver.ts'
import type { NetworkNamespace } from '../../linux/net/network-namespace.ts'
import { NamespaceSockets } from '../../linux/net/sockets.ts'

const ADDRESS = '127.0.0.11'

/** The name server inside containers of user-defined networks: knows their neighbours, asks the machine's for the rest. */
export function startEmbeddedDns(
  namespace: NetworkNamespace,
  host: NetworkNamespace,
  lookup: (name: string) => string[],
  upstream: () => string[],
): { close(): void } {
  const socket = new NamespaceSockets(namespace).datagram({ address: ADDRESS, port: 53 })
  const outside = new NamespaceSockets(host)
  let id = 1
  const answer = async (query: DnsMessage): Promise<DnsMessage> => {
    const [question] = query.questions
    const reply: DnsMessage = { ...query, response: true, recursionAvailable: true, answers: [] }
    if (!question) return { ...reply, code: 'FORMERR' }
    const name = question.name.toLowerCase()
    const known = lookup(name)
    if (known.length > 0) {
      if (question.type === 'A')
        reply.answers = known.map((data) => ({ name: question.name, type: 'A', ttl: 600, data }))
      return reply
    }
    for (const server of upstream()) {
      const context = { datagram: () => outside.datagram(), nextId: () => id++ & 0xffff }
      const found = await queryServer(context, server, question.name, question.type, 2000)
      if (found) return { ...found, id: query.id }
    }
    return { ...reply, code: upstream().length > 0 ? 'SERVFAIL' : 'NXDOMAIN' }
  }
  const serve = async () => {
    for (;;) {
      const { from, bytes } = await socket.receive()
      const query = decodeDns(bytes)
      if (query && !query.response) void answer(query).then((reply) => socket.send(from, encodeDns(reply)), ignore)
    }
  }
  void serve().catch(ignore)
  return { close: () => socket.close() }
}

/** The socket was closed under it, which is how it ends. */
function ignore(error: unknown): void {
  if (error instanceof SystemError || error instanceof Killed) return
  throw error
}
