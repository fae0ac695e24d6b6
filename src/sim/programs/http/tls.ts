import type { Connection } from '../../linux/socket.ts'
import { ByteReader } from './reader.ts'

/**
 * TLS without the mathematics: one record from each side opens the session (the client's names the host it wants, the
 * server's carries its certificate), then the bytes go in the clear. A peer that does not speak it sees a record that
 * begins with 0x16, as with real TLS.
 */
export interface Certificate {
  /** `CN=wp.test` */
  subject: string
  issuer: string
  /** DNS names and addresses it is good for. */
  names: readonly string[]
  /** ms since 1970 */
  notBefore: number
  notAfter: number
  serial: string
}

interface ClientHello {
  serverName: string
}

const HANDSHAKE = 0x16
const encoder = new TextEncoder()
const decoder = new TextDecoder()

function record(content: unknown): Uint8Array {
  const payload = encoder.encode(JSON.stringify(content))
  const bytes = new Uint8Array(payload.length + 5)
  bytes.set([HANDSHAKE, 3, 1, payload.length >> 8, payload.length & 255])
  bytes.set(payload, 5)
  return bytes
}

async function readRecord(reader: ByteReader): Promise<unknown> {
  if ((await reader.peek()) !== HANDSHAKE) return undefined
  const head = await reader.bytes(5)
  const payload = await reader.bytes((head[3]! << 8) | head[4]!)
  try {
    return JSON.parse(decoder.decode(payload))
  } catch {
    return undefined
  }
}

/** Opens TLS as a client. Undefined: the other side does not speak TLS (curl: 35, wrong version number). */
export async function tlsConnect(
  connection: Connection,
  serverName: string,
): Promise<{ certificate: Certificate; reader: ByteReader } | undefined> {
  await connection.write(record({ serverName } satisfies ClientHello))
  const reader = new ByteReader(connection)
  const answer = (await readRecord(reader)) as { certificate?: Certificate } | undefined
  return answer?.certificate ? { certificate: answer.certificate, reader } : undefined
}

/** Opens TLS as a server, choosing the certificate by the name asked for. Undefined: a plain client. */
export async function tlsAccept(
  connection: Connection,
  choose: (serverName: string) => Certificate | undefined,
  reader = new ByteReader(connection),
): Promise<{ serverName: string; reader: ByteReader } | undefined> {
  const hello = (await readRecord(reader)) as ClientHello | undefined
  if (!hello) return undefined
  const certificate = choose(hello.serverName)
  if (!certificate) return undefined
  await connection.write(record({ certificate }))
  return { serverName: hello.serverName, reader }
}
