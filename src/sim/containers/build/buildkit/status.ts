/** What a build tells while it runs: the messages of BuildKit's status stream. Times are ms since 1970. */
export interface SolveStatus {
  vertexes?: Vertex[]
  statuses?: VertexStatus[]
  logs?: VertexLog[]
  warnings?: VertexWarning[]
}

/** One step of a build. */
export interface Vertex {
  digest: string
  name: string
  started?: number
  completed?: number
  cached?: boolean
  error?: string
}

/** Progress inside a step: `transferring context: 12kB`. */
export interface VertexStatus {
  vertex: string
  id: string
  current: number
  total: number
  timestamp: number
  started: number
  completed?: number
}

export interface VertexLog {
  vertex: string
  data: string
  timestamp: number
}

export interface VertexWarning {
  short: string
}

/** Where in the Dockerfile a build failed, for the excerpt that is shown. */
export interface SourceExcerpt {
  filename: string
  text: string
  /** Lines, counted from 1. */
  start: number
  end: number
}

/** A build that failed, in BuildKit's words. */
export class SolveError extends Error {
  readonly source: SourceExcerpt | undefined

  constructor(message: string, source?: SourceExcerpt) {
    super(message)
    this.source = source
  }
}
