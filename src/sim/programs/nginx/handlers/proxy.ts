import { SystemError } from '../../../linux/errors.ts'
import { encodeRequest, readResponse } from '../../http/client.ts'
import type { HttpResponse } from '../../http/message.ts'
import { header } from '../../http/message.ts'
import { ByteReader, collect, HttpParseError } from '../../http/reader.ts'
import type { ProxyPass } from '../config/model.ts'
import type { Exchange } from '../exchange.ts'
import { httpDate, serverToken } from '../responses.ts'
import { type Peer, UpstreamPool } from '../upstream-pool.ts'
import { expand } from '../variables.ts'
import { absolute } from './static-file.ts'

interface Target {
  scheme: string
  /** As written: host or host:port, or an upstream's name. */
  authority: string
  /** Undefined: pass the request's own URI on. */
  uri: string | undefined
}

function splitUrl(url: string): Target | undefined {
  const m = /^(https?):\/\/([^/?]+)(.*)$/.exec(url)
  return m ? { scheme: m[1]!, authority: m[2]!, uri: m[3] === '' ? undefined : m[3]! } : undefined
}

/** The URI for the other server: with a path in proxy_pass, the location's part of the URI is replaced by it. */
function upstreamUri(x: Exchange, target: Target, locationPath: string, hasVariables: boolean): string {
  const query = x.args ? `?${x.args}` : ''
  if (target.uri === undefined) return x.redirects > 0 || x.rewritten ? escapePath(x.uri) + query : x.request.target
  if (x.rewritten) return escapePath(x.uri) + query
  if (hasVariables) return target.uri
  return target.uri + escapePath(x.uri.slice(locationPath.length)) + query
}

