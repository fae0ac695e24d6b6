const net = internal.builtin('net')
const { Readable, Writable } = internal.builtin('stream')
const { Buffer } = internal.builtin('buffer')
const { STATUS_CODES, METHODS, collect, Parser } = internal.builtin('internal/http-common')
const { nodeError, invalidType } = internal.builtin('internal/errors')

const TOKEN = /^[\^_`a-zA-Z\-0-9!#$%&'*+.|~]+$/

class IncomingMessage extends Readable {
  constructor(socket) {
    super({ read() {} })
    Object.assign(this, {
      httpVersionMajor: 1,
      httpVersionMinor: 1,
      httpVersion: '1.1',
      complete: false,
      rawHeaders: [],
      rawTrailers: [],
      url: '',
      method: null,
      statusCode: null,
      statusMessage: null,
    })
    Object.defineProperty(this, 'socket', { value: socket, writable: true, enumerable: false, configurable: true })
    Object.defineProperty(this, '_headers', { value: undefined, writable: true, enumerable: false })
    this._autoDestroy = false
  }
  get connection() {
    return this.socket
  }
  get headers() {
    this._headers ??= collect(this.rawHeaders)
    return this._headers
  }
  set headers(value) {
    this._headers = value
  }
  get headersDistinct() {
    const all = {}
    for (let i = 0; i < this.rawHeaders.length; i += 2)
      (all[this.rawHeaders[i].toLowerCase()] ??= []).push(this.rawHeaders[i + 1])
    return all
  }
  get trailers() {
    return {}
  }
  setTimeout(ms, callback) {
    this.socket.setTimeout(ms, callback)
    return this
  }
}

/** What both a response and a request of ours are: a head that is sent with the first piece of the body. */
class OutgoingMessage extends Writable {
  constructor() {
    super()
    Object.defineProperty(this, '_head', { value: new Map(), writable: true })
    Object.defineProperty(this, 'socket', { value: null, writable: true, configurable: true })
    this._autoDestroy = false
    this.headersSent = false
    this.sendDate = true
    this.finished = false
    this.chunked = false
    this.strictContentLength = false
  }
  get connection() {
    return this.socket
  }
  setHeader(name, value) {
    if (this.headersSent)
      throw nodeError(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot set headers after they are sent to the client')
    if (typeof name !== 'string' || !TOKEN.test(name))
      throw nodeError(TypeError, 'ERR_INVALID_HTTP_TOKEN', `Header name must be a valid HTTP token ["${name}"]`)
    if (value === undefined)
      throw nodeError(TypeError, 'ERR_HTTP_INVALID_HEADER_VALUE', `Invalid value "undefined" for header "${name}"`)
    if (/[^\t\x20-\x7e\x80-\xff]/.test(`${value}`))
      throw nodeError(TypeError, 'ERR_INVALID_CHAR', `Invalid character in header content ["${name}"]`)
    this._head.set(name.toLowerCase(), [name, value])
    return this
  }
  setHeaders(headers) {
    for (const [name, value] of headers) this.setHeader(name, value)
    return this
  }
  appendHeader(name, value) {
    const old = this.getHeader(name)
    return this.setHeader(name, old === undefined ? value : [old, value].flat())
  }
  getHeader(name) {
    return this._head.get(name.toLowerCase())?.[1]
  }
  hasHeader(name) {
    return this._head.has(name.toLowerCase())
  }
  removeHeader(name) {
    if (this.headersSent)
      throw nodeError(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot remove headers after they are sent to the client')
    this._head.delete(name.toLowerCase())
  }
  getHeaders() {
    const headers = Object.create(null)
    for (const [name, [, value]] of this._head) headers[name] = value
    return headers
  }
  getHeaderNames() {
    return [...this._head.keys()]
  }
  getRawHeaderNames() {
    return [...this._head.values()].map(([name]) => name)
  }
  flushHeaders() {
    this._sendHead()
  }
  /** The head as text: the first line, then the headers in the order they were set. */
  _headText(first) {
    let text = `${first}\r\n`
    for (const [name, value] of this._head.values()) for (const each of [value].flat()) text += `${name}: ${each}\r\n`
    return `${text}\r\n`
  }
  setTimeout(ms, callback) {
    this.socket?.setTimeout(ms, callback)
    return this
  }
  write(chunk, encoding, callback) {
    if (typeof chunk !== 'string' && !(chunk instanceof Uint8Array) && chunk !== null)
      throw invalidType('chunk', 'of type string or an instance of Buffer or Uint8Array', chunk)
    return super.write(chunk, encoding, callback)
  }
  _write(chunk, encoding, done) {
    this._sendHead()
    if (this._hasBody === false || chunk.length === 0) return done()
    this._send(
      this.chunked
        ? Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')])
        : chunk,
      done,
    )
  }
  _send(bytes, done) {
    if (!this.socket) {
      this._waiting = (this._waiting ?? []).concat([[bytes, done]])
      return
    }
    if (this.socket.destroyed || !this.socket.writable) return done?.()
    this.socket.write(bytes, done)
  }
  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, callback] = [undefined, chunk]
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
    if (this.finished) {
      if (callback) process.nextTick(callback)
      return this
    }
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'string' && !(chunk instanceof Uint8Array))
      throw invalidType('chunk', 'of type string or an instance of Buffer or Uint8Array', chunk)
    this.finished = true
    const bytes =
      chunk === undefined || chunk === null
        ? undefined
        : typeof chunk === 'string'
          ? Buffer.from(chunk, encoding)
          : chunk
    if (!this.headersSent && this._writableState.length === 0 && !this.hasHeader('transfer-encoding')) {
      // All that there is to say is known: one piece, with its length.
      if (!this.hasHeader('content-length')) this._knownLength = bytes?.length ?? 0
      const head = this._prepareHead()
      const body = bytes && this._hasBody !== false ? bytes : Buffer.alloc(0)
      this._send(head.length > 0 ? Buffer.concat([Buffer.from(head, 'latin1'), body]) : body)
      return super.end(callback)
    }
    if (bytes) super.write(bytes)
    return super.end(callback)
  }
  _sendHead() {
    if (this.headersSent) return
    this._send(Buffer.from(this._prepareHead(), 'latin1'))
  }
  _final(done) {
    this._sendHead()
    if (this.chunked && this._hasBody !== false) this._send(Buffer.from('0\r\n\r\n'))
    done()
    this._messageDone?.()
  }
}

class ServerResponse extends OutgoingMessage {
  constructor(request) {
    super()
    Object.defineProperty(this, 'req', { value: request, writable: true, configurable: true, enumerable: false })
    this.statusCode = 200
    this.statusMessage = undefined
    this._hasBody = request.method !== 'HEAD'
    this._oldClient = request.httpVersion === '1.0'
  }
  writeHead(status, message, headers) {
    if (this.headersSent || this._headWritten)
      throw nodeError(Error, 'ERR_HTTP_HEADERS_SENT', 'Cannot write headers after they are sent to the client')
    if (typeof message !== 'string') [message, headers] = [undefined, message ?? headers]
    const code = status | 0
    if (code < 100 || code > 999)
      throw nodeError(RangeError, 'ERR_HTTP_INVALID_STATUS_CODE', `Invalid status code: ${status}`)
    this.statusCode = code
    if (message !== undefined) this.statusMessage = message
    const pairs = Array.isArray(headers)
      ? Array.isArray(headers[0])
        ? headers
        : headers.flatMap((_, i) => (i % 2 ? [] : [[headers[i], headers[i + 1]]]))
      : Object.entries(headers ?? {})
    for (const [name, value] of pairs) if (value !== undefined) this.setHeader(name, value)
    this._headWritten = true
    return this
  }
  writeContinue() {
    this.socket.write('HTTP/1.1 100 Continue\r\n\r\n')
  }
  _prepareHead() {
    this.headersSent = true
    const { statusCode } = this
    this.statusMessage ??= STATUS_CODES[statusCode] ?? 'unknown'
    const bodyless = statusCode === 204 || statusCode === 304 || (statusCode >= 100 && statusCode < 200)
    if (bodyless) this._hasBody = false
    const add = (name, value) => this._head.set(name.toLowerCase(), [name, value])
    if (this.sendDate && !this.hasHeader('date')) add('Date', new Date().toUTCString())
    const asked = `${this.getHeader('connection') ?? ''}`.toLowerCase()
    if (!this.hasHeader('connection')) {
      add('Connection', this._keepAlive ? 'keep-alive' : 'close')
      if (this._keepAlive) add('Keep-Alive', `timeout=${Math.floor((this._keepAliveTimeout ?? 5000) / 1000)}`)
    } else if (asked.includes('close')) this._keepAlive = false
    if (!bodyless && !this.hasHeader('content-length') && !this.hasHeader('transfer-encoding')) {
      if (this._knownLength !== undefined && (this.req.method !== 'HEAD' || this._knownLength > 0))
        add('Content-Length', this._knownLength)
      else if (this.req.method !== 'HEAD') {
        if (this._oldClient) this._keepAlive = false
        else {
          add('Transfer-Encoding', 'chunked')
          this.chunked = true
        }
      }
    } else if (`${this.getHeader('transfer-encoding') ?? ''}`.includes('chunked')) this.chunked = true
    return this._headText(`HTTP/1.1 ${statusCode} ${this.statusMessage}`)
  }
}

class Server extends net.Server {
  constructor(options, listener) {
    super()
    if (typeof options === 'function') [options, listener] = [{}, options]
    Object.assign(
      this,
      {
        timeout: 0,
        keepAliveTimeout: 5000,
        headersTimeout: 60000,
        requestTimeout: 300000,
        maxHeadersCount: null,
        maxRequestsPerSocket: 0,
      },
      options,
    )
    this._allowHalfOpen = true
    if (listener) this.on('request', listener)
    this.on('connection', (socket) => serve(this, socket))
  }
  setTimeout(ms, callback) {
    this.timeout = ms
    if (callback) this.on('timeout', callback)
    return this
  }
  close(callback) {
    super.close(callback)
    this.closeIdleConnections()
    return this
  }
  closeIdleConnections() {
    for (const socket of this._sockets) if (!socket._busy) socket.destroy()
  }
  closeAllConnections() {
    for (const socket of this._sockets) socket.destroy()
  }
}

function serve(server, socket) {
  let request
  let idle
  Object.defineProperty(socket, '_busy', { value: false, writable: true })
  const rest = () => {
    idle = setTimeout(() => socket.destroy(), server.keepAliveTimeout + 1000)
    idle.unref()
  }
  const parser = new Parser({
    onHead(line, raw) {
      const match = /^(\S+) (\S+) HTTP\/(\d)\.(\d)$/.exec(line)
      if (!match) return this.onError('HPE_INVALID_METHOD', 400)
      clearTimeout(idle)
      socket._busy = true
      request = new IncomingMessage(socket)
      request.method = match[1]
      request.url = match[2]
      request.httpVersion = `${match[3]}.${match[4]}`
      request.httpVersionMajor = Number(match[3])
      request.httpVersionMinor = Number(match[4])
      request.rawHeaders = raw
      const { headers } = request
      if (request.httpVersion === '1.1' && headers.host === undefined) return this.onError('missing host', 400)
      const asked = (headers.connection ?? '').toLowerCase()
      const response = new ServerResponse(request)
      response._keepAlive = request.httpVersion === '1.0' ? asked.includes('keep-alive') : !asked.includes('close')
      response._keepAliveTimeout = server.keepAliveTimeout
      response.socket = socket
      const current = request
      response._messageDone = () => {
        process.nextTick(() => {
          socket._busy = false
          current.resume()
          if (!response._keepAlive || server._closing) socket.end()
          else {
            parser.paused = false
            rest()
            if (parser.rest.length > 0) parser.write(Buffer.alloc(0))
          }
          response.destroyed = true
          response.emit('close')
        })
      }
      if (/upgrade/.test(asked) && headers.upgrade && server.listenerCount('upgrade') > 0) {
        server.emit('upgrade', request, socket, parser.rest)
        return 'stop'
      }
      if (headers.expect?.toLowerCase() === '100-continue') {
        if (server.listenerCount('checkContinue') > 0) {
          server.emit('checkContinue', request, response)
          return 0
        }
        response.writeContinue()
      }
      socket.once('close', () => {
        if (!response.writableFinished && !response.destroyed) {
          response.destroyed = true
          response.emit('close')
          if (!current.complete) current.emit('aborted')
          current.destroyed = true
          current.emit('close')
        }
      })
      process.nextTick(() => server.emit('request', current, response))
      if (`${headers['transfer-encoding'] ?? ''}`.includes('chunked')) return 'chunked'
      return Number(headers['content-length'] ?? 0)
    },
    onData(chunk) {
      request.push(chunk)
    },
    onEnd() {
      request.complete = true
      request.push(null)
      parser.paused = true
    },
    onError(code, status) {
      const error = Object.assign(new Error(`Parse Error: ${code}`), { code })
      if (server.listenerCount('clientError') > 0) server.emit('clientError', error, socket)
      else socket.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`)
      return 'stop'
    },
  })
  socket.on('data', (chunk) => parser.write(chunk))
  socket.on('end', () => {
    if (!socket._busy) socket.end()
  })
  socket.on('error', (error) => {
    if (server.listenerCount('clientError') > 0) server.emit('clientError', error, socket)
    else socket.destroy()
  })
  if (server.timeout > 0) socket.setTimeout(server.timeout, () => socket.destroy())
  rest()
}

