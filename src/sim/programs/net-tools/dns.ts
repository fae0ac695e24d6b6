import type { DnsMessage, DnsRecord, RecordType } from '../../linux/net/dns/message.ts'
import { RECORD_TYPES } from '../../linux/net/dns/message.ts'
import { queryServer, readResolvConf, searchNames } from '../../linux/net/dns/resolver.ts'
import { parseAddress } from '../../linux/net/ipv4.ts'
import type { Process } from '../../linux/process.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError } from '../applet/applet.ts'

function ask(
  process: Process,
  server: string,
  name: string,
  type: RecordType,
  port = 53,
  timeout = 5000,
): Promise<DnsMessage | undefined> {
  return queryServer(
    { datagram: () => process.net.datagram(), nextId: () => process.random.int(1, 65_535) },
    server,
    name,
    type,
    timeout,
    port,
  )
}

const reverse = (address: string) => `${address.split('.').reverse().join('.')}.in-addr.arpa`

async function serverAddress(process: Process, text: string | undefined): Promise<string> {
  if (text === undefined) return readResolvConf(process.files).nameservers[0] ?? '127.0.0.1'
  return parseAddress(text) === undefined ? ((await process.net.resolve(text))[0] ?? text) : text
}

export const nslookup: Applet = async (call) => {
  const { process } = call
  const words = call.args.filter((word) => !word.startsWith('-'))
  const asked = call.args.map((word) => /^-(?:type|query|q|t)=(\w+)$/.exec(word)?.[1]?.toUpperCase()).find(Boolean) as
    | RecordType
    | undefined
  const [host, given] = words
  if (host === undefined)
    throw new AppletError(
      '',
      1,
      call.flavour === 'gnu'
        ? '> '
        : 'BusyBox v1.36.1 (2026-11-21 02:22:58 UTC) multi-call binary.\n\nUsage: nslookup [-type=QUERY_TYPE] [-debug] HOST [DNS_SERVER]\n',
    )
  const server = await serverAddress(process, given)
  const pointer = parseAddress(host) !== undefined
  const name = pointer ? reverse(host) : host
  const types: RecordType[] = asked ? [asked] : pointer ? ['PTR'] : ['A', 'AAAA']
  return call.flavour === 'gnu'
    ? bindLookup(call, server, name, types, pointer)
    : busyboxLookup(call, server, name, types)
}

async function busyboxLookup(
  { process }: AppletCall,
  server: string,
  name: string,
  types: readonly RecordType[],
): Promise<number> {
  const conf = readResolvConf(process.files)
  const names =
    name.includes('.') || conf.search.length === 0
      ? [name.replace(/\.$/, '')]
      : conf.search.map((domain) => `${name}.${domain}`)
  const answers = await Promise.all(
    names.flatMap((each) =>
      types.map(async (type) => {
        const message = await ask(process, server, each, type)
        return { name: each, type, message, at: process.uptime() }
      }),
    ),
  )
  if (answers.every(({ message }) => message === undefined)) {
    await process.print(`;; connection timed out; no servers could be reached\n\n`)
    return 1
  }
  await process.print(`Server:\t\t${server}\nAddress:\t${server}:53\n\n`)
  let failed = 0
  // As they come; of those that come at once, AAAA before A.
  for (const { name: each, message } of [...answers].sort((a, b) =>
    a.name === b.name ? a.at - b.at || Number(b.type === 'AAAA') - Number(a.type === 'AAAA') : 0,
  )) {
    if (!message) continue
    if (message.code !== 'NOERROR') {
      await process.print(`** server can't find ${each}: ${message.code}\n\n`)
      failed++
      continue
    }
    const shown = message.answers.map((record) => recordText(record)).join('')
    await process.print(`${message.authoritative ? '' : 'Non-authoritative answer:\n'}${shown}\n`)
  }
  return failed > 0 ? 1 : 0
}

function recordText(record: DnsRecord): string {
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return `Name:\t${record.name}\nAddress: ${record.data}\n`
    case 'CNAME':
      return `${record.name}\tcanonical name = ${record.data}\n`
    case 'PTR':
      return `${record.name}\tname = ${record.data}\n`
    case 'SRV':
      return `${record.name}\tservice = ${record.data}\n`
    case 'TXT':
      return `${record.name}\ttext = "${record.data}"\n`
    default:
      return `${record.name}\t${record.type.toLowerCase()} = ${record.data}\n`
  }
}

async function bindLookup(
  { process }: AppletCall,
  server: string,
  name: string,
  types: readonly RecordType[],
  pointer: boolean,
): Promise<number> {
  const candidates = pointer ? [name] : searchNames(name, readResolvConf(process.files))
  let tried = candidates[0]!
  for (const each of candidates) {
    tried = each
    const first = await ask(process, server, each, types[0]!)
    if (!first) {
      await process.print(`;; communications error to ${server}#53: timed out\n;; no servers could be reached\n\n`)
      return 1
    }
    if (first.code !== 'NOERROR') continue
    await process.print(`Server:\t\t${server}\nAddress:\t${server}#53\n\n`)
    const more = types[1] ? await ask(process, server, each, types[1]) : undefined
    const records = [...first.answers, ...(more?.answers ?? []).filter((record) => record.type === types[1])]
    await process.print(
      `${first.authoritative ? '' : 'Non-authoritative answer:\n'}${records.length === 0 ? `*** Can't find ${name}: No answer\n` : records.map((record) => (record.type === 'PTR' ? `${record.name}\tname = ${record.data}.\n` : record.type === 'CNAME' ? `${record.name}\tcanonical name = ${record.data}.\n` : recordText(record))).join('')}\n`,
    )
    return 0
  }
  await process.print(
    `Server:\t\t${server}\nAddress:\t${server}#53\n\n** server can't find ${pointer ? tried : name}: NXDOMAIN\n\n`,
  )
  return 1
}

