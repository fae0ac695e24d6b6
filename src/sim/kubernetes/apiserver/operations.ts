import { rfc3339 } from '../../time/date.ts'
import type { Random } from '../../time/random.ts'
import type { DeleteOptions } from '../api/client.ts'
import type { FieldError } from '../api/field-error.ts'
import { deepEqual, reuse } from '../api/json.ts'
import type { ApiError, KubeObject } from '../api/object.ts'
import { typeInfo } from '../api/schema.ts'
import { alreadyExists, badRequest, conflict, invalidObject, MODIFIED, notFound } from '../api/status-error.ts'
import type { KindContext } from '../resources/definition.ts'
import { ADMISSION_PLUGINS } from './admission/index.ts'
import type { AdmissionAttributes } from './admission/plugin.ts'
import { toStorage } from './conversion.ts'
import { decodeCustom } from './custom-resources/decode.ts'
import { DecodeError, decodeType } from './decode.ts'
import { applyConfiguration, managedAfterUpdate, type WriteIdentity } from './managed-fields/manager.ts'
import { type Shape, shapeOfSchema, shapeOfType } from './managed-fields/typed.ts'
import { countsGenerations, orderedMetadata } from './metadata.ts'
import type { ResourceInfo, ResourceRegistry } from './registry.ts'
import { type CallOptions, SYSTEM } from './request-context.ts'
import { ServiceAllocator } from './service-allocation.ts'
import type { Store } from './store.ts'
import { validateMetadata, validateMetadataUpdate } from './validate-metadata.ts'

export interface OperationsOptions {
  store: Store
  registry: ResourceRegistry
  random: Random
  /** ms since 1970 */
  now: () => number
}

export type DeleteResult = { object: KubeObject; deleted: boolean }

/** What can be done with objects, whichever way it was asked for: decode, admit, validate, store. */
export class Operations {
  readonly store: Store
  readonly registry: ResourceRegistry
  readonly #random: Random
  readonly #now: () => number
  readonly #services: ServiceAllocator
  readonly #emptyObjects = new Map<ResourceInfo, KubeObject>()

  constructor(options: OperationsOptions) {
    this.store = options.store
    this.registry = options.registry
    this.#random = options.random
    this.#now = options.now
    this.#services = new ServiceAllocator(this.store.table('services'), options.random.fork('services'))
  }

  now(): number {
    return this.#now()
  }

  newUid(): string {
    return this.#random.uuid()
  }

  table(info: ResourceInfo) {
    return (info.backend ?? this.store).table(info.storage)
  }

  context(options: CallOptions, operation: KindContext['operation'] = 'CREATE'): KindContext {
    return {
      get: <T extends KubeObject>(resource: string, namespace: string | undefined, name: string) =>
        this.table(this.#resource(resource)).get(namespace ?? '', name) as T | undefined,
      list: <T extends KubeObject>(resource: string, namespace?: string) =>
        this.table(this.#resource(resource)).list(namespace) as T[],
      now: this.#now,
      timestamp: () => rfc3339(this.#now()),
      warn: (text) => {
        if (!options.warnings.includes(text)) options.warnings.push(text)
      },
      user: options.user,
      dryRun: options.dryRun,
      operation,
    }
  }

  #resource(name: string): ResourceInfo {
    const info = this.registry.named(name)
    if (!info) throw new Error(`no resource ${name}`)
    return info
  }

  /** The stored object, in its storage version. */
  read(info: ResourceInfo, namespace: string | undefined, name: string): KubeObject {
    const object = this.table(info).get(namespace ?? '', name)
    if (!object) throw notFound(info, name)
    return object
  }

  #shape(info: ResourceInfo): Shape {
    return info.type ? shapeOfType(info.type) : shapeOfSchema({ ...info.custom?.schema, isRoot: true })
  }

  /** An object of the resource without anything, for comparison. */
  #empty(info: ResourceInfo): KubeObject {
    let empty = this.#emptyObjects.get(info)
    if (!empty) {
      empty = (info.type ? withNullLists(info.type, decodeType<KubeObject>(info.type, {}).value) : {}) as KubeObject
      empty.metadata ??= {} as KubeObject['metadata']
      this.#emptyObjects.set(info, empty)
    }
    return empty
  }

