// Express for tutorials: routing, middleware, JSON and static files.
const http = require('node:http')
const fs = require('node:fs')
const path = require('node:path')
const { EventEmitter } = require('node:events')
const { createHash } = require('node:crypto')
const querystring = require('node:querystring')

const major = Number(require('./package.json').version.split('.')[0])
const TYPES = {
  html: 'text/html',
  htm: 'text/html',
  css: 'text/css',
  js: major >= 5 ? 'text/javascript' : 'application/javascript',
  mjs: 'text/javascript',
  json: 'application/json',
  txt: 'text/plain',
  md: 'text/markdown',
  xml: 'application/xml',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  ico: 'image/vnd.microsoft.icon',
  pdf: 'application/pdf',
  wasm: 'application/wasm',
}
const typeOf = (name) =>
  name.includes('/') ? name : (TYPES[name.replace(/^\./, '').toLowerCase()] ?? 'application/octet-stream')
const withCharset = (type) =>
  /^text\/|json$|javascript$/.test(type) && !type.includes('charset') ? `${type}; charset=utf-8` : type
const escapeHtml = (text) =>
  `${text}`.replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c])
const etag = (body) =>
  `W/"${body.length.toString(16)}-${createHash('sha1').update(body).digest('base64').slice(0, 27)}"`

/** A pattern of a path: names of its parameters and how it matches. */
function compile(pattern, end) {
  if (pattern instanceof RegExp)
    return {
      test: (url) => {
        const found = pattern.exec(url)
        return found && { params: { ...found.slice(1), ...found.groups }, path: found[0] }
      },
    }
  if (Array.isArray(pattern)) {
    const all = pattern.map((each) => compile(each, end))
    return {
      test: (url) => {
        for (const each of all) {
          const found = each.test(url)
          if (found) return found
        }
        return null
      },
    }
  }
  const names = []
  let source = ''
  const text = pattern.replace(/(?<=.)\/$/, '')
  for (let i = 0; i < text.length; ) {
    const parameter = /^\/?:(\w+)(\([^)]*\))?(\?)?/.exec(text.slice(i))
    const splat = /^\/?\*(\w+)?/.exec(text.slice(i))
    if (parameter && (text[i] === ':' || text[i] === '/')) {
      names.push(parameter[1])
      const slash = text[i] === '/' ? '\\/' : ''
      const part = parameter[2] ?? '([^\\/]+?)'
      source += parameter[3] ? `(?:${slash}${part})?` : slash + part
      i += parameter[0].length
    } else if (splat && (text[i] === '*' || text[i + 1] === '*')) {
      names.push(splat[1] ?? String(names.filter((name) => /^\d+$/.test(name)).length))
      source += `${text[i] === '/' ? '\\/' : ''}(.*)`
      i += splat[0].length
    } else if (text[i] === '{' || text[i] === '}') {
      source += text[i] === '{' ? '(?:' : ')?'
      i++
    } else source += text[i++].replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')
  }
  if (source === '\\/' && !end) source = ''
  const expression = new RegExp(`^${source}${end ? '\\/?$' : '(?=\\/|$)'}`, 'i')
  return {
    test(url) {
      const found = expression.exec(url)
      if (!found) return null
      const params = {}
      names.forEach((name, i) => {
        if (found[i + 1] !== undefined) params[name] = decodeURIComponent(found[i + 1])
      })
      return { params, path: found[0] }
    },
  }
}

const METHODS = ['get', 'post', 'put', 'delete', 'patch', 'options', 'head']

