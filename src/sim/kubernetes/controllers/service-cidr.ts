import { defineController } from './shared/controller.ts'
import { formatTime } from './shared/meta.ts'

const RANGES = 'servicecidrs.networking.k8s.io'
const FINALIZER = 'networking.k8s.io/service-cidr-finalizer'

/** Takes a new ServiceCIDR into use, and lets one go. Addresses are given from the first one only. */
export const serviceCidrController = defineController(
  'service-cidrs-controller',
  (controller) => {
    const { api } = controller
    controller.watch(RANGES, ({ type, object }) => {
      const { deletionTimestamp, finalizers = [] } = object.metadata
      const isDone = deletionTimestamp ? !finalizers.includes(FINALIZER) : object.status?.conditions?.length > 0
      if (type !== 'DELETED' && !isDone) controller.enqueue(object.metadata.name)
    })
    return (name) => {
      const range = api.get(RANGES, undefined, name)
      if (!range) return
      const { deletionTimestamp, finalizers = [] } = range.metadata
      const finalize = (left: string[]) =>
        api.patch(
          RANGES,
          undefined,
          name,
          { metadata: { finalizers: left.length > 0 ? left : null } },
          { type: 'merge' },
        )
      if (deletionTimestamp) {
        const last = api.list(RANGES).every(({ metadata }) => metadata.name === name)
        if (!last) finalize(finalizers.filter((finalizer) => finalizer !== FINALIZER))
        return
      }
      if (!finalizers.includes(FINALIZER)) finalize([...finalizers, FINALIZER])
      const fresh = api.get(RANGES, undefined, name)!
      if (fresh.status?.conditions?.length > 0) return
      const condition = {
        type: 'Ready',
        status: 'True',
        lastTransitionTime: formatTime(api.now()),
        reason: '',
        message: 'Kubernetes Service CIDR is ready',
      }
      api.update(RANGES, { ...fresh, status: { conditions: [condition] } }, { subresource: 'status' })
    }
  },
  { unseeded: true },
)
