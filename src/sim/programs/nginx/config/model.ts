/** What the configuration comes to, ready to serve requests. */
export interface NginxConfig {
  user: string | undefined
  workers: number | 'auto'
  errorLog: string
  errorLogLevel: string
  pid: string
  daemon: boolean
  masterProcess: boolean
  logFormats: Map<string, string>
  upstreams: Map<string, Upstream>
  servers: Server[]
  maps: MapBlock[]
}

export interface MapBlock {
  source: string
  variable: string
  entries: { pattern: string | RegExp; value: string }[]
  fallback: string
}

export interface Listen {
  address: string
  port: number
  ssl: boolean
  defaultServer: boolean
}

export interface Server {
  listens: Listen[]
  names: string[]
  scope: Scope
  locations: Location[]
  /** As `ssl_certificate` names it. */
  certificateFile: string | undefined
  file: string
  line: number
}

export type LocationMatch = 'exact' | 'prefix' | 'prefix-no-regex' | 'regex' | 'named'

export interface Location {
  match: LocationMatch
  path: string
  regex: RegExp | undefined
  scope: Scope
  locations: Location[]
  /** Only for redirects inside. */
  internal: boolean
}

export interface AccessLog {
  path: string
  format: string
}

export interface ProxyPass {
  /** As written: may hold variables. */
  url: string
  file: string
  line: number
}

/** Settings of one level, with what it inherits filled in. */
export interface Scope {
  root: string
  alias: string | undefined
  index: string[]
  autoindex: boolean
  defaultType: string
  types: ReadonlyMap<string, string>
  accessLogs: AccessLog[]
  errorPages: { codes: number[]; uri: string; replace: number | undefined | 'from-target' }[]
  headers: { name: string; value: string; always: boolean }[]
  access: { allow: boolean; address: string }[]
  authBasic: { realm: string; file: string | undefined } | undefined
  proxyHeaders: [string, string][]
  proxyConnectTimeout: number
  proxyReadTimeout: number
  proxyNextUpstream: boolean
  proxyVersion: string
  proxyHidden: string[]
  /** Errors of the other server are answered by error_page. */
  interceptErrors: boolean
  keepalive: boolean
  maxBody: number
  serverTokens: boolean
  expires: string | undefined
  /** rewrite module: return, rewrite, set, if, break, in order. */
  rewrites: Rewrite[]
  tryFiles: string[] | undefined
  proxyPass: ProxyPass | undefined
  stubStatus: boolean
}

export type Rewrite =
  | { kind: 'return'; code: number; text: string | undefined }
  | { kind: 'rewrite'; pattern: RegExp; target: string; flag: 'last' | 'break' | 'redirect' | 'permanent' | undefined }
  | { kind: 'set'; variable: string; value: string }
  | { kind: 'break' }
  | { kind: 'if'; condition: Condition; body: Rewrite[]; scope: Scope }

export type Condition =
  | { kind: 'true'; value: string }
  | { kind: 'equal'; left: string; right: string; negate: boolean }
  | { kind: 'match'; left: string; pattern: RegExp; negate: boolean }
  | { kind: 'file'; test: 'f' | 'd' | 'e' | 'x'; path: string; negate: boolean }

export type Balance = 'round-robin' | 'least_conn' | 'ip_hash' | 'random'

export interface Upstream {
  name: string
  balance: Balance
  hash: string | undefined
  servers: {
    host: string
    port: number
    weight: number
    backup: boolean
    down: boolean
    maxFails: number
    failTimeout: number
  }[]
}
