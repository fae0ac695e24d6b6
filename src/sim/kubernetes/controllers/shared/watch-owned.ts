import type { KubeObject, ResourceName } from '../../api/object.ts'
import { ownersFor } from './claim.ts'
import type { Controller } from './controller.ts'
import { controllerOf, keyOf } from './meta.ts'

/** Enqueues the owners of a kind whenever they change. */
export function watchKeys(controller: Controller, resource: ResourceName): void {
  controller.watch(resource, ({ object }) => controller.enqueue(keyOf(object)))
}

/**
 * Enqueues the owner (of `kind`, stored as `ownerResource`) of every object that changes: its controller, the one it
 * had before, and for an orphan whoever selects it.
 */
export function watchOwned(
  controller: Controller,
  resource: ResourceName,
  kind: string,
  ownerResource: ResourceName,
): void {
  const enqueueOwner = (object: KubeObject) => {
    const owner = controllerOf(object)
    if (owner?.kind === kind) controller.enqueue(`${object.metadata.namespace}/${owner.name}`)
    return owner
  }
  controller.watch(resource, ({ type, object, previous }) => {
    const owner = enqueueOwner(object)
    if (previous && controllerOf(previous)?.uid !== owner?.uid) enqueueOwner(previous)
    if (!owner && type !== 'DELETED') {
      const changed = type === 'ADDED' || (previous && (controllerOf(previous) || labelsChanged(previous, object)))
      if (changed)
        for (const candidate of ownersFor(controller, ownerResource, object)) controller.enqueue(keyOf(candidate))
    }
  })
}

function labelsChanged(a: KubeObject, b: KubeObject): boolean {
  return JSON.stringify(a.metadata.labels) !== JSON.stringify(b.metadata.labels)
}
