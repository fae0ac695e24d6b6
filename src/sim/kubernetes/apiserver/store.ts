import type { WatchEvent } from '../api/client.ts'
import type { KubeObject } from '../api/object.ts'

export interface StoredEvent extends WatchEvent {
  revision: number
}

/** Where an object is kept; the object changes, the slot stays. */
interface Slot {
  object: KubeObject
}

type Handler = (event: StoredEvent) => void

/** Events kept for watches that start in the past. */
const KEPT_EVENTS = 2000

/** All objects share one revision counter. Objects are immutable once stored. */
export class Store {
  #revision = 1
  readonly #tables = new Map<string, Table>()

  /** The revision of the last change. */
  get revision(): number {
    return this.#revision
  }

  nextRevision(): number {
    return ++this.#revision
  }

  table(name: string): Table {
    let table = this.#tables.get(name)
    if (!table) {
      table = new Table(this)
      this.#tables.set(name, table)
    }
    return table
  }

  tables(): IterableIterator<[string, Table]> {
    return this.#tables.entries()
  }

  dropTable(name: string): void {
    this.#tables.delete(name)
  }
}

/** The objects of one resource, with indexes by namespace, controller, node and label, and the history of changes. */
export class Table {
  readonly #store: Store
  readonly #namespaces = new Map<string, Namespace>()
  #namespaceNames: string[] | undefined
  readonly #byOwner = new Map<string, Set<Slot>>()
  readonly #byNode = new Map<string, Set<Slot>>()
  readonly #handlers = new Set<Handler>()
  readonly #history: StoredEvent[] = []
  /** Revisions up to this one are no longer in the history. */
  #compacted: number
  size = 0

  constructor(store: Store) {
    this.#store = store
    this.#compacted = 0
  }

  get compactedRevision(): number {
    return this.#compacted
  }

  get(namespace: string, name: string): KubeObject | undefined {
    return this.#namespaces.get(namespace)?.slots.get(name)?.object
  }