/** What may not stand in a request line, in percent signs. */
const escapePath = (path: string) =>
  path.replace(/[^!-"$&->@-~]/gu, (c) =>
    [...new TextEncoder().encode(c)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join(''),
  )

/** Forwards the request; a status number when no answer could be had. */
export async function proxy(x: Exchange, pass: ProxyPass, locationPath: string): Promise<HttpResponse | number> {
  const hasVariables = pass.url.includes('$')
  const target = splitUrl(expand(x, pass.url))
  if (!target) {
    await x.runtime.logs.requestError(x, 'error', `invalid URL prefix in "${expand(x, pass.url)}"`)
    return 500
  }
  const pool = x.runtime.pools.get(target.authority) ?? (await temporaryPool(x, target.authority))
  if (!pool) return 502
  x.variables.set('proxy_host', target.authority)
  const uri = upstreamUri(x, target, locationPath, hasVariables)
  const tried = new Set<Peer>()
  let lastStatus = 502
  for (;;) {
    const peer = pool.choose(x.process.wallClock(), x.request.connection.remote.address, tried)
    const shown = (p: Peer) => `${target.scheme}://${p.address}:${p.port}${uri}`
    if (!peer) {
      if (tried.size === 0)
        await x.runtime.logs.requestError(
          x,
          'error',
          'no live upstreams while connecting to upstream',
          `${target.scheme}://${target.authority}${uri}`,
        )
      return lastStatus
    }
    tried.add(peer)
    x.upstreamAddress = [x.upstreamAddress, `${peer.address}:${peer.port}`].filter(Boolean).join(', ')
    peer.active++
    try {
      const response = await forward(x, target, peer, uri, hasVariables ? undefined : locationPath)
      pool.succeeded(peer)
      return response
    } catch (error) {
      const failure = describe(error)
      if (!failure) throw error
      pool.failed(peer, x.process.wallClock())
      lastStatus = failure.status
      await x.runtime.logs.requestError(x, 'error', failure.message, shown(peer))
      if (!x.scope.proxyNextUpstream) return lastStatus
    } finally {
      peer.active--
    }
  }
}

function describe(error: unknown): { status: number; message: string } | undefined {
  if (error instanceof HttpParseError)
    return {
      status: 502,
      message: 'upstream sent no valid HTTP/1.0 header while reading response header from upstream',
    }
  if (error instanceof PrematureClose)
    return {
      status: 502,
      message: 'upstream prematurely closed connection while reading response header from upstream',
    }
  if (!(error instanceof SystemError)) return undefined
  if (error.code === 'ETIMEDOUT')
    return { status: 504, message: 'upstream timed out (110: Connection timed out) while connecting to upstream' }
  return { status: 502, message: `connect() failed (${error.errno}: ${error.message}) while connecting to upstream` }
}

class PrematureClose extends Error {}

async function forward(
  x: Exchange,
  target: Target,
  peer: Peer,
  uri: string,
  locationPath: string | undefined,
): Promise<HttpResponse> {
  const connection = await x.process.net.connect(
    { address: peer.address, port: peer.port },
    { timeout: x.scope.proxyConnectTimeout },
  )
  try {
    await connection.write(
      encodeRequest({
        method: x.request.method,
        target: uri,
        headers: forwardedHeaders(x, target),
        ...(x.request.body.length > 0 ? { body: x.request.body } : {}),
        version: `HTTP/${x.scope.proxyVersion}`,
      }),
    )
    const reader = new ByteReader(connection)
    const answer = await readResponse(reader, x.request.method)
    if (!answer) throw new PrematureClose()
    x.upstreamStatus = answer.status
    const body = await collect(answer.body)
    const hidden = new Set([
      'server',
      'date',
      'connection',
      'transfer-encoding',
      'content-length',
      'keep-alive',
      'x-accel-redirect',
      ...x.scope.proxyHidden,
    ])
    const headers: [string, string][] = [
      ['Server', serverToken(x)],
      ['Date', httpDate(x.process.wallClock())],
    ]
    const type = header(answer.headers, 'content-type')
    if (type !== undefined) headers.push(['Content-Type', type])
    const length = header(answer.headers, 'content-length') ?? String(body.length)
    if (answer.status !== 204 && answer.status !== 304) headers.push(['Content-Length', length])
    for (const [name, value] of answer.headers) {
      const key = name.toLowerCase()
      if (hidden.has(key) || key === 'content-type') continue
      headers.push([name, key === 'location' ? rewriteLocation(x, target, value, locationPath) : value])
    }
    return { status: answer.status, reason: answer.reason, headers, body }
  } finally {
    connection.close()
  }
}

/** proxy_redirect default: the upstream's own address in Location becomes the location's path here. */
function rewriteLocation(x: Exchange, target: Target, value: string, locationPath: string | undefined): string {
  const own = `${target.scheme}://${target.authority}${target.uri ?? ''}`
  if (locationPath === undefined || !value.startsWith(own)) return absolute(x, value)
  return absolute(x, (target.uri === undefined ? '' : locationPath) + value.slice(own.length))
}

function forwardedHeaders(x: Exchange, target: Target): [string, string][] {
  const set = new Map(
    x.scope.proxyHeaders.map(([name, value]) => [name.toLowerCase(), [name, expand(x, value)] as const]),
  )
  const headers: [string, string][] = []
  const put = (name: string, fallback: string) => {
    const own = set.get(name.toLowerCase())
    const value = own ? own[1] : fallback
    if (value !== '') headers.push([own?.[0] ?? name, value])
    set.delete(name.toLowerCase())
  }
  put('Host', target.authority)
  put('Connection', 'close')
  for (const [name, value] of set.values()) if (value !== '') headers.push([name, value])
  const replaced = new Set(x.scope.proxyHeaders.map(([name]) => name.toLowerCase()))
  const dropped = new Set([
    'host',
    'connection',
    'keep-alive',
    'content-length',
    'transfer-encoding',
    'upgrade',
    'expect',
  ])
  for (const [name, value] of x.request.headers) {
    const key = name.toLowerCase()
    if (!dropped.has(key) && !replaced.has(key)) headers.push([name, value])
  }
  if (x.request.body.length > 0) headers.push(['Content-Length', String(x.request.body.length)])
  return headers
}

/** proxy_pass to a host that is not an upstream block: a pool of its addresses, made once per configuration. */
async function temporaryPool(x: Exchange, authority: string): Promise<UpstreamPool | undefined> {
  const m = /^(.*?)(?::(\d+))?$/.exec(authority)!
  const host = m[1]!
  let addresses: string[] = []
  try {
    addresses = await x.process.net.resolve(host)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  if (addresses.length === 0) {
    await x.runtime.logs.requestError(x, 'error', `${host} could not be resolved (3: Host not found)`)
    return undefined
  }
  const upstream = {
    name: authority,
    balance: 'round-robin' as const,
    hash: undefined,
    servers: [
      { host, port: Number(m[2] ?? 80), weight: 1, backup: false, down: false, maxFails: 1, failTimeout: 10_000 },
    ],
  }
  return new UpstreamPool(upstream, new Map([[host, addresses]]), x.process.random)
}
