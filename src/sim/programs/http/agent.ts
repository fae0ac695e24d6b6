import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { sendRequest } from './client.ts'
import { type Headers, toText } from './message.ts'
import { ByteReader, collect, HttpParseError } from './reader.ts'
import { type Certificate, tlsConnect } from './tls.ts'

export interface TlsOptions {
  /** Takes any certificate. */
  insecure?: boolean
  /** Authorities it trusts, as issuers; none unless told. */
  issuers?: readonly string[]
  serverName?: string
}

export interface FetchOptions {
  method?: string
  headers?: Headers
  body?: Uint8Array | string
  /** ms; 10 s unless told. */
  timeout?: number
  tls?: TlsOptions
}

export interface Fetched {
  status: number
  /** `200 OK` */
  statusText: string
  headers: Headers
  body: Uint8Array
  text: string
}

/** A request that got no answer, in the words of Go's net/http. */
export class FetchError extends Error {}

interface Open {
  connection: Connection
  reader: ByteReader
}

export interface Url {
  scheme: string
  host: string
  port: number
  /** Path and query. */
  target: string
  authority: string
}

export function parseUrl(text: string): Url | undefined {
  const m = /^(https?):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/?#]+)(?::(\d+))?([/?][^#]*)?/.exec(text)
  if (!m) return undefined
  const scheme = m[1]!
  const host = m[2]!.replace(/^\[|\]$/g, '')
  const port = Number(m[3] ?? (scheme === 'https' ? 443 : 80))
  const target = m[4] === undefined ? '/' : m[4].startsWith('/') ? m[4] : `/${m[4]}`
  return { scheme, host, port, target, authority: m[3] ? `${m[2]}:${m[3]}` : m[2]! }
}

/** An HTTP client as Go programs are: connections are kept and used again, one request at a time on each. */
export class HttpAgent {
  readonly #process: Process
  readonly #userAgent: string
  readonly #idle = new Map<string, Open[]>()

  constructor(process: Process, userAgent: string) {
    this.#process = process
    this.#userAgent = userAgent
  }

  /** Throws FetchError. */
  async fetch(url: string, options: FetchOptions = {}): Promise<Fetched> {
    const method = options.method ?? 'GET'
    const words = `${method[0]}${method.slice(1).toLowerCase()} ${JSON.stringify(url)}`
    const parsed = parseUrl(url)
    if (!parsed) throw new FetchError(`${words}: unsupported protocol scheme ""`)
    let late = false
    let open: Open | undefined
    const timer = this.#process.machine.world.clock.after(options.timeout ?? 10_000, () => {
      late = true
      open?.connection.close()
    })
    try {
      const key = `${parsed.scheme}://${parsed.authority}`
      open = this.#idle.get(key)?.pop()
      if (open) {
        const used = open
        try {
          return await this.#exchange(key, used, method, parsed, options)
        } catch (error) {
          // It was closed while it lay idle: once more on a new one.
          used.connection.close()
          if (late) throw error
        }
      }
      open = await this.#open(parsed, options, words)
      if (late) throw new FetchError('late')
      return await this.#exchange(key, open, method, parsed, options)
    } catch (error) {
      open?.connection.close()
      if (late) throw new FetchError(`${words}: context deadline exceeded`)
      if (error instanceof FetchError) throw error
      if (error instanceof SystemError || error instanceof HttpParseError)
        throw new FetchError(
          `${words}: ${error instanceof SystemError && error.code === 'ECONNRESET' ? `read tcp: read: ${error.message.toLowerCase()}` : 'EOF'}`,
        )
      throw error
    } finally {
      timer.cancel()
    }
  }

  async #exchange(key: string, open: Open, method: string, url: Url, options: FetchOptions): Promise<Fetched> {
    const given = options.headers ?? []
    const response = await sendRequest(
      open.connection,
      {
        method,
        target: url.target,
        headers: [['Host', url.authority], ['User-Agent', this.#userAgent], ...given],
        ...(options.body === undefined ? {} : { body: options.body }),
      },
      open.reader,
    )
    if (!response) throw new HttpParseError('EOF')
    const body = await collect(response.body)
    const closes = response.headers.some(([name, value]) => /^connection$/i.test(name) && /close/i.test(value))
    if (closes || response.framing.kind === 'close') open.connection.close()
    else this.#idle.set(key, [...(this.#idle.get(key) ?? []), open])
    let text: string | undefined
    return {
      status: response.status,
      statusText: `${response.status} ${response.reason}`,
      headers: response.headers,
      body,
      get text() {
        text ??= toText(body)
        return text
      },
    }
  }

  async #open(url: Url, options: FetchOptions, words: string): Promise<Open> {
    const timeout = options.timeout ?? 10_000
    const address = await this.#lookup(url, words)
    let connection: Connection
    try {
      connection = await this.#process.net.connect({ address, port: url.port }, { timeout })
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      const why = error.code === 'ETIMEDOUT' ? 'i/o timeout' : `connect: ${error.message.toLowerCase()}`
      throw new FetchError(`${words}: dial tcp ${address}:${url.port}: ${why}`)
    }
    if (url.scheme === 'http') return { connection, reader: new ByteReader(connection) }
    const session = await tlsConnect(connection, options.tls?.serverName ?? url.host)
    if (!session) {
      connection.close()
      throw new FetchError(`${words}: http: server gave HTTP response to HTTPS client`)
    }
    const doubt = distrust(session.certificate, options.tls ?? {}, url.host)
    if (doubt) {
      connection.close()
      throw new FetchError(`${words}: x509: ${doubt}`)
    }
    return { connection, reader: session.reader }
  }

  async #lookup(url: Url, words: string): Promise<string> {
    if (/^[\d.]+$/.test(url.host)) return url.host
    const server = () =>
      this.#process.files.readText('/etc/resolv.conf').match(/^nameserver (\S+)/m)?.[1] ?? '127.0.0.1'
    try {
      const [address] = await this.#process.net.resolve(url.host)
      if (address) return address
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      throw new FetchError(`${words}: dial tcp: lookup ${url.host} on ${server()}:53: i/o timeout`)
    }
    throw new FetchError(`${words}: dial tcp: lookup ${url.host} on ${server()}:53: no such host`)
  }
}

/** Why a certificate is not taken; undefined when it is. */
function distrust(certificate: Certificate, tls: TlsOptions, host: string): string | undefined {
  if (tls.insecure) return undefined
  const name = tls.serverName ?? host
  if (!certificate.names.includes(name)) {
    if (/^[\d.]+$/.test(name)) return `cannot validate certificate for ${name} because it doesn't contain any IP SANs`
    return `certificate is valid for ${certificate.names.join(', ')}, not ${name}`
  }
  if (!(tls.issuers ?? []).includes(certificate.issuer)) return 'certificate signed by unknown authority'
  return undefined
}
