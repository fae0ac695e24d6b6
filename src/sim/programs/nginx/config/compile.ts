import { BoundedRegExp } from '../../../linux/regexp/bounded-regexp.ts'
import { compileRewrites, patternProblem } from './compile-rewrites.ts'
import { checkVariables } from './known-variables.ts'
import type { AccessLog, Listen, Location, MapBlock, NginxConfig, Scope, Server, Upstream } from './model.ts'
import { checkRules } from './rules.ts'
import { at, ConfigError, type Directive } from './syntax.ts'
import { parseSize, parseTime } from './units.ts'

/** Directives that are known and stored by nginx but change nothing here. */
const WITHOUT_EFFECT = new Set([
  'sendfile',
  'tcp_nopush',
  'tcp_nodelay',
  'gzip',
  'gzip_types',
  'gzip_vary',
  'gzip_min_length',
  'gzip_comp_level',
  'gzip_proxied',
  'gzip_disable',
  'gzip_buffers',
  'gzip_http_version',
  'keepalive_requests',
  'types_hash_max_size',
  'types_hash_bucket_size',
  'server_names_hash_bucket_size',
  'server_names_hash_max_size',
  'client_header_timeout',
  'client_body_timeout',
  'send_timeout',
  'reset_timedout_connection',
  'client_body_buffer_size',
  'charset',
  'etag',
  'client_header_buffer_size',
  'large_client_header_buffers',
  'client_body_temp_path',
  'proxy_temp_path',
  'fastcgi_temp_path',
  'uwsgi_temp_path',
  'scgi_temp_path',
  'proxy_buffering',
  'proxy_buffers',
  'proxy_buffer_size',
  'proxy_busy_buffers_size',
  'proxy_send_timeout',
  'proxy_redirect',
  'proxy_cache_bypass',
  'proxy_request_buffering',
  'proxy_max_temp_file_size',
  'ssl_protocols',
  'ssl_ciphers',
  'ssl_certificate_key',
  'ssl_prefer_server_ciphers',
  'ssl_session_cache',
  'ssl_session_timeout',
  'ssl_session_tickets',
  'ssl_dhparam',
  'open_file_cache',
  'log_not_found',
  'server_name_in_redirect',
  'port_in_redirect',
  'absolute_redirect',
  'resolver',
  'resolver_timeout',
  'if_modified_since',
  'http2',
  'limit_req_zone',
  'limit_req',
  'limit_conn_zone',
  'limit_conn',
  'variables_hash_bucket_size',
  'variables_hash_max_size',
  'map_hash_bucket_size',
  'map_hash_max_size',
  'real_ip_header',
  'set_real_ip_from',
  'proxy_pass_header',
  'add_trailer',
  'aio',
  'zone',
  'keepalive',
  'directio',
  'autoindex_exact_size',
  'autoindex_localtime',
  'underscores_in_headers',
  'merge_slashes',
])

export const initialScope = (): Scope => ({
  root: '/etc/nginx/html',
  alias: undefined,
  index: ['index.html'],
  autoindex: false,
  defaultType: 'text/plain',
  types: OWN_TYPES,
  accessLogs: [{ path: '/var/log/nginx/access.log', format: 'combined' }],
  errorPages: [],
  headers: [],
  access: [],
  authBasic: undefined,
  proxyHeaders: [],
  proxyConnectTimeout: 60_000,
  proxyReadTimeout: 60_000,
  proxyNextUpstream: true,
  proxyVersion: '1.0',
  proxyHidden: [],
  interceptErrors: false,
  keepalive: true,
  maxBody: 1024 * 1024,
  serverTokens: true,
  expires: undefined,
  rewrites: [],
  tryFiles: undefined,
  proxyPass: undefined,
  stubStatus: false,
})

const seconds = (text: string) => parseTime(text) ?? 60_000
const bytes = (text: string) => parseSize(text) ?? 1024 * 1024
/** Without a types block, nginx knows these. */
const OWN_TYPES = new Map([
  ['html', 'text/html'],
  ['gif', 'image/gif'],
  ['jpg', 'image/jpeg'],
])

