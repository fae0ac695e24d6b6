import { dateFields } from '../../time/date.ts'
import { header } from '../http/message.ts'
import type { Exchange } from './exchange.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const pad = (n: number) => String(n).padStart(2, '0')

/** `21/Nov/2026:03:20:20 +0000` */
export function localTime(ms: number): string {
  const d = dateFields(ms)
  return `${pad(d.day)}/${MONTHS[d.month - 1]}/${d.year}:${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)} +0000`
}

function iso8601(ms: number): string {
  const d = dateFields(ms)
  return `${d.year}-${pad(d.month)}-${pad(d.day)}T${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}+00:00`
}

const hostOf = (x: Exchange) => {
  const host = header(x.request.headers, 'host')?.toLowerCase().replace(/:\d+$/, '')
  return host || x.server.names[0] || ''
}

const requestTime = (x: Exchange) => ((x.process.wallClock() - x.startedAt) / 1000).toFixed(3)

/** The variables of nginx's core and log modules. */
const VARIABLES: Record<string, (x: Exchange) => string> = {
  server_addr: (x) => x.request.connection.local.address,
  server_port: (x) => String(x.request.connection.local.port),
  server_name: (x) => x.server.names[0] ?? '',
  server_protocol: (x) => x.request.version,
  hostname: (x) => x.process.files.readText('/proc/sys/kernel/hostname').trim(),
  host: hostOf,
  http_host: (x) => header(x.request.headers, 'host') ?? '',
  remote_addr: (x) => x.request.connection.remote.address,
  remote_port: (x) => String(x.request.connection.remote.port),
  remote_user: (x) => basicUser(x) ?? '',
  request: (x) => `${x.request.method} ${x.request.target} ${x.request.version}`,
  request_method: (x) => x.request.method,
  request_uri: (x) => x.request.target,
  request_body: (x) => new TextDecoder().decode(x.request.body),
  request_length: (x) => String(x.request.body.length + 100),
  request_time: requestTime,
  request_id: (x) => x.process.random.hex(32),
  uri: (x) => x.uri,
  document_uri: (x) => x.uri,
  document_root: (x) => x.scope.root,
  request_filename: (x) => x.scope.root + x.uri,
  args: (x) => x.args,
  query_string: (x) => x.args,
  is_args: (x) => (x.args ? '?' : ''),
  scheme: (x) => (x.secure ? 'https' : 'http'),
  https: (x) => (x.secure ? 'on' : ''),
  status: (x) => String(x.status).padStart(3, '0'),
  body_bytes_sent: (x) => String(x.bytesSent),
  bytes_sent: (x) => String(x.bytesSent),
  content_length: (x) => header(x.request.headers, 'content-length') ?? '',
  content_type: (x) => header(x.request.headers, 'content-type') ?? '',
  connection: (x) => String(x.connectionNumber),
  connection_requests: () => '1',
  msec: (x) => (x.process.wallClock() / 1000).toFixed(3),
  time_local: (x) => localTime(x.process.wallClock()),
  time_iso8601: (x) => iso8601(x.process.wallClock()),
  nginx_version: (x) => x.runtime.version,
  pid: (x) => String(x.process.pid),
  pipe: () => '.',
  proxy_add_x_forwarded_for: (x) => {
    const before = header(x.request.headers, 'x-forwarded-for')
    return before ? `${before}, ${x.request.connection.remote.address}` : x.request.connection.remote.address
  },
  proxy_host: (x) => x.variables.get('proxy_host') ?? '',
  upstream_addr: (x) => x.upstreamAddress ?? '',
  upstream_status: (x) => (x.upstreamStatus === undefined ? '' : String(x.upstreamStatus)),
  upstream_response_time: (x) => (x.upstreamAddress ? requestTime(x) : ''),
}

/** Known to nginx, empty here. */
const OTHERS = new Set(
  'binary_remote_addr proxy_port realpath_root request_body_file request_completion request_protocol limit_rate ssl_protocol ssl_cipher ssl_client_verify ssl_client_s_dn ssl_server_name ssl_session_id tcpinfo_rtt gzip_ratio upstream_cache_status upstream_connect_time upstream_header_time upstream_response_length upstream_bytes_received invalid_referer http2 realip_remote_addr proxy_protocol_addr connection_time connections_active connections_reading connections_writing connections_waiting slice_range uid_got uid_set ancient_browser modern_browser msie secure_link'.split(
    ' ',
  ),
)

function basicUser(x: Exchange): string | undefined {
  const given = /^Basic (.+)$/.exec(header(x.request.headers, 'authorization') ?? '')
  if (!given) return undefined
  try {
    return atob(given[1]!).split(':')[0]
  } catch {
    return undefined
  }
}

/** Whether nginx knows a variable of this name without being told of it. */
export const isBuiltIn = (name: string) =>
  name in VARIABLES ||
  OTHERS.has(name) ||
  /^(http|arg|cookie|sent_http|upstream_http|upstream_cookie|sent_trailer)_/.test(name)

export function variable(x: Exchange, name: string): string | undefined {
  const set = x.variables.get(name)
  if (set !== undefined) return set
  const known = VARIABLES[name]
  if (known) return known(x)
  if (name.startsWith('http_')) return header(x.request.headers, name.slice(5).replaceAll('_', '-')) ?? ''
  if (name.startsWith('arg_')) {
    const wanted = name.slice(4)
    const pair = x.args.split('&').find((p) => p.split('=')[0] === wanted)
    return pair === undefined ? '' : pair.slice(wanted.length + 1)
  }
  if (name.startsWith('cookie_')) {
    const cookies = (header(x.request.headers, 'cookie') ?? '').split(/;\s*/)
    return cookies.find((c) => c.startsWith(`${name.slice(7)}=`))?.slice(name.length - 6) ?? ''
  }
  const map = x.runtime.config.maps.find((m) => m.variable === name)
  if (map) {
    const value = expand(x, map.source)
    const hit = map.entries.find((e) =>
      typeof e.pattern === 'string' ? e.pattern.toLowerCase() === value.toLowerCase() : e.pattern.test(value),
    )
    return expand(x, hit?.value ?? map.fallback)
  }
  return undefined
}

/** Remembers what a regular expression found, for $1 … and under its own names. */
export function keepCaptures(x: Exchange, match: RegExpExecArray): void {
  x.captures = match
  for (const [name, text] of Object.entries(match.groups ?? {})) x.variables.set(name, text ?? '')
}

/** Replaces $name, ${name} and $1 … $9. */
export function expand(x: Exchange, text: string): string {
  if (!text.includes('$')) return text
  return text.replace(/\$(?:\{(\w+)\}|(\d)|(\w+))/g, (whole, braced, digit, name) => {
    if (digit !== undefined) return x.captures[Number(digit)] ?? ''
    return variable(x, braced ?? name) ?? (braced || name ? '' : whole)
  })
}
