import type { SchedulerPlugin } from '../plugin.ts'
import { unschedulable } from '../status.ts'
import { claimsOf } from './volume-binding.ts'

/** A claim with the mode ReadWriteOncePod serves one Pod at a time. */
export const volumeRestrictions: SchedulerPlugin = {
  name: 'VolumeRestrictions',
  wakes: ['pod-gone', 'volume'],
  preFilter(cycle, { api }) {
    const exclusive = claimsOf(cycle.pod)
      .map(({ name }) => name)
      .filter((name) =>
        api
          .get('persistentvolumeclaims', cycle.pod.metadata.namespace, name)
          ?.spec.accessModes?.includes('ReadWriteOncePod'),
      )
    cycle.state.set('VolumeRestrictions', new Set(exclusive))
    return { skip: exclusive.length === 0 }
  },
  filter(cycle, node) {
    const exclusive = cycle.state.get('VolumeRestrictions') as ReadonlySet<string>
    for (const { pod } of node.pods.values()) {
      if (pod.metadata.namespace !== cycle.pod.metadata.namespace) continue
      if (claimsOf(pod).some(({ name }) => exclusive.has(name))) {
        return unschedulable(
          'node has pod using PersistentVolumeClaim with the same name and ReadWriteOncePod access mode',
        )
      }
    }
    return undefined
  },
}