  /** In storage order: by namespace, then name. */
  list(namespace?: string): KubeObject[] {
    if (namespace !== undefined) return this.#namespaces.get(namespace)?.objects() ?? []
    this.#namespaceNames ??= [...this.#namespaces.keys()].sort()
    if (this.#namespaceNames.length === 1) return this.#namespaces.get(this.#namespaceNames[0]!)!.objects()
    return this.#namespaceNames.flatMap((name) => this.#namespaces.get(name)!.objects())
  }

  ownedBy(uid: string): KubeObject[] {
    return inOrder(this.#byOwner.get(uid))
  }

  onNode(node: string): KubeObject[] {
    return inOrder(this.#byNode.get(node))
  }

  /** Those in the namespace with this label. */
  labelled(namespace: string, key: string, value: string): KubeObject[] {
    return inOrder(this.#namespaces.get(namespace)?.labelled(key, value))
  }

  /** Stores a new or changed object (which must be the caller's own) under a new revision, and tells the watchers. */
  put(object: KubeObject): KubeObject {
    const namespace = object.metadata.namespace ?? ''
    const revision = this.#store.nextRevision()
    object.metadata.resourceVersion = String(revision)
    let space = this.#namespaces.get(namespace)
    if (!space) {
      space = new Namespace()
      this.#namespaces.set(namespace, space)
      this.#namespaceNames = undefined
    }
    const slot = space.slots.get(object.metadata.name)
    if (slot) {
      const previous = slot.object
      if (previous.metadata.labels !== object.metadata.labels) space.unindex(slot)
      this.#unindex(slot)
      slot.object = object
      if (previous.metadata.labels !== object.metadata.labels) space.index(slot)
      this.#index(slot)
      this.#notify({ type: 'MODIFIED', object, previous, revision })
    } else {
      const added: Slot = { object }
      space.add(added)
      this.#index(added)
      this.size++
      this.#notify({ type: 'ADDED', object, revision })
    }
    return object
  }

  /** `last` is the object's final state, given to watchers with the revision of the deletion. */
  remove(namespace: string, name: string, last?: KubeObject): KubeObject | undefined {
    const space = this.#namespaces.get(namespace)
    const slot = space?.slots.get(name)
    if (!space || !slot) return undefined
    const revision = this.#store.nextRevision()
    this.#unindex(slot)
    space.remove(slot)
    this.size--
    if (space.slots.size === 0) {
      this.#namespaces.delete(namespace)
      this.#namespaceNames = undefined
    }
    const from = last ?? slot.object
    const object = { ...from, metadata: { ...from.metadata, resourceVersion: String(revision) } }
    this.#notify({ type: 'DELETED', object, previous: slot.object, revision })
    return object
  }

  /** Changes after a revision, oldest first; undefined when they are no longer all kept. */
  since(revision: number): StoredEvent[] | undefined {
    if (revision < this.#compacted) return undefined
    let low = 0
    let high = this.#history.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#history[middle]!.revision > revision) high = middle
      else low = middle + 1
    }
    return this.#history.slice(low)
  }

  subscribe(handler: Handler): () => void {
    this.#handlers.add(handler)
    return () => this.#handlers.delete(handler)
  }

  #notify(event: StoredEvent): void {
    this.#history.push(event)
    if (this.#history.length > 2 * KEPT_EVENTS) {
      const dropped = this.#history.splice(0, this.#history.length - KEPT_EVENTS)
      this.#compacted = dropped[dropped.length - 1]!.revision
    }
    for (const handler of [...this.#handlers]) handler(event)
  }

  #index(slot: Slot): void {
    for (const owner of slot.object.metadata.ownerReferences ?? []) addTo(this.#byOwner, owner.uid, slot)
    const node = slot.object.spec?.nodeName
    if (typeof node === 'string') addTo(this.#byNode, node, slot)
  }

  #unindex(slot: Slot): void {
    for (const owner of slot.object.metadata.ownerReferences ?? []) removeFrom(this.#byOwner, owner.uid, slot)
    const node = slot.object.spec?.nodeName
    if (typeof node === 'string') removeFrom(this.#byNode, node, slot)
  }
}

class Namespace {
  readonly slots = new Map<string, Slot>()
  /** By name, as of the last listing; since then some were added, and some may have gone. */
  #sorted: Slot[] = []
  #added: Slot[] = []
  #stale = false
  #labels: Map<string, Set<Slot>> | undefined

  objects(): KubeObject[] {
    return this.#inOrder().map((slot) => slot.object)
  }

  add(slot: Slot): void {
    const { name } = slot.object.metadata
    this.slots.set(name, slot)
    this.#added.push(slot)
    this.index(slot)
  }

  remove(slot: Slot): void {
    const { name } = slot.object.metadata
    this.slots.delete(name)
    this.#stale = true
    this.unindex(slot)
  }

  labelled(key: string, value: string): Set<Slot> | undefined {
    if (!this.#labels) {
      this.#labels = new Map()
      for (const slot of this.slots.values()) this.index(slot)
    }
    return this.#labels.get(`${key}=${value}`)
  }

  index(slot: Slot): void {
    if (!this.#labels) return
    const { labels } = slot.object.metadata
    for (const key in labels) addTo(this.#labels, `${key}=${labels[key]}`, slot)
  }

  unindex(slot: Slot): void {
    if (!this.#labels) return
    const { labels } = slot.object.metadata
    for (const key in labels) removeFrom(this.#labels, `${key}=${labels[key]}`, slot)
  }

  /** Sorting waits until somebody lists: adding one by one to a sorted list costs as much as there are others. */
  #inOrder(): readonly Slot[] {
    if (!this.#stale && this.#added.length === 0) return this.#sorted
    const kept = this.#stale ? this.#sorted.filter((slot) => this.#has(slot)) : this.#sorted
    const added = (this.#stale ? this.#added.filter((slot) => this.#has(slot)) : this.#added).sort(byName)
    this.#added = []
    this.#stale = false
    const last = kept.at(-1)
    const first = added[0]
    if (!last || !first || byName(last, first) < 0) {
      // What is new often comes last: nothing to merge.
      this.#sorted = kept.concat(added)
      return this.#sorted
    }
    const merged: Slot[] = []
    let next = 0
    for (const slot of kept) {
      while (next < added.length && byName(added[next]!, slot) < 0) merged.push(added[next++]!)
      merged.push(slot)
    }
    this.#sorted = merged.concat(added.slice(next))
    return this.#sorted
  }

  #has(slot: Slot): boolean {
    return this.slots.get(slot.object.metadata.name) === slot
  }
}

const byName = (a: Slot, b: Slot): number => (a.object.metadata.name < b.object.metadata.name ? -1 : 1)

function addTo(index: Map<string, Set<Slot>>, key: string, slot: Slot): void {
  const set = index.get(key)
  if (set) set.add(slot)
  else index.set(key, new Set([slot]))
}

function removeFrom(index: Map<string, Set<Slot>>, key: string, slot: Slot): void {
  const set = index.get(key)
  set?.delete(slot)
  if (set?.size === 0) index.delete(key)
}

function inOrder(slots: Set<Slot> | undefined): KubeObject[] {
  if (!slots) return []
  const objects = [...slots].map((slot) => slot.object)
  const key = (o: KubeObject) => o.metadata.namespace ?? ''
  return objects.sort((a, b) =>
    key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : a.metadata.name < b.metadata.name ? -1 : 1,
  )
}
