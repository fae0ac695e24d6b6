import type { HttpMethod, RestPort, RestRequest, RestResponse } from '../../rest/port.ts'
import type { Waiting } from '../../time/waiting.ts'
import { ApiError } from '../docker/api-error.ts'
import type { Daemon } from '../docker/daemon.ts'

export interface Call {
  daemon: Daemon
  request: RestRequest
  /** Parts of the path that the route names. */
  params: Readonly<Record<string, string>>
  query(name: string): string | undefined
  queryAll(name: string): string[]
  /** `1`, `true`, `True`, … */
  flag(name: string): boolean
  /** `filters={"status":["running"]}` → map */
  filters(): Map<string, string[]>
}

export type Handler = (call: Call) => RestResponse | Promise<RestResponse>

export interface Route {
  method: HttpMethod
  /** `/containers/:id/json`; a last `*name` takes the rest with slashes. */
  path: string
  handle: Handler
}

export function json(body: unknown, status = 200): RestResponse {
  return { status, headers: { 'content-type': 'application/json' }, body }
}

export function empty(status = 204): RestResponse {
  return { status, headers: {} }
}

/** The daemon's port: the Docker Engine API over one daemon. */
export function makePort(
  daemon: Daemon,
  routes: readonly Route[],
  headers: Readonly<Record<string, string>>,
): RestPort {
  const refusal = (status: number, message: string): RestResponse => {
    const response = json({ message }, status)
    return { ...response, headers: { ...headers, ...response.headers } }
  }
  const compiled = routes.map((route) => ({ ...route, pattern: compile(route.path) }))
  return {
    async handle(request) {
      const path = request.path.replace(/^\/v\d+\.\d+(?=\/)/, '')
      for (const { method, pattern, handle } of compiled) {
        if (method !== request.method && !(method === 'GET' && request.method === 'HEAD')) continue
        const match = pattern.exec(path)
        if (!match) continue
        const params = Object.fromEntries(
          Object.entries(match.groups ?? {}).map(([name, value]) => [name, decodeURIComponent(value ?? '')]),
        )
        try {
          const response = await handle(makeCall(daemon, request, params))
          return { ...response, headers: { ...headers, ...response.headers } }
        } catch (error) {
          if (error instanceof ApiError) return refusal(error.status, error.message)
          throw error
        }
      }
      return refusal(404, 'page not found')
    },
  }
}

function compile(path: string): RegExp {
  const source = path.replace(/:(\w+)/g, '(?<$1>[^/]+)').replace(/\*(\w+)/g, '(?<$1>.+)')
  return new RegExp(`^${source}$`)
}

function makeCall(daemon: Daemon, request: RestRequest, params: Record<string, string>): Call {
  const queryAll = (name: string) => (request.query ?? []).filter(([key]) => key === name).map(([, value]) => value)
  const query = (name: string) => queryAll(name)[0]
  return {
    daemon,
    request,
    params,
    query,
    queryAll,
    flag: (name) => {
      const value = query(name)
      return value !== undefined && value !== '' && !['0', 'no', 'false', 'none'].includes(value.toLowerCase())
    },
    filters: () => parseFilters(query('filters')),
  }
}

function parseFilters(text: string | undefined): Map<string, string[]> {
  const out = new Map<string, string[]>()
  if (!text) return out
  let value: Record<string, string[] | Record<string, boolean>>
  try {
    value = JSON.parse(text)
  } catch {
    throw new ApiError(400, 'invalid filter')
  }
  for (const [name, list] of Object.entries(value)) out.set(name, Array.isArray(list) ? list : Object.keys(list))
  return out
}

/** Refuses filters that a list does not know. */
export function allowFilters(filters: Map<string, string[]>, known: readonly string[]): void {
  for (const name of filters.keys()) if (!known.includes(name)) throw new ApiError(400, `Invalid filter '${name}'`)
}

/** A stream over items that are pushed while it is read. */
export function pushStream(waiting: Waiting): {
  stream: NonNullable<RestResponse['stream']>
  push(item: unknown): void
  end(): void
  onClose(action: () => void): void
} {
  const items: unknown[] = []
  let wake: (() => void) | undefined
  let done = false
  const closers: (() => void)[] = []
  const notify = () => {
    waiting.awakened = true
    wake?.()
    wake = undefined
  }
  const finish = () => {
    done = true
    for (const action of closers.splice(0)) action()
    notify()
  }
  return {
    push: (item) => {
      items.push(item)
      notify()
    },
    end: () => {
      done = true
      notify()
    },
    onClose: (action) => closers.push(action),
    stream: {
      close: finish,
      async *[Symbol.asyncIterator]() {
        try {
          for (;;) {
            while (items.length > 0) yield items.shift()
            if (done) return
            await new Promise<void>((resolve) => {
              wake = resolve
            })
          }
        } finally {
          finish()
        }
      },
    },
  }
}
