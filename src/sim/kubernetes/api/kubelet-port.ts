import type { ClientStreams, RestStream } from '../../rest/port.ts'

/** What the API server asks of a kubelet, for the log, exec, attach and portforward subresources. Throws ApiError. */
export interface KubeletPort {
  logs(request: PodLogRequest): { text: string } | { stream: RestStream }
  exec(request: PodExecRequest): void
  attach(request: PodExecRequest): void
  /** One TCP stream to a port inside the Pod. */
  portForward(request: { namespace: string; pod: string; port: number }): Promise<PortForwardStream>
  /** metrics.k8s.io and /stats/summary: CPU in nanocores, memory in bytes. */
  stats(): { node: Usage; pods: { namespace: string; name: string; containers: (Usage & { name: string })[] }[] }
  /** /metrics, /metrics/cadvisor and the like in the text exposition format; undefined: no such path. */
  metrics?(path: string): string | undefined
}

export interface Usage {
  /** nanocores, averaged over the last window */
  cpu: number
  /** working set in bytes */
  memory: number
}

export interface PodLogRequest {
  namespace: string
  pod: string
  container: string
  follow?: boolean
  previous?: boolean
  timestamps?: boolean
  tailLines?: number
  limitBytes?: number
  sinceSeconds?: number
  /** RFC 3339 */
  sinceTime?: string
  stream?: 'Stdout' | 'Stderr' | 'All'
}

export interface PodExecRequest {
  namespace: string
  pod: string
  container: string
  command: readonly string[]
  tty: boolean
  streams: ClientStreams
}

export interface PortForwardStream {
  read(): Promise<Uint8Array>
  write(bytes: Uint8Array): Promise<void>
  close(): void
}
