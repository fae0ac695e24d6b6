import type { KubeObject } from '../api/object.ts'
import { type Taint, type Toleration, tolerates } from '../scheduler/plugins/tolerations.ts'
import { type Controller, defineController } from './shared/controller.ts'
import { equal } from './shared/equal.ts'
import { formatTime, keyOf, splitKey } from './shared/meta.ts'
import { isConflict, isGone } from './shared/pod-control.ts'

/** Deletes Pods from nodes with a NoExecute taint they do not tolerate (any longer). */
export const taintEvictionController = defineController(
  'taint-eviction-controller',
  (controller) => {
    const { api } = controller
    /** When a Pod is to go, by its key. */
    const planned = new Map<string, { uid: string; since: number; at: number }>()
    controller.watch('nodes', ({ type, object, previous }) => {
      const before = previous ? noExecute(previous) : []
      if (type === 'DELETED' || equal(before, noExecute(object))) return
      for (const pod of api.list('pods', { onNode: object.metadata.name })) controller.enqueue(keyOf(pod))
    })
    controller.watch('pods', ({ type, object, previous }) => {
      if (type === 'DELETED') planned.delete(keyOf(object))
      const placed = object.spec.nodeName !== previous?.spec.nodeName
      if (placed || !equal(previous?.spec.tolerations, object.spec.tolerations)) controller.enqueue(keyOf(object))
    })

    return (key) => {
      const { namespace, name } = splitKey(key)
      const pod = api.get('pods', namespace, name)
      const node = pod?.spec.nodeName ? api.get('nodes', undefined, pod.spec.nodeName) : undefined
      if (!pod || pod.metadata.deletionTimestamp || !node) {
        planned.delete(key)
        return
      }
      const seconds = toleratedFor(noExecute(node), pod.spec.tolerations ?? [])
      const known = planned.get(key)?.uid === pod.metadata.uid ? planned.get(key) : undefined
      if (seconds === Number.POSITIVE_INFINITY) {
        if (!known) return
        planned.delete(key)
        controller.event(pod, 'Normal', 'TaintManagerEviction', `Cancelling deletion of Pod ${key}`)
        return
      }
      const now = api.now()
      const since = known?.since ?? now
      const at = Math.min(since + seconds * 1000, known?.at ?? Number.POSITIVE_INFINITY)
      if (at > now) {
        planned.set(key, { uid: pod.metadata.uid, since, at })
        controller.enqueueAfter(key, at - now)
        return
      }
      planned.delete(key)
      evict(controller, pod)
    }
  },
  { account: 'node-controller' },
)

function noExecute(node: KubeObject): Taint[] {
  return (node.spec?.taints ?? []).filter((taint: Taint) => taint.effect === 'NoExecute')
}

/** Seconds; infinite when every taint is tolerated for good. */
function toleratedFor(taints: readonly Taint[], tolerations: readonly Toleration[]): number {
  let least = Number.POSITIVE_INFINITY
  for (const taint of taints) {
    const fitting = tolerations.filter((toleration) => tolerates(toleration, taint))
    if (fitting.length === 0) return 0
    for (const { tolerationSeconds } of fitting) {
      if (tolerationSeconds !== undefined) least = Math.min(least, Math.max(0, tolerationSeconds))
    }
  }
  return least
}

function evict(controller: Controller, pod: KubeObject): void {
  const { api } = controller
  const { namespace, name, uid } = pod.metadata
  controller.event(pod, 'Normal', 'TaintManagerEviction', `Marking for deletion Pod ${namespace}/${name}`)
  const condition = {
    type: 'DisruptionTarget',
    status: 'True',
    reason: 'DeletionByTaintManager',
    message: 'Taint manager: deleting due to NoExecute taint',
    lastProbeTime: null,
    lastTransitionTime: formatTime(api.now()),
    observedGeneration: pod.metadata.generation,
  }
  try {
    const conditions = [...(pod.status?.conditions ?? []).filter((c: any) => c.type !== condition.type), condition]
    api.update('pods', { ...pod, status: { ...pod.status, conditions } }, { subresource: 'status' })
    api.delete('pods', namespace, name, { preconditions: { uid } })
  } catch (error) {
    if (isConflict(error)) controller.enqueue(keyOf(pod))
    else if (!isGone(error)) throw error
  }
}
