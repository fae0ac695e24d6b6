const { nodeError } = internal.builtin('internal/errors')
const custom = Symbol.for('nodejs.util.inspect.custom')
const PORTS = { 'http:': '80', 'https:': '443', 'ftp:': '21', 'ws:': '80', 'wss:': '443', 'file:': '' }

const encodeWith = (allowed) => (text) =>
  text.replace(/[\ud800-\udbff][\udc00-\udfff]|[\s\S]/g, (c) =>
    c > '\x7f' || !allowed.test(c)
      ? [...new TextEncoder().encode(c)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')
      : c,
  )
const encodePath = encodeWith(/[^\x00-\x20"#<>?`{}\x7f]/)
const encodeQuery = encodeWith(/[^\x00-\x20"#<>'\x7f]/)
const encodeHash = encodeWith(/[^\x00-\x20"<>`\x7f]/)
const encodeUser = encodeWith(/[^\x00-\x20"#<>?`{}/:;=@[\\\]^|\x7f]/)
const encodeForm = (text) =>
  encodeURIComponent(text.toWellFormed())
    .replace(/%20/g, '+')
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
const decodeForm = (text) => {
  const spaced = text.replaceAll('+', ' ')
  if (!spaced.includes('%')) return spaced
  try {
    return decodeURIComponent(spaced)
  } catch {
    return spaced.replace(/(?:%[\da-f]{2})+/gi, (run) =>
      internal.builtin('buffer').Buffer.from(run.replaceAll('%', ''), 'hex').toString(),
    )
  }
}

class URLSearchParams {
  #pairs = []
  #changed
  constructor(init = '', changed) {
    this.#changed = typeof changed === 'function' ? changed : undefined
    if (init === null || init === undefined) return
    if (typeof init === 'object' || typeof init === 'function') {
      if (typeof init[Symbol.iterator] === 'function')
        for (const pair of init) {
          if (typeof pair !== 'object' || [...pair].length !== 2)
            throw nodeError(TypeError, 'ERR_INVALID_TUPLE', 'Each query pair must be an iterable [name, value] tuple')
          this.#pairs.push([`${[...pair][0]}`, `${[...pair][1]}`])
        }
      else for (const name of Object.keys(init)) this.#pairs.push([name, `${init[name]}`])
      return
    }
    for (const part of `${init}`.replace(/^\?/, '').split('&')) {
      if (part === '') continue
      const at = part.indexOf('=')
      this.#pairs.push(
        at < 0 ? [decodeForm(part), ''] : [decodeForm(part.slice(0, at)), decodeForm(part.slice(at + 1))],
      )
    }
  }
  #tell() {
    this.#changed?.(this.toString())
  }
  append(name, value) {
    this.#pairs.push([`${name}`, `${value}`])
    this.#tell()
  }
  delete(name, value) {
    this.#pairs = this.#pairs.filter(([key, each]) => key !== `${name}` || (value !== undefined && each !== `${value}`))
    this.#tell()
  }
  get(name) {
    return this.#pairs.find(([key]) => key === `${name}`)?.[1] ?? null
  }
  getAll(name) {
    return this.#pairs.filter(([key]) => key === `${name}`).map(([, value]) => value)
  }
  has(name, value) {
    return this.#pairs.some(([key, each]) => key === `${name}` && (value === undefined || each === `${value}`))
  }
  set(name, value) {
    const first = this.#pairs.find(([key]) => key === `${name}`)
    if (!first) return this.append(name, value)
    first[1] = `${value}`
    this.#pairs = this.#pairs.filter((pair) => pair === first || pair[0] !== `${name}`)
    this.#tell()
  }
  sort() {
    this.#pairs.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    this.#tell()
  }
  forEach(callback, self) {
    for (const [name, value] of this.#pairs) callback.call(self, value, name, this)
  }
  get size() {
    return this.#pairs.length
  }
  *entries() {
    for (const [name, value] of this.#pairs) yield [name, value]
  }
  *keys() {
    for (const [name] of this.#pairs) yield name
  }
  *values() {
    for (const [, value] of this.#pairs) yield value
  }
  [Symbol.iterator]() {
    return this.entries()
  }
  toString() {
    return this.#pairs.map(([name, value]) => `${encodeForm(name)}=${encodeForm(value)}`).join('&')
  }
  [custom](depth, options, inspect) {
    if (this.#pairs.length === 0) return 'URLSearchParams {}'
    return `URLSearchParams { ${this.#pairs.map(([name, value]) => `${inspect(name, options)} => ${inspect(value, options)}`).join(', ')} }`
  }
}

function fail(input, base) {
  const error = nodeError(TypeError, 'ERR_INVALID_URL', 'Invalid URL')
  error.input = input
  if (base !== undefined) error.base = base
  return error
}

function split(input, base) {
  const text = input.trim().replace(/[\t\n\r]/g, '')
  const match = /^([a-z][a-z\d+.-]*:)?(\/\/[^/?#]*)?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(text.replaceAll('\\', '/'))
  const [, scheme, authority, path, query, hash] = match
  if (scheme) {
    const protocol = scheme.toLowerCase()
    const special = protocol in PORTS
    if (special && protocol !== 'file:' && !authority) {
      const rest = /^\/*([^/?#]+)(.*)$/s.exec(path)
      if (!rest) return undefined
      return { protocol, authority: `//${rest[1]}`, path: rest[2], query, hash, special }
    }
    return { protocol, authority: authority ?? (protocol === 'file:' ? '//' : undefined), path, query, hash, special }
  }
  if (!base) return undefined
  const { protocol } = base
  if (authority) return { protocol, authority, path, query, hash, special: protocol in PORTS }
  const from = { protocol, authority: base.authority, special: protocol in PORTS }
  if (path.startsWith('/')) return { ...from, path, query, hash }
  if (path !== '') return { ...from, path: base.path.replace(/[^/]*$/, '') + path, query, hash }
  return { ...from, path: base.path, query: query ?? base.query, hash }
}

function normalPath(path, special) {
  if (!special && !path.startsWith('/')) return encodeWith(/[^\x00-\x1f\x7f]/)(path)
  const out = []
  const parts = path.split('/').slice(1)
  parts.forEach((part, i) => {
    const plain = part.replace(/%2e/gi, '.')
    if (plain === '..') {
      out.pop()
      if (i === parts.length - 1) out.push('')
    } else if (plain === '.') {
      if (i === parts.length - 1) out.push('')
    } else out.push(part)
  })
  return encodePath(`/${out.join('/')}`)
}

class URL {
  #parts
  #params
  constructor(input, base) {
    if (arguments.length === 0) throw nodeError(TypeError, 'ERR_MISSING_ARGS', 'The "url" argument must be specified')
    const above = base === undefined ? undefined : new URL(base)
    const parsed = split(
      `${input}`,
      above && { protocol: above.protocol, authority: above.#authority(), path: above.pathname, query: above.search },
    )
    const parts = parsed && URL.#assemble(parsed)
    if (!parts) throw fail(`${input}`, base === undefined ? undefined : `${base}`)
    this.#parts = parts
    Object.defineProperty(this, 'toJSON', { value: () => this.href, enumerable: false })
  }
  static #assemble({ protocol, authority, path, query, hash, special }) {
    const parts = {
      protocol,
      username: '',
      password: '',
      hostname: '',
      port: '',
      pathname: '',
      search: query && query !== '?' ? `?${encodeQuery(query.slice(1))}` : '',
      hash: hash && hash !== '#' ? `#${encodeHash(hash.slice(1))}` : '',
      slashes: authority !== undefined,
    }
    if (authority !== undefined) {
      const match = /^\/\/(?:([^@]*)@)?(\[[^\]]*\]|[^:]*)(?::(\d*))?$/s.exec(authority.replace(/@(?=.*@)/g, '%40'))
      if (!match) return undefined
      const [user = '', ...secret] = (match[1] ?? '').split(':')
      parts.username = encodeUser(user)
      parts.password = encodeUser(secret.join(':'))
      let host = match[2]
      try {
        if (special) host = decodeURIComponent(host).toLowerCase()
      } catch {
        return undefined
      }
      if (special && protocol !== 'file:' && host === '') return undefined
      if (/[\s#/<>?@\\^|%]/.test(host) || (/\]|\[/.test(host) && !/^\[[\da-f:.]+\]$/i.test(host))) return undefined
      if (special && /^(?:\d+|0x[\da-f]+)(?:\.(?:\d+|0x[\da-f]+))*\.?$/i.test(host)) {
        const numbers = host.replace(/\.$/, '').split('.').map(Number)
        const last = numbers.pop()
        let value = last
        if (numbers.length > 3 || numbers.some((each) => each > 255) || last >= 256 ** (4 - numbers.length))
          return undefined
        numbers.forEach((each, i) => {
          value += each * 256 ** (3 - i)
        })
        host = [24, 16, 8, 0].map((bits) => Math.floor(value / 2 ** bits) % 256).join('.')
      }
      parts.hostname = host
      if (match[3]) {
        if (Number(match[3]) > 65535) return undefined
        parts.port = `${Number(match[3])}` === PORTS[protocol] ? '' : `${Number(match[3])}`
      }
    }
    parts.pathname =
      special || path.startsWith('/')
        ? normalPath(path === '' ? '/' : path, special)
        : authority !== undefined && path === ''
          ? ''
          : normalPath(path, false)
    if (authority !== undefined && path === '' && !special) parts.pathname = ''
    return parts
  }
  #authority() {
    const { username, password, slashes } = this.#parts
    return slashes
      ? `//${username}${password ? `:${password}` : ''}${username || password ? '@' : ''}${this.host}`
      : undefined
  }
  #set(name, value) {
    this.#parts[name] = value
  }
  get href() {
    return `${this.protocol}${this.#authority() ?? ''}${this.pathname}${this.search}${this.hash}`
  }
  set href(value) {
    this.#parts = new URL(value).#parts
  }
  get origin() {
    return this.protocol in PORTS && this.protocol !== 'file:' ? `${this.protocol}//${this.host}` : 'null'
  }
  get protocol() {
    return this.#parts.protocol
  }
  set protocol(value) {
    this.#set('protocol', `${value}`.replace(/:.*$/s, '').toLowerCase().concat(':'))
  }
  get username() {
    return this.#parts.username
  }
  set username(value) {
    this.#set('username', encodeUser(`${value}`))
  }
  get password() {
    return this.#parts.password
  }
  set password(value) {
    this.#set('password', encodeUser(`${value}`))
  }
  get host() {
    return this.#parts.port === '' ? this.#parts.hostname : `${this.#parts.hostname}:${this.#parts.port}`
  }
  set host(value) {
    const [, hostname, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d*))?/.exec(`${value}`)
    this.#set('hostname', hostname.toLowerCase())
    if (port) this.port = port
  }
  get hostname() {
    return this.#parts.hostname
  }
  set hostname(value) {
    this.#set('hostname', `${value}`.toLowerCase())
  }
  get port() {
    return this.#parts.port
  }
  set port(value) {
    const port = `${value}`
    if (port === '') this.#set('port', '')
    else if (/^\d+/.test(port) && Number.parseInt(port) <= 65535)
      this.#set('port', `${Number.parseInt(port)}` === PORTS[this.protocol] ? '' : `${Number.parseInt(port)}`)
  }
  get pathname() {
    return this.#parts.pathname
  }
  set pathname(value) {
    this.#set('pathname', normalPath(`${value}`.startsWith('/') ? `${value}` : `/${value}`, true))
  }
  get search() {
    return this.#parts.search
  }
  set search(value) {
    const query = `${value}`.replace(/^\?/, '')
    this.#set('search', query === '' ? '' : `?${encodeQuery(query)}`)
    this.#params = undefined
  }
  get searchParams() {
    this.#params ??= new URLSearchParams(this.search, (query) => this.#set('search', query === '' ? '' : `?${query}`))
    return this.#params
  }
  get hash() {
    return this.#parts.hash
  }
  set hash(value) {
    const hash = `${value}`.replace(/^#/, '')
    this.#set('hash', hash === '' ? '' : `#${encodeHash(hash)}`)
  }
  toString() {
    return this.href
  }
  [custom](depth, options, inspect) {
    if (depth !== null && depth < 0) return this.toString()
    const shown = {}
    for (const name of [
      'href',
      'origin',
      'protocol',
      'username',
      'password',
      'host',
      'hostname',
      'port',
      'pathname',
      'search',
      'searchParams',
      'hash',
    ])
      shown[name] = this[name]
    return `URL ${inspect(shown, { ...options, depth: 1 })}`
  }
  static canParse(input, base) {
    return URL.parse(input, base) !== null
  }
  static parse(input, base) {
    try {
      return new URL(input, base)
    } catch {
      return null
    }
  }
}

/** The old way: url.parse. */
function parse(text, asQuery = false) {
  const match =
    /^(?:([a-z][a-z\d+.-]*:)?(\/\/)?(?:([^@/?#]*)@)?([^/?#:]*)(?::(\d+))?)?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(
      text.trim(),
    )
  const plain = /^(?:[a-z][a-z\d+.-]*:)?\/\//i.test(text)
    ? match
    : /^()()()()()([^?#]*)(\?[^#]*)?(#.*)?$/s.exec(text.trim())
  const [, protocol, slashes, auth, hostname, port, path, search, hash] = plain
  const url = {
    protocol: protocol?.toLowerCase() || null,
    slashes: slashes ? true : null,
    auth: auth ? decodeURIComponent(auth) : null,
    host: hostname ? `${hostname.toLowerCase()}${port ? `:${port}` : ''}` : null,
    port: port || null,
    hostname: hostname ? hostname.toLowerCase() : null,
    hash: hash ?? null,
    search: search ?? (asQuery ? '' : null),
    query: search ? search.slice(1) : asQuery ? '' : null,
    pathname: path || (hostname ? '/' : null),
    path: (path || (hostname ? '/' : '')) + (search ?? '') || null,
    href: '',
  }
  if (asQuery) url.query = internal.builtin('querystring').parse(url.query)
  url.href = format(url)
  return Object.assign(new Url(), url)
}
class Url {
  parse(text, asQuery) {
    return Object.assign(this, parse(text, asQuery))
  }
  format() {
    return format(this)
  }
}

function format(url) {
  if (typeof url === 'string') return parse(url).href
  if (url instanceof URL) return url.href
  const protocol = url.protocol ? `${url.protocol}${url.protocol.endsWith(':') ? '' : ':'}` : ''
  const host = url.host ?? (url.hostname ? `${url.hostname}${url.port ? `:${url.port}` : ''}` : '')
  const slashes = url.slashes || (protocol in PORTS && host) ? '//' : ''
  const query =
    url.search ??
    (url.query && Object.keys(url.query).length > 0
      ? `?${typeof url.query === 'string' ? url.query : internal.builtin('querystring').stringify(url.query)}`
      : '')
  return `${protocol}${slashes}${url.auth ? `${encodeURIComponent(url.auth).replace('%3A', ':')}@` : ''}${host}${url.pathname ?? ''}${query && !query.startsWith('?') ? `?${query}` : (query ?? '')}${url.hash ?? ''}`
}

module.exports = {
  URL,
  URLSearchParams,
  Url,
  parse,
  format,
  resolve: (from, to) => {
    const absolute = /^[a-z][a-z\d+.-]*:/i.test(from)
    const found = new URL(to, absolute ? from : new URL(from, 'resolve://x'))
    return found.protocol === 'resolve:' ? `${found.pathname}${found.search}${found.hash}` : found.href
  },
  domainToASCII: (name) => name.toLowerCase(),
  domainToUnicode: (name) => name,
  fileURLToPath(url) {
    const found = typeof url === 'string' ? new URL(url) : url
    if (found.protocol !== 'file:')
      throw nodeError(TypeError, 'ERR_INVALID_URL_SCHEME', 'The URL must be of scheme file')
    return decodeURIComponent(found.pathname)
  },
  pathToFileURL: (path) =>
    new URL(`file://${encodePath(internal.builtin('path').resolve(path).replaceAll('%', '%25'))}`),
  urlToHttpOptions: (url) => ({
    protocol: url.protocol,
    hostname: url.hostname,
    hash: url.hash,
    search: url.search,
    pathname: url.pathname,
    path: url.pathname + url.search,
    href: url.href,
    ...(url.port && { port: Number(url.port) }),
  }),
}
