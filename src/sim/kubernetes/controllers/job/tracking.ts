import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { isGone } from '../shared/pod-control.ts'
import { TRACKING } from './pods.ts'

/** Of a Job's Pods, kept between passes: how often in a row they failed, and when last. */
export interface Backoff {
  failures: number
  lastFailure: number
}

/** Lets a Pod go that needs not be counted any more. */
export function removeTracking(controller: Controller, pod: KubeObject): void {
  const rest = (pod.metadata.finalizers ?? []).filter((finalizer) => finalizer !== TRACKING)
  const patch = { metadata: { uid: pod.metadata.uid, finalizers: rest.length > 0 ? rest : null } }
  try {
    controller.api.patch('pods', pod.metadata.namespace, pod.metadata.name, patch, { type: 'merge' })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
