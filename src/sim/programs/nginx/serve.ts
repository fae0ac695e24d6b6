import type { Process } from '../../linux/process.ts'
import type { HttpResponse } from '../http/message.ts'
import { header } from '../http/message.ts'
import type { ServerRequest } from '../http/server.ts'
import type { Location } from './config/model.ts'
import type { Exchange, Runtime } from './exchange.ts'
import { allowed, authorised } from './handlers/access.ts'
import { proxy } from './handlers/proxy.ts'
import { absolute, diskPath, staticFile } from './handlers/static-file.ts'
import { findLocation, findNamed, findServer } from './locations.ts'
import { errorResponse, isKnownError, respond } from './responses.ts'
import { runRewrites } from './rewrite.ts'
import { expand } from './variables.ts'

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
  const [path, args] = splitTarget(request.target)
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
  const whole = { ...response, headers: [...response.headers, ...extra] }
  x.status = whole.status
  const body = typeof whole.body === 'string' ? new TextEncoder().encode(whole.body) : whole.body
  x.bytesSent = request.method === 'HEAD' ? 0 : body.length
  await runtime.logs.access(x)
  return whole
}

function splitTarget(target: string): [string, string] {
  const relative = target.replace(/^https?:\/\/[^/]+/, '') || '/'
  const question = relative.indexOf('?')
  const raw = question < 0 ? relative : relative.slice(0, question)
  return [normalisePath(raw), question < 0 ? '' : relative.slice(question + 1)]
}

function normalisePath(raw: string): string {
  let decoded = raw
  try {
    decoded = decodeURIComponent(raw)
  } catch {
    // A stray percent sign stays as it is.
  }
  const out: string[] = []
  for (const part of decoded.split('/').slice(1)) {
    if (part === '.' || (part === '' && out.at(-1) === '')) continue
    if (part === '..') out.pop()
    else out.push(part)
  }
  const joined = `/${out.filter((p, i) => p !== '' || i === out.length - 1).join('/')}`
  return decoded.endsWith('/') && !joined.endsWith('/') ? `${joined}/` : joined
}

async function answer(x: Exchange): Promise<HttpResponse | undefined> {
  const first = await serverPhase(x)
  return first === 'drop' ? undefined : finish(x, first)
}

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
    const named = uri.startsWith('@') ? findNamed(x.server, uri) : undefined
    if (!named) x.uri = uri
    const inner = named ? await runNamed(x, named) : await findAndRun(x)
    const response = await finish(x, inner)
    return response && shown !== undefined && (response.status === 200 || named === undefined)
      ? { ...response, status: shown, reason: undefined as unknown as string }
      : response
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
    if (hit && hit.captures.length > 0) x.captures = hit.captures
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
  if (x.scope.proxyPass) return proxy(x, x.scope.proxyPass, path)
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
    const disk = diskPath(x, uri.replace(/\/$/, ''), path)
    const exists = x.process.files.exists(disk)
    if (!exists) continue
    const isFolder = x.process.files.stat(disk).type === 'directory'
    if (uri.endsWith('/') !== isFolder) continue
    x.uri = uri
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
  const [uri, args] = splitTarget(expand(x, last))
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
  const extension = /\.([^./]+)$/.exec(x.uri)?.[1]
  return respond(x, code, (extension && x.scope.types.get(extension)) || x.scope.defaultType, text)
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
