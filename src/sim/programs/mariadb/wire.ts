import type { Connection } from '../../linux/socket.ts'
import { ByteReader } from '../http/reader.ts'
import type { Result } from './session.ts'

/**
 * What client and server say to each other: a greeting, a login, then a statement and its result, each a line of JSON
 * behind a header as MySQL's protocol has it (length, sequence number), so that a stranger sees version and framing.
 */
export interface Greeting {
  version: string
  id: number
}
export interface Login {
  user: string
  password: string | undefined
  database: string | undefined
  /** The client runs on the server's own machine and came by the socket. */
  socket: boolean
}
export type Answer = { ok: Result } | { error: { number: number; state: string; message: string } }

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export async function sendPacket(connection: Connection, sequence: number, content: unknown): Promise<void> {
  const payload = encoder.encode(JSON.stringify(content))
  const bytes = new Uint8Array(payload.length + 4)
  bytes.set([payload.length & 255, (payload.length >> 8) & 255, (payload.length >> 16) & 255, sequence & 255])
  bytes.set(payload, 4)
  await connection.write(bytes)
}

/** Undefined when the other side has gone. */
export async function readPacket<T>(reader: ByteReader): Promise<T | undefined> {
  const head = await reader.bytes(4)
  if (head.length < 4) return undefined
  const payload = await reader.bytes(head[0]! | (head[1]! << 8) | (head[2]! << 16))
  try {
    return JSON.parse(decoder.decode(payload)) as T
  } catch {
    return undefined
  }
}

/** Undefined when the server is gone. */
export class SqlClient {
  readonly greeting: Greeting
  readonly #connection: Connection
  readonly #reader: ByteReader

  private constructor(connection: Connection, reader: ByteReader, greeting: Greeting) {
    this.#connection = connection
    this.#reader = reader
    this.greeting = greeting
  }

  static async open(connection: Connection, login: Login): Promise<{ client: SqlClient } | Answer | undefined> {
    const reader = new ByteReader(connection)
    const greeting = await readPacket<Greeting>(reader)
    if (!greeting) return undefined
    await sendPacket(connection, 1, login)
    const answer = await readPacket<Answer>(reader)
    if (!answer || 'error' in answer) return answer
    return { client: new SqlClient(connection, reader, greeting) }
  }

  async query(sql: string): Promise<Answer | undefined> {
    await sendPacket(this.#connection, 0, { sql })
    return readPacket<Answer>(this.#reader)
  }

  close(): void {
    this.#connection.close()
  }
}
