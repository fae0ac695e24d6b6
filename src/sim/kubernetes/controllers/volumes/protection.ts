import type { KubeObject } from '../../api/object.ts'
import { claimsOf } from '../../scheduler/plugins/volume-binding.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { keyOf, splitKey } from '../shared/meta.ts'
import { isGone } from '../shared/pod-control.ts'
import { isPodFinished } from '../shared/pods.ts'

const CLAIM = 'kubernetes.io/pvc-protection'
const VOLUME = 'kubernetes.io/pv-protection'

/** A claim being deleted stays until no Pod on a node uses it. */
export const claimProtectionController = defineController(
  'persistentvolumeclaim-protection-controller',
  (controller) => {
    const { api } = controller
    controller.watch('persistentvolumeclaims', ({ type, object }) => {
      if (type !== 'DELETED') controller.enqueue(keyOf(object))
    })
    controller.watch('pods', ({ type, object }) => {
      if (type !== 'DELETED' && !isPodFinished(object)) return
      for (const { name } of claimsOf(object)) controller.enqueue(`${object.metadata.namespace}/${name}`)
    })
    return (key) => {
      const { namespace, name } = splitKey(key)
      const claim = api.get('persistentvolumeclaims', namespace, name)
      if (!claim?.metadata.deletionTimestamp) return
      const inUse = api
        .list('pods', { namespace })
        .some((pod) => pod.spec.nodeName && !isPodFinished(pod) && claimsOf(pod).some((used) => used.name === name))
      if (!inUse) removeFinalizer(controller, 'persistentvolumeclaims', claim, CLAIM)
    }
  },
  { account: 'pvc-protection-controller' },
)

/** A volume being deleted stays while it is bound. */
export const volumeProtectionController = defineController(
  'persistentvolume-protection-controller',
  (controller) => {
    const { api } = controller
    controller.watch('persistentvolumes', ({ type, object }) => {
      if (type !== 'DELETED') controller.enqueue(object.metadata.name)
    })
    return (name) => {
      const volume = api.get('persistentvolumes', undefined, name)
      if (!volume?.metadata.deletionTimestamp || volume.status?.phase === 'Bound') return
      removeFinalizer(controller, 'persistentvolumes', volume, VOLUME)
    }
  },
  { account: 'pv-protection-controller' },
)

function removeFinalizer(controller: Controller, resource: string, { metadata }: KubeObject, finalizer: string): void {
  if (!metadata.finalizers?.includes(finalizer)) return
  const rest = metadata.finalizers.filter((name) => name !== finalizer)
  const patch = { metadata: { uid: metadata.uid, finalizers: rest.length > 0 ? rest : null } }
  try {
    controller.api.patch(resource, metadata.namespace, metadata.name, patch, { type: 'merge' })
  } catch (error) {
    if (!isGone(error)) throw error
  }
}
