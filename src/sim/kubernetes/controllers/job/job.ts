import type { KubeObject } from '../../api/object.ts'
import { claim, watchOrphans } from '../shared/claim.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { controllerOf, keyOf, splitKey } from '../shared/meta.ts'
import { JobPass } from './pass.ts'
import { TRACKING } from './pods.ts'
import { type Backoff, removeTracking } from './tracking.ts'

/** Changes of Pods are looked at together, a second later. */
const BATCH_MS = 1000

export const jobController = defineController(
  'job-controller',
  (controller) => {
    const { api } = controller
    const orphans = watchOrphans(controller, 'pods')
    const backoffs = new Map<string, Backoff>()
    controller.watch('jobs.batch', ({ type, object, previous }) => {
      if (type === 'DELETED') backoffs.delete(object.metadata.uid)
      const statusOnly = type === 'MODIFIED' && previous?.metadata.generation === object.metadata.generation
      if (statusOnly) controller.enqueueAfter(keyOf(object), BATCH_MS)
      else controller.enqueue(keyOf(object))
    })
    controller.watch('pods', ({ object, previous }) => {
      for (const pod of previous ? [object, previous] : [object]) {
        const owner = controllerOf(pod)
        if (owner?.kind === 'Job') controller.enqueueAfter(`${pod.metadata.namespace}/${owner.name}`, BATCH_MS)
        else if (!owner && pod.metadata.finalizers?.includes(TRACKING)) {
          controller.enqueueAfter(`${pod.metadata.namespace}/${pod.metadata.labels?.['job-name']}`, BATCH_MS)
        }
      }
    })

    return (key) => {
      const { namespace, name } = splitKey(key)
      const job = api.get('jobs.batch', namespace, name)
      releasePods(controller, namespace, name, job)
      if (!job || isFinished(job)) return
      const managedBy = job.spec.managedBy
      if (managedBy && managedBy !== 'kubernetes.io/job-controller') return
      const pods = claim(controller, job, 'pods', orphans)
      let backoff = backoffs.get(job.metadata.uid)
      if (!backoff) {
        backoff = { failures: 0, lastFailure: 0 }
        backoffs.set(job.metadata.uid, backoff)
      }
      const again = new JobPass(controller, job, pods, backoff).run()
      if (again !== undefined) controller.enqueueAfter(key, again)
    }
  },
  { backOff: { first: 1000, max: 60_000 } },
)

export function isFinished(job: KubeObject): boolean {
  return (job.status?.conditions ?? []).some(
    (c: any) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True',
  )
}

/** Pods whose Job is gone or done need not be counted any more: they may go. */
function releasePods(controller: Controller, namespace: string, name: string, job: KubeObject | undefined): void {
  if (job && !isFinished(job)) return
  for (const pod of controller.api.list('pods', { namespace, labels: { matchLabels: { 'job-name': name } } })) {
    if (!pod.metadata.finalizers?.includes(TRACKING)) continue
    const owner = controllerOf(pod)
    if (owner?.kind === 'Job' && job && owner.uid !== job.metadata.uid) continue
    removeTracking(controller, pod)
  }
}
