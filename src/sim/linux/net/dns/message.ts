/** DNS messages on the wire (RFC 1035, 2782, 3596). */

export const RECORD_TYPES = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  ANY: 255,
} as const

export type RecordType = keyof typeof RECORD_TYPES

export const RESPONSE_CODES = ['NOERROR', 'FORMERR', 'SERVFAIL', 'NXDOMAIN', 'NOTIMP', 'REFUSED'] as const
export type ResponseCode = (typeof RESPONSE_CODES)[number]

export interface DnsQuestion {
  /** Without the final dot. */
  name: string
  type: RecordType
}

/**
 * `data`: an address (A, AAAA), a name (CNAME, NS, PTR), a text (TXT), `priority weight port target` (SRV),
 * `preference name` (MX), `mname rname serial refresh retry expire minimum` (SOA).
 */
export interface DnsRecord {
  name: string
  type: RecordType
  /** Seconds. */
  ttl: number
  data: string
}

export interface DnsMessage {
  id: number
  response: boolean
  authoritative?: boolean
  truncated?: boolean
  recursionDesired?: boolean
  recursionAvailable?: boolean
  code: ResponseCode
  questions: DnsQuestion[]
  answers: DnsRecord[]
  authority?: DnsRecord[]
  additional?: DnsRecord[]
}

export function dnsQuery(id: number, name: string, type: RecordType = 'A'): DnsMessage {
  return { id, response: false, recursionDesired: true, code: 'NOERROR', questions: [{ name, type }], answers: [] }
}

class Writer {
  readonly #bytes: number[] = []
  readonly #names = new Map<string, number>()

