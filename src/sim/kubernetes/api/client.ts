import type { KubeObject, ResourceName } from './object.ts'

export interface WatchEvent<T extends KubeObject = KubeObject> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED'
  object: T
  /** The object before a MODIFIED. */
  previous?: T
}

export interface ListOptions {
  namespace?: string
  /** A label selector: its text form (`app=web,tier in (a,b)`) or the API's object form. */
  labels?: string | LabelSelector
  /** Only objects owned (controller reference) by this uid. Indexed. */
  ownedBy?: string
  /** Only Pods with this spec.nodeName. Indexed. */
  onNode?: string
}

export interface LabelSelector {
  matchLabels?: Record<string, string>
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

export type PatchType = 'merge' | 'strategic' | 'json' | 'apply'

export interface DeleteOptions {
  propagationPolicy?: 'Background' | 'Foreground' | 'Orphan'
  gracePeriodSeconds?: number
  preconditions?: { uid?: string; resourceVersion?: string }
}

/**
 * What control-plane code holds: the API server's own operations, in process and synchronous. It goes through the same
 * registry as a REST request (admission, validation, managedFields, watch), without JSON in between. Objects are
 * read-only: copy before changing. Throws ApiError.
 */
export interface ApiClient {
  /** The same, as another user and field manager (`system:serviceaccount:kube-system:deployment-controller`). */
  as(user: string, fieldManager?: string): ApiClient
  /** Undefined when it does not exist. */
  get<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
  ): T | undefined
  /** In storage order (namespace, name). */
  list<T extends KubeObject = KubeObject>(resource: ResourceName, options?: ListOptions): readonly T[]
  create<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    object: object,
    options?: { subresource?: string },
  ): T
  /** Conflict when resourceVersion is set and old. */
  update<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    object: T,
    options?: { subresource?: 'status' | 'scale' | 'finalize' | 'approval' },
  ): T
  patch<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options?: { type?: PatchType; subresource?: string; fieldManager?: string; force?: boolean },
  ): T
  delete(resource: ResourceName, namespace: string | undefined, name: string, options?: DeleteOptions): void
  /**
   * Calls the handler synchronously for each existing object (ADDED) and then for every change, until stopped.
   * Handlers only enqueue work; they must not write.
   */
  watch<T extends KubeObject = KubeObject>(
    resource: ResourceName,
    handler: (event: WatchEvent<T>) => void,
  ): { stop(): void }
  /** Wall clock of the control plane: ms since 1970. */
  now(): number
  /** What the server serves at the moment, built in and custom, one entry a resource (its preferred version). */
  resources(): readonly ServedResource[]
  /** Whether a server answers for the group, even one that offers nothing at the moment. */
  servesGroup(group: string): boolean
}

/** Discovery in process. */
export interface ServedResource {
  /** `deployments.apps` */
  resource: ResourceName
  kind: string
  /** `apps/v1` */
  apiVersion: string
  namespaced: boolean
  /** `list`, `watch`, `delete`, … */
  verbs: readonly string[]
}
