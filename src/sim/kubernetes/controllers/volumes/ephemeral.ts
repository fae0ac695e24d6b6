import { defineController } from '../shared/controller.ts'
import { controllerRef, keyOf, splitKey } from '../shared/meta.ts'

/** Makes the claims of generic ephemeral volumes; they go with their Pod. */
export const ephemeralVolumeController = defineController('ephemeral-volume-controller', (controller) => {
  const { api } = controller
  controller.watch('pods', ({ type, object }) => {
    const isWanting = type !== 'DELETED' && object.spec.volumes?.some((volume: any) => volume.ephemeral)
    if (isWanting && !object.metadata.deletionTimestamp) controller.enqueue(keyOf(object))
  })
  return (key) => {
    const { namespace, name } = splitKey(key)
    const pod = api.get('pods', namespace, name)
    if (!pod || pod.metadata.deletionTimestamp) return
    for (const volume of pod.spec.volumes ?? []) {
      const wanted = volume.ephemeral?.volumeClaimTemplate
      if (!wanted || api.get('persistentvolumeclaims', namespace, `${name}-${volume.name}`)) continue
      const { labels, annotations } = wanted.metadata ?? {}
      const metadata = {
        name: `${name}-${volume.name}`,
        namespace,
        ...(labels && { labels }),
        ...(annotations && { annotations }),
        ownerReferences: [controllerRef(pod)],
      }
      const claim = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: wanted.spec }
      try {
        api.create('persistentvolumeclaims', claim)
      } catch (error) {
        const message = `ephemeral volume ${volume.name}: ${(error as Error).message}`
        controller.event(pod, 'Warning', 'FailedEphemeralVolume', message)
        throw error
      }
    }
  }
})