function makeRouter(options = {}) {
  const router = (request, response, next) => router.handle(request, response, next)
  router.stack = []
  router.params = {}
  const add = (layer) => {
    router.stack.push(layer)
    return router
  }
  router.use = (...args) => {
    const from =
      typeof args[0] === 'function' || (Array.isArray(args[0]) && typeof args[0][0] === 'function') ? '/' : args.shift()
    for (const handler of args.flat(Infinity)) {
      if (typeof handler !== 'function')
        throw new TypeError(
          major >= 5
            ? 'argument handler must be a function'
            : `Router.use() requires a middleware function but got a ${Object.prototype.toString.call(handler).slice(8, -1)}`,
        )
      add({ match: compile(from, false), handler, mount: true })
    }
    return router
  }
  router.param = (name, handler) => {
    router.params[name] = handler
    return router
  }
  router.route = (pattern) => {
    const route = { path: pattern }
    const match = compile(pattern, true)
    for (const method of [...METHODS, 'all'])
      route[method] = (...handlers) => {
        for (const handler of handlers.flat(Infinity))
          add({ match, handler, method: method === 'all' ? undefined : method.toUpperCase(), route })
        return route
      }
    return route
  }
  for (const method of [...METHODS, 'all'])
    router[method] = (pattern, ...handlers) => {
      if (handlers.length === 0) throw new TypeError(`argument handler is required`)
      for (const each of handlers.flat(Infinity))
        if (typeof each !== 'function')
          throw new TypeError(
            major >= 5
              ? 'argument handler must be a function'
              : `Route.${method}() requires a callback function but got a [object ${Object.prototype.toString.call(each).slice(8, -1)}]`,
          )
      router.route(pattern)[method](...handlers)
      return router
    }
  router.handle = (request, response, done) => {
    const { baseUrl = '', url: wholeUrl, params: outer } = request
    let index = 0
    let lastRoute
    const next = (error) => {
      request.baseUrl = baseUrl
      request.url = wholeUrl
      if (error === 'route') {
        error = undefined
        while (router.stack[index]?.route && router.stack[index].route === lastRoute) index++
      }
      if (error === 'router') return done()
      const layer = router.stack[index++]
      if (!layer) {
        request.params = outer
        return done(error)
      }
      const pathname = request.url.replace(/[?#].*$/s, '')
      const found = layer.match.test(pathname)
      const method =
        layer.method === undefined ||
        layer.method === request.method ||
        (layer.method === 'GET' && request.method === 'HEAD')
      if (!found || !method) return next(error)
      const wantsError = layer.handler.length === 4
      if (Boolean(error) !== wantsError) return next(error)
      lastRoute = layer.route
      request.route = layer.route
      request.params = { ...(options.mergeParams || layer.mount ? outer : {}), ...found.params }
      if (layer.mount) {
        request.baseUrl = baseUrl + found.path.replace(/\/$/, '')
        request.url = request.url.slice(found.path.replace(/\/$/, '').length)
        if (!request.url.startsWith('/')) request.url = `/${request.url}`
      }
      const run = () => {
        try {
          const result = wantsError
            ? layer.handler(error, request, response, next)
            : layer.handler(request, response, next)
          if (major >= 5 && typeof result?.then === 'function')
            result.then(undefined, (failed) => next(failed ?? new Error('Rejected promise')))
        } catch (failed) {
          next(failed)
        }
      }
      const names = Object.keys(found.params).filter((name) => router.params[name] && !layer.mount)
      const before = (at) => {
        const name = names[at]
        if (name === undefined) return run()
        router.params[name](
          request,
          response,
          (failed) => (failed ? next(failed) : before(at + 1)),
          found.params[name],
          name,
        )
      }
      before(0)
    }
    next()
  }
  return router
}

const request = Object.create(http.IncomingMessage.prototype)
const getters = {
  path: (self) => self.url.replace(/[?#].*$/s, ''),
  hostname: (self) => self.headers.host?.replace(/:\d+$/, ''),
  host: (self) => (major >= 5 ? self.headers.host : self.headers.host?.replace(/:\d+$/, '')),
  protocol: (self) => (self.app.get('trust proxy') && self.headers['x-forwarded-proto']) || 'http',
  secure: (self) => self.protocol === 'https',
  ip: (self) =>
    (self.app.get('trust proxy') && self.headers['x-forwarded-for']?.split(',')[0].trim()) || self.socket.remoteAddress,
  ips: (self) => (self.app.get('trust proxy') && self.headers['x-forwarded-for']?.split(/\s*,\s*/)) || [],
  xhr: (self) => self.headers['x-requested-with']?.toLowerCase() === 'xmlhttprequest',
  subdomains: (self) => (self.hostname ?? '').split('.').reverse().slice(2),
  fresh: () => false,
  stale: () => true,
}
for (const [name, get] of Object.entries(getters))
  Object.defineProperty(request, name, {
    configurable: true,
    get() {
      return get(this)
    },
  })
Object.defineProperty(request, 'query', {
  configurable: true,
  get() {
    const text = /\?([^#]*)/.exec(this.url)?.[1] ?? ''
    const parsed = { ...querystring.parse(text) }
    if (major < 5)
      for (const [name, value] of Object.entries(parsed)) {
        const nested = /^([^[]+)\[([^\]]*)\]$/.exec(name)
        if (!nested) continue
        delete parsed[name]
        if (nested[2] === '') parsed[nested[1]] = [value].flat()
        else (parsed[nested[1]] ??= {})[nested[2]] = value
      }
    return parsed
  },
})
Object.assign(request, {
  get(name) {
    return this.headers[name.toLowerCase()] ?? (name.toLowerCase() === 'referrer' ? this.headers.referer : undefined)
  },
  is(type) {
    const own = (this.headers['content-type'] ?? '').split(';')[0].trim()
    const wanted = typeOf(type)
    return own !== '' && (own === wanted || own.endsWith(`/${type}`)) ? (type.includes('/') ? own : type) : false
  },
  accepts(...types) {
    const accepted = (this.headers.accept ?? '*/*').split(',').map((each) => each.split(';')[0].trim())
    for (const each of accepted)
      for (const type of types.flat())
        if (
          each === '*/*' ||
          each === typeOf(type) ||
          (each.endsWith('/*') && typeOf(type).startsWith(each.slice(0, -1)))
        )
          return type
    return false
  },
})
request.header = request.get

const response = Object.create(http.ServerResponse.prototype)
Object.assign(response, {
  status(code) {
    if (major >= 5 && !Number.isInteger(code))
      throw new TypeError(`Invalid status code: ${JSON.stringify(code)}. Status code must be an integer.`)
    this.statusCode = code
    return this
  },
  sendStatus(code) {
    this.statusCode = code
    this.type('txt')
    return this.send(http.STATUS_CODES[code] ?? `${code}`)
  },
  set(name, value) {
    if (typeof name === 'object') {
      for (const [each, content] of Object.entries(name)) this.set(each, content)
      return this
    }
    const text = Array.isArray(value) ? value.map(String) : `${value}`
    this.setHeader(name, name.toLowerCase() === 'content-type' ? withCharset(text) : text)
    return this
  },
  get(name) {
    return this.getHeader(name)
  },
  append(name, value) {
    const old = this.getHeader(name)
    return this.set(name, old === undefined ? value : [old, value].flat())
  },
  type(name) {
    return this.set('Content-Type', typeOf(name))
  },
  vary(name) {
    return this.append('Vary', name)
  },
  location(url) {
    this.setHeader('Location', encodeURI(url === 'back' ? (this.req.get('Referrer') ?? '/') : url))
    return this
  },
  redirect(status, url) {
    if (typeof status !== 'number') [status, url] = [302, status]
    this.location(url)
    const target = this.getHeader('Location')
    const text = `${http.STATUS_CODES[status]}. Redirecting to ${target}`
    const html = this.req.accepts('text', 'html') === 'html'
    this.statusCode = status
    this.vary('Accept')
    this.set('Content-Type', html ? 'text/html' : 'text/plain')
    const body = html ? `<p>${http.STATUS_CODES[status]}. Redirecting to ${escapeHtml(target)}</p>` : text
    this.setHeader('Content-Length', Buffer.byteLength(body))
    this.end(body)
  },
  send(body) {
    if (
      typeof body === 'number' ||
      typeof body === 'boolean' ||
      (typeof body === 'object' && body !== null && !Buffer.isBuffer(body))
    )
      return this.json(body)
    let bytes
    if (Buffer.isBuffer(body)) {
      bytes = body
      if (!this.getHeader('Content-Type')) this.setHeader('Content-Type', 'application/octet-stream')
    } else {
      if (!this.getHeader('Content-Type')) this.setHeader('Content-Type', 'text/html; charset=utf-8')
      else if (typeof body === 'string') this.set('Content-Type', this.getHeader('Content-Type'))
      bytes = Buffer.from(body ?? '')
    }
    if (body !== undefined) this.setHeader('Content-Length', bytes.length)
    if (!this.getHeader('ETag') && body !== undefined && this.app.get('etag') !== false)
      this.setHeader('ETag', etag(bytes))
    if (
      ['GET', 'HEAD'].includes(this.req.method) &&
      this.req.headers['if-none-match'] === this.getHeader('ETag') &&
      this.getHeader('ETag') &&
      this.statusCode === 200
    )
      this.statusCode = 304
    if (this.statusCode === 204 || this.statusCode === 304) {
      for (const name of ['Content-Type', 'Content-Length', 'Transfer-Encoding']) this.removeHeader(name)
      this.end()
      return this
    }
    this.end(bytes)
    return this
  },
  json(value) {
    const text = JSON.stringify(value, this.app.get('json replacer'), this.app.get('json spaces'))
    if (!this.getHeader('Content-Type')) this.setHeader('Content-Type', 'application/json; charset=utf-8')
    return this.send(text)
  },
  cookie(name, value, options = {}) {
    const text = typeof value === 'object' ? `j:${JSON.stringify(value)}` : `${value}`
    let cookie = `${name}=${encodeURIComponent(text)}`
    if (options.maxAge !== undefined) cookie += `; Max-Age=${Math.floor(options.maxAge / 1000)}`
    if (options.domain) cookie += `; Domain=${options.domain}`
    cookie += `; Path=${options.path ?? '/'}`
    if (options.maxAge !== undefined) cookie += `; Expires=${new Date(Date.now() + options.maxAge).toUTCString()}`
    else if (options.expires) cookie += `; Expires=${options.expires.toUTCString()}`
    if (options.httpOnly) cookie += '; HttpOnly'
    if (options.secure) cookie += '; Secure'
    if (options.sameSite)
      cookie += `; SameSite=${options.sameSite === true ? 'Strict' : options.sameSite[0].toUpperCase() + options.sameSite.slice(1)}`
    return this.append('Set-Cookie', cookie)
  },
  clearCookie(name, options) {
    return this.cookie(name, '', { ...options, expires: new Date(1) })
  },
  sendFile(file, options = {}, callback = () => {}) {
    if (typeof options === 'function') [options, callback] = [{}, options]
    const full = options.root ? path.join(options.root, file) : file
    if (!path.isAbsolute(full)) throw new TypeError('path must be absolute or specify root to res.sendFile')
    sendFile(this.req, this, full, (error) => (error ? this.req.next(error) : callback()))
  },
  download(file, name = path.basename(file)) {
    this.set('Content-Disposition', `attachment; filename="${name}"`)
    this.sendFile(path.resolve(file))
  },
  format(choices) {
    const type = this.req.accepts(Object.keys(choices).filter((each) => each !== 'default'))
    if (type) {
      this.type(type)
      choices[type](this.req, this)
    } else if (choices.default) choices.default(this.req, this)
    else this.sendStatus(406)
    return this
  },
  render() {
    throw new Error('not simulated: view engines of express')
  },
})
response.header = response.set
response.contentType = response.type

function sendFile(request, response, file, done) {
  fs.stat(file, (error, stats) => {
    if (error || stats.isDirectory())
      return done(Object.assign(error ?? new Error('EISDIR'), { status: 404, statusCode: 404 }))
    if (!response.getHeader('Content-Type')) response.setHeader('Content-Type', withCharset(typeOf(path.extname(file))))
    response.setHeader('Accept-Ranges', 'bytes')
    response.setHeader('Cache-Control', 'public, max-age=0')
    response.setHeader('Last-Modified', stats.mtime.toUTCString())
    response.setHeader('ETag', `W/"${stats.size.toString(16)}-${Math.floor(stats.mtimeMs).toString(16)}"`)
    response.setHeader('Content-Length', stats.size)
    response.end(request.method === 'HEAD' ? undefined : fs.readFileSync(file))
    done()
  })
}

function serveStatic(root, options = {}) {
  return function serveStatic(request, response, next) {
    if (request.method !== 'GET' && request.method !== 'HEAD') return next()
    const asked = decodeURIComponent(request.path)
    if (asked.includes('..')) return response.sendStatus(403)
    let file = path.join(path.resolve(root), asked)
    const folder = fs.existsSync(file) && fs.statSync(file).isDirectory()
    if (folder && !request.path.endsWith('/')) return response.redirect(301, `${request.baseUrl}${request.path}/`)
    if (folder) {
      if (options.index === false) return next()
      file = path.join(file, options.index ?? 'index.html')
    }
    sendFile(request, response, file, (error) => error && next())
  }
}

/** Reads a body of a type and puts what `parse` makes of it into `request.body`. */
function bodyParser(type, parse, options) {
  const limit =
    typeof options?.limit === 'string'
      ? Number.parseFloat(options.limit) *
        ({ k: 1024, m: 1048576 }[/[km]/i.exec(options.limit)?.[0].toLowerCase()] ?? 1)
      : (options?.limit ?? 102400)
  return function parser(request, response, next) {
    if (major < 5) request.body ??= {}
    const has = request.headers['transfer-encoding'] !== undefined || Number(request.headers['content-length'] ?? 0) > 0
    const own = (request.headers['content-type'] ?? '').split(';')[0].trim()
    if (request._body || !has || !type.test(own)) return next()
    request._body = true
    const pieces = []
    let size = 0
    request.on('data', (piece) => {
      pieces.push(piece)
      size += piece.length
    })
    request.on('end', () => {
      if (size > limit)
        return next(
          Object.assign(new Error('request entity too large'), {
            name: 'PayloadTooLargeError',
            status: 413,
            statusCode: 413,
            type: 'entity.too.large',
            expected: size,
            length: size,
            limit,
          }),
        )
      const body = Buffer.concat(pieces)
      try {
        request.body = parse(body)
      } catch (error) {
        return next(
          Object.assign(error, {
            status: 400,
            statusCode: 400,
            body: body.toString(),
            type: 'entity.parse.failed',
            expose: true,
          }),
        )
      }
      next()
    })
  }
}
const parsers = {
  json: (options) => bodyParser(/^application\/(?:.*\+)?json$/, (body) => JSON.parse(body.toString()), options),
  urlencoded: (options) =>
    bodyParser(/^application\/x-www-form-urlencoded$/, (body) => ({ ...querystring.parse(body.toString()) }), options),
  text: (options) => bodyParser(/^text\/plain$/, (body) => body.toString(), options),
  raw: (options) => bodyParser(/^application\/octet-stream$/, (body) => body, options),
}

function page(title, text) {
  return `<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<pre>${text}</pre>\n</body>\n</html>\n`
}

/** What nobody answered, and errors that nobody handled. */
function finalHandler(app, request, response, error) {
  if (error && app.get('env') !== 'test') console.error(error.stack ?? error.toString())
  if (response.headersSent) return request.socket.destroy()
  const status = error
    ? ([error.status, error.statusCode].find((each) => each >= 400 && each < 600) ??
      (response.statusCode >= 400 ? response.statusCode : 500))
    : 404
  const text = error
    ? app.get('env') === 'production'
      ? http.STATUS_CODES[status]
      : escapeHtml(error.stack ?? `${error}`)
          .replaceAll('\n', '<br>')
          .replaceAll('  ', ' &nbsp;')
    : `Cannot ${request.method} ${escapeHtml(encodeURI(decodeURI(request.originalUrl.replace(/\?.*$/s, ''))))}`
  const body = page('Error', text)
  response.statusCode = status
  response.statusMessage = http.STATUS_CODES[status]
  response.setHeader('Content-Security-Policy', "default-src 'none'")
  response.setHeader('X-Content-Type-Options', 'nosniff')
  response.setHeader('Content-Type', 'text/html; charset=utf-8')
  response.setHeader('Content-Length', Buffer.byteLength(body))
  request.resume()
  response.end(body)
}

function express() {
  const router = makeRouter()
  const settings = {
    'x-powered-by': true,
    etag: 'weak',
    env: process.env.NODE_ENV ?? 'development',
    'query parser': major >= 5 ? 'simple' : 'extended',
  }
  const app = (incoming, outgoing, next) => app.handle(incoming, outgoing, next)
  for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(EventEmitter.prototype)))
    if (name !== 'constructor') Object.defineProperty(app, name, own)
  Object.assign(app, {
    settings,
    locals: { settings },
    mountpath: '/',
    router,
    handle(incoming, outgoing, next) {
      if (!incoming.app) {
        Object.setPrototypeOf(incoming, app.request)
        Object.setPrototypeOf(outgoing, app.response)
        incoming.originalUrl = incoming.url
        incoming.baseUrl = ''
        incoming.params = {}
        incoming.res = outgoing
        outgoing.req = incoming
        outgoing.locals ??= {}
        if (settings['x-powered-by']) outgoing.setHeader('X-Powered-By', 'Express')
      }
      const [outerIn, outerOut] = [incoming.app, outgoing.app]
      incoming.app = outgoing.app = app
      router.handle(incoming, outgoing, (error) => {
        incoming.app = outerIn ?? app
        outgoing.app = outerOut ?? app
        if (next) next(error)
        else finalHandler(app, incoming, outgoing, error)
      })
      incoming.next ??= (error) => finalHandler(app, incoming, outgoing, error)
    },
    use(...args) {
      router.use(...args)
      for (const each of args.flat())
        if (each?.settings && each.emit)
          Object.assign(each, { mountpath: typeof args[0] === 'string' ? args[0] : '/', parent: app })
      return app
    },
    set(name, value) {
      settings[name] = value
      return app
    },
    enable: (name) => app.set(name, true),
    disable: (name) => app.set(name, false),
    enabled: (name) => Boolean(settings[name]),
    disabled: (name) => !settings[name],
    engine: () => app,
    path: () => app.mountpath,
    listen(...args) {
      const server = http.createServer(app)
      if (major >= 5 && typeof args.at(-1) === 'function') {
        const done = args.pop()
        server.once('error', done)
        return server.listen(...args, () => done())
      }
      return server.listen(...args)
    },
    param: (name, handler) => (router.param(name, handler), app),
    route: (pattern) => router.route(pattern),
    request: Object.create(request),
    response: Object.create(response),
  })
  for (const method of [...METHODS, 'all'])
    app[method] = (pattern, ...handlers) => {
      if (method === 'get' && handlers.length === 0) return settings[pattern]
      router[method](pattern, ...handlers)
      return app
    }
  if (major < 5) app.del = app.delete
  return app
}

module.exports = Object.assign(express, parsers, {
  Router: makeRouter,
  static: serveStatic,
  application: {},
  request,
  response,
  default: express,
})
