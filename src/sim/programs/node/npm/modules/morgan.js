const FORMATS = {
  combined:
    ':remote-addr - :remote-user [:date[clf]] ":method :url HTTP/:http-version" :status :res[content-length] ":referrer" ":user-agent"',
  common: ':remote-addr - :remote-user [:date[clf]] ":method :url HTTP/:http-version" :status :res[content-length]',
  short: ':remote-addr :remote-user :method :url HTTP/:http-version :status :res[content-length] - :response-time ms',
  tiny: ':method :url :status :res[content-length] - :response-time ms',
  dev: ':method :url :status :response-time ms - :res[content-length]',
}
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (value) => `${value}`.padStart(2, '0')
const clf = (date) =>
  `${two(date.getUTCDate())}/${MONTHS[date.getUTCMonth()]}/${date.getUTCFullYear()}:${two(date.getUTCHours())}:${two(date.getUTCMinutes())}:${two(date.getUTCSeconds())} +0000`
const tokens = {
  'remote-addr': (request) => request.ip ?? request.socket.remoteAddress,
  'remote-user': () => undefined,
  date: (request, response, format) =>
    format === 'clf' ? clf(new Date()) : format === 'iso' ? new Date().toISOString() : new Date().toUTCString(),
  method: (request) => request.method,
  url: (request) => request.originalUrl ?? request.url,
  'http-version': (request) => request.httpVersion,
  status: (request, response) => (response.headersSent ? `${response.statusCode}` : undefined),
  res: (request, response, name) => response.getHeader(name),
  req: (request, response, name) => request.headers[name.toLowerCase()],
  referrer: (request) => request.headers.referer,
  'user-agent': (request) => request.headers['user-agent'],
  'response-time': (request, response, digits) => (performance.now() - request._begun).toFixed(digits ?? 3),
  'total-time': (request, response, digits) => (performance.now() - request._begun).toFixed(digits ?? 3),
}
function morgan(format = 'default', { stream = process.stdout, skip = () => false, immediate = false } = {}) {
  return function logger(request, response, next) {
    request._begun = performance.now()
    const log = () => {
      if (skip(request, response)) return
      let line
      if (typeof format === 'function') line = format(tokens, request, response)
      else
        line = (FORMATS[format] ?? format).replace(
          /:([-\w]{2,})(?:\[([^\]]+)\])?/g,
          (_, name, argument) => tokens[name]?.(request, response, argument) ?? '-',
        )
      if (format === 'dev')
        line = `\x1b[0m${line.replace(/^(\S+ \S+) (\S+) /, (_, head, status) => `${head} \x1b[${status >= 500 ? 31 : status >= 400 ? 33 : status >= 300 ? 36 : status >= 200 ? 32 : 0}m${status}\x1b[0m `)}\x1b[0m`
      if (line !== undefined && line !== null) stream.write(`${line}\n`)
    }
    if (immediate) log()
    else response.on('finish', log)
    next()
  }
}
morgan.token = (name, action) => {
  tokens[name] = action
  return morgan
}
module.exports = morgan