class Agent {
  constructor(options = {}) {
    Object.assign(this, {
      options,
      keepAlive: options.keepAlive ?? false,
      maxSockets: options.maxSockets ?? Infinity,
      sockets: {},
      requests: {},
      freeSockets: {},
    })
    Object.defineProperty(this, '_free', { value: new Map() })
  }
  getName({ host = 'localhost', port = 80 } = {}) {
    return `${host}:${port}:`
  }
  destroy() {
    for (const list of this._free.values()) for (const socket of list) socket.destroy()
    this._free.clear()
  }
}
const globalAgent = new Agent({ keepAlive: true, timeout: 5000 })

class ClientRequest extends OutgoingMessage {
  constructor(input, options, callback) {
    super()
    if (typeof options === 'function') [options, callback] = [{}, options]
    let given = { ...options }
    if (typeof input === 'string' || input instanceof URL) {
      const url = new URL(`${input}`)
      given = {
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port || undefined,
        path: url.pathname + url.search,
        ...(url.username && { auth: `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}` }),
        ...options,
      }
    } else given = { ...input, ...options }
    const expected = given._secure ? 'https:' : 'http:'
    if (given.protocol && given.protocol !== expected)
      throw nodeError(
        TypeError,
        'ERR_INVALID_PROTOCOL',
        `Protocol "${given.protocol}" not supported. Expected "${expected}"`,
      )
    if (given.path && /[^\x21-\xff]/.test(given.path))
      throw nodeError(TypeError, 'ERR_UNESCAPED_CHARACTERS', 'Request path contains unescaped characters')
    this.method = (given.method ?? 'GET').toUpperCase()
    this.path = given.path || '/'
    this.host = given.hostname ?? given.host ?? 'localhost'
    this.protocol = 'http:'
    this.agent = given.agent === false ? new Agent() : (given.agent ?? globalAgent)
    this.reusedSocket = false
    this.aborted = false
    const port = Number(given.port ?? given.defaultPort ?? 80)
    const headers = Array.isArray(given.headers) ? given.headers : Object.entries(given.headers ?? {})
    for (const [name, value] of headers) if (value !== undefined) this.setHeader(name, value)
    if (given.auth && !this.hasHeader('authorization'))
      this.setHeader('Authorization', `Basic ${Buffer.from(given.auth).toString('base64')}`)
    if (!this.hasHeader('host') && given.setHost !== false)
      this.setHeader('Host', port === 80 ? this.host : `${this.host}:${port}`)
    if (callback) this.once('response', callback)
    this._bodyExpected = !['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT'].includes(this.method)
    if (given.timeout) this._timeoutMs = given.timeout
    if (given.signal)
      given.signal.addEventListener('abort', () =>
        this.destroy(Object.assign(new Error('The operation was aborted'), { name: 'AbortError', code: 'ABORT_ERR' })),
      )
    const key = `${this.host}:${port}`
    const free = this.agent._free.get(key)?.pop()
    if (free && !free.destroyed) {
      this.reusedSocket = true
      process.nextTick(() => this._use(free, key))
    } else {
      const socket = net.connect({ host: this.host, port })
      Object.defineProperty(this, '_opening', { value: socket, writable: true })
      const failed = (error) => this.destroy(error)
      socket.once('error', failed)
      socket.once('connect', () => {
        socket.off('error', failed)
        if (!this.destroyed) this._use(socket, key)
      })
      if (this._timeoutMs) socket.setTimeout(this._timeoutMs, () => this.emit('timeout'))
    }
  }
  _use(socket, key) {
    if (this.destroyed) return socket.destroy()
    this.socket = socket
    socket.removeAllListeners()
    socket.ref()
    let response
    const request = this
    const finish = () => {
      socket.removeAllListeners()
      const keep = request.agent.keepAlive && request._serverKeeps && !socket.destroyed
      if (!keep) return socket.destroy()
      const list = request.agent._free.get(key) ?? []
      request.agent._free.set(key, list)
      list.push(socket)
      socket.unref()
      const forget = () => {
        const at = list.indexOf(socket)
        if (at >= 0) list.splice(at, 1)
        socket.destroy()
      }
      socket.once('end', forget)
      socket.once('error', forget)
      const timer = setTimeout(forget, 4000)
      timer.unref()
    }
    const parser = new Parser({
      onHead(line, raw) {
        const match = /^HTTP\/(\d)\.(\d) (\d{3})(?: (.*))?$/.exec(line)
        if (!match) return this.onError('HPE_INVALID_CONSTANT')
        const status = Number(match[3])
        if (status >= 100 && status < 200 && status !== 101) {
          request.emit(status === 100 ? 'continue' : 'information', { statusCode: status })
          return 0
        }
        response = new IncomingMessage(socket)
        response.httpVersion = `${match[1]}.${match[2]}`
        response.statusCode = status
        response.statusMessage = match[4] ?? ''
        response.rawHeaders = raw
        response.req = request
        request.res = response
        Object.defineProperty(response, 'req', { enumerable: false })
        const { headers } = response
        const asked = (headers.connection ?? '').toLowerCase()
        request._serverKeeps = response.httpVersion === '1.0' ? asked.includes('keep-alive') : !asked.includes('close')
        if (status === 101) {
          request.emit('upgrade', response, socket, parser.rest)
          return 'stop'
        }
        const handled = request.emit('response', response)
        if (!handled) response.resume()
        if (request.method === 'HEAD' || status === 204 || status === 304) return 0
        if (`${headers['transfer-encoding'] ?? ''}`.includes('chunked')) return 'chunked'
        if (headers['content-length'] !== undefined) return Number(headers['content-length'])
        request._serverKeeps = false
        return 'close'
      },
      onData: (chunk) => response.push(chunk),
      onEnd() {
        if (!response) return
        response.complete = true
        response.push(null)
        process.nextTick(() => {
          request.emit('close')
          response.emit('close')
        })
        finish()
      },
      onError(code) {
        request.destroy(Object.assign(new Error(`Parse Error: Expected HTTP/`), { code }))
        return 'stop'
      },
    })
    const lost = () => {
      if (parser.end()) {
        if (response) return
      }
      if (!response) request.destroy(Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }))
      else if (!response.complete) {
        response.emit('aborted')
        response.destroy(Object.assign(new Error('aborted'), { code: 'ECONNRESET' }))
      }
    }
    socket.on('data', (chunk) => parser.write(chunk))
    socket.on('end', lost)
    socket.on('error', (error) => (response ? response.destroy(error) : request.destroy(error)))
    if (this._timeoutMs) socket.setTimeout(this._timeoutMs, () => this.emit('timeout'))
    this.emit('socket', socket)
    const waiting = this._waiting ?? []
    this._waiting = undefined
    for (const [bytes, done] of waiting) socket.write(bytes, done)
  }
  _prepareHead() {
    this.headersSent = true
    const add = (name, value) => this._head.set(name.toLowerCase(), [name, value])
    if (!this.hasHeader('content-length') && !this.hasHeader('transfer-encoding')) {
      if (this._knownLength > 0 || (this._knownLength === 0 && this._bodyExpected))
        add('Content-Length', this._knownLength)
      else if (this._knownLength === undefined) {
        add('Transfer-Encoding', 'chunked')
        this.chunked = true
      }
    } else if (`${this.getHeader('transfer-encoding') ?? ''}`.includes('chunked')) this.chunked = true
    if (!this.hasHeader('connection')) add('Connection', this.agent.keepAlive ? 'keep-alive' : 'close')
    return this._headText(`${this.method} ${this.path} HTTP/1.1`)
  }
  setTimeout(ms, callback) {
    this._timeoutMs = ms
    if (callback) this.once('timeout', callback)
    ;(this.socket ?? this._opening)?.setTimeout(ms, () => this.emit('timeout'))
    return this
  }
  abort() {
    this.aborted = true
    this.destroy()
  }
  _destroy(error, done) {
    ;(this.socket ?? this._opening)?.destroy()
    if (!error && !this.res) error = Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' })
    done(error)
  }
  setNoDelay() {}
  setSocketKeepAlive() {}
}

const request = (input, options, callback) => new ClientRequest(input, options, callback)
module.exports = {
  METHODS,
  STATUS_CODES,
  Agent,
  globalAgent,
  ClientRequest,
  IncomingMessage,
  OutgoingMessage,
  Server,
  ServerResponse,
  maxHeaderSize: 16384,
  createServer: (options, listener) => new Server(options, listener),
  request,
  get(input, options, callback) {
    const asked = request(input, options, callback)
    asked.end()
    return asked
  },
  validateHeaderName() {},
  validateHeaderValue() {},
  setMaxIdleHTTPParsers() {},
}
