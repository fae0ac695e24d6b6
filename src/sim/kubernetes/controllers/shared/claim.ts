import type { LabelSelector } from '../../api/client.ts'
import type { KubeObject, ResourceName } from '../../api/object.ts'
import type { Controller } from './controller.ts'
import { controllerOf, controllerRef, isControlledBy } from './meta.ts'
import { isGone } from './pod-control.ts'
import { matchesSelector } from './selector.ts'

/** The objects of one resource that have no controller, by namespace: those a controller may adopt. */
export interface Orphans {
  in(namespace: string): Iterable<KubeObject>
}

export function watchOrphans(controller: Controller, resource: ResourceName): Orphans {
  const namespaces = new Map<string, Map<string, KubeObject>>()
  controller.watch(resource, ({ type, object }) => {
    const { namespace = '', name } = object.metadata
    let names = namespaces.get(namespace)
    if (type === 'DELETED' || controllerOf(object)) {
      names?.delete(name)
      return
    }
    if (!names) {
      names = new Map()
      namespaces.set(namespace, names)
    }
    names.set(name, object)
  })
  return { in: (namespace) => [...(namespaces.get(namespace)?.values() ?? [])] }
}

/**
 * The objects an owner controls, after releasing those that left its selector and adopting orphans that match it
 * (client-go's ControllerRefManager).
 */
export function claim(
  controller: Controller,
  owner: KubeObject,
  resource: ResourceName,
  orphans: Orphans,
  selector: LabelSelector | undefined = owner.spec.selector,
): KubeObject[] {
  const { uid, namespace = '' } = owner.metadata
  const ownerIsGoing = owner.metadata.deletionTimestamp !== undefined
  const claimed: KubeObject[] = []
  for (const object of controller.api.list(resource, { namespace, ownedBy: uid })) {
    if (!isControlledBy(object, owner)) continue
    if (matchesSelector(selector, object.metadata.labels)) claimed.push(object)
    else if (!ownerIsGoing) {
      const rest = object.metadata.ownerReferences!.filter((reference) => reference.uid !== uid)
      setOwners(controller, resource, object, rest)
    }
  }
  if (ownerIsGoing) return claimed
  for (const object of orphans.in(namespace)) {
    if (object.metadata.deletionTimestamp || !matchesSelector(selector, object.metadata.labels)) continue
    const others = object.metadata.ownerReferences ?? []
    const adopted = setOwners(controller, resource, object, [...others, controllerRef(owner)])
    if (adopted) claimed.push(adopted)
  }
  return claimed
}

function setOwners(
  controller: Controller,
  resource: ResourceName,
  { metadata }: KubeObject,
  ownerReferences: unknown[],
): KubeObject | undefined {
  const patch = {
    metadata: { uid: metadata.uid, ownerReferences: ownerReferences.length > 0 ? ownerReferences : null },
  }
  try {
    return controller.api.patch(resource, metadata.namespace, metadata.name, patch, { type: 'merge' })
  } catch (error) {
    // Whoever removed or replaced it meanwhile has settled the matter.
    if (isGone(error)) return undefined
    throw error
  }
}

/** Keys of the owners that may want an orphan: those of the namespace whose selector matches it. */
export function ownersFor(controller: Controller, resource: ResourceName, orphan: KubeObject): KubeObject[] {
  if (!orphan.metadata.labels) return []
  return controller.api
    .list(resource, { namespace: orphan.metadata.namespace })
    .filter((owner) => matchesSelector(selectorOf(owner), orphan.metadata.labels))
}

function selectorOf(owner: KubeObject): LabelSelector | undefined {
  return owner.kind === 'ReplicationController' ? { matchLabels: owner.spec.selector } : owner.spec.selector
}
