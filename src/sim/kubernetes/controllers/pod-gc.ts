import type { KubeObject } from '../api/object.ts'
import { type Controller, defineController } from './shared/controller.ts'
import { formatTime } from './shared/meta.ts'
import { isGone } from './shared/pod-control.ts'
import { isPodFinished } from './shared/pods.ts'

const PERIOD_MS = 20_000
const QUARANTINE_MS = 40_000
const MAX_FINISHED = 12_500

/** Removes Pods that no kubelet will: on nodes that are gone, deleted before they had a node, finished beyond number. */
export const podGarbageCollector = defineController(
  'pod-garbage-collector-controller',
  (controller) => {
    /** Nodes missed, and since when. */
    const missing = new Map<string, number>()
    controller.every(PERIOD_MS, () => collect(controller, missing))
    return () => {}
  },
  { account: 'pod-garbage-collector' },
)

function collect(controller: Controller, missing: Map<string, number>): void {
  const { api } = controller
  const now = api.now()
  const finished: KubeObject[] = []
  const lost = new Set<string>()
  for (const pod of api.list('pods')) {
    const node = pod.spec.nodeName
    if (isPodFinished(pod)) finished.push(pod)
    if (!node) {
      if (pod.metadata.deletionTimestamp) remove(controller, pod)
    } else if (!api.get('nodes', undefined, node)) {
      lost.add(node)
      if (now - (missing.get(node) ?? now) >= QUARANTINE_MS) {
        remove(controller, pod, 'PodGC: node no longer exists')
      }
    }
  }
  for (const node of [...missing.keys()]) if (!lost.has(node)) missing.delete(node)
  for (const node of lost) if (!missing.has(node)) missing.set(node, now)
  if (finished.length <= MAX_FINISHED) return
  finished.sort((a, b) => (a.metadata.creationTimestamp < b.metadata.creationTimestamp ? -1 : 1))
  for (const pod of finished.slice(0, finished.length - MAX_FINISHED)) remove(controller, pod)
}

function remove(controller: Controller, pod: KubeObject, why?: string): void {
  const { api } = controller
  const { namespace, name } = pod.metadata
  try {
    if (!isPodFinished(pod)) {
      const condition = {
        type: 'DisruptionTarget',
        status: 'True',
        reason: 'DeletionByPodGC',
        message: why,
        lastProbeTime: null,
        lastTransitionTime: formatTime(api.now()),
        observedGeneration: pod.metadata.generation,
      }
      const conditions = [...(pod.status?.conditions ?? []), ...(why ? [condition] : [])]
      const status = { ...pod.status, phase: 'Failed', conditions }
      api.update('pods', { ...pod, status }, { subresource: 'status' })
    }
    api.delete('pods', namespace, name, { gracePeriodSeconds: 0 })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
