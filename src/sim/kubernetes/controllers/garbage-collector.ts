import type { KubeObject, OwnerReference } from '../api/object.ts'
import { type Controller, defineController } from './shared/controller.ts'
import { isGone } from './shared/pod-control.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

interface Node {
  resource: string
  object: KubeObject
}

/**
 * Deletes objects whose owners are gone (background), works off the finalizers `foregroundDeletion` and `orphan`.
 * Keeps a graph of all objects by uid, fed by watches of everything that can be listed and deleted.
 */
export const garbageCollector = defineController(
  'garbage-collector-controller',
  (controller) => {
    const graph = new Graph(controller)
    const discover = () => graph.watchAll()
    discover()
    controller.watch('customresourcedefinitions.apiextensions.k8s.io', () => controller.enqueue(DISCOVER))
    return (key) => {
      if (key === DISCOVER) discover()
      else graph.process(key)
    }
  },
  { account: 'generic-garbage-collector' },
)

const DISCOVER = 'discover'

class Graph {
  readonly #controller: Controller
  readonly #nodes = new Map<string, Node>()
  /** uids of the objects that name an owner, by the owner's uid */
  readonly #dependents = new Map<string, Set<string>>()
  readonly #watched = new Set<string>()

  constructor(controller: Controller) {
    this.#controller = controller
  }

