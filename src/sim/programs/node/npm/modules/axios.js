// Axios over Node's own HTTP client.
const http = require('node:http')

class AxiosError extends Error {
  constructor(message, code, config, request, response) {
    super(message)
    Object.assign(this, { name: 'AxiosError', code, config })
    Object.defineProperty(this, 'request', { value: request, enumerable: true, writable: true })
    if (response) {
      this.response = response
      this.status = response.status
    }
  }
  toJSON() {
    return { message: this.message, name: this.name, code: this.code, status: this.response?.status ?? null }
  }
}
Object.defineProperty(AxiosError.prototype, 'isAxiosError', { value: true })

class AxiosHeaders {
  constructor(headers) {
    Object.assign(this, headers)
  }
  get(name) {
    const found = Object.keys(this).find((each) => each.toLowerCase() === name.toLowerCase())
    return found && this[found]
  }
  set(name, value) {
    this[name] = value
    return this
  }
}

function target({ url = '', baseURL, params }) {
  const full =
    baseURL && !/^[a-z][a-z\d+.-]*:\/\//i.test(url)
      ? `${baseURL.replace(/\/+$/, '')}${url ? `/${url.replace(/^\/+/, '')}` : ''}`
      : url
  const found = new URL(full)
  for (const [name, value] of Object.entries(params ?? {}))
    for (const each of [value].flat())
      if (each !== undefined && each !== null)
        found.searchParams.append(
          Array.isArray(value) ? `${name}[]` : name,
          each instanceof Date ? each.toISOString() : typeof each === 'object' ? JSON.stringify(each) : each,
        )
  return found
}

function send(config, redirects = 0) {
  return new Promise((resolve, reject) => {
    let url
    try {
      url = target(config)
    } catch {
      return reject(new AxiosError('Invalid URL', 'ERR_INVALID_URL', config))
    }
    if (url.protocol === 'https:')
      return reject(new AxiosError('not simulated: https in Node.js (use http)', 'ERR_NETWORK', config))
    const method = (config.method ?? 'get').toUpperCase()
    const headers = { Accept: 'application/json, text/plain, */*', ...config.headers }
    let { data } = config
    if (data instanceof URLSearchParams) {
      headers['Content-Type'] ??= 'application/x-www-form-urlencoded;charset=utf-8'
      data = `${data}`
    } else if (data !== undefined && data !== null && typeof data === 'object' && !Buffer.isBuffer(data)) {
      headers['Content-Type'] ??= 'application/json'
      data = JSON.stringify(data)
    } else if (typeof data === 'string') headers['Content-Type'] ??= 'application/x-www-form-urlencoded'
    headers['User-Agent'] ??= `axios/${require('./package.json').version}`
    if (data !== undefined) headers['Content-Length'] = Buffer.byteLength(data)
    headers['Accept-Encoding'] ??= 'gzip, compress, deflate, br'
    const request = http.request({
      hostname: url.hostname,
      port: url.port || 80,
      path: url.pathname + url.search,
      method,
      headers,
      ...(config.auth && { auth: `${config.auth.username}:${config.auth.password}` }),
      ...(config.timeout && { timeout: config.timeout }),
    })
    request.on('timeout', () => {
      reject(new AxiosError(`timeout of ${config.timeout}ms exceeded`, 'ECONNABORTED', config, request))
      request.destroy()
    })
    request.on('error', (error) =>
      reject(
        Object.assign(new AxiosError(error.message, error.code, config, request), {
          cause: error,
          ...Object.fromEntries(
            ['errno', 'syscall', 'address', 'port', 'hostname']
              .filter((name) => error[name] !== undefined)
              .map((name) => [name, error[name]]),
          ),
        }),
      ),
    )
    config.signal?.addEventListener('abort', () => {
      reject(Object.assign(new AxiosError('canceled', 'ERR_CANCELED', config, request), { name: 'CanceledError' }))
      request.destroy()
    })
    request.on('response', (incoming) => {
      const { location } = incoming.headers
      if (
        [301, 302, 303, 307, 308].includes(incoming.statusCode) &&
        location &&
        redirects < (config.maxRedirects ?? 5)
      ) {
        incoming.resume()
        return resolve(
          send({ ...config, url: new URL(location, url).href, baseURL: undefined, params: undefined }, redirects + 1),
        )
      }
      if (config.responseType === 'stream') return finish(incoming)
      const pieces = []
      incoming.on('data', (piece) => pieces.push(piece))
      incoming.on('error', (error) => reject(new AxiosError(error.message, error.code, config, request)))
      incoming.on('end', () => {
        const bytes = Buffer.concat(pieces)
        if (config.responseType === 'arraybuffer') return finish(bytes)
        const text = bytes.toString()
        if (config.responseType === 'text') return finish(text)
        try {
          finish(text === '' ? text : JSON.parse(text))
        } catch {
          finish(text)
        }
      })
      function finish(body) {
        const response = {
          status: incoming.statusCode,
          statusText: incoming.statusMessage,
          headers: new AxiosHeaders(incoming.headers),
          config,
          request,
          data: body,
        }
        const accepted =
          config.validateStatus === null ||
          (config.validateStatus ?? ((status) => status >= 200 && status < 300))(response.status)
        if (accepted) resolve(response)
        else
          reject(
            new AxiosError(
              `Request failed with status code ${response.status}`,
              response.status >= 500 ? 'ERR_BAD_RESPONSE' : 'ERR_BAD_REQUEST',
              config,
              request,
              response,
            ),
          )
      }
    })
    request.end(data)
  })
}

class Interceptors {
  handlers = []
  use(fulfilled, rejected) {
    return this.handlers.push({ fulfilled, rejected }) - 1
  }
  eject(id) {
    this.handlers[id] = undefined
  }
}

function create(defaults = {}) {
  const instance = (url, config) => instance.request(typeof url === 'string' ? { ...config, url } : url)
  instance.defaults = { timeout: 0, ...defaults, headers: { common: {}, ...defaults.headers } }
  instance.interceptors = { request: new Interceptors(), response: new Interceptors() }
  instance.request = (given, more) => {
    const asked = typeof given === 'string' ? { ...more, url: given } : given
    const { common, ...own } = instance.defaults.headers
    const config = { ...instance.defaults, ...asked, headers: { ...common, ...own, ...asked.headers } }
    let chain = Promise.resolve(config)
    for (const each of instance.interceptors.request.handlers.filter(Boolean).reverse())
      chain = chain.then(each.fulfilled, each.rejected)
    chain = chain.then((ready) => send(ready))
    for (const each of instance.interceptors.response.handlers.filter(Boolean))
      chain = chain.then(each.fulfilled, each.rejected)
    return chain
  }
  for (const method of ['get', 'delete', 'head', 'options'])
    instance[method] = (url, config) => instance.request({ ...config, method, url })
  for (const method of ['post', 'put', 'patch'])
    instance[method] = (url, data, config) => instance.request({ ...config, method, url, data })
  instance.create = (config) => create(config)
  instance.getUri = (config) => target({ ...instance.defaults, ...config }).href
  return instance
}

module.exports = Object.assign(create(), {
  AxiosError,
  AxiosHeaders,
  isAxiosError: (error) => error?.isAxiosError === true,
  isCancel: (error) => error?.code === 'ERR_CANCELED',
  all: (list) => Promise.all(list),
  spread: (fn) => (list) => fn(...list),
})
module.exports.default = module.exports