  get length(): number {
    return this.#bytes.length
  }
  u8(value: number): void {
    this.#bytes.push(value & 255)
  }
  u16(value: number): void {
    this.u8(value >> 8)
    this.u8(value)
  }
  u32(value: number): void {
    this.u16(value >>> 16)
    this.u16(value)
  }
  raw(bytes: Uint8Array): void {
    for (const byte of bytes) this.#bytes.push(byte)
  }
  /** With compression pointers to names written before. */
  name(name: string): void {
    const labels = name
      .replace(/\.$/, '')
      .split('.')
      .filter((label) => label !== '')
    for (let i = 0; i < labels.length; i++) {
      const rest = labels.slice(i).join('.').toLowerCase()
      const known = this.#names.get(rest)
      if (known !== undefined) {
        this.u16(0xc000 | known)
        return
      }
      if (this.length < 0x4000) this.#names.set(rest, this.length)
      const label = new TextEncoder().encode(labels[i]).subarray(0, 63)
      this.u8(label.length)
      this.raw(label)
    }
    this.u8(0)
  }
  /** Patches a 16-bit length that was left open. */
  patch(at: number, value: number): void {
    this.#bytes[at] = value >> 8
    this.#bytes[at + 1] = value & 255
  }
  done(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
}

export function encodeDns(message: DnsMessage): Uint8Array {
  const out = new Writer()
  out.u16(message.id)
  const flags =
    (message.response ? 0x8000 : 0) |
    (message.authoritative ? 0x0400 : 0) |
    (message.truncated ? 0x0200 : 0) |
    (message.recursionDesired ? 0x0100 : 0) |
    (message.recursionAvailable ? 0x0080 : 0) |
    RESPONSE_CODES.indexOf(message.code)
  out.u16(flags)
  const sections = [message.answers, message.authority ?? [], message.additional ?? []]
  out.u16(message.questions.length)
  for (const section of sections) out.u16(section.length)
  for (const { name, type } of message.questions) {
    out.name(name)
    out.u16(RECORD_TYPES[type])
    out.u16(1)
  }
  for (const section of sections) for (const record of section) writeRecord(out, record)
  return out.done()
}

function writeRecord(out: Writer, { name, type, ttl, data }: DnsRecord): void {
  out.name(name)
  out.u16(RECORD_TYPES[type])
  out.u16(1)
  out.u32(ttl)
  const at = out.length
  out.u16(0)
  const parts = data.split(' ')
  if (type === 'A') for (const part of data.split('.')) out.u8(Number(part))
  else if (type === 'AAAA') for (const group of expandIpv6(data)) out.u16(group)
  else if (type === 'CNAME' || type === 'NS' || type === 'PTR') out.name(data)
  else if (type === 'SRV') {
    for (const part of parts.slice(0, 3)) out.u16(Number(part))
    out.name(parts[3] ?? '')
  } else if (type === 'MX') {
    out.u16(Number(parts[0]))
    out.name(parts[1] ?? '')
  } else if (type === 'SOA') {
    out.name(parts[0] ?? '')
    out.name(parts[1] ?? '')
    for (const part of parts.slice(2, 7)) out.u32(Number(part))
  } else {
    const bytes = new TextEncoder().encode(data)
    for (let i = 0; i === 0 || i < bytes.length; i += 255) {
      const part = bytes.subarray(i, i + 255)
      out.u8(part.length)
      out.raw(part)
    }
  }
  out.patch(at, out.length - at - 2)
}

function expandIpv6(text: string): number[] {
  const [head = '', tail] = text.split('::')
  const groups = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  return [...left, ...Array<number>(Math.max(0, 8 - left.length - right.length)).fill(0), ...right]
}

class Reader {
  readonly #bytes: Uint8Array
  at = 0
  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }
  u8(): number {
    const byte = this.#bytes[this.at++]
    if (byte === undefined) throw new RangeError('short DNS message')
    return byte
  }
  u16(): number {
    return this.u8() * 256 + this.u8()
  }
  u32(): number {
    return this.u16() * 65_536 + this.u16()
  }
  text(length: number): string {
    this.at += length
    return new TextDecoder().decode(this.#bytes.subarray(this.at - length, this.at))
  }
  name(): string {
    const labels: string[] = []
    let back: number | undefined
    for (let steps = 0; steps < 128; steps++) {
      const length = this.u8()
      if (length === 0) break
      if ((length & 0xc0) === 0xc0) {
        const to = ((length & 0x3f) << 8) | this.u8()
        back ??= this.at
        this.at = to
      } else labels.push(this.text(length))
    }
    if (back !== undefined) this.at = back
    return labels.join('.')
  }
}

/** Undefined when the bytes are no DNS message. */
export function decodeDns(bytes: Uint8Array): DnsMessage | undefined {
  try {
    const input = new Reader(bytes)
    const id = input.u16()
    const flags = input.u16()
    const counts = [input.u16(), input.u16(), input.u16(), input.u16()]
    const questions = Array.from({ length: counts[0]! }, () => {
      const name = input.name()
      const type = typeName(input.u16())
      input.u16()
      return { name, type }
    })
    const section = (count: number) => Array.from({ length: count }, () => readRecord(input))
    return {
      id,
      response: (flags & 0x8000) !== 0,
      authoritative: (flags & 0x0400) !== 0,
      truncated: (flags & 0x0200) !== 0,
      recursionDesired: (flags & 0x0100) !== 0,
      recursionAvailable: (flags & 0x0080) !== 0,
      code: RESPONSE_CODES[flags & 15] ?? 'SERVFAIL',
      questions,
      answers: section(counts[1]!),
      authority: section(counts[2]!),
      additional: section(counts[3]!),
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function typeName(number: number): RecordType {
  return (Object.entries(RECORD_TYPES).find(([, value]) => value === number)?.[0] ?? 'ANY') as RecordType
}

function readRecord(input: Reader): DnsRecord {
  const name = input.name()
  const type = typeName(input.u16())
  input.u16()
  const ttl = input.u32()
  const length = input.u16()
  const end = input.at + length
  const data = readData(input, type, end)
  input.at = end
  return { name, type, ttl, data }
}

function readData(input: Reader, type: RecordType, end: number): string {
  switch (type) {
    case 'A':
      return `${input.u8()}.${input.u8()}.${input.u8()}.${input.u8()}`
    case 'AAAA':
      return Array.from({ length: 8 }, () => input.u16().toString(16)).join(':')
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return input.name()
    case 'SRV':
      return `${input.u16()} ${input.u16()} ${input.u16()} ${input.name()}`
    case 'MX':
      return `${input.u16()} ${input.name()}`
    case 'SOA':
      return `${input.name()} ${input.name()} ${input.u32()} ${input.u32()} ${input.u32()} ${input.u32()} ${input.u32()}`
    default: {
      let text = ''
      while (input.at < end) text += input.text(input.u8())
      return text
    }
  }
}
