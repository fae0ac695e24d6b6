import type { Process } from '../../../sim/linux/process.ts'
import type { ClientStreams, HttpMethod, RestPort, RestResponse, RestStream } from '../../../sim/rest/port.ts'
import { CommandError } from './session.ts'

export const API_VERSION = '1.41'
export const DEFAULT_HOST = 'unix:///var/run/docker.sock'

/** The daemon said no. `message` is its own; `text` is how docker prints it. */
export class DaemonError extends Error {
  readonly status: number

  constructor(status: number, message: string) {
    super(message)
    this.status = status
  }

  get text(): string {
    return `Error response from daemon: ${this.message}`
  }
}

export interface EngineRequest {
  query?: Record<string, string | number | boolean | readonly string[] | undefined>
  body?: unknown
  headers?: Record<string, string>
  upgrade?: ClientStreams
}

/** Speaks the Docker Engine API to the daemon of DOCKER_HOST. */
export class EngineClient {
  readonly host: string
  readonly #process: Process
  #port: RestPort | undefined

  constructor(process: Process, host: string | undefined) {
    this.#process = process
    this.host = host ?? process.env.get('DOCKER_HOST') ?? DEFAULT_HOST
    if (this.host === '') this.host = DEFAULT_HOST
    if (!/^(?:unix|tcp|npipe|fd|ssh|http|https):\/\//.test(this.host))
      throw new CommandError(
        `Failed to initialize: unable to resolve docker endpoint: invalid bind address format: ${this.host}`,
      )
  }

  /** Settles with a success; a refusal rejects with DaemonError. */
  async call(method: HttpMethod, path: string, request: EngineRequest = {}): Promise<RestResponse> {
    const port = this.#connect(path)
    const query: [string, string][] = []
    for (const [name, value] of Object.entries(request.query ?? {})) {
      if (value === undefined) continue
      for (const one of Array.isArray(value) ? value : [value]) query.push([name, String(one)])
    }
    const response = await port.handle({
      method,
      path: `/v${API_VERSION}${path}`,
      query,
      ...(request.headers ? { headers: request.headers } : {}),
      ...(request.body === undefined ? {} : { body: request.body }),
      ...(request.upgrade ? { upgrade: request.upgrade } : {}),
    })
    if (response.status >= 400) {
      const message = (response.body as { message?: string } | undefined)?.message
      throw new DaemonError(response.status, message ?? `request returned status ${response.status}`)
    }
    return response
  }

  async get<T>(path: string, query?: EngineRequest['query']): Promise<T> {
    return (await this.call('GET', path, { query })).body as T
  }

  async post<T>(path: string, query?: EngineRequest['query'], body?: unknown): Promise<T> {
    return (await this.call('POST', path, { query, body })).body as T
  }

  async delete<T>(path: string, query?: EngineRequest['query']): Promise<T> {
    return (await this.call('DELETE', path, { query })).body as T
  }

  /** The stream of an answer: JSON values or bytes. */
  async stream(method: HttpMethod, path: string, request: EngineRequest = {}): Promise<RestStream> {
    const { stream } = await this.call(method, path, request)
    if (!stream) throw new Error(`${path} gave no stream`)
    return stream
  }

  #connect(path: string): RestPort {
    if (this.#port) return this.#port
    const file = this.host.startsWith('unix://') ? this.host.slice(7) : undefined
    const cannot = new CommandError(
      `Cannot connect to the Docker daemon at ${this.host}. Is the docker daemon running?`,
    )
    if (file !== undefined) {
      if (!this.#process.files.exists(file)) throw cannot
      if (!this.#process.files.access(file, { write: true })) {
        const escaped = encodeURIComponent(file)
        throw new CommandError(
          `permission denied while trying to connect to the Docker daemon socket at ${this.host}: ` +
            `Get "http://${escaped}/v1.50${path}": dial unix ${file}: connect: permission denied`,
        )
      }
    }
    this.#port = this.#process.machine.dial(this.host)
    if (!this.#port) throw cannot
    return this.#port
  }
}

/** One segment of a path: names may hold anything. */
export function segment(text: string): string {
  return encodeURIComponent(text)
}
