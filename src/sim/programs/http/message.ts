/** HTTP/1.1 messages. Header names keep the case they were sent in; look-ups ignore it. */
export type Headers = readonly (readonly [name: string, value: string])[]

export interface HttpRequest {
  method: string
  /** As on the request line: `/path?query` or an absolute URL. */
  target: string
  /** `HTTP/1.1` */
  version: string
  headers: Headers
  body: Uint8Array
}

export interface HttpResponse {
  status: number
  /** Defaults to the status code's usual phrase; an empty one leaves a space behind the code. */
  reason?: string
  headers: Headers
  body: Uint8Array | string
  /** Its length is told by the connection's end only. */
  untilClose?: boolean
}

export function header(headers: Headers, name: string): string | undefined {
  const wanted = name.toLowerCase()
  return headers.find(([key]) => key.toLowerCase() === wanted)?.[1]
}

const PHRASES: Record<number, string> = {
  100: 'Continue',
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  206: 'Partial Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  411: 'Length Required',
  413: 'Request Entity Too Large',
  414: 'Request-URI Too Large',
  416: 'Requested Range Not Satisfiable',
  429: 'Too Many Requests',
  499: 'Client Closed Request',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
  505: 'HTTP Version Not Supported',
}

export function reasonPhrase(status: number): string {
  return PHRASES[status] ?? ''
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()

export const toBytes = (text: string | Uint8Array): Uint8Array =>
  typeof text === 'string' ? encoder.encode(text) : text
export const toText = (bytes: Uint8Array): string => decoder.decode(bytes)
