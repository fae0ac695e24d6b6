import { rfc3339, rfc3339Micro } from '../../../time/date.ts'
import { typeInfo } from '../../api/schema.ts'

/** Field by name: number, type, and 1 when repeated (or the word in the source data). */
type Messages = Record<string, Record<string, [number: number, type: string, repeated?: unknown]>>

const MAGIC = [0x6b, 0x38, 0x73, 0x00]

export class ProtobufError extends Error {}

interface Reader {
  bytes: Uint8Array
  at: number
}

function varint(reader: Reader): bigint {
  let value = 0n
  for (let shift = 0n; shift < 70n; shift += 7n) {
    const byte = reader.bytes[reader.at++]
    if (byte === undefined) throw new ProtobufError('unexpected EOF')
    value |= BigInt(byte & 0x7f) << shift
    if (byte < 0x80) return value
  }
  throw new ProtobufError('proto: integer overflow')
}

interface Entry {
  number: number
  /** of wire types 0 and 1, 5 */
  integer?: bigint
  bytes?: Uint8Array
}

function* entries(bytes: Uint8Array): Generator<Entry> {
  const reader: Reader = { bytes, at: 0 }
  while (reader.at < bytes.length) {
    const tag = varint(reader)
    const number = Number(tag >> 3n)
    switch (Number(tag & 7n)) {
      case 0:
        yield { number, integer: varint(reader) }
        break
      case 1:
        yield { number, bytes: bytes.slice(reader.at, reader.at + 8) }
        reader.at += 8
        break
      case 2: {
        const length = Number(varint(reader))
        yield { number, bytes: bytes.subarray(reader.at, reader.at + length) }
        reader.at += length
        break
      }
      case 5:
        yield { number, bytes: bytes.slice(reader.at, reader.at + 4) }
        reader.at += 4
        break
      default:
        throw new ProtobufError('proto: illegal wireType')
    }
  }
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes ?? new Uint8Array(0))
const signed = (value: bigint) => Number(BigInt.asIntN(64, value))

function base64(bytes: Uint8Array): string {
  let out = ''
  for (const byte of bytes) out += String.fromCharCode(byte)
  return btoa(out)
}

const SPECIAL: Record<string, (bytes: Uint8Array) => unknown> = {
  Time: (bytes) => time(bytes, rfc3339),
  MicroTime: (bytes) => time(bytes, rfc3339Micro),
  Quantity: (bytes) => text([...entries(bytes)].find((e) => e.number === 1)?.bytes),
  IntOrString: (bytes) => {
    const all = [...entries(bytes)]
    const isText = all.find((e) => e.number === 1)?.integer === 1n
    return isText
      ? text(all.find((e) => e.number === 3)?.bytes)
      : signed(all.find((e) => e.number === 2)?.integer ?? 0n)
  },
  RawExtension: rawJson,
  JSON: rawJson,
  FieldsV1: rawJson,
}

function rawJson(bytes: Uint8Array): unknown {
  const raw = text([...entries(bytes)].find((e) => e.number === 1)?.bytes)
  return raw === '' ? null : JSON.parse(raw)
}

function time(bytes: Uint8Array, print: (ms: number) => string): string | undefined {
  const all = [...entries(bytes)]
  const seconds = signed(all.find((e) => e.number === 1)?.integer ?? 0n)
  const nanos = signed(all.find((e) => e.number === 2)?.integer ?? 0n)
  return bytes.length === 0 || (seconds === 0 && nanos === 0) ? undefined : print(seconds * 1000 + nanos / 1e6)
}

/** Fields whose wrapper message stands for a plain list or value. */
const WRAPPED_LISTS = new Set([
  'k8s.io.api.authentication.v1.ExtraValue',
  'k8s.io.api.authorization.v1.ExtraValue',
  'k8s.io.api.certificates.v1.ExtraValue',
  'k8s.io.apimachinery.pkg.apis.meta.v1.Verbs',
])

