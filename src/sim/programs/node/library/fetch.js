const http = internal.builtin('http')
const { Buffer } = internal.builtin('buffer')
const custom = Symbol.for('nodejs.util.inspect.custom')

class Headers {
  #map = new Map()
  constructor(init) {
    if (init instanceof Headers) for (const [name, value] of init) this.append(name, value)
    else if (Array.isArray(init)) for (const [name, value] of init) this.append(name, value)
    else if (init) for (const [name, value] of Object.entries(init)) this.append(name, value)
  }
  append(name, value) {
    const key = `${name}`.toLowerCase()
    this.#map.set(key, this.#map.has(key) ? `${this.#map.get(key)}, ${value}` : `${value}`.trim())
  }
  set(name, value) {
    this.#map.set(`${name}`.toLowerCase(), `${value}`.trim())
  }
  get(name) {
    return this.#map.get(`${name}`.toLowerCase()) ?? null
  }
  has(name) {
    return this.#map.has(`${name}`.toLowerCase())
  }
  delete(name) {
    this.#map.delete(`${name}`.toLowerCase())
  }
  getSetCookie() {
    return this.has('set-cookie') ? [this.get('set-cookie')] : []
  }
  forEach(callback, self) {
    for (const [name, value] of this) callback.call(self, value, name, this)
  }
  *entries() {
    for (const name of [...this.#map.keys()].sort()) yield [name, this.#map.get(name)]
  }
  *keys() {
    for (const [name] of this.entries()) yield name
  }
  *values() {
    for (const [, value] of this.entries()) yield value
  }
  [Symbol.iterator]() {
    return this.entries()
  }
  [custom](depth, options, inspect) {
    return `Headers ${inspect(Object.fromEntries(this), options)}`
  }
}

/** What a request and a response share: a body that may be read once. */
class Body {
  #take
  #used = false
  constructor(take) {
    this.#take = take
  }
  get bodyUsed() {
    return this.#used
  }
  async #bytes() {
    if (this.#used) throw new TypeError('Body is unusable: Body has already been read')
    this.#used = true
    return this.#take()
  }
  async text() {
    return (await this.#bytes()).toString()
  }
  async json() {
    return JSON.parse((await this.#bytes()).toString())
  }
  async arrayBuffer() {
    return internal.bytes(await this.#bytes())
  }
  async bytes() {
    return new Uint8Array(await this.arrayBuffer())
  }
  async blob() {
    return new (internal.builtin('buffer').Blob)([await this.#bytes()], {
      type: this.headers.get('content-type') ?? '',
    })
  }
}

class Response extends Body {
  #stream
  constructor(body, { status = 200, statusText = '', headers, stream, url = '', redirected = false } = {}) {
    super(async () => {
      if (!stream) return Buffer.from(body ?? '')
      const pieces = []
      for await (const piece of stream) pieces.push(piece)
      return Buffer.concat(pieces)
    })
    this.#stream = stream
    Object.assign(this, {
      status,
      statusText,
      headers: new Headers(headers),
      url,
      redirected,
      type: stream ? 'basic' : 'default',
      ok: status >= 200 && status < 300,
    })
  }
  get body() {
    return this.#stream ?? null
  }
  static json(value, init = {}) {
    return new Response(JSON.stringify(value), {
      ...init,
      headers: { 'content-type': 'application/json', ...init.headers },
    })
  }
  static error() {
    return new Response(null, { status: 0 })
  }
}
class Request extends Body {
  constructor(input, init = {}) {
    super(async () => Buffer.from(init.body ?? ''))
    Object.assign(this, {
      url: input instanceof Request ? input.url : new URL(`${input}`).href,
      method: (init.method ?? input.method ?? 'GET').toUpperCase(),
      headers: new Headers(init.headers ?? input.headers),
      signal: init.signal,
    })
    Object.defineProperty(this, '_body', { value: init.body ?? input._body })
  }
}

function failed(cause) {
  const error = new TypeError('fetch failed')
  Object.defineProperty(error, 'stack', {
    value: `TypeError: fetch failed\n    at node:internal/deps/undici/undici:${process.versions.node.startsWith('20.') ? '14976:13' : '13510:13'}\n    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)`,
    writable: true,
    configurable: true,
  })
  Object.defineProperty(error, 'cause', { value: cause, writable: true, configurable: true, enumerable: false })
  return error
}

const BODYLESS = new Set(['GET', 'HEAD'])
async function fetch(input, init = {}) {
  const request = input instanceof Request ? input : undefined
  let url
  try {
    url = new URL(request ? request.url : `${input}`)
  } catch (cause) {
    throw Object.assign(new TypeError(`Failed to parse URL from ${input}`), { cause })
  }
  const method = (init.method ?? request?.method ?? 'GET').toUpperCase()
  const headers = new Headers(init.headers ?? request?.headers)
  const { signal = request?.signal, redirect = 'follow' } = init
  let body = init.body ?? request?._body
  if (body !== undefined && body !== null && BODYLESS.has(method))
    throw new TypeError('Request with GET/HEAD method cannot have body.')
  if (body instanceof URLSearchParams) {
    if (!headers.has('content-type')) headers.set('content-type', 'application/x-www-form-urlencoded;charset=UTF-8')
    body = `${body}`
  } else if (typeof body === 'string' && !headers.has('content-type'))
    headers.set('content-type', 'text/plain;charset=UTF-8')
  for (let redirects = 0; ; redirects++) {
    if (url.protocol === 'https:') throw failed(new Error('not simulated: fetch of https URLs'))
    if (url.protocol !== 'http:') throw failed(new Error('unknown scheme'))
    signal?.throwIfAborted()
    const response = await send(url, method, headers, body, signal)
    const { location } = response.headers
    if ([301, 302, 303, 307, 308].includes(response.statusCode) && location && redirect === 'follow') {
      response.resume()
      if (redirects === 20) throw failed(new Error('redirect count exceeded'))
      url = new URL(location, url)
      continue
    }
    return new Response(null, {
      status: response.statusCode,
      statusText: response.statusMessage,
      headers: Object.entries(response.headers).flatMap(([name, value]) => [value].flat().map((each) => [name, each])),
      stream: response,
      url: url.href,
      redirected: redirects > 0,
    })
  }
}

function send(url, method, headers, body, signal) {
  return new Promise((resolve, reject) => {
    const all = Object.fromEntries(headers)
    for (const [name, value] of [
      ['accept', '*/*'],
      ['accept-language', '*'],
      ['sec-fetch-mode', 'cors'],
      ['user-agent', 'node'],
      ['accept-encoding', 'gzip, deflate'],
    ])
      all[name] ??= value
    const bytes =
      body === undefined || body === null
        ? undefined
        : typeof body === 'string'
          ? Buffer.from(body)
          : Buffer.from(internal.bytes(body))
    if (bytes) all['content-length'] = bytes.length
    const request = http.request({
      hostname: url.hostname.replace(/^\[|\]$/g, ''),
      port: url.port || 80,
      path: url.pathname + url.search,
      method,
      headers: all,
      ...(url.username && { auth: `${url.username}:${url.password}` }),
    })
    const stop = () => {
      reject(signal.reason)
      request.destroy()
    }
    signal?.addEventListener('abort', stop, { once: true })
    request.on('response', resolve)
    request.on('error', (cause) => reject(failed(cause)))
    request.end(bytes)
  })
}

module.exports = { fetch, Headers, Request, Response }
