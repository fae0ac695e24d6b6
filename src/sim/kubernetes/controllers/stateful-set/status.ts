import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { isGone } from '../shared/pod-control.ts'

export interface StatefulCounts {
  replicas: number
  readyReplicas: number
  availableReplicas: number
  currentReplicas: number
  updatedReplicas: number
  currentRevision: string
  updateRevision: string
}

/** Writes what changed; zeros are left out as the API does, except for replicas and availableReplicas. */
export function writeStatus(controller: Controller, set: KubeObject, counts: StatefulCounts): void {
  const { replicas, availableReplicas, readyReplicas, currentReplicas, updatedReplicas, ...names } = counts
  const status = {
    observedGeneration: set.metadata.generation,
    replicas,
    ...(readyReplicas && { readyReplicas }),
    ...(currentReplicas && { currentReplicas }),
    ...(updatedReplicas && { updatedReplicas }),
    ...names,
    collisionCount: set.status?.collisionCount ?? 0,
    availableReplicas,
  }
  if (equal(status, set.status)) return
  try {
    controller.api.update('statefulsets.apps', { ...set, status }, { subresource: 'status' })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
