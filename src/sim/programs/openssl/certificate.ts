import { dateFields } from '../../time/date.ts'
import type { Random } from '../../time/random.ts'
import { sha1 } from '../coreutils/digests.ts'
import {
  asciiOf,
  bitString,
  type DerNode,
  fromPem,
  integer,
  octets,
  oid,
  parseDer,
  sequence,
  tlv,
  toPem,
} from './der.ts'

/** `[['CN', 'jane'], ['O', 'dev']]`, in the order of the certificate. */
export type DistinguishedName = readonly (readonly [attribute: string, value: string])[]

const ATTRIBUTES: Readonly<Record<string, readonly number[]>> = {
  C: [0x55, 4, 6],
  ST: [0x55, 4, 8],
  L: [0x55, 4, 7],
  O: [0x55, 4, 10],
  OU: [0x55, 4, 11],
  CN: [0x55, 4, 3],
  emailAddress: [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x01],
}
/** sha256WithRSAEncryption */
const SIGNATURE = sequence(oid([0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b]), [0x05, 0x00])

export interface CertificateFacts {
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  readonly serial: string
  /** As openssl prints them. */
  readonly from: string
  readonly until: string
  /** SubjectPublicKeyInfo */
  readonly publicKey: Uint8Array
}

function name(parts: DistinguishedName): number[] {
  return sequence(
    ...parts.map(([attribute, value]) => {
      const tag = attribute === 'C' ? 0x13 : attribute === 'emailAddress' ? 0x16 : 0x0c
      return tlv(0x31, sequence(oid(ATTRIBUTES[attribute]!), tlv(tag, [...new TextEncoder().encode(value)])))
    }),
  )
}

function readName(node: DerNode | undefined): DistinguishedName {
  return (node?.children ?? []).map((set) => {
    const [type, value] = set.children[0]!.children
    const known = Object.entries(ATTRIBUTES).find(([, bytes]) => String(bytes) === String([...type!.content]))
    return [known?.[0] ?? 'UNKNOWN', new TextDecoder().decode(value!.content)] as const
  })
}

/** `/CN=jane/O=dev`; undefined when it isn't of that form. */
export function parseSubject(text: string): DistinguishedName | undefined {
  if (!text.startsWith('/')) return undefined
  const parts = text
    .slice(1)
    .split('/')
    .map((part) => part.split(/=(.*)/s))
  return parts.every(([key, value]) => ATTRIBUTES[key!] && value !== undefined)
    ? parts.map(([key, value]) => [key!, value!] as const)
    : undefined
}

/** `CN = jane, O = dev`, as openssl prints names. */
export const nameText = (parts: DistinguishedName) => parts.map(([key, value]) => `${key} = ${value}`).join(', ')

const pad = (n: number) => String(n).padStart(2, '0')

function utcTime(ms: number): number[] {
  const f = dateFields(ms)
  return tlv(0x17, asciiOf(`${pad(f.year % 100)}${[f.month, f.day, f.hour, f.minute, f.second].map(pad).join('')}Z`))
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

function timeText(node: DerNode | undefined): string {
  const digits = new TextDecoder().decode(node?.content ?? new Uint8Array()).replace('Z', '')
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)/.exec(digits.length > 12 ? digits : `20${digits}`)
  if (!parts) return 'Bad time value'
  const [year, month, day, hour, minute, second] = parts.slice(1)
  return `${MONTHS[Number(month) - 1]} ${String(Number(day)).padStart(2)} ${hour}:${minute}:${second} ${year} GMT`
}

/** No key stands behind the signatures of the simulated world. */
const noise = (random: Random, length: number) => Array.from({ length }, () => random.int(0, 255))

export function makeRequest(random: Random, subject: DistinguishedName, publicKey: readonly number[]): string {
  const body = sequence([0x02, 0x01, 0x00], name(subject), publicKey, [0xa0, 0x00])
  return toPem('CERTIFICATE REQUEST', sequence(body, SIGNATURE, bitString(noise(random, 256))))
}

export interface Issue {
  readonly subject: DistinguishedName
  readonly issuer: DistinguishedName
  readonly publicKey: readonly number[]
  /** ms since 1970 */
  readonly from: number
  readonly days: number
  /** With the extensions of a self-signed authority. */
  readonly authority: boolean
}

export function makeCertificate(random: Random, { subject, issuer, publicKey, from, days, authority }: Issue): string {
  const keyId = [...sha1(Uint8Array.from(publicKey)).matchAll(/../g)].map(([pair]) => Number.parseInt(pair, 16))
  const extension = (id: readonly number[], value: readonly number[], critical = false) =>
    sequence(oid(id), critical ? [0x01, 0x01, 0xff] : [], octets(value))
  const extensions = tlv(
    0xa3,
    sequence(
      extension([0x55, 0x1d, 0x0e], octets(keyId)),
      extension([0x55, 0x1d, 0x23], sequence(tlv(0x80, keyId))),
      extension([0x55, 0x1d, 0x13], sequence([0x01, 0x01, 0xff]), true),
    ),
  )
  const serial = noise(random, 20)
  serial[0] = (serial[0]! & 0x7f) | 0x40
  const body = sequence(
    authority ? tlv(0xa0, [0x02, 0x01, 0x02]) : [],
    integer(serial),
    SIGNATURE,
    name(issuer),
    sequence(utcTime(from), utcTime(from + days * 86_400_000)),
    name(subject),
    publicKey,
    authority ? extensions : [],
  )
  return toPem('CERTIFICATE', sequence(body, SIGNATURE, bitString(noise(random, 256))))
}

/** What a PEM certificate says; undefined when there is none in the text. */
export function readCertificate(pem: string): CertificateFacts | undefined {
  const found = fromPem(pem, '(?:TRUSTED |X509 )?CERTIFICATE')
  const body = found && parseDer(found.der)?.children[0]
  if (!body) return undefined
  const fields = body.children[0]?.tag === 0xa0 ? body.children.slice(1) : body.children
  const [serial, , issuer, validity, subject, publicKey] = fields
  if (!serial || !validity?.children[1] || !publicKey) return undefined
  return {
    subject: readName(subject),
    issuer: readName(issuer),
    serial: [...serial.content]
      .map((b) => b.toString(16).padStart(2, '0'))
      .join('')
      .replace(/^00(?=.)/, '')
      .toUpperCase(),
    from: timeText(validity.children[0]),
    until: timeText(validity.children[1]),
    publicKey: publicKey.bytes,
  }
}

/** Subject and key of a PEM request; undefined when there is none in the text. */
export function readRequest(pem: string): { subject: DistinguishedName; publicKey: Uint8Array } | undefined {
  const found = fromPem(pem, '(?:NEW )?CERTIFICATE REQUEST')
  const body = found && parseDer(found.der)?.children[0]
  const [, subject, publicKey] = body?.children ?? []
  return subject && publicKey ? { subject: readName(subject), publicKey: publicKey.bytes } : undefined
}
