import type { RestRequest, RestResponse } from '../../../sim/rest/port.ts'
import { bodyText } from './body.ts'
import type { Klog } from './klog.ts'

const SOURCE = 'round_trippers.go:632'

const STATUS: Record<number, string> = {
  200: '200 OK',
  201: '201 Created',
  202: '202 Accepted',
  400: '400 Bad Request',
  401: '401 Unauthorized',
  403: '403 Forbidden',
  404: '404 Not Found',
  405: '405 Method Not Allowed',
  409: '409 Conflict',
  410: '410 Gone',
  415: '415 Unsupported Media Type',
  422: '422 Unprocessable Entity',
  429: '429 Too Many Requests',
  500: '500 Internal Server Error',
  503: '503 Service Unavailable',
}

const HIDDEN = new Set(['authorization', 'x-client-certificate'])

export function urlOf(origin: string, request: RestRequest): string {
  const query = (request.query ?? []).map(([k, v]) => `${encodeURIComponent(k)}=${encodeQuery(v)}`).join('&')
  return `${origin}${request.path}${query ? `?${query}` : ''}`
}

const encodeQuery = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')

/** `Content-Type` of `content-type`. */
const canonical = (name: string) => name.replace(/(^|-)[a-z]/g, (c) => c.toUpperCase())

/** From level 7 on: the request; from 9: as a curl command. */
export async function logRequest(klog: Klog, origin: string, request: RestRequest): Promise<void> {
  if (klog.level < 7) return
  const url = urlOf(origin, request)
  if (klog.level >= 8 && request.body !== undefined) {
    await klog.info(8, 'helper.go:113', `"Request Body" body=${JSON.stringify(bodyText(request.body))}`)
  }
  const headers = Object.entries(request.headers ?? {}).filter(([name]) => !HIDDEN.has(name))
  if (klog.level >= 9) {
    const options = headers.map(([name, value]) => `-H "${canonical(name)}: ${value}"`).join(' ')
    await klog.info(
      9,
      'round_trippers.go:527',
      `"Request" curlCommand=<\n\tcurl -v -X${request.method}  ${options} '${url}'\n >`,
    )
    return
  }
  const lines = headers.map(([name, value]) => `\t${canonical(name)}: ${value}\n`).join('')
  await klog.info(7, 'round_trippers.go:527', `"Request" verb="${request.method}" url="${url}" headers=<\n${lines} >`)
}

export async function logResponse(
  klog: Klog,
  origin: string,
  request: RestRequest,
  response: RestResponse,
  elapsed: number,
): Promise<void> {
  if (klog.level < 6) return
  const url = urlOf(origin, request)
  const status = STATUS[response.status] ?? String(response.status)
  const ms = Math.round(elapsed)
  if (klog.level < 8) {
    await klog.info(6, SOURCE, `"Response" verb="${request.method}" url="${url}" status="${status}" milliseconds=${ms}`)
    return
  }
  const headers = Object.entries(response.headers)
    .map(([name, value]) => `\t${canonical(name)}: ${value}\n`)
    .join('')
  await klog.info(
    8,
    SOURCE,
    `"Response" verb="${request.method}" url="${url}" status="${status}" headers=<\n${headers} > milliseconds=${ms}`,
  )
  if (response.stream) return
  const text = bodyText(response.body)
  const shown = klog.level >= 9 ? text : truncated(text, klog.level >= 8 ? 1024 : 0)
  await klog.info(8, 'helper.go:113', `"Response Body" body=<\n\t${shown.replaceAll('\n', '\n\t')}\n >`)
}

function truncated(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit)} [truncated ${text.length - limit} chars]`
}
