import { SystemError } from '../../errors.ts'
import type { Files } from '../../file.ts'
import type { DatagramSocket } from '../../socket.ts'
import { parseAddress } from '../ipv4.ts'
import { type DnsMessage, decodeDns, dnsQuery, encodeDns, type RecordType } from './message.ts'

export interface ResolvConf {
  nameservers: string[]
  search: string[]
  ndots: number
  /** ms */
  timeout: number
  attempts: number
}

export function parseResolvConf(text: string): ResolvConf {
  const conf: ResolvConf = { nameservers: [], search: [], ndots: 1, timeout: 5000, attempts: 2 }
  for (const line of text.split('\n')) {
    const [keyword, ...values] = line.trim().split(/\s+/)
    if (keyword === 'nameserver' && values[0]) conf.nameservers.push(values[0])
    else if (keyword === 'search' || keyword === 'domain') conf.search = values
    else if (keyword === 'options')
      for (const option of values) {
        const [name, value] = option.split(':')
        if (name === 'ndots') conf.ndots = Number(value)
        if (name === 'timeout') conf.timeout = Number(value) * 1000
        if (name === 'attempts') conf.attempts = Number(value)
      }
  }
  return conf
}

export function readResolvConf(files: Files): ResolvConf {
  return parseResolvConf(readOrEmpty(files, '/etc/resolv.conf'))
}

/** The names to try, in order, by ndots and the search list. */
export function searchNames(name: string, { search, ndots }: Pick<ResolvConf, 'search' | 'ndots'>): string[] {
  if (name.endsWith('.')) return [name.slice(0, -1)]
  const dots = name.split('.').length - 1
  const extended = search.map((domain) => `${name}.${domain}`)
  return dots >= ndots ? [name, ...extended] : [...extended, name]
}

/** Addresses of a name in /etc/hosts, in the file's order. */
export function lookupHosts(files: Files, name: string): string[] {
  const found: string[] = []
  for (const line of readOrEmpty(files, '/etc/hosts').split('\n')) {
    const [address, ...names] = line.replace(/#.*/, '').trim().split(/\s+/)
    if (
      address &&
      parseAddress(address) !== undefined &&
      names.some((each) => each.toLowerCase() === name.toLowerCase())
    )
      found.push(address)
  }
  return found
}

export interface QueryContext {
  datagram(): DatagramSocket
  nextId(): number
}

/** Asks the servers in turn; the first answer counts, save failures of the server. Undefined: none answered. */
export async function queryServers(
  context: QueryContext,
  conf: ResolvConf,
  name: string,
  type: RecordType,
): Promise<DnsMessage | undefined> {
  const servers = conf.nameservers.length > 0 ? conf.nameservers : ['127.0.0.1']
  let failure: DnsMessage | undefined
  for (let attempt = 0; attempt < conf.attempts; attempt++) {
    for (const server of servers) {
      const answer = await queryServer(context, server, name, type, conf.timeout)
      if (answer && answer.code !== 'SERVFAIL' && answer.code !== 'REFUSED') return answer
      failure = answer ?? failure
    }
  }
  return failure
}

/** One question to one server. Undefined when nothing came back. */
export async function queryServer(
  context: QueryContext,
  server: string,
  name: string,
  type: RecordType,
  timeout: number,
  port = 53,
): Promise<DnsMessage | undefined> {
  const socket = context.datagram()
  const id = context.nextId()
  try {
    socket.send({ address: server, port }, encodeDns(dnsQuery(id, name, type)))
    for (;;) {
      const { bytes } = await socket.receive({ timeout })
      const message = decodeDns(bytes)
      if (message?.response && message.id === id) return message
    }
  } catch (error) {
    if (error instanceof SystemError && error.code !== 'EBADF') return undefined
    throw error
  } finally {
    socket.close()
  }
}

/** As getaddrinfo(3). Empty: no such name; ETIMEDOUT: no server answered. */
export async function resolveName(context: QueryContext, files: Files | undefined, name: string): Promise<string[]> {
  if (parseAddress(name) !== undefined) return [name]
  if (files) {
    const known = lookupHosts(files, name)
    if (known.length > 0) return known
  }
  if (name === 'localhost' || name.endsWith('.localhost')) return ['127.0.0.1']
  const conf = files ? readResolvConf(files) : parseResolvConf('')
  for (const candidate of searchNames(name, conf)) {
    const answer = await queryServers(context, conf, candidate, 'A')
    if (!answer) throw new SystemError('ETIMEDOUT')
    if (answer.code === 'SERVFAIL' || answer.code === 'REFUSED') throw new SystemError('ETIMEDOUT')
    const addresses = answer.answers.filter(({ type }) => type === 'A').map(({ data }) => data)
    if (addresses.length > 0) return addresses
  }
  return []
}

function readOrEmpty(files: Files, path: string): string {
  try {
    return files.readText(path)
  } catch (error) {
    if (error instanceof SystemError) return ''
    throw error
  }
}
