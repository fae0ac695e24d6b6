import type { Process } from '../../linux/process.ts'
import { type Headers, type HttpResponse, header, toBytes, toText } from '../http/message.ts'
import { HttpParseError } from '../http/reader.ts'
import { type ServerRequest, wantsKeepAlive } from '../http/server.ts'
import type { Location } from './config/model.ts'
import { parseTime } from './config/units.ts'
import type { Exchange, Runtime } from './exchange.ts'
import { allowed, authorised } from './handlers/access.ts'
import { proxy } from './handlers/proxy.ts'
import { absolute, contentType, diskPath, staticFile } from './handlers/static-file.ts'
import { findLocation, findNamed, findServer } from './locations.ts'
import { errorResponse, httpDate, isKnownError, reasonOf, respond } from './responses.ts'
import { runRewrites } from './rewrite.ts'
import { expand, keepCaptures } from './variables.ts'

/** CPU time of one request in ms: much, so that minutes of load stay affordable and are seen by an autoscaler. */
const COST = 1

/** Answers one request as a worker process would, and logs it. */
export async function serveRequest(
  runtime: Runtime,
  process: Process,
  request: ServerRequest,
  secure: boolean,
  connectionNumber: number,
): Promise<HttpResponse | undefined> {
  const { address, port } = request.connection.local
  const server = findServer(runtime.config.servers, address, port, header(request.headers, 'host') ?? '')
  if (!server) return undefined
  const parsed = /^(\/|https?:\/\/)/i.test(request.target) ? splitTarget(request.target) : undefined
  if (!parsed || header(request.headers, 'host') === '') throw new HttpParseError('invalid request')
  const [path, args] = parsed
  const x: Exchange = {
    runtime,
    process,
    request,
    server,
    secure,
    connectionNumber,
    startedAt: process.wallClock(),
    scope: server.scope,
    uri: path,
    args,
    captures: [],
    variables: new Map(),
    redirects: 0,
    errorStatus: undefined,
    status: 0,
    bytesSent: 0,
    upstreamAddress: undefined,
    upstreamStatus: undefined,
  }
  runtime.stats.requests++
  await process.compute(COST)
  const response = await answer(x)
  if (!response) {
    x.status = 444
    await runtime.logs.access(x)
    return undefined
  }
  const extra = x.scope.headers
    .filter((h) => h.always || [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(response.status))
    .map((h) => [h.name, expand(x, h.value)] as const)
    .filter(([, value]) => value !== '')
  const whole = inOrder(x, response, [...expiry(x, response.status), ...extra])
  x.status = whole.status
  const body = toBytes(response.body)
  x.bytesSent = request.method === 'HEAD' ? 0 : body.length
  await runtime.logs.access(x)
  return whole
}

/** expires: when the answer may be thrown away. */
function expiry(x: Exchange, status: number): [string, string][] {
  const { expires } = x.scope
  if (
    expires === undefined ||
    expires === 'off' ||
    ![200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(status)
  )
    return []
  const now = x.process.wallClock()
  if (expires === 'max')
    return [
      ['Expires', 'Thu, 31 Dec 2037 23:55:55 GMT'],
      ['Cache-Control', 'max-age=315360000'],
    ]
  if (expires === 'epoch')
    return [
      ['Expires', 'Thu, 01 Jan 1970 00:00:01 GMT'],
      ['Cache-Control', 'no-cache'],
    ]
  const ms = parseTime(expires.replace(/^-/, '')) ?? 0
  const early = expires.startsWith('-')
  return [
    ['Expires', httpDate(now + (early ? -ms : ms))],
    ['Cache-Control', early ? 'no-cache' : `max-age=${ms / 1000}`],
  ]
}

/** What nginx's header filter writes itself, in its order; all others come behind. */
const FIRST = ['server', 'date', 'content-type', 'content-length', 'last-modified']

function inOrder(x: Exchange, response: HttpResponse & { chunked?: boolean }, extra: Headers): HttpResponse {
  const { request } = x
  const chunks = response.chunked === true && request.version === 'HTTP/1.1'
  const stay = wantsKeepAlive(request) && x.scope.keepalive && (chunks || !response.chunked)
  const own = response.headers.filter(([name]) => !(response.chunked && name.toLowerCase() === 'content-length'))
  const rank = (name: string) => {
    const at = FIRST.indexOf(name.toLowerCase())
    return at < 0 ? FIRST.length : at
  }
  const isFirst = ([name]: Headers[number]) =>
    rank(name) < FIRST.length || (name.toLowerCase() === 'location' && x.ownLocation === true)
  const first = own.filter(isFirst).toSorted(([a], [b]) => rank(a) - rank(b))
  const headers: Headers = [
    ...first,
    ...(chunks ? [['Transfer-Encoding', 'chunked'] as const] : []),
    ['Connection', stay ? 'keep-alive' : 'close'],
    ...own.filter((each) => !isFirst(each)),
    ...extra,
  ]
  const body = toBytes(response.body)
  const framed =
    chunks && request.method !== 'HEAD' ? toBytes(`${body.length.toString(16)}\r\n${toText(body)}\r\n0\r\n\r\n`) : body
  const reason = response.reason ?? reasonOf(response.status)
  return { status: response.status, reason, headers, body: framed }
}

function splitTarget(target: string): [string, string] | undefined {
  const relative = target.replace(/^https?:\/\/[^/]+/, '') || '/'
  const question = relative.indexOf('?')
  const raw = question < 0 ? relative : relative.slice(0, question)
  const path = normalisePath(raw)
  return path === undefined ? undefined : [path, question < 0 ? '' : relative.slice(question + 1)]
}

/** Undefined: nginx takes it for no path at all. */
function normalisePath(raw: string): string | undefined {
  if (/%(?![0-9a-fA-F]{2})/.test(raw)) return undefined
  let decoded = raw
  try {
    decoded = decodeURIComponent(raw)
  } catch {
    // Bytes that are no text stay as they are.
  }
  const out: string[] = []
  for (const part of decoded.split('/').slice(1)) {
    if (part === '.' || (part === '' && out.at(-1) === '')) continue
    if (part !== '..') out.push(part)
    else if (out.length === 0) return undefined
    else out.pop()
  }
  const joined = `/${out.filter((p, i) => p !== '' || i === out.length - 1).join('/')}`
  return decoded.endsWith('/') && !joined.endsWith('/') ? `${joined}/` : joined
}

async function answer(x: Exchange): Promise<HttpResponse | undefined> {
  const first = await serverPhase(x)
  return first === 'drop' ? undefined : finish(x, first)
}

/** An error's page has none of these, though it is a file. */
const ONLY_OF_FILES = new Set(['Last-Modified', 'Accept-Ranges'])

type Outcome = HttpResponse | number | 'drop'

/** Turns a bare status into a page: an error_page of the configuration, or nginx's own. */
async function finish(x: Exchange, outcome: Outcome): Promise<HttpResponse | undefined> {
  if (outcome === 'drop') return undefined
  const status = typeof outcome === 'number' ? outcome : outcome.status
  const bare =
    typeof outcome === 'number' || (outcome.headers.length <= 1 && outcome.body.length === 0 && isKnownError(status))
  if (!bare) return outcome
  const page = x.errorStatus === undefined ? x.scope.errorPages.find((p) => p.codes.includes(status)) : undefined
  if (page && x.redirects < 10) {
    const uri = expand(x, page.uri)
    const shown = page.replace === undefined ? status : page.replace === 'from-target' ? undefined : page.replace
    if (/^https?:\/\//.test(uri)) return errorResponse(x, 302, [['Location', uri]])
    x.errorStatus = status
    x.redirects++
    x.asGet = !uri.startsWith('@')
    const named = uri.startsWith('@') ? findNamed(x.server, uri) : undefined
    if (!named) x.uri = uri
    const inner = named ? await runNamed(x, named) : await findAndRun(x)
    const response = await finish(x, inner)
    if (!response || shown === undefined || (response.status !== 200 && named !== undefined)) return response
    const kept = shown === 200 ? response.headers : response.headers.filter(([name]) => !ONLY_OF_FILES.has(name))
    return { status: shown, headers: kept, body: response.body }
  }
  const headers = typeof outcome === 'number' ? [] : outcome.headers
  if (status === 401 && x.scope.authBasic)
    return errorResponse(x, 401, [['WWW-Authenticate', `Basic realm="${x.scope.authBasic.realm}"`]])
  return errorResponse(x, status, headers)
}

async function serverPhase(x: Exchange): Promise<Outcome> {
  const result = runRewrites(x, x.server.scope.rewrites)
  if (result.kind === 'return') return returned(x, result.code, result.text)
  if (result.kind === 'redirect') return redirect(x, result.code, result.location)
  return findAndRun(x)
}

async function findAndRun(x: Exchange): Promise<Outcome> {
  for (;;) {
    if (x.redirects > 10) {
      await x.runtime.logs.requestError(x, 'error', `rewrite or internal redirection cycle while processing "${x.uri}"`)
      return 500
    }
    const hit = findLocation(x.server.locations, x.uri)
    if (hit?.captures) keepCaptures(x, hit.captures)
    if (hit?.location.internal && x.redirects === 0) return 404
    const outcome = await locationPhase(
      x,
      hit?.location,
      hit?.location.match === 'regex' ? '' : (hit?.location.path ?? ''),
    )
    if (outcome !== 'again') return outcome
    x.redirects++
  }
}

async function locationPhase(x: Exchange, location: Location | undefined, path: string): Promise<Outcome | 'again'> {
  x.scope = location?.scope ?? x.server.scope
  if (x.request.body.length > x.scope.maxBody && x.scope.maxBody > 0) return 413
  if (location) {
    const result = runRewrites(x, x.scope.rewrites)
    if (result.kind === 'return') return returned(x, result.code, result.text)
    if (result.kind === 'redirect') return redirect(x, result.code, result.location)
    if (result.kind === 'again') return 'again'
  }
  const client = x.request.connection.remote.address
  if (!allowed(x.scope, client)) {
    await x.runtime.logs.requestError(x, 'error', 'access forbidden by rule')
    return 403
  }
  if (!authorised(x)) return 401
  if (x.scope.tryFiles) {
    const tried = await tryFiles(x, path)
    if (tried !== undefined) return tried
  }
  if (x.scope.stubStatus) return stubStatus(x)
  if (x.scope.proxyPass) {
    const answered = await proxy(x, x.scope.proxyPass, path)
    const status = typeof answered === 'number' ? answered : answered.status
    return x.scope.interceptErrors && x.scope.errorPages.some((p) => p.codes.includes(status)) ? status : answered
  }
  const result = await staticFile(x, path)
  if ('internal' in result) {
    x.uri = result.internal
    return 'again'
  }
  if (!('headers' in result)) return result.status
  return result.status === 301 ? redirect(x, 301, result.headers[0]![1]) : result
}

async function tryFiles(x: Exchange, path: string): Promise<Outcome | 'again' | undefined> {
  const list = x.scope.tryFiles!
  for (const candidate of list.slice(0, -1)) {
    const uri = expand(x, candidate)
    const wantsFolder = candidate.endsWith('/')
    const found = wantsFolder ? uri.slice(0, -1) : uri
    const disk = diskPath(x, found, path).replace(/(.)\/$/, '$1')
    const exists = x.process.files.exists(disk)
    if (!exists) continue
    const isFolder = x.process.files.stat(disk).type === 'directory'
    if (wantsFolder !== isFolder) continue
    x.uri = found
    return undefined
  }
  const last = list.at(-1)!
  if (/^=\d+$/.test(last)) return Number(last.slice(1))
  if (last.startsWith('@')) {
    const named = findNamed(x.server, last)
    if (!named) {
      await x.runtime.logs.requestError(x, 'error', `could not find named location "${last}"`)
      return 500
    }
    return runNamed(x, named)
  }
  const [uri, args] = splitTarget(expand(x, last)) ?? [last, '']
  x.uri = uri
  if (args) x.args = args
  return 'again'
}

/** A named location keeps the URI; what it redirects to is looked up as usual. */
async function runNamed(x: Exchange, named: Location): Promise<Outcome> {
  const outcome = await locationPhase(x, named, '')
  return outcome === 'again' ? findAndRun(x) : outcome
}

function returned(x: Exchange, code: number, text: string | undefined): Outcome {
  if (code === 444) return 'drop'
  if (text !== undefined && [301, 302, 303, 307, 308].includes(code)) return redirect(x, code, text)
  if (text === undefined) return isKnownError(code) ? code : respond(x, code, undefined, '')
  return respond(x, code, contentType(x), text)
}

function redirect(x: Exchange, code: number, location: string): Outcome {
  return errorResponse(x, code, [['Location', absolute(x, location)]])
}

function stubStatus(x: Exchange): HttpResponse {
  const { accepted, handled, requests, active } = x.runtime.stats
  return respond(
    x,
    200,
    'text/plain',
    `Active connections: ${active} \nserver accepts handled requests\n ${accepted} ${handled} ${requests} \nReading: 0 Writing: ${active} Waiting: 0 \n`,
  )
}
