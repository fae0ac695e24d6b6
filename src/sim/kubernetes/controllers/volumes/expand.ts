import { compareQuantities } from '../../api/quantity.ts'
import { defineController } from '../shared/controller.ts'
import { keyOf, splitKey } from '../shared/meta.ts'

/** Tells that a bound claim which asks for more waits for whoever can enlarge its volume. */
export const volumeExpandController = defineController(
  'persistentvolume-expander-controller',
  (controller) => {
    const { api } = controller
    controller.watch('persistentvolumeclaims', ({ type, object, previous }) => {
      const before = previous?.spec.resources?.requests?.storage
      const now = object.spec.resources?.requests?.storage
      if (type === 'MODIFIED' && before !== now) controller.enqueue(keyOf(object))
    })
    return (key) => {
      const { namespace, name } = splitKey(key)
      const claim = api.get('persistentvolumeclaims', namespace, name)
      if (claim?.status?.phase !== 'Bound') return
      const wanted = claim.spec.resources?.requests?.storage ?? '0'
      if (compareQuantities(wanted, claim.status.capacity?.storage ?? '0') <= 0) return
      const message =
        "didn't find a plugin capable of expanding the volume; waiting for an external controller to process this PVC"
      controller.event(claim, 'Normal', 'ExternalExpanding', message)
    }
  },
  { account: 'expand-controller', eventSource: 'volume_expand' },
)
