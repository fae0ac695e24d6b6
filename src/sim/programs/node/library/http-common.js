// HTTP/1.1 on the wire: heads and bodies as they arrive.
const { Buffer } = internal.builtin('buffer')

const STATUS_CODES = {
  100: 'Continue',
  101: 'Switching Protocols',
  102: 'Processing',
  103: 'Early Hints',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  203: 'Non-Authoritative Information',
  204: 'No Content',
  205: 'Reset Content',
  206: 'Partial Content',
  207: 'Multi-Status',
  208: 'Already Reported',
  226: 'IM Used',
  300: 'Multiple Choices',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  305: 'Use Proxy',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  402: 'Payment Required',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  407: 'Proxy Authentication Required',
  408: 'Request Timeout',
  409: 'Conflict',
  410: 'Gone',
  411: 'Length Required',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  417: 'Expectation Failed',
  418: "I'm a Teapot",
  421: 'Misdirected Request',
  422: 'Unprocessable Entity',
  423: 'Locked',
  424: 'Failed Dependency',
  425: 'Too Early',
  426: 'Upgrade Required',
  428: 'Precondition Required',
  429: 'Too Many Requests',
  431: 'Request Header Fields Too Large',
  451: 'Unavailable For Legal Reasons',
  500: 'Internal Server Error',
  501: 'Not Implemented',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
  505: 'HTTP Version Not Supported',
  506: 'Variant Also Negotiates',
  507: 'Insufficient Storage',
  508: 'Loop Detected',
  509: 'Bandwidth Limit Exceeded',
  510: 'Not Extended',
  511: 'Network Authentication Required',
}
const METHODS = [
  'ACL',
  'BIND',
  'CHECKOUT',
  'CONNECT',
  'COPY',
  'DELETE',
  'GET',
  'HEAD',
  'LINK',
  'LOCK',
  'M-SEARCH',
  'MERGE',
  'MKACTIVITY',
  'MKCALENDAR',
  'MKCOL',
  'MOVE',
  'NOTIFY',
  'OPTIONS',
  'PATCH',
  'POST',
  'PROPFIND',
  'PROPPATCH',
  'PURGE',
  'PUT',
  'QUERY',
  'REBIND',
  'REPORT',
  'SEARCH',
  'SOURCE',
  'SUBSCRIBE',
  'TRACE',
  'UNBIND',
  'UNLINK',
  'UNLOCK',
  'UNSUBSCRIBE',
]
const SINGLE = new Set(
  'age authorization content-length content-type etag expires from host if-modified-since if-unmodified-since last-modified location max-forwards proxy-authorization referer retry-after server user-agent'.split(
    ' ',
  ),
)

/** Header pairs as an object with small names; doubled ones joined. */
function collect(raw) {
  const headers = {}
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i].toLowerCase()
    if (name === 'set-cookie') (headers[name] ??= []).push(raw[i + 1])
    else if (headers[name] === undefined) headers[name] = raw[i + 1]
    else if (!SINGLE.has(name)) headers[name] += `${name === 'cookie' ? '; ' : ', '}${raw[i + 1]}`
  }
  return headers
}

/**
 * Reads messages from a socket. `onHead(line, rawHeaders)` answers how the body is told apart: a length, 'chunked',
 * 'close' or 0; then `onData(chunk)` and `onEnd()`.
 */
class Parser {
  constructor(handlers) {
    this.handlers = handlers
    this.rest = Buffer.alloc(0)
    this.state = 'head'
  }
  write(chunk) {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk])
    while (this.#step());
  }
  /** The peer has finished. */
  end() {
    if (this.state === 'close') {
      this.state = 'head'
      this.handlers.onEnd()
      return true
    }
    return this.state === 'head' && this.rest.length === 0
  }
  #line() {
    const at = this.rest.indexOf(10)
    if (at < 0) return undefined
    const line = this.rest.subarray(0, this.rest[at - 1] === 13 ? at - 1 : at).toString('latin1')
    this.rest = this.rest.subarray(at + 1)
    return line
  }
  #step() {
    if (this.paused) return false
    switch (this.state) {
      case 'head': {
        while (this.rest[0] === 13 || this.rest[0] === 10) this.rest = this.rest.subarray(1)
        const end = this.rest.indexOf('\r\n\r\n')
        if (end < 0) {
          if (this.rest.length > 16384) this.handlers.onError('HPE_HEADER_OVERFLOW', 431)
          return false
        }
        const [first, ...lines] = this.rest.subarray(0, end).toString('latin1').split('\r\n')
        this.rest = this.rest.subarray(end + 4)
        const raw = []
        for (const line of lines) {
          const colon = line.indexOf(':')
          if (colon <= 0) return this.handlers.onError('HPE_INVALID_HEADER_TOKEN', 400)
          raw.push(line.slice(0, colon), line.slice(colon + 1).trim())
        }
        const framing = this.handlers.onHead(first, raw)
        if (framing === undefined || framing === 'stop') return false
        if (framing === 0) {
          this.handlers.onEnd()
          return true
        }
        this.state = typeof framing === 'number' ? 'length' : framing
        this.left = framing
        if (framing === 'chunked') this.state = 'size'
        return true
      }
      case 'length':
        if (this.rest.length === 0) return false
        this.#take(Math.min(this.left, this.rest.length))
        if (this.left === 0) this.#done()
        return true
      case 'close':
        if (this.rest.length > 0) {
          this.handlers.onData(this.rest)
          this.rest = Buffer.alloc(0)
        }
        return false
      case 'size': {
        const line = this.#line()
        if (line === undefined) return false
        this.left = Number.parseInt(line, 16)
        if (Number.isNaN(this.left)) return this.handlers.onError('HPE_INVALID_CHUNK_SIZE', 400)
        this.state = this.left === 0 ? 'trailer' : 'chunk'
        return true
      }
      case 'chunk':
        if (this.rest.length === 0) return false
        this.#take(Math.min(this.left, this.rest.length))
        if (this.left === 0) this.state = 'chunk-end'
        return true
      case 'chunk-end':
        if (this.#line() === undefined) return false
        this.state = 'size'
        return true
      case 'trailer': {
        const line = this.#line()
        if (line === undefined) return false
        if (line === '') this.#done()
        return true
      }
    }
    return false
  }
  #take(length) {
    this.left -= length
    const part = this.rest.subarray(0, length)
    this.rest = this.rest.subarray(length)
    this.handlers.onData(part)
  }
  #done() {
    this.state = 'head'
    this.handlers.onEnd()
  }
}

module.exports = { STATUS_CODES, METHODS, collect, Parser }
