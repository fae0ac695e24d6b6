import { rfc3339 } from '../../../time/date.ts'
import type { Random } from '../../../time/random.ts'
import type { DeleteOptions } from '../../api/client.ts'
import type { FieldError } from '../../api/field-error.ts'
import { deepEqual, reuse } from '../../api/json.ts'
import type { ApiError, KubeObject } from '../../api/object.ts'
import { alreadyExists, badRequest, conflict, invalidObject, notFound } from '../../api/status-error.ts'
import type { KindContext } from '../../resources/definition.ts'
import { ADMISSION_PLUGINS } from '../admission/index.ts'
import type { AdmissionAttributes } from '../admission/plugin.ts'
import { decodeType } from '../decode.ts'
import { applyConfiguration, managedAfterUpdate, type WriteIdentity } from '../managed-fields/manager.ts'
import { type Shape, shapeOfSchema, shapeOfType } from '../managed-fields/typed.ts'
import { countsGenerations, orderedMetadata } from '../metadata.ts'
import type { ResourceInfo, ResourceRegistry } from '../registry.ts'
import { type CallOptions, internalOptions } from '../request-context.ts'
import { ServiceAllocator } from '../service-allocation.ts'
import type { Store } from '../store.ts'
import { validateMetadata, validateMetadataUpdate } from '../validate-metadata.ts'
import { keepLastApplied, statusOnly } from './apply-configuration.ts'
import { carryOver, checkIdentity } from './carry-over.ts'
import { decodeObject } from './decode-object.ts'
import { gracePeriod, isReadyToGo, propagationFinalizers } from './deletion.ts'
import { emptyObjects } from './empty-objects.ts'

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
  readonly #empty = emptyObjects()

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
    decodeObject(info, applied, options)
    const quiet: CallOptions = { ...options, fieldValidation: 'Ignore' }
    const decodeMerged = (merged: KubeObject) => {
      const decoded = decodeObject(info, { ...merged, metadata: { ...merged.metadata } }, quiet)
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
        keepLastApplied(next, applied, old, who.manager)
        return next
      },
      options,
      subresource,
      true,
    )
    return { object, created: false }
  }

  create(info: ResourceInfo, namespace: string | undefined, body: unknown, options: CallOptions): KubeObject {
    const object = decodeObject(info, body, options)
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
    checkIdentity(info, name, metadata, old)
    const context = this.context(options, 'UPDATE')
    carryOver(info, object, old, subresource, context)
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
