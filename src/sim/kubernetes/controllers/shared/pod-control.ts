import { ApiError, type KubeObject } from '../../api/object.ts'
import type { Controller } from './controller.ts'
import { controllerRef } from './meta.ts'

/** A Pod made from a template, owned by a controller object. */
export function podFromTemplate(owner: KubeObject, template: { metadata?: any; spec?: any }, name?: string): object {
  const { labels, annotations, finalizers } = template.metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(name ? { name } : { generateName: `${owner.metadata.name}-` }),
      namespace: owner.metadata.namespace,
      ...(labels && { labels: { ...labels } }),
      ...(annotations && { annotations: { ...annotations } }),
      ...(finalizers && { finalizers: [...finalizers] }),
      ownerReferences: [controllerRef(owner)],
    },
    spec: template.spec,
  }
}

/** Creates a Pod and tells of it on its owner. Throws what the server answered. */
export function createPod(controller: Controller, owner: KubeObject, pod: object): KubeObject {
  try {
    const created = controller.api.create('pods', pod)
    controller.event(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${created.metadata.name}`)
    return created
  } catch (error) {
    if (error instanceof ApiError && !isNamespaceTerminating(error)) {
      controller.event(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
    }
    throw error
  }
}

export function deletePod(controller: Controller, owner: KubeObject, pod: KubeObject): void {
  const { namespace, name, uid } = pod.metadata
  try {
    controller.api.delete('pods', namespace, name, { preconditions: { uid } })
  } catch (error) {
    if (isGone(error)) return
    controller.event(owner, 'Warning', 'FailedDelete', `Error deleting: ${(error as Error).message}`)
    throw error
  }
  controller.event(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
}

/** Calls `action` up to `count` times in batches of 1, 2, 4, …; a batch with a failure is the last. */
export function slowStart(count: number, action: () => void): { done: number; error?: unknown } {
  let done = 0
  for (let batch = Math.min(1, count); batch > 0; batch = Math.min(2 * batch, count - done)) {
    let failure: unknown
    const before = done
    for (let i = 0; i < batch; i++) {
      try {
        action()
        done++
      } catch (error) {
        failure ??= error
      }
    }
    if (failure || done === before) return { done, error: failure }
  }
  return { done }
}

/** The object is not there any more, or is another one of the same name. */
export function isGone(error: unknown): boolean {
  return error instanceof ApiError && (error.code === 404 || (error.code === 409 && error.reason === 'Conflict'))
}

export function isNotFound(error: unknown): boolean {
  return error instanceof ApiError && error.code === 404
}

export function isAlreadyExists(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'AlreadyExists'
}

export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.reason === 'Conflict'
}

export function isNamespaceTerminating(error: unknown): boolean {
  return (
    error instanceof ApiError &&
    (error.status.details?.causes ?? []).some((cause) => cause.reason === 'NamespaceTerminating')
  )
}
