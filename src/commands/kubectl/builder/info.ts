import type { ApiResource } from '../discovery/resource.ts'

/** One object a command works on: where it lives, where it was read, and what it is (once known). */
export interface Info {
  resource: ApiResource
  /** Undefined for cluster-wide kinds. */
  namespace: string | undefined
  name: string
  /** File or URL it was read from; empty for arguments. */
  source: string
  object?: any
  /** The file said no namespace. */
  namespaceAssumed?: boolean
  resourceVersion?: string
}

export interface Infos {
  infos: Info[]
  errors: Error[]
}