  #identity(info: ResourceInfo, options: CallOptions, subresource: string): WriteIdentity {
    return {
      manager: options.fieldManager,
      apiVersion: info.group ? `${info.group}/${info.version}` : info.version,
      subresource,
      now: this.#now(),
    }
  }

  /** Server-side apply: creates the object, or changes what the applier owns. */
  apply(
    info: ResourceInfo,
    namespace: string | undefined,
    name: string,
    body: KubeObject,
    options: CallOptions,
    force: boolean,
    subresource = '',
  ): { object: KubeObject; created: boolean } {
    const live = this.table(info).get(namespace ?? '', name)
    const shape = this.#shape(info)
    const who = this.#identity(info, options, subresource)
    const given = subresource === 'status' ? statusOnly(body) : body
    const applied: KubeObject = { ...given, metadata: { ...body.metadata, name } }
    this.decode(info, applied, options)
    const quiet: CallOptions = { ...options, fieldValidation: 'Ignore' }
    const decodeMerged = (merged: KubeObject) => {
      const decoded = this.decode(info, { ...merged, metadata: { ...merged.metadata } }, quiet)
      decoded.metadata.namespace ??= namespace
      return decoded
    }
    if (!live) {
      const object = applyConfiguration(shape, undefined, applied, decodeMerged, who, force)
      return { object: this.#createDecoded(info, namespace, object, options), created: true }
    }
    const object = this.update(
      info,
      namespace,
      name,
      (old) => {
        const next = applyConfiguration(shape, old, applied, decodeMerged, who, force)
        const text = lastAppliedText(applied, old, who.manager)
        if (text !== undefined) next.metadata.annotations = { ...next.metadata.annotations, [LAST_APPLIED]: text }
        return next
      },
      options,
      subresource,
      true,
    )
    return { object, created: false }
  }

  /** Reads a body as this version's type, with defaults; in the storage version. */
  decode(info: ResourceInfo, body: unknown, options: CallOptions): KubeObject {
    const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
    const given = body as Partial<KubeObject> | null
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw badRequest(
        `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(given) ? 'array' : typeof given} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
      )
    if (given.kind !== undefined && given.kind !== info.kind && given.kind.toLowerCase() === info.kind.toLowerCase())
      throw badRequest(
        `${given.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: no kind ${JSON.stringify(given.kind)} is registered for version ${JSON.stringify(apiVersion)} in scheme "pkg/api/legacyscheme/scheme.go:30"`,
      )
    if (
      (given.kind !== undefined && given.kind !== info.kind) ||
      (given.apiVersion !== undefined && given.apiVersion !== '' && given.apiVersion !== apiVersion)
    )
      throw badRequest(
        `${given.kind ?? ''} in version ${JSON.stringify((given.apiVersion ?? '').split('/').pop())} cannot be handled as a ${info.kind}: converting (${given.apiVersion ?? ''}.${given.kind ?? ''}) to (${apiVersion}.${info.kind}): unknown conversion`,
      )
    let object: KubeObject
    try {
      const { value, unknown } = info.custom
        ? decodeCustom(info, given)
        : decodeType<KubeObject>(info.type ?? '', given)
      object = value
      if (unknown.length > 0 && options.fieldValidation === 'Strict')
        throw new DecodeError(`strict decoding error: ${unknown.join(', ')}`)
      if (options.fieldValidation === 'Warn') options.warnings.push(...unknown)
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error
      throw badRequest(
        `${info.kind} in version ${JSON.stringify(info.version)} cannot be handled as a ${info.kind}: ${error.message}`,
      )
    }
    const ordered: KubeObject = { kind: info.kind, apiVersion, ...withoutType(object) } as KubeObject
    ordered.metadata ??= {} as KubeObject['metadata']
    const stored = toStorage(info, ordered)
    info.definition?.defaults?.(stored)
    return stored
  }

  create(info: ResourceInfo, namespace: string | undefined, body: unknown, options: CallOptions): KubeObject {
    const object = this.decode(info, body, options)
    this.#resetStatus(info, object)
    object.metadata.managedFields = managedAfterUpdate(
      this.#shape(info),
      undefined,
      object,
      this.#empty(info),
      this.#identity(info, options, ''),
    )
    return this.#createDecoded(info, namespace, object, options)
  }

  #resetStatus(info: ResourceInfo, object: KubeObject): void {
    if (!info.subresources.has('status') || object.status === undefined || info.name === 'nodes') return
    if (info.type) object.status = decodeType<KubeObject>(info.type, {}).value.status
    else delete object.status
  }

  #createDecoded(
    info: ResourceInfo,
    namespace: string | undefined,
    object: KubeObject,
    options: CallOptions,
  ): KubeObject {
    this.#checkNamespace(info, namespace, object)
    const context = this.context(options)
    const named = !!object.metadata.name
    if (!named && object.metadata.generateName)
      object.metadata.name = this.#generateName(info, namespace, object.metadata.generateName)
    const attributes: AdmissionAttributes = {
      operation: 'CREATE',
      info,
      subresource: '',
      namespace,
      name: object.metadata.name ?? '',
      object,
      old: undefined,
      options,
      context,
      setStatus: this.#setStatus,
      resourceOfKind: this.#resourceOfKind,
    }
    // The order of chances is kept, but admission still refuses what has no name by the name's beginning.
    const generated = named ? undefined : object.metadata.name
    if (generated) attributes.name = object.metadata.generateName!
    for (const plugin of ADMISSION_PLUGINS) plugin.admit?.(attributes)
    if (generated) attributes.name = generated
    const { metadata } = object
    metadata.uid = this.#random.uuid()
    metadata.creationTimestamp = rfc3339(this.#now())
    metadata.deletionTimestamp = undefined
    metadata.deletionGracePeriodSeconds = undefined
    metadata.selfLink = undefined
    metadata.resourceVersion = ''
    metadata.generation = countsGenerations(info.name) || info.custom ? 1 : undefined
    this.#resetStatus(info, object)
    info.definition?.prepareCreate?.(object, context)
    const errors = [...validateMetadata(info, metadata), ...(info.definition?.validate?.(object, context) ?? [])]
    if (errors.length > 0) throw this.#invalid(info, metadata.name || metadata.generateName || '', errors)
    for (const plugin of ADMISSION_PLUGINS) plugin.validate?.(attributes)
    for (const text of info.definition?.warnings?.(object, undefined, context) ?? []) context.warn(text)
    const present = this.table(info).get(metadata.namespace ?? '', metadata.name)
    if (present) throw alreadyExists(info, metadata.name, present.metadata.deletionTimestamp !== undefined)
    if (info.name === 'services') this.#services.allocate(object, undefined)
    const stored = finish(object)
    if (options.dryRun) return stored
    this.table(info).put(stored)
    for (const plugin of ADMISSION_PLUGINS) plugin.committed?.(attributes)
    info.definition?.afterWrite?.(stored, undefined, context)
    return stored
  }

  #generateName(info: ResourceInfo, namespace: string | undefined, base: string): string {
    for (let i = 0; i < 8; i++) {
      const name = base.slice(0, 58) + this.#random.nameSuffix()
      if (!this.table(info).get(namespace ?? '', name)) return name
    }
    return base.slice(0, 58) + this.#random.nameSuffix()
  }

  #checkNamespace(info: ResourceInfo, namespace: string | undefined, object: KubeObject): void {
    const { metadata } = object
    if (info.namespaced) {
      if (metadata.namespace && metadata.namespace !== namespace)
        throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
      metadata.namespace = namespace
    } else delete metadata.namespace
  }

  /** Replaces an object, or its status. `change` gets the stored object and gives the wanted one, decoded. */
  update(
    info: ResourceInfo,
    namespace: string | undefined,
    name: string,
    change: (old: KubeObject) => KubeObject,
    options: CallOptions,
    subresource = '',
    isApply = false,
  ): KubeObject {
    const old = this.read(info, namespace, name)
    const object = change(old)
    this.#checkNamespace(info, namespace, object)
    const { metadata } = object
    if (metadata.name && metadata.name !== name)
      throw badRequest(`the name of the object (${metadata.name}) does not match the name on the URL (${name})`)
    if (metadata.uid && metadata.uid !== old.metadata.uid)
      throw conflict(
        info,
        name,
        `Precondition failed: UID in precondition: ${metadata.uid}, UID in object meta: ${old.metadata.uid}`,
      )
    if (metadata.resourceVersion && metadata.resourceVersion !== old.metadata.resourceVersion)
      throw conflict(info, name, MODIFIED)
    const context = this.context(options, 'UPDATE')
    const hadUid = metadata.uid !== undefined
    metadata.name = name
    metadata.namespace = old.metadata.namespace
    metadata.uid = old.metadata.uid
    metadata.creationTimestamp = old.metadata.creationTimestamp
    metadata.generateName = old.metadata.generateName
    metadata.generation = old.metadata.generation
    metadata.deletionTimestamp = old.metadata.deletionTimestamp
    metadata.deletionGracePeriodSeconds = old.metadata.deletionGracePeriodSeconds
    metadata.resourceVersion = old.metadata.resourceVersion
    if (subresource === 'status') {
      for (const key of Object.keys(object)) if (key !== 'metadata' && key !== 'status') object[key] = old[key]
      for (const key of Object.keys(old)) if (!(key in object) && key !== 'status') object[key] = old[key]
      // Partial objects from within carry no metadata of their own.
      object.metadata = { ...(hadUid ? metadata : old.metadata), managedFields: metadata.managedFields }
      if (KEEPS_LABELS.has(info.name)) object.metadata.labels = old.metadata.labels
      info.definition?.prepareStatusUpdate?.(object, old, context)
    } else if (subresource === 'approval') {
      object.spec = old.spec
    } else if (subresource !== 'binding') {
      if (info.subresources.has('status')) {
        if (old.status === undefined) delete object.status
        else object.status = old.status
      }
      const part = info.definition?.subresources?.[subresource]
      if (part) part.prepare(object, old)
      else info.definition?.prepareUpdate?.(object, old, context)
    }
    for (const key of Object.keys(object)) if (key !== 'metadata') object[key] = reuse(object[key], old[key])
    for (const key of ['labels', 'annotations', 'ownerReferences', 'finalizers'] as const)
      if (object.metadata[key]) (object.metadata as any)[key] = reuse(object.metadata[key], old.metadata[key])
    if (!isApply)
      object.metadata.managedFields = managedAfterUpdate(
        this.#shape(info),
        old,
        object,
        this.#empty(info),
        this.#identity(info, options, subresource),
      )
    const attributes: AdmissionAttributes = {
      operation: 'UPDATE',
      info,
      subresource,
      namespace,
      name,
      object,
      old,
      options,
      context,
      setStatus: this.#setStatus,
      resourceOfKind: this.#resourceOfKind,
    }
    for (const plugin of ADMISSION_PLUGINS) plugin.admit?.(attributes)
    for (const key of Object.keys(object)) if (key !== 'metadata') object[key] = reuse(object[key], old[key])
    if (
      subresource !== 'status' &&
      subresource !== 'binding' &&
      (countsGenerations(info.name) || info.custom) &&
      specChanged(object, old)
    )
      object.metadata.generation = (old.metadata.generation ?? 0) + 1
    const errors = this.#updateErrors(info, object, old, subresource, context)
    if (errors.length > 0) throw this.#invalid(info, name, errors)
    for (const plugin of ADMISSION_PLUGINS) plugin.validate?.(attributes)
    for (const text of subresource === '' ? (info.definition?.warnings?.(object, old, context) ?? []) : [])
      context.warn(text)
    if (info.name === 'services' && subresource === '') this.#services.allocate(object, old)
    return this.#write(info, object, old, attributes)
  }

  #updateErrors(
    info: ResourceInfo,
    object: KubeObject,
    old: KubeObject,
    subresource: string,
    context: KindContext,
  ): FieldError[] {
    const { definition } = info
    if (subresource === 'binding') return []
    if (subresource === 'status') return definition?.validateStatusUpdate?.(object, old, context) ?? []
    const part = definition?.subresources?.[subresource]
    if (part) return part.validate(object, old, context)
    return [
      ...validateMetadataUpdate(info, object.metadata, old.metadata),
      ...(definition?.validate?.(object, context) ?? []),
      ...(definition?.validateUpdate?.(object, old, context) ?? []),
    ]
  }

  /** Stores a changed object; nothing when it is equal; removes it when this was the last finalizer. */
  #write(info: ResourceInfo, object: KubeObject, old: KubeObject, attributes: AdmissionAttributes): KubeObject {
    const stored = finish(object)
    if (deepEqual(stored, old)) return old
    if (attributes.options.dryRun) return stored
    if (isReadyToGo(info, stored)) {
      const gone = this.table(info).remove(stored.metadata.namespace ?? '', stored.metadata.name, stored)
      info.definition?.afterWrite?.(gone ?? stored, old, attributes.context)
      return gone ?? stored
    }
    this.table(info).put(stored)
    for (const plugin of ADMISSION_PLUGINS) plugin.committed?.(attributes)
    info.definition?.afterWrite?.(stored, old, attributes.context)
    return stored
  }

  readonly #resourceOfKind = (apiVersion: string, kind: string) => {
    const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
    return this.registry.ofKind(group!, kind, version)
  }

  readonly #setStatus = (resource: string, object: KubeObject, status: object) => {
    const info = this.#resource(resource)
    const change = (old: KubeObject) => ({ ...old, metadata: { ...old.metadata }, status })
    this.update(info, object.metadata.namespace, object.metadata.name, change, internalOptions(), 'status')
  }

  delete(
    info: ResourceInfo,
    namespace: string | undefined,
    name: string,
    wanted: DeleteOptions,
    options: CallOptions,
  ): DeleteResult {
    const old = this.read(info, namespace, name)
    const { preconditions } = wanted
    if (preconditions?.uid && preconditions.uid !== old.metadata.uid)
      throw conflict(
        info,
        name,
        `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${old.metadata.uid}`,
      )
    if (preconditions?.resourceVersion && preconditions.resourceVersion !== old.metadata.resourceVersion)
      throw conflict(
        info,
        name,
        `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, ResourceVersion in object meta: ${old.metadata.resourceVersion}`,
      )
    const context = this.context(options)
    const attributes: AdmissionAttributes = {
      operation: 'DELETE',
      info,
      subresource: '',
      namespace,
      name,
      object: undefined,
      old,
      options,
      context,
      resourceOfKind: this.#resourceOfKind,
    }
    for (const plugin of ADMISSION_PLUGINS) plugin.admit?.(attributes)
    for (const plugin of ADMISSION_PLUGINS) plugin.validate?.(attributes)
    const metadata = { ...old.metadata }
    const finalizers = propagationFinalizers(info, metadata.finalizers ?? [], wanted.propagationPolicy)
    const grace = gracePeriod(info, old, wanted.gracePeriodSeconds)
    const pending = finalizers.length > 0 || info.name === 'namespaces'
    if (!pending && grace === 0) {
      if (options.dryRun) return { object: old, deleted: true }
      const last = { ...old, metadata: orderedMetadata({ ...metadata, finalizers }) }
      const gone = this.table(info).remove(namespace ?? '', name, last)
      info.definition?.afterWrite?.(gone ?? last, old, context)
      for (const plugin of ADMISSION_PLUGINS) plugin.committed?.(attributes)
      return { object: gone ?? last, deleted: true }
    }
    const now = this.#now()
    const object: KubeObject = { ...old, metadata }
    if (finalizers.length > 0) metadata.finalizers = finalizers
    else delete metadata.finalizers
    if (!metadata.deletionTimestamp) {
      metadata.deletionTimestamp = rfc3339(now + grace * 1000)
      metadata.deletionGracePeriodSeconds = grace
      if (metadata.generation) metadata.generation++
    } else if (grace < (metadata.deletionGracePeriodSeconds ?? 0)) {
      metadata.deletionTimestamp = rfc3339(now + grace * 1000)
      metadata.deletionGracePeriodSeconds = grace
    }
    if (info.name === 'namespaces') object.status = { ...old.status, phase: 'Terminating' }
    if (options.dryRun) return { object: finish(object), deleted: false }
    const stored = this.#write(info, object, old, { ...attributes, object })
    return { object: stored, deleted: this.table(info).get(namespace ?? '', name) === undefined }
  }

  #invalid(info: ResourceInfo, name: string, errors: FieldError[]): ApiError {
    return invalidObject(info.group, info.kind, name, errors)
  }
}

export const internalOptions = (fieldManager = 'kube-apiserver'): CallOptions => ({
  user: SYSTEM,
  fieldManager,
  dryRun: false,
  fieldValidation: 'Ignore',
  warnings: [],
})

/** Lists that Go always prints count as present, though empty. */
function withNullLists<T>(type: string, value: T): T {
  const object = value as Record<string, unknown>
  for (const field of typeInfo(type)?.fields.values() ?? []) {
    if (field.type[0] === '[' && field.r) object[field.name] ??= null
    else if (object[field.name] && typeInfo(field.type)) withNullLists(field.type, object[field.name])
  }
  return value
}

function withoutType(object: KubeObject): Record<string, unknown> {
  const { apiVersion, kind, ...rest } = object
  return rest
}

/** The object as it is stored: metadata in order. */
function finish(object: KubeObject): KubeObject {
  object.metadata = orderedMetadata(object.metadata)
  return object
}

function specChanged(object: KubeObject, old: KubeObject): boolean {
  for (const key of new Set([...Object.keys(object), ...Object.keys(old)]))
    if (key !== 'metadata' && key !== 'status' && key !== 'apiVersion' && !deepEqual(object[key], old[key])) return true
  return false
}

/** What the status subresource looks at. */
const statusOnly = ({ kind, apiVersion, metadata, status }: KubeObject): KubeObject =>
  ({ kind, apiVersion, metadata, ...(status === undefined ? {} : { status }) }) as KubeObject

/** Resources whose status updates leave the labels alone. */
const KEEPS_LABELS = new Set(['deployments.apps'])

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** kubectl's own record of a client-side apply is kept up to date by its server-side applies. */
function lastAppliedText(applied: KubeObject, live: KubeObject, manager: string): string | undefined {
  if (manager !== 'kubectl' || live.metadata.annotations?.[LAST_APPLIED] === undefined) return undefined
  const { managedFields, ...metadata } = applied.metadata
  const text = `${JSON.stringify(sortedKeys({ ...applied, metadata }))}\n`
  return text
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sortedKeys((value as Record<string, unknown>)[key])]),
  )
}

function isReadyToGo(info: ResourceInfo, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata
  if (!deletionTimestamp || (finalizers && finalizers.length > 0)) return false
  if (info.name === 'namespaces') return (object.spec?.finalizers ?? []).length === 0
  return (deletionGracePeriodSeconds ?? 0) === 0
}

/** Jobs and ReplicationControllers keep their Pods unless told otherwise. */
const ORPHAN_BY_DEFAULT = new Set(['replicationcontrollers', 'jobs.batch'])

function propagationFinalizers(
  info: ResourceInfo,
  finalizers: readonly string[],
  policy?: DeleteOptions['propagationPolicy'],
): string[] {
  const wanted = policy ?? (ORPHAN_BY_DEFAULT.has(info.name) ? 'Orphan' : undefined)
  if (wanted === undefined) return [...finalizers]
  const rest = finalizers.filter((f) => f !== 'orphan' && f !== 'foregroundDeletion')
  if (wanted === 'Orphan') rest.push('orphan')
  if (wanted === 'Foreground') rest.push('foregroundDeletion')
  return rest
}

/** Seconds: Pods on a node are given time to end; everything else goes at once. */
function gracePeriod(info: ResourceInfo, object: KubeObject, wanted: number | undefined): number {
  if (info.name !== 'pods') return 0
  const { spec, status } = object
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0
  return wanted ?? spec.terminationGracePeriodSeconds ?? 30
}
