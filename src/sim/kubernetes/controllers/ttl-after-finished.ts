import { defineController } from './shared/controller.ts'
import { keyOf, parseTime, splitKey } from './shared/meta.ts'

/** Deletes Jobs some time after they finished, with their Pods. */
export const ttlAfterFinishedController = defineController('ttl-after-finished-controller', (controller) => {
  const { api } = controller
  controller.watch('jobs.batch', ({ type, object }) => {
    if (type !== 'DELETED' && object.spec.ttlSecondsAfterFinished !== undefined) controller.enqueue(keyOf(object))
  })
  return (key) => {
    const { namespace, name } = splitKey(key)
    const job = api.get('jobs.batch', namespace, name)
    const seconds = job?.spec.ttlSecondsAfterFinished
    if (!job || job.metadata.deletionTimestamp || seconds === undefined) return
    const end = job.status?.conditions?.find(
      (c: any) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True',
    )
    if (!end) return
    const wait = parseTime(end.lastTransitionTime) + seconds * 1000 - api.now()
    if (wait > 0) controller.enqueueAfter(key, wait)
    else {
      const preconditions = { uid: job.metadata.uid }
      api.delete('jobs.batch', namespace, name, { propagationPolicy: 'Foreground', preconditions })
    }
  }
})
