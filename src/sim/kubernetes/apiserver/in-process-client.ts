import type { ApiClient, DeleteOptions, ListOptions, PatchType, ServedResource, WatchEvent } from '../api/client.ts'
import { ApiError, type KubeObject, type ResourceName } from '../api/object.ts'
import { statusFailure } from '../api/status-error.ts'
import { fromStorage } from './conversion.ts'
import { decodeObject } from './operations/decode-object.ts'
import type { Operations } from './operations/operations.ts'
import { patchObject } from './patch/patch-object.ts'
import type { ResourceInfo } from './registry.ts'
import type { CallOptions, UserInfo } from './request-context.ts'
import { select } from './selection.ts'
import { createSubresource, updateScale } from './subresources/index.ts'

/** The operations of the server for code in the same process; trusted: nothing is authorised. */
export class InProcessClient implements ApiClient {
  readonly #operations: Operations
  readonly #user: UserInfo
  readonly #manager: string

  constructor(operations: Operations, user: UserInfo, manager: string) {
    this.#operations = operations
    this.#user = user
    this.#manager = manager
  }

  as(user: string, fieldManager?: string): ApiClient {
    const groups = ['system:authenticated']
    const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user)
    if (account) groups.unshift('system:serviceaccounts', `system:serviceaccounts:${account[1]}`)
    if (user.startsWith('system:node:')) groups.unshift('system:nodes')
    return new InProcessClient(
      this.#operations,
      { name: user, groups },
      fieldManager ?? managerOf(user) ?? this.#manager,
    )
  }

  get<T extends KubeObject>(resource: ResourceName, namespace: string | undefined, name: string): T | undefined {
    const info = this.#info(resource)
    const object = this.#operations.table(info).get(namespace ?? '', name)
    return object && (fromStorage(info, object) as T)
  }

  list<T extends KubeObject>(resource: ResourceName, options: ListOptions = {}): readonly T[] {
    const info = this.#info(resource)
    return select(this.#operations.table(info), options).map((o) => fromStorage(info, o) as T)
  }

  create<T extends KubeObject>(resource: ResourceName, object: object, options: { subresource?: string } = {}): T {
    const info = this.#info(resource)
    const { metadata } = object as KubeObject
    if (options.subresource)
      return createSubresource(
        this.#operations,
        info,
        metadata.namespace,
        metadata.name,
        options.subresource,
        object,
        this.#options(),
      ) as T
    return fromStorage(info, this.#operations.create(info, this.#namespace(info, object), object, this.#options())) as T
  }

  update<T extends KubeObject>(
    resource: ResourceName,
    object: T,
    options: { subresource?: 'status' | 'scale' | 'finalize' | 'approval' } = {},
  ): T {
    const info = this.#info(resource)
    const namespace = this.#namespace(info, object)
    const { name } = object.metadata
    if (options.subresource === 'scale')
      return updateScale(this.#operations, info, namespace, name, () => object, this.#options()) as T
    const call = this.#options()
    const updated = this.#operations.update(
      info,
      namespace,
      name,
      () => decodeObject(info, object, call),
      call,
      options.subresource ?? '',
    )
    return fromStorage(info, updated) as T
  }

  patch<T extends KubeObject>(
    resource: ResourceName,
    namespace: string | undefined,
    name: string,
    patch: unknown,
    options: { type?: PatchType; subresource?: string; fieldManager?: string; force?: boolean } = {},
  ): T {
    const info = this.#info(resource)
    const call = this.#options(options.fieldManager)
    const { type = 'merge', subresource = '', force } = options
    const { object } = patchObject(this.#operations, info, namespace, name, patch, { type, subresource, force }, call)
    return (object.kind === info.kind ? fromStorage(info, object) : object) as T
  }

  delete(resource: ResourceName, namespace: string | undefined, name: string, options: DeleteOptions = {}): void {
    const info = this.#info(resource)
    this.#operations.delete(
      info,
      info.namespaced ? namespace : undefined,
      name,
      { propagationPolicy: 'Background', ...options },
      this.#options(),
    )
  }

  watch<T extends KubeObject>(resource: ResourceName, handler: (event: WatchEvent<T>) => void): { stop(): void } {
    const info = this.#info(resource)
    const table = this.#operations.table(info)
    for (const object of table.list()) handler({ type: 'ADDED', object: fromStorage(info, object) as T })
    const stop = table.subscribe((event) => {
      const { type, object, previous } = event
      handler({
        type,
        object: fromStorage(info, object) as T,
        ...(previous && type === 'MODIFIED' ? { previous: fromStorage(info, previous) as T } : {}),
      })
    })
    return { stop }
  }

  now(): number {
    return this.#operations.now()
  }

  resources(): readonly ServedResource[] {
    const seen = new Set<string>()
    return this.#operations.registry
      .all()
      .filter((r) => !seen.has(r.name) && seen.add(r.name))
      .map((r) => ({
        resource: r.name,
        kind: r.kind,
        apiVersion: r.group ? `${r.group}/${r.version}` : r.version,
        namespaced: r.namespaced,
        verbs: r.verbs,
      }))
  }

  servesGroup(group: string): boolean {
    const found = this.#operations.registry.groups.find(({ name }) => name === group)
    return found?.versions.some(({ resources, answers }) => resources.length > 0 || answers) ?? false
  }

  #info(resource: ResourceName): ResourceInfo {
    const info = this.#operations.registry.named(resource)
    if (info) return info
    const group = this.#operations.registry.groups.find((g) => g.name === resource.slice(resource.indexOf('.') + 1))
    if (group?.versions.some((v) => v.resources.length === 0 && !v.answers))
      throw statusFailure(503, 'ServiceUnavailable', 'the server is currently unable to handle the request')
    throw new ApiError({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'the server could not find the requested resource',
      reason: 'NotFound',
      code: 404,
    })
  }

  #namespace(info: ResourceInfo, object: object): string | undefined {
    return info.namespaced ? ((object as KubeObject).metadata.namespace ?? 'default') : undefined
  }

  #options(fieldManager = this.#manager): CallOptions {
    return { user: this.#user, fieldManager, dryRun: false, fieldValidation: 'Ignore', warnings: [] }
  }
}

/** The program behind a system user, as managedFields name it. */
function managerOf(user: string): string | undefined {
  if (user.startsWith('system:node:')) return 'kubelet'
  if (user === 'system:kube-scheduler') return 'kube-scheduler'
  return user === 'system:kube-controller-manager' || user.startsWith('system:serviceaccount:kube-system:')
    ? 'kube-controller-manager'
    : undefined
}
