import { type DnsMessage, decodeDns, encodeDns } from '../linux/net/dns/message.ts'
import type { Sockets } from '../linux/socket.ts'
import type { Clock } from '../time/event-queue.ts'

/** ms that the servers beyond take longer to say that a host has no IPv6 address. */
const NO_IPV6 = 2

/**
 * The name server at the edge of the simulated network: knows the hosts that stand for the outside (registries), by
 * address; every other name does not exist.
 */
export async function serveOutsideNames(
  sockets: Sockets,
  hosts: ReadonlyMap<string, string>,
  clock: Clock,
): Promise<never> {
  const socket = sockets.datagram({ port: 53 })
  for (;;) {
    const { from, bytes } = await socket.receive()
    const query = decodeDns(bytes)
    if (!query || query.response) continue
    const reply = () => socket.send(from, encodeDns(answer(query, hosts)))
    if (query.questions[0]?.type === 'AAAA') clock.after(NO_IPV6, reply)
    else reply()
  }
}

function answer(query: DnsMessage, hosts: ReadonlyMap<string, string>): DnsMessage {
  const reply: DnsMessage = { ...query, response: true, recursionAvailable: true, answers: [] }
  const [question] = query.questions
  if (!question) return { ...reply, code: 'FORMERR' }
  const address = hosts.get(question.name.toLowerCase())
  if (address === undefined) return { ...reply, code: 'NXDOMAIN' }
  if (question.type === 'A') reply.answers = [{ name: question.name, type: 'A', ttl: 300, data: address }]
  return reply
}
