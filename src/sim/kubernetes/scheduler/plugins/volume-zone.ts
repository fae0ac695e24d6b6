import type { SchedulerPlugin } from '../plugin.ts'
import { unresolvable } from '../status.ts'
import { claimsOf } from './volume-binding.ts'

const KEYS = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

/** Volumes labelled with a zone or region can only be used there. */
export const volumeZone: SchedulerPlugin = {
  name: 'VolumeZone',
  wakes: ['node', 'volume'],
  preFilter: ({ pod }) => ({ skip: claimsOf(pod).length === 0 }),
  filter({ pod }, { labels }, { api }) {
    for (const { name } of claimsOf(pod)) {
      const volume = api.get('persistentvolumeclaims', pod.metadata.namespace, name)?.spec.volumeName
      const places = volume ? api.get('persistentvolumes', undefined, volume)?.metadata.labels : undefined
      for (const key of KEYS) {
        const allowed = places?.[key]?.split('__')
        if (allowed && !allowed.includes(labels[key] ?? '')) return unresolvable('node(s) had no available volume zone')
      }
    }
    return undefined
  },
}