  watchAll(): void {
    for (const { resource, verbs } of this.#controller.api.resources()) {
      const wanted = verbs.includes('list') && verbs.includes('watch') && verbs.includes('delete')
      if (!wanted || this.#watched.has(resource) || resource === 'events' || resource.startsWith('events.')) continue
      this.#watched.add(resource)
      this.#controller.watch(resource, ({ type, object, previous }) => {
        if (type === 'DELETED') this.#forget(object)
        else this.#learn(resource, object, previous)
      })
    }
  }

  #learn(resource: string, object: KubeObject, previous: KubeObject | undefined): void {
    const { uid, ownerReferences = [], deletionTimestamp, finalizers } = object.metadata
    const isNew = !this.#nodes.has(uid)
    this.#nodes.set(uid, { resource, object })
    const before = previous?.metadata.ownerReferences ?? []
    if (isNew || before !== ownerReferences) {
      for (const owner of before) if (!ownerReferences.some((o) => o.uid === owner.uid)) this.#unlink(owner.uid, uid)
      for (const owner of ownerReferences) {
        let set = this.#dependents.get(owner.uid)
        if (!set) {
          set = new Set()
          this.#dependents.set(owner.uid, set)
        }
        set.add(uid)
      }
      if (ownerReferences.length > 0 && (isNew || previous)) this.#controller.enqueue(uid)
    }
    if (deletionTimestamp && finalizers?.some((name) => name === FOREGROUND || name === ORPHAN))
      this.#controller.enqueue(uid)
    // An owner that begins to go in the foreground, or stops holding one up.
    if (deletionTimestamp && !previous?.metadata.deletionTimestamp)
      for (const owner of ownerReferences) this.#controller.enqueue(owner.uid)
  }

  #forget(object: KubeObject): void {
    const { uid, ownerReferences = [] } = object.metadata
    this.#nodes.delete(uid)
    for (const owner of ownerReferences) {
      this.#unlink(owner.uid, uid)
      if (this.#nodes.get(owner.uid)?.object.metadata.deletionTimestamp) this.#controller.enqueue(owner.uid)
    }
    for (const dependent of this.#dependents.get(uid) ?? []) this.#controller.enqueue(dependent)
  }

  #unlink(owner: string, dependent: string): void {
    const set = this.#dependents.get(owner)
    set?.delete(dependent)
    if (set?.size === 0) this.#dependents.delete(owner)
  }

  process(uid: string): void {
    const node = this.#nodes.get(uid)
    if (!node) return
    const { metadata } = node.object
    try {
      if (metadata.deletionTimestamp) {
        if (metadata.finalizers?.includes(ORPHAN)) this.#orphanDependents(node)
        else if (metadata.finalizers?.includes(FOREGROUND)) this.#deleteDependents(node)
        return
      }
      this.#collect(node)
    } catch (error) {
      // What is gone or changed comes back as an event of its own.
      if (!isGone(error)) throw error
    }
  }

  #dependentsOf(uid: string): Node[] {
    return [...(this.#dependents.get(uid) ?? [])].map((id) => this.#nodes.get(id)).filter((node) => node !== undefined)
  }

  /** Foreground: the owner waits for those that block it. */
  #deleteDependents(node: Node): void {
    const { uid } = node.object.metadata
    const blocking = this.#dependentsOf(uid).filter(({ object }) =>
      object.metadata.ownerReferences?.some((owner) => owner.uid === uid && owner.blockOwnerDeletion),
    )
    if (blocking.length === 0) {
      this.#removeFinalizer(node, FOREGROUND)
      for (const { object } of this.#dependentsOf(uid)) this.#controller.enqueue(object.metadata.uid)
      return
    }
    for (const { object } of this.#dependentsOf(uid)) {
      if (!object.metadata.deletionTimestamp) this.#controller.enqueue(object.metadata.uid)
    }
  }

  #orphanDependents(node: Node): void {
    const { uid } = node.object.metadata
    for (const { resource, object } of this.#dependentsOf(uid)) {
      const rest = (object.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== uid)
      this.#writeOwners(resource, object, rest)
    }
    this.#removeFinalizer(node, ORPHAN)
  }

  /** An object with owners: deleted when none is left, kept (without the dead references) when one is. */
  #collect({ resource, object }: Node): void {
    const { uid, name, namespace, ownerReferences = [], finalizers = [] } = object.metadata
    if (ownerReferences.length === 0) return
    const solid: OwnerReference[] = []
    let waiting = false
    let dangling = false
    for (const reference of ownerReferences) {
      const owner = this.#nodes.get(reference.uid)
      if (!owner && !this.#isServed(reference)) solid.push(reference)
      else if (!owner) dangling = true
      else if (owner.object.metadata.deletionTimestamp && owner.object.metadata.finalizers?.includes(FOREGROUND))
        waiting = true
      else solid.push(reference)
    }
    if (solid.length > 0) {
      if (dangling || waiting) this.#writeOwners(resource, object, solid)
      return
    }
    const hasDependents = (this.#dependents.get(uid)?.size ?? 0) > 0
    let policy: 'Foreground' | 'Background' | 'Orphan' = 'Background'
    if (waiting && hasDependents) policy = 'Foreground'
    else if (finalizers.includes(ORPHAN)) policy = 'Orphan'
    else if (finalizers.includes(FOREGROUND)) policy = 'Foreground'
    this.#controller.api.delete(resource, namespace, name, { propagationPolicy: policy, preconditions: { uid } })
  }

  /** Nothing is known of owners of a kind that is not served (any more). */
  #isServed({ apiVersion, kind }: OwnerReference): boolean {
    const group = apiVersion.split('/').slice(0, -1).join('/')
    return this.#controller.api
      .resources()
      .some((served) => served.kind === kind && served.apiVersion.split('/').slice(0, -1).join('/') === group)
  }

  #writeOwners(resource: string, { metadata }: KubeObject, owners: readonly OwnerReference[]): void {
    const ownerReferences = owners.length > 0 ? owners : null
    const patch = { metadata: { uid: metadata.uid, ownerReferences } }
    this.#controller.api.patch(resource, metadata.namespace, metadata.name, patch, { type: 'merge' })
  }

  #removeFinalizer({ resource, object: { metadata } }: Node, finalizer: string): void {
    const rest = (metadata.finalizers ?? []).filter((name) => name !== finalizer)
    const patch = {
      metadata: { resourceVersion: metadata.resourceVersion, finalizers: rest.length > 0 ? rest : null },
    }
    this.#controller.api.patch(resource, metadata.namespace, metadata.name, patch, { type: 'merge' })
  }
}
