import type { Process } from '../../linux/process.ts'
import type { ServerRequest } from '../http/server.ts'
import type { NginxConfig, Scope, Server } from './config/model.ts'
import type { Logs } from './logs.ts'
import type { UpstreamPool } from './upstream-pool.ts'

/** What the worker processes of one configuration share. */
export interface Runtime {
  readonly config: NginxConfig
  readonly version: string
  readonly logs: Logs
  readonly pools: ReadonlyMap<string, UpstreamPool>
  readonly stats: { accepted: number; handled: number; requests: number; active: number }
  /** Connection numbers in error logs. */
  connections: number
}

/** One request on its way through the phases. */
export interface Exchange {
  readonly runtime: Runtime
  readonly process: Process
  readonly request: ServerRequest
  readonly server: Server
  readonly secure: boolean
  readonly connectionNumber: number
  readonly startedAt: number
  /** Of the location in force. */
  scope: Scope
  /** Decoded and normalised path; rewrites change it. */
  uri: string
  args: string
  /** Captures of the last regular expression. */
  captures: readonly string[]
  /** A rewrite changed the URI: what is passed on is made from it. */
  rewritten?: boolean
  /** Location was a path, which nginx completes itself. */
  ownLocation?: boolean
  /** Past an internal redirect, which asks for its page with GET. */
  asGet?: boolean
  readonly variables: Map<string, string>
  /** Guards against endless internal redirects (nginx stops after 10). */
  redirects: number
  /** Set while an error page is being produced. */
  errorStatus: number | undefined
  status: number
  bytesSent: number
  upstreamAddress: string | undefined
  upstreamStatus: number | undefined
}