export const dig: Applet = async ({ process, args }) => {
  let server: string | undefined
  let name: string | undefined
  let type: RecordType = 'A'
  let port = 53
  const flags = new Set<string>()
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word.startsWith('@')) server = word.slice(1)
    else if (word.startsWith('+')) flags.add(word.slice(1))
    else if (word === '-x') {
      name = reverse(args[++i]!)
      type = 'PTR'
    } else if (word === '-p') port = Number(args[++i])
    else if (word === '-t') type = args[++i]!.toUpperCase() as RecordType
    else if (word.toUpperCase() in RECORD_TYPES && name !== undefined) type = word.toUpperCase() as RecordType
    else if (!word.startsWith('-')) name = word
  }
  const address = await serverAddress(process, server)
  const whole = flags.has('search')
    ? searchNames(name ?? '.', readResolvConf(process.files))[0]!
    : (name ?? '.').replace(/(.)\.$/, '$1')
  const started = process.uptime()
  const answer = await ask(process, address, whole, type, port)
  if (!answer) {
    await process.print(
      `;; communications error to ${address}#${port}: timed out\n\n; <<>> DiG 9.18.24-1-Debian <<>> ${args.join(' ')}\n;; global options: +cmd\n;; no servers could be reached\n\n`,
    )
    return 9
  }
  const dotted = (record: DnsRecord) =>
    ['CNAME', 'PTR', 'NS', 'SRV', 'MX'].includes(record.type)
      ? `${record.data}.`
      : record.type === 'TXT'
        ? `"${record.data}"`
        : record.data
  if (flags.has('short')) {
    await process.print(answer.answers.map((record) => `${dotted(record)}\n`).join(''))
    return 0
  }
  const row = (record: DnsRecord) =>
    `${`${record.name}.`.padEnd(24)}${String(record.ttl).padEnd(8)}IN\t${record.type}\t${dotted(record)}\n`
  const flagText = ['qr', answer.authoritative && 'aa', 'rd', answer.recursionAvailable && 'ra']
    .filter(Boolean)
    .join(' ')
  const section = (title: string, records: readonly DnsRecord[] | undefined) =>
    records && records.length > 0 ? `;; ${title} SECTION:\n${records.map(row).join('')}\n` : ''
  if (flags.has('noall') && flags.has('answer')) await process.print(answer.answers.map(row).join(''))
  else {
    await process.print(`
; <<>> DiG 9.18.24-1-Debian <<>> ${args.join(' ')}
${server === undefined ? '' : '; (1 server found)\n'};; global options: +cmd
;; Got answer:
;; ->>HEADER<<- opcode: QUERY, status: ${answer.code}, id: ${answer.id}
;; flags: ${flagText}; QUERY: 1, ANSWER: ${answer.answers.length}, AUTHORITY: ${answer.authority?.length ?? 0}, ADDITIONAL: ${answer.additional?.length ?? 0}

;; QUESTION SECTION:
;${`${whole}.`.padEnd(31)}IN\t${type}

${section('ANSWER', answer.answers)}${section('AUTHORITY', answer.authority)};; Query time: ${Math.round(process.uptime() - started)} msec
;; SERVER: ${address}#${port}(${address}) (UDP)
;; WHEN: ${dateText('%a %b %d %H:%M:%S %Z %Y', process.wallClock())}
;; MSG SIZE  rcvd: 106

`)
  }
  return 0
}

export const host: Applet = async ({ process, args }) => {
  const words = args.filter((word) => !word.startsWith('-'))
  const name = words[0] ?? ''
  const server = await serverAddress(process, words[1])
  const pointer = parseAddress(name) !== undefined
  for (const each of pointer ? [reverse(name)] : searchNames(name, readResolvConf(process.files))) {
    const answer = await ask(process, server, each, pointer ? 'PTR' : 'A')
    if (!answer) {
      await process.print(`;; communications error to ${server}#53: timed out\n;; no servers could be reached\n`)
      return 1
    }
    if (answer.code !== 'NOERROR' || answer.answers.length === 0) continue
    for (const record of answer.answers)
      await process.print(
        record.type === 'A'
          ? `${record.name} has address ${record.data}\n`
          : record.type === 'CNAME'
            ? `${record.name} is an alias for ${record.data}.\n`
            : `${record.name} domain name pointer ${record.data}.\n`,
      )
    return 0
  }
  await process.print(`Host ${name} not found: 3(NXDOMAIN)\n`)
  return 1
}
