import { type DnsMessage, type DnsRecord, decodeDns, encodeDns } from '../../linux/net/dns/message.ts'
import type { Sockets } from '../../linux/socket.ts'
import type { ClusterRecords } from './dns-records.ts'

export interface DnsServerOptions {
  records: ClusterRecords
  /** For names that are not the cluster's: where the machine itself asks. */
  upstream: (name: string) => Promise<string[]>
  /** Follow an ExternalName's CNAME to its address, as CoreDNS does. */
  chase: boolean
  address?: string
}

/** Answers DNS questions over UDP until the socket is closed. */
export async function serveDns(sockets: Sockets, options: DnsServerOptions): Promise<void> {
  const socket = sockets.datagram({ ...(options.address ? { address: options.address } : {}), port: 53 })
  for (;;) {
    const { from, bytes } = await socket.receive()
    const query = decodeDns(bytes)
    if (!query || query.response) continue
    void answer(query, options).then((reply) => socket.send(from, encodeDns(reply)))
  }
}

async function answer(query: DnsMessage, { records, upstream, chase }: DnsServerOptions): Promise<DnsMessage> {
  const reply: DnsMessage = {
    ...query,
    response: true,
    authoritative: true,
    recursionAvailable: true,
    answers: [],
    authority: [],
    additional: [],
  }
  const question = query.questions[0]
  if (!question) return { ...reply, code: 'FORMERR' }
  const own = records.lookup(question.name, question.type)
  if (own) {
    const answers = [...own.answers]
    const alias = answers.find((record) => record.type === 'CNAME')
    if (alias && chase && question.type === 'A') answers.push(...(await target(alias.data, records, upstream)))
    return { ...reply, code: own.code, answers, additional: own.additional }
  }
  if (question.type === 'AAAA') return { ...reply, authoritative: false }
  const found = question.type === 'A' ? await upstream(question.name).catch(() => undefined) : []
  if (found === undefined) return { ...reply, authoritative: false, code: 'SERVFAIL' }
  const answers = found.map((data): DnsRecord => ({ name: question.name, type: 'A', ttl: 30, data }))
  return { ...reply, authoritative: false, code: answers.length > 0 ? 'NOERROR' : 'NXDOMAIN', answers }
}

async function target(
  name: string,
  records: ClusterRecords,
  upstream: DnsServerOptions['upstream'],
): Promise<DnsRecord[]> {
  const own = records.lookup(name, 'A')
  if (own) return own.answers
  const addresses = await upstream(name).catch(() => [])
  return addresses.map((data) => ({ name, type: 'A', ttl: 30, data }))
}
