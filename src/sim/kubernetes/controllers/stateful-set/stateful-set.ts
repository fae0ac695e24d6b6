import type { KubeObject } from '../../api/object.ts'
import { claim, watchOrphans } from '../shared/claim.ts'
import { defineController } from '../shared/controller.ts'
import { splitKey } from '../shared/meta.ts'
import { untilAvailable } from '../shared/pods.ts'
import { claimRevisions, currentRevision, trimRevisions, watchRevisions } from '../shared/revisions.ts'
import { watchKeys, watchOwned } from '../shared/watch-owned.ts'
import { ordinalOf, REVISION } from './identity.ts'
import { writeStatus } from './status.ts'
import { StatefulUpdate } from './update.ts'

export const statefulSetController = defineController('statefulset-controller', (controller) => {
  const { api } = controller
  const orphans = watchOrphans(controller, 'pods')
  const oldRevisions = watchRevisions(controller)
  watchKeys(controller, 'statefulsets.apps')
  watchOwned(controller, 'pods', 'StatefulSet', 'statefulsets.apps')

  return (key) => {
    const { namespace, name } = splitKey(key)
    const set = api.get('statefulsets.apps', namespace, name)
    if (!set) return
    const pods = claim(controller, set, 'pods', orphans).filter((pod) => ordinalOf(set, pod) !== undefined)
    controller.weigh(key, pods.length)
    const revisions = claimRevisions(controller, set, oldRevisions)
    const updateRevision = currentRevision(controller, set, revisions, 'controller.kubernetes.io/hash')
    const named = revisions.find(({ metadata }) => metadata.name === set.status?.currentRevision)
    const update = new StatefulUpdate(controller, set, pods, named ?? updateRevision, updateRevision)
    let failure: unknown
    try {
      update.run()
    } catch (error) {
      failure = error
    }
    writeStatus(controller, set, update.status())
    trim(set, pods, [update.currentRevision, updateRevision])
    for (const pod of pods) {
      const wait = untilAvailable(pod, set.spec.minReadySeconds ?? 0, api.now())
      if (wait !== undefined) controller.enqueueAfter(key, wait)
    }
    if (failure) throw failure
  }

  function trim(set: KubeObject, pods: readonly KubeObject[], kept: readonly KubeObject[]): void {
    const live = new Set([
      ...pods.map(({ metadata }) => metadata.labels?.[REVISION]),
      ...kept.map(({ metadata }) => metadata.name),
    ])
    const isLive = ({ metadata }: KubeObject) => live.has(metadata.name)
    trimRevisions(
      controller,
      claimRevisions(controller, set, oldRevisions),
      isLive,
      set.spec.revisionHistoryLimit ?? 10,
    )
  }
})
