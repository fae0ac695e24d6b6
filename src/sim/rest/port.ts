/**
 * The one port of a server: a request in, a response out. The Kubernetes API server, a kubelet's own API and the
 * Docker engine are all reached through it, in the simulator and (with `fetch` behind it) outside.
 */
export interface RestPort {
  handle(request: RestRequest): RestResponse | Promise<RestResponse>
}

export type HttpMethod = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

export interface RestRequest {
  method: HttpMethod
  /** Without the query: `/api/v1/namespaces/default/pods`. Percent-decoded by the receiver, segment by segment. */
  path: string
  /** Decoded pairs, in order; a name may occur more than once (`command=ls&command=-l`). */
  query?: readonly (readonly [string, string])[]
  /** Lower-case names. */
  headers?: Readonly<Record<string, string>>
  /** A JSON value (never changed by either side), or bytes when the content type is not JSON. */
  body?: unknown
  /** For exec, attach and port-forward: the caller's side of the streams. */
  upgrade?: ClientStreams
}

export interface RestResponse {
  status: number
  /** Lower-case names. */
  headers: Readonly<Record<string, string>>
  /** A JSON value (read-only), text, or bytes. Absent for streams. */
  body?: unknown
  /** For watch (JSON values) and followed logs (bytes). */
  stream?: RestStream
}

/** Items as they come. The reader closes it when it has had enough. */
export interface RestStream extends AsyncIterable<unknown> {
  close(): void
}

/** The caller's side of an upgraded connection. */
export interface ClientStreams {
  /** Next input; empty means end of input. Absent when the caller sends none. */
  stdin?: { read(): Promise<Uint8Array> }
  stdout?: { write(bytes: Uint8Array): Promise<void> | void }
  stderr?: { write(bytes: Uint8Array): Promise<void> | void }
  /** Called with the terminal's size whenever it changes. */
  onResize?(listener: (size: { columns: number; rows: number }) => void): void
  /** Settles when the remote command has ended, with a Kubernetes Status object (or Docker's exit code). */
  onStatus?(status: unknown): void
}

export function query(request: RestRequest, name: string): string | undefined {
  return request.query?.find(([key]) => key === name)?.[1]
}

export function queryAll(request: RestRequest, name: string): string[] {
  return (request.query ?? []).filter(([key]) => key === name).map(([, value]) => value)
}
