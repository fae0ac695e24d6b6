import type { Headers, HttpResponse } from '../http/message.ts'
import type { Exchange } from './exchange.ts'
import { localTime } from './variables.ts'

const TITLES: Record<number, string> = {
  301: '301 Moved Permanently',
  302: '302 Found',
  303: '303 See Other',
  307: '307 Temporary Redirect',
  308: '308 Permanent Redirect',
  400: '400 Bad Request',
  401: '401 Authorization Required',
  402: '402 Payment Required',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Not Allowed',
  406: '406 Not Acceptable',
  408: '408 Request Time-out',
  409: '409 Conflict',
  410: '410 Gone',
  411: '411 Length Required',
  412: '412 Precondition Failed',
  413: '413 Request Entity Too Large',
  414: '414 Request-URI Too Large',
  415: '415 Unsupported Media Type',
  416: '416 Requested Range Not Satisfiable',
  429: '429 Too Many Requests',
  497: '400 The plain HTTP request was sent to HTTPS port',
  500: '500 Internal Server Error',
  501: '501 Not Implemented',
  502: '502 Bad Gateway',
  503: '503 Service Temporarily Unavailable',
  504: '504 Gateway Time-out',
  505: '505 HTTP Version Not Supported',
  507: '507 Insufficient Storage',
}

/** What nginx writes behind the code; nothing for codes it has no words for. */
const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  302: 'Moved Temporarily',
  304: 'Not Modified',
  401: 'Unauthorized',
}
export const reasonOf = (status: number) => REASONS[status] ?? TITLES[status]?.slice(4) ?? ''

export const isKnownError = (status: number) => status in TITLES

/** `nginx/1.22.1`, or `nginx` when tokens are off. */
export const serverToken = (x: Exchange) => (x.scope.serverTokens ? `nginx/${x.runtime.version}` : 'nginx')

/** nginx's own page for a status; empty for a status it has no page for. */
export function builtInPage(status: number, token: string): string {
  const title = TITLES[status]
  if (title === undefined) return ''
  const shown = status === 497 ? '400 Bad Request' : title
  const lines =
    status === 497
      ? [`<center><h1>400 Bad Request</h1></center>`, '<center>The plain HTTP request was sent to HTTPS port</center>']
      : [`<center><h1>${title}</h1></center>`]
  return [
    '<html>',
    `<head><title>${shown === '400 Bad Request' && status === 497 ? title : shown}</title></head>`,
    '<body>',
    ...lines,
    `<hr><center>${token}</center>`,
    '</body>',
    '</html>',
    '',
  ].join('\r\n')
}

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `Sat, 21 Nov 2026 03:20:20 GMT` */
export function httpDate(ms: number): string {
  const weekday = WEEKDAYS[(((Math.floor(ms / 86_400_000) + 4) % 7) + 7) % 7]
  const [day, month, rest] = localTime(ms).split('/') as [string, string, string]
  return `${weekday}, ${day} ${month} ${rest.slice(0, 4)} ${rest.slice(5, 13)} GMT`
}

/** Puts Server and Date before the given headers, as nginx orders them. */
export function respond(
  x: Exchange,
  status: number,
  contentType: string | undefined,
  body: Uint8Array | string,
  headers: Headers = [],
): HttpResponse {
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body
  const all: [string, string][] = [
    ['Server', serverToken(x)],
    ['Date', httpDate(x.process.wallClock())],
  ]
  if (contentType !== undefined) all.push(['Content-Type', contentType])
  if (status !== 204 && status !== 304) all.push(['Content-Length', String(bytes.length)])
  all.push(...headers.map(([n, v]) => [n, v] as [string, string]))
  return { status: status === 497 ? 400 : status, headers: all, body: bytes }
}

/** A redirect or error with nginx's own page. */
export function errorResponse(x: Exchange, status: number, headers: Headers = []): HttpResponse {
  return respond(
    x,
    status,
    isKnownError(status) ? 'text/html' : undefined,
    builtInPage(status, serverToken(x)),
    headers,
  )
}
