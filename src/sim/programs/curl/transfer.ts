import { SystemError } from '../../linux/errors.ts'
import { parseAddress } from '../../linux/net/ipv4.ts'
import type { Process } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { type ClientResponse, sendRequest } from '../http/client.ts'
import type { Headers } from '../http/message.ts'
import { type ByteReader, HttpParseError } from '../http/reader.ts'
import { tlsConnect } from '../http/tls.ts'
import type { Url } from './url.ts'

/** A failed transfer: curl's exit code and words. */
export class CurlError extends Error {
  readonly code: number
  /** What connect(2) said. */
  readonly reason: string | undefined
  constructor(code: number, message: string, reason?: string) {
    super(message)
    this.code = code
    this.reason = reason
  }
}

export interface TransferOptions {
  connectTimeout: number | undefined
  /** Virtual ms at which the whole transfer must be done. */
  deadline: number | undefined
  maxTime: number | undefined
  insecure: boolean
  trusted: boolean
  /** `host:port` → address, from --resolve and --connect-to. */
  addresses: ReadonlyMap<string, string>
  log(text: string): Promise<void>
}

export interface Transfer {
  response: ClientResponse
  connection: Connection
  address: string
}

/** inet_aton: `127.1` is 127.0.0.1. */
function shortAddress(host: string): string | undefined {
  if (parseAddress(host) !== undefined) return host
  if (!/^\d+(\.\d+){0,2}$/.test(host)) return undefined
  const parts = host.split('.').map(Number)
  const last = parts.pop()!
  const bytes = [...parts]
  for (let i = 3 - parts.length; i >= 0; i--) bytes.push(Math.floor(last / 256 ** i) % 256)
  return bytes.join('.')
}

export async function transfer(
  process: Process,
  url: Url,
  request: { method: string; headers: Headers; body?: Uint8Array; version?: string },
  options: TransferOptions,
): Promise<Transfer> {
  const started = process.uptime()
  const key = `${url.host}:${url.port}`
  const fixed = options.addresses.get(key)
  const addresses = fixed !== undefined ? [fixed] : await resolve(process, url.host)
  let connection: Connection | undefined
  let address = ''
  for (address of addresses) {
    await options.log(`*   Trying ${address}:${url.port}...\n`)
    try {
      connection = await connect(process, address, url.port, options)
      break
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      const elapsed = Math.round(process.uptime() - started)
      if (error.code === 'ETIMEDOUT') {
        const whole = options.deadline !== undefined && process.uptime() >= options.deadline - 1
        throw new CurlError(
          28,
          whole
            ? `Connection timed out after ${Math.round(options.maxTime ?? elapsed)} milliseconds`
            : `Failed to connect to ${url.host} port ${url.port} after ${elapsed} ms: Timeout was reached`,
        )
      }
      await options.log(`* connect to ${address} port ${url.port} failed: ${error.message}\n`)
      if (address !== addresses.at(-1)) continue
      const words =
        error.code === 'EHOSTUNREACH'
          ? 'No route to host'
          : error.code === 'ENETUNREACH'
            ? 'Network is unreachable'
            : "Couldn't connect to server"
      await options.log(
        `* Failed to connect to ${url.host} port ${url.port} after ${elapsed} ms: Couldn't connect to server\n* Closing connection 0\n`,
      )
      throw new CurlError(
        7,
        `Failed to connect to ${url.host} port ${url.port} after ${elapsed} ms: ${words === 'No route to host' || words === 'Network is unreachable' ? "Couldn't connect to server" : words}`,
        error.message,
      )
    }
  }
  if (!connection) throw new CurlError(6, `Could not resolve host: ${url.host}`)
  await options.log(`* Connected to ${url.host} (${address}) port ${url.port} (#0)\n`)
  let reader: ByteReader | undefined
  if (url.scheme === 'https') reader = await secure(connection, url, options)
  const head = `${request.method} ${url.target} ${request.version ?? 'HTTP/1.1'}\n${request.headers.map(([name, value]) => `${name}: ${value}\n`).join('')}\n`
  await options.log(head.replace(/^/gm, '> ').replace(/> $/, ''))
  try {
    const response = await within(process, options, sendRequest(connection, { ...request, target: url.target }, reader))
    if (!response) {
      await options.log('* Empty reply from server\n* Closing connection 0\n')
      throw new CurlError(52, 'Empty reply from server')
    }
    return { response, connection, address }
  } catch (error) {
    connection.close()
    if (error instanceof HttpParseError) throw new CurlError(1, 'Received HTTP/0.9 when not allowed')
    if (error instanceof SystemError)
      throw new CurlError(
        error.code === 'EPIPE' ? 55 : 56,
        error.code === 'EPIPE' ? 'Send failure: Broken pipe' : `Recv failure: ${error.message}`,
      )
    throw error
  }
}

async function resolve(process: Process, host: string): Promise<string[]> {
  const literal = shortAddress(host)
  if (literal !== undefined) return [literal]
  try {
    const found = await process.net.resolve(host)
    if (found.length > 0) return found
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  throw new CurlError(6, `Could not resolve host: ${host}`)
}

function connect(process: Process, address: string, port: number, options: TransferOptions): Promise<Connection> {
  const limits = [
    options.connectTimeout,
    options.deadline === undefined ? undefined : Math.max(1, options.deadline - process.uptime()),
  ].filter((each) => each !== undefined)
  return process.net.connect({ address, port }, limits.length > 0 ? { timeout: Math.min(...limits) } : {})
}

async function secure(connection: Connection, url: Url, options: TransferOptions): Promise<ByteReader> {
  await options.log('* ALPN: offers h2,http/1.1\n* TLSv1.3 (OUT), TLS handshake, Client hello (1):\n')
  const session = await tlsConnect(connection, url.host)
  if (!session) {
    connection.close()
    throw new CurlError(35, 'error:0A00010B:SSL routines::wrong version number')
  }
  const { certificate } = session
  await options.log(
    `* SSL connection using TLSv1.3 / TLS_AES_256_GCM_SHA384\n* Server certificate:\n*  subject: ${certificate.subject}\n*  issuer: ${certificate.issuer}\n`,
  )
  if (!options.insecure && !options.trusted) {
    connection.close()
    const problem =
      certificate.subject === certificate.issuer ? 'self-signed certificate' : 'unable to get local issuer certificate'
    throw new CurlError(
      60,
      `SSL certificate problem: ${problem}\nMore details here: https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server and therefore could not\nestablish a secure connection to it. To learn more about this situation and\nhow to fix it, please visit the web page mentioned above.`,
    )
  }
  if (!options.insecure && !certificate.names.some((name) => matchesHost(name, url.host))) {
    connection.close()
    throw new CurlError(60, `SSL: no alternative certificate subject name matches target host name '${url.host}'`)
  }
  return session.reader
}

const matchesHost = (name: string, host: string) =>
  name === host || (name.startsWith('*.') && host.slice(host.indexOf('.')) === name.slice(1))

/** Ends a wait at the transfer's deadline. */
export async function within<T>(
  process: Process,
  options: Pick<TransferOptions, 'deadline' | 'maxTime'>,
  promise: Promise<T>,
  received = 0,
): Promise<T> {
  if (options.deadline === undefined) return promise
  const left = options.deadline - process.uptime()
  promise.catch(() => {})
  const first = await Promise.race([promise, process.sleep(Math.max(0, left)).then(() => 'late' as const)])
  if (first === 'late')
    throw new CurlError(
      28,
      `Operation timed out after ${Math.round(options.maxTime!)} milliseconds with ${received} bytes received`,
    )
  return first as T
}