type ScopeSetter = (scope: Scope, directive: Directive, own: Set<string>) => void

/** Lists start anew on a level that names one itself. */
function anew<T>(own: Set<string>, key: string, inherited: T[]): T[] {
  if (own.has(key)) return inherited
  own.add(key)
  return []
}

const SETTERS: Record<string, ScopeSetter> = {
  root: (s, d) => {
    s.root = d.args[0]!
    s.alias = undefined
  },
  alias: (s, d) => {
    s.alias = d.args[0]!
  },
  index: (s, d) => {
    s.index = d.args
  },
  autoindex: (s, d) => {
    s.autoindex = d.args[0] === 'on'
  },
  default_type: (s, d) => {
    s.defaultType = d.args[0]!
  },
  types: (s, d) => {
    s.types = new Map((d.block ?? []).flatMap((t) => t.args.map((extension) => [extension, t.name] as const)))
  },
  access_log: (s, d, own) => {
    const logs = anew<AccessLog>(own, 'access_log', s.accessLogs)
    s.accessLogs = d.args[0] === 'off' ? [] : [...logs, { path: d.args[0]!, format: d.args[1] ?? 'combined' }]
  },
  error_page: (s, d, own) => {
    const pages = anew(own, 'error_page', s.errorPages)
    const uri = d.args.at(-1)!
    const given = d.args.slice(0, -1)
    const codes = given.filter((a) => /^\d+$/.test(a)).map(Number)
    const change = given.find((a) => a.startsWith('='))
    s.errorPages = [
      ...pages,
      {
        codes,
        uri,
        replace: change === undefined ? undefined : change === '=' ? 'from-target' : Number(change.slice(1)),
      },
    ]
  },
  add_header: (s, d, own) => {
    s.headers = [
      ...anew(own, 'add_header', s.headers),
      { name: d.args[0]!, value: d.args[1] ?? '', always: d.args[2] === 'always' },
    ]
  },
  allow: (s, d, own) => {
    s.access = [...anew(own, 'access', s.access), { allow: true, address: d.args[0]! }]
  },
  deny: (s, d, own) => {
    s.access = [...anew(own, 'access', s.access), { allow: false, address: d.args[0]! }]
  },
  auth_basic: (s, d) => {
    s.authBasic = d.args[0] === 'off' ? undefined : { realm: d.args[0]!, file: s.authBasic?.file }
  },
  auth_basic_user_file: (s, d) => {
    s.authBasic = { realm: s.authBasic?.realm ?? '', file: d.args[0]! }
  },
  proxy_set_header: (s, d, own) => {
    s.proxyHeaders = [...anew(own, 'proxy_set_header', s.proxyHeaders), [d.args[0]!, d.args[1] ?? '']]
  },
  proxy_connect_timeout: (s, d) => {
    s.proxyConnectTimeout = seconds(d.args[0]!)
  },
  proxy_read_timeout: (s, d) => {
    s.proxyReadTimeout = seconds(d.args[0]!)
  },
  proxy_next_upstream: (s, d) => {
    s.proxyNextUpstream = d.args[0] !== 'off'
  },
  proxy_http_version: (s, d) => {
    s.proxyVersion = d.args[0]!
  },
  proxy_hide_header: (s, d, own) => {
    s.proxyHidden = [...anew(own, 'proxy_hide_header', s.proxyHidden), d.args[0]!.toLowerCase()]
  },
  proxy_intercept_errors: (s, d) => {
    s.interceptErrors = d.args[0] === 'on'
  },
  keepalive_timeout: (s, d) => {
    s.keepalive = d.args[0] !== '0'
  },
  client_max_body_size: (s, d) => {
    s.maxBody = bytes(d.args[0]!)
  },
  server_tokens: (s, d) => {
    s.serverTokens = d.args[0] !== 'off'
  },
  expires: (s, d) => {
    s.expires = d.args.join(' ')
  },
  try_files: (s, d) => {
    s.tryFiles = d.args
  },
  proxy_pass: (s, d) => {
    if (!/^https?:\/\//.test(d.args[0] ?? '') && !d.args[0]?.startsWith('$'))
      throw new ConfigError(`invalid URL prefix ${at(d)}`)
    s.proxyPass = { url: d.args[0]!, file: d.file, line: d.line }
  },
  stub_status: (s) => {
    s.stubStatus = true
  },
}

const REWRITES = new Set(['return', 'rewrite', 'set', 'if', 'break'])

/** Applies the settings of one block on top of what it inherits. */
export function compileScope(directives: readonly Directive[], parent: Scope): Scope {
  const scope: Scope = { ...parent, rewrites: [], tryFiles: undefined, proxyPass: undefined, stubStatus: false }
  const own = new Set<string>()
  for (const directive of directives) {
    const setter = SETTERS[directive.name]
    if (!setter) continue
    if (directive.args.length === 0 && directive.name !== 'stub_status' && directive.name !== 'types')
      throw new ConfigError(`invalid number of arguments in "${directive.name}" directive ${at(directive)}`)
    setter(scope, directive, own)
  }
  scope.rewrites = compileRewrites(
    directives.filter((d) => REWRITES.has(d.name)),
    scope,
    compileScope,
  )
  return scope
}

function refuseUnknown(directives: readonly Directive[], known: ReadonlySet<string>, context: string): void {
  for (const d of directives) {
    if (known.has(d.name)) {
      if (BLOCKS.has(d.name) && !d.block) throw new ConfigError(`directive "${d.name}" has no opening "{" ${at(d)}`)
      if (!BLOCKS.has(d.name) && d.block)
        throw new ConfigError(`directive "${d.name}" is not terminated by ";" ${at(d)}`)
      continue
    }
    if (WITHOUT_EFFECT.has(d.name) && context !== 'main') continue
    if (ALL.has(d.name) || WITHOUT_EFFECT.has(d.name))
      throw new ConfigError(`"${d.name}" directive is not allowed here ${at(d)}`)
    throw new ConfigError(`unknown directive "${d.name}" ${at(d)}`)
  }
  checkRules(directives)
}

const BLOCKS = new Set([
  'events',
  'http',
  'server',
  'location',
  'upstream',
  'map',
  'types',
  'if',
  'geo',
  'split_clients',
])
const SCOPED = new Set([...Object.keys(SETTERS), ...REWRITES, 'include', 'error_log'])
const MAIN = new Set([
  'user',
  'worker_processes',
  'error_log',
  'pid',
  'events',
  'http',
  'daemon',
  'master_process',
  'include',
  'load_module',
  'worker_rlimit_nofile',
  'worker_cpu_affinity',
  'worker_shutdown_timeout',
  'env',
  'pcre_jit',
  'stream',
])
const HTTP = new Set([...SCOPED, 'server', 'upstream', 'map', 'log_format', 'error_log'])
const SERVER = new Set([...SCOPED, 'listen', 'server_name', 'location', 'ssl_certificate', 'ssl'])
const LOCATION = new Set([...SCOPED, 'location', 'internal', 'limit_except'])
const ALL = new Set([...MAIN, ...HTTP, ...SERVER, ...LOCATION])

/** An access log of a format that nobody wrote down. */
function checkLogFormats(directives: readonly Directive[], formats: ReadonlySet<string | undefined>): void {
  for (const d of directives) {
    if (d.name === 'access_log' && d.args[1] !== undefined && !formats.has(d.args[1]) && !d.args[1].includes('='))
      throw new ConfigError(`unknown log format "${d.args[1]}" ${at(d)}`)
    if (d.block) checkLogFormats(d.block, formats)
  }
}

function parseListen(d: Directive): Listen | undefined {
  const [where = '80', ...flags] = d.args
  if (where.startsWith('[')) return undefined
  if (where.startsWith('unix:')) throw new ConfigError(`not simulated: listen ${where} ${at(d)}`)
  const m = /^(?:(.+):)?(\d+)$/.exec(where)
  const port = m ? Number(m[2]) : 80
  if (port < 1 || port > 65535) throw new ConfigError(`invalid port in "${where}" of the "listen" directive ${at(d)}`)
  const host = m ? (m[1] ?? '*') : where
  if (host !== '*' && host !== 'localhost' && !/^\d+(\.\d+){3}$/.test(host))
    throw new ConfigError(`host not found in "${where}" of the "listen" directive ${at(d)}`)
  return {
    address: host === '*' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host,
    port,
    ssl: flags.includes('ssl'),
    defaultServer: flags.includes('default_server') || flags.includes('default'),
  }
}

function compileLocation(d: Directive, parent: Scope): Location {
  const [first = '', second] = d.args
  const glued = /^(=|~\*|~|\^~)(.+)$/.exec(first)
  const modifier = second !== undefined ? first : (glued?.[1] ?? '')
  const path = second ?? glued?.[2] ?? first
  const match = ({ '=': 'exact', '^~': 'prefix-no-regex', '~': 'regex', '~*': 'regex' } as const)[modifier]
  if (second !== undefined && match === undefined)
    throw new ConfigError(`invalid location modifier "${modifier}" ${at(d)}`)
  let regex: RegExp | undefined
  if (match === 'regex') {
    try {
      regex = new BoundedRegExp(path, modifier === '~*' ? 'i' : '')
    } catch {
      throw new ConfigError(`pcre2_compile() failed: ${patternProblem(path)} in "${path}" ${at(d)}`)
    }
  }
  const block = d.block ?? []
  refuseUnknown(block, LOCATION, 'location')
  for (const inner of block.filter((b) => b.name === 'location')) {
    const deep = inner.args.at(-1)!
    const isPrefix = inner.args.length === 1 ? !/^[=~^@]/.test(deep) : !inner.args[0]!.startsWith('~')
    if (match !== 'regex' && isPrefix && !deep.startsWith(path))
      throw new ConfigError(`location "${deep}" is outside location "${path}" ${at(inner)}`)
  }
  const scope = compileScope(block, parent)
  return {
    match: first.startsWith('@') ? 'named' : (match ?? 'prefix'),
    path,
    regex,
    scope,
    locations: block.filter((b) => b.name === 'location').map((b) => compileLocation(b, scope)),
    internal: block.some((b) => b.name === 'internal'),
  }
}

function compileServer(d: Directive, parent: Scope): Server {
  const block = d.block ?? []
  refuseUnknown(block, SERVER, 'server')
  const scope = compileScope(block, parent)
  const listenLines = block.filter((b) => b.name === 'listen')
  const listens = listenLines.map(parseListen).filter((l) => l !== undefined)
  if (listenLines.length === 0) listens.push({ address: '0.0.0.0', port: 80, ssl: false, defaultServer: false })
  const secure = listens.some((l) => l.ssl)
  if (secure && !block.some((b) => b.name === 'ssl_certificate'))
    throw new ConfigError(`no "ssl_certificate" is defined for the "listen ... ssl" directive ${at(d)}`)
  const seen = new Set<string>()
  for (const location of block.filter((b) => b.name === 'location')) {
    const key = location.args.join(' ')
    if (seen.has(key)) throw new ConfigError(`duplicate location "${location.args.at(-1)}" ${at(location)}`)
    seen.add(key)
  }
  return {
    listens,
    names: block.filter((b) => b.name === 'server_name').flatMap((b) => b.args),
    scope,
    locations: block.filter((b) => b.name === 'location').map((b) => compileLocation(b, scope)),
    certificateFile: block.find((b) => b.name === 'ssl_certificate')?.args[0],
    file: d.file,
    line: d.line,
  }
}

function compileUpstream(d: Directive): Upstream {
  const upstream: Upstream = { name: d.args[0] ?? '', balance: 'round-robin', hash: undefined, servers: [] }
  for (const line of d.block ?? []) {
    if (line.name === 'least_conn' || line.name === 'ip_hash' || line.name === 'random') upstream.balance = line.name
    else if (line.name === 'hash') upstream.hash = line.args[0]
    else if (line.name === 'server') {
      const [where = '', ...flags] = line.args
      const value = (name: string) => flags.find((f) => f.startsWith(`${name}=`))?.slice(name.length + 1)
      const m = /^(.*?)(?::(\d+))?$/.exec(where)!
      upstream.servers.push({
        host: m[1]!,
        port: Number(m[2] ?? 80),
        weight: Number(value('weight') ?? 1),
        backup: flags.includes('backup'),
        down: flags.includes('down'),
        maxFails: Number(value('max_fails') ?? 1),
        failTimeout: seconds(value('fail_timeout') ?? '10s'),
      })
    } else if (!WITHOUT_EFFECT.has(line.name)) throw new ConfigError(`unknown directive "${line.name}" ${at(line)}`)
  }
  if (upstream.servers.length === 0) throw new ConfigError(`no servers are inside upstream ${at(d)}`)
  return upstream
}

function compileMap(d: Directive): MapBlock {
  const map: MapBlock = { source: d.args[0] ?? '', variable: (d.args[1] ?? '').slice(1), entries: [], fallback: '' }
  for (const line of d.block ?? []) {
    const value = line.args[0] ?? ''
    if (line.name === 'default') map.fallback = value
    else if (line.name.startsWith('~*'))
      map.entries.push({ pattern: new BoundedRegExp(line.name.slice(2), 'i'), value })
    else if (line.name.startsWith('~')) map.entries.push({ pattern: new BoundedRegExp(line.name.slice(1)), value })
    else map.entries.push({ pattern: line.name, value })
  }
  return map
}

/** Checks and compiles a whole configuration, `include`s already taken in. */
export function compileConfig(directives: readonly Directive[], overrides: readonly Directive[]): NginxConfig {
  refuseUnknown(directives, MAIN, 'main')
  const main = (name: string) => [...directives, ...overrides].filter((d) => d.name === name).at(-1)
  if (!main('events')) throw new ConfigError('no "events" section in configuration', true)
  checkRules(main('events')?.block ?? [])
  const http = directives.find((d) => d.name === 'http')?.block ?? []
  refuseUnknown(http, HTTP, 'http')
  const scope = compileScope(http, initialScope())
  const servers = http.filter((d) => d.name === 'server').map((d) => compileServer(d, scope))
  const upstreams = new Map(http.filter((d) => d.name === 'upstream').map((d) => [d.args[0]!, compileUpstream(d)]))
  checkVariables(http)
  const formats = new Set(['combined', ...http.filter((d) => d.name === 'log_format').map((d) => d.args[0])])
  checkLogFormats(http, formats)
  const workers = main('worker_processes')?.args[0]
  return {
    user: main('user')?.args[0],
    workers: workers === 'auto' ? 'auto' : Number(workers ?? 1),
    errorLog: main('error_log')?.args[0] ?? '/var/log/nginx/error.log',
    errorLogLevel: main('error_log')?.args[1] ?? 'error',
    pid: main('pid')?.args[0] ?? '/var/run/nginx.pid',
    daemon: main('daemon')?.args[0] !== 'off',
    masterProcess: main('master_process')?.args[0] !== 'off',
    logFormats: new Map(
      http
        .filter((d) => d.name === 'log_format')
        .map((d) => [d.args[0]!, (d.args[1]?.startsWith('escape=') ? d.args.slice(2) : d.args.slice(1)).join('')]),
    ),
    upstreams,
    servers,
    maps: http.filter((d) => d.name === 'map').map(compileMap),
  }
}
