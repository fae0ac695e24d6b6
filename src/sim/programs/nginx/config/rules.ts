import { at, ConfigError, type Directive } from './syntax.ts'
import { parseSize, parseTime } from './units.ts'

type Kind = 'flag' | 'size' | 'time' | 'number'

interface Rule {
  /** How many arguments it takes, at least and at most. */
  args: readonly [number, number]
  kind?: Kind
  /** May be written several times on one level. */
  repeated?: boolean
}

const one: Rule = { args: [1, 1] }
const flag: Rule = { args: [1, 1], kind: 'flag' }
const size: Rule = { args: [1, 1], kind: 'size' }
const time: Rule = { args: [1, 1], kind: 'time' }
const number: Rule = { args: [1, 1], kind: 'number' }
const many: Rule = { args: [1, Number.POSITIVE_INFINITY], repeated: true }
const list = (least: number, most: number): Rule => ({ args: [least, most], repeated: true })

/** What nginx checks of a directive before it looks at what it means. */
const RULES: Readonly<Record<string, Rule>> = {
  root: one,
  alias: one,
  default_type: one,
  index: many,
  server_name: many,
  try_files: { args: [2, Number.POSITIVE_INFINITY] },
  error_page: list(2, Number.POSITIVE_INFINITY),
  add_header: list(2, 3),
  proxy_set_header: list(2, 2),
  proxy_hide_header: list(1, 1),
  proxy_pass: one,
  proxy_http_version: one,
  proxy_connect_timeout: time,
  proxy_read_timeout: time,
  proxy_send_timeout: time,
  proxy_intercept_errors: flag,
  proxy_buffering: flag,
  allow: list(1, 1),
  deny: list(1, 1),
  autoindex: flag,
  sendfile: flag,
  tcp_nopush: flag,
  tcp_nodelay: flag,
  gzip: flag,
  log_not_found: flag,
  absolute_redirect: flag,
  port_in_redirect: flag,
  server_name_in_redirect: flag,
  client_max_body_size: size,
  client_body_buffer_size: size,
  client_header_timeout: time,
  client_body_timeout: time,
  send_timeout: time,
  keepalive_timeout: { args: [1, 2], kind: 'time' },
  keepalive_requests: number,
  types_hash_max_size: number,
  server_names_hash_bucket_size: number,
  expires: { args: [1, 2] },
  auth_basic: one,
  auth_basic_user_file: one,
  listen: many,
  location: list(1, 2),
  log_format: list(2, Number.POSITIVE_INFINITY),
  access_log: many,
  upstream: list(1, 1),
  map: list(2, 2),
  return: list(1, 2),
  rewrite: list(2, 3),
  set: list(2, 2),
  break: list(0, 0),
  internal: { args: [0, 0] },
  worker_processes: one,
  worker_connections: number,
  user: { args: [1, 2] },
  pid: one,
  daemon: flag,
  master_process: flag,
}

/** Refuses wrong numbers of arguments, values that are none, and what may stand only once. */
export function checkRules(directives: readonly Directive[]): void {
  const seen = new Set<string>()
  for (const d of directives) {
    const rule = RULES[d.name]
    if (!rule) continue
    const [least, most] = rule.args
    if (d.args.length < least || d.args.length > most)
      throw new ConfigError(`invalid number of arguments in "${d.name}" directive ${at(d)}`)
    if (!rule.repeated && seen.has(d.name)) throw new ConfigError(`"${d.name}" directive is duplicate ${at(d)}`)
    seen.add(d.name)
    checkKind(d, rule.kind)
    MEANING[d.name]?.(d)
  }
}

function checkKind(d: Directive, kind: Kind | undefined): void {
  const value = d.args[0] ?? ''
  if (kind === 'flag' && !/^(on|off)$/i.test(value))
    throw new ConfigError(`invalid value "${value}" in "${d.name}" directive, it must be "on" or "off" ${at(d)}`)
  if (kind === 'number' && !/^\d+$/.test(value)) throw new ConfigError(`invalid number "${value}" ${at(d)}`)
  const isValid = kind === 'size' ? parseSize(value) !== undefined : kind !== 'time' || parseTime(value) !== undefined
  if (!isValid) throw new ConfigError(`"${d.name}" directive invalid value ${at(d)}`)
}

const isAddress = (text: string) =>
  /^\d+(\.\d+){3}(\/\d+)?$/.test(text)
    ? text
        .split(/[./]/)
        .slice(0, 4)
        .every((n) => Number(n) < 256)
    : text.includes(':')

function checkAccess(d: Directive): void {
  const [who = ''] = d.args
  if (who !== 'all' && who !== 'unix:' && !isAddress(who)) throw new ConfigError(`invalid parameter "${who}" ${at(d)}`)
}

const MEANING: Readonly<Record<string, (d: Directive) => void>> = {
  allow: checkAccess,
  deny: checkAccess,
  error_page: (d) => {
    const codes = d.args.slice(0, -1).filter((a) => !a.startsWith('='))
    for (const code of codes) {
      if (!/^\d+$/.test(code)) throw new ConfigError(`invalid value "${code}" ${at(d)}`)
      if (Number(code) < 300 || Number(code) > 599)
        throw new ConfigError(`value "${code}" must be between 300 and 599 ${at(d)}`)
    }
  },
  expires: (d) => {
    const value = (d.args[0] === 'modified' ? d.args[1] : d.args[0]) ?? ''
    if (/^(epoch|max|off)$|^\$/.test(value)) return
    if (parseTime(value.replace(/^[@-]/, '')) === undefined)
      throw new ConfigError(`"expires" directive invalid value ${at(d)}`)
  },
  worker_processes: (d) => {
    const [value = ''] = d.args
    if (value !== 'auto' && !/^\d+$/.test(value))
      throw new ConfigError(`"worker_processes" directive invalid value ${at(d)}`)
  },
}