function message(messages: Messages, name: string, bytes: Uint8Array): unknown {
  const special = SPECIAL[name.slice(name.lastIndexOf('.') + 1)]
  if (special) return special(bytes)
  if (WRAPPED_LISTS.has(name)) return [...entries(bytes)].map((e) => text(e.bytes))
  const fields = messages[name]
  if (!fields) throw new ProtobufError(`no message ${name}`)
  const byNumber = new Map(
    Object.entries(fields).map(([field, [number, type, repeated]]) => [
      number,
      { field, type, repeated: Boolean(repeated) },
    ]),
  )
  const json = typeInfo(typeOfMessage(name))
  const out: Record<string, any> = {}
  for (const entry of entries(bytes)) {
    const known = byNumber.get(entry.number)
    if (!known) continue
    const map = /^map<([^,]+),\s*(.+)>$/.exec(known.type)
    if (map) {
      const [key, value] = mapEntry(messages, map[2]!, entry.bytes!)
      out[known.field] = { ...out[known.field], [key]: value }
      continue
    }
    const value = single(messages, known.type, entry)
    if (value === undefined) continue
    if (json && !json.fields.has(known.field) && typeof value === 'object') {
      // A struct that Go embeds: its fields stand beside the others.
      Object.assign(out, value)
      continue
    }
    if (known.repeated) out[known.field] = [...(out[known.field] ?? []), value]
    else out[known.field] = value
  }
  return out
}

/** `k8s.io.api.core.v1.Pod` → `core.v1.Pod`. */
const typeOfMessage = (name: string) =>
  name
    .replace(/^k8s\.io\.apimachinery\.pkg\.apis\./, '')
    .replace(/^k8s\.io\.(?:apiextensions|kube)[-_][a-z]+\.pkg\.apis\./, '')
    .replace(/^k8s\.io\.api\./, '')

function mapEntry(messages: Messages, type: string, bytes: Uint8Array): [string, unknown] {
  let key = ''
  let value: unknown = type === 'string' ? '' : undefined
  for (const entry of entries(bytes)) {
    if (entry.number === 1) key = text(entry.bytes)
    else value = single(messages, type, entry)
  }
  return [key, value]
}

function single(messages: Messages, type: string, { integer, bytes }: Entry): unknown {
  switch (type) {
    case 'string':
      return text(bytes)
    case 'bytes':
      return base64(bytes!)
    case 'bool':
      return integer === 1n
    case 'int32':
    case 'int64':
    case 'uint32':
    case 'uint64':
      return signed(integer ?? 0n)
    case 'double':
      return new DataView(bytes!.buffer, bytes!.byteOffset, 8).getFloat64(0, true)
    default:
      return message(messages, type.replace(/^\./, ''), bytes!)
  }
}

const PACKAGES: Record<string, string> = {
  'apiextensions.k8s.io': 'k8s.io.apiextensions_apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'k8s.io.kube_aggregator.pkg.apis.apiregistration',
  'meta.k8s.io': 'k8s.io.apimachinery.pkg.apis.meta',
}

/** The message of a kind: `v1`, `Pod` → `k8s.io.api.core.v1.Pod`. */
function messageName(messages: Messages, apiVersion: string, kind: string): string | undefined {
  const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion]
  const known = PACKAGES[group] ?? `k8s.io.api.${group === '' ? 'core' : group.split('.')[0]}`
  for (const name of [
    `${known}.${version}.${kind}`,
    `${known.replace(/_/g, '-')}.${version}.${kind}`,
    `k8s.io.apimachinery.pkg.apis.meta.${version}.${kind}`,
  ])
    if (messages[name]) return name
  return undefined
}

/** Reads the envelope `k8s\0` and what is in it, as JSON. Throws ProtobufError. */
export function decodeProtobuf(messages: Messages, bytes: Uint8Array): Record<string, unknown> {
  if (!MAGIC.every((byte, i) => bytes[i] === byte))
    throw new ProtobufError('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  let apiVersion = ''
  let kind = ''
  let raw: Uint8Array = new Uint8Array(0)
  for (const entry of entries(bytes.subarray(4))) {
    if (entry.number === 1) {
      for (const part of entries(entry.bytes!)) {
        if (part.number === 1) apiVersion = text(part.bytes)
        if (part.number === 2) kind = text(part.bytes)
      }
    } else if (entry.number === 2) raw = entry.bytes!
  }
  const name = messageName(messages, apiVersion, kind)
  if (!name)
    throw new ProtobufError(`no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)}`)
  return { apiVersion, kind, ...(message(messages, name, raw) as object) }
}
