import { rfc3339Micro } from '../../time/date.ts'
import { defineController } from './shared/controller.ts'

const LEASES = 'leases.coordination.k8s.io'
const COMPONENTS = ['kube-controller-manager', 'kube-scheduler']
/** Seldomer than the real two seconds: nobody competes. */
const RENEW_MS = 10_000

/** The Leases by which the control plane's components show that they lead. */
export const leaderElection = defineController('leader-election', (controller) => {
  const { api } = controller
  const holder = new Map(COMPONENTS.map((name) => [name, `vm_${controller.random.uuid()}`]))
  const renew = () => {
    for (const name of COMPONENTS) {
      const time = rfc3339Micro(api.now())
      const lease = api.get(LEASES, 'kube-system', name)
      if (lease) api.update(LEASES, { ...lease, spec: { ...lease.spec, renewTime: time } })
      else {
        const spec = {
          acquireTime: time,
          holderIdentity: holder.get(name),
          leaseDurationSeconds: 15,
          leaseTransitions: 0,
          renewTime: time,
        }
        const metadata = { name, namespace: 'kube-system' }
        api.create(LEASES, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata, spec })
      }
    }
  }
  controller.enqueue('start')
  controller.every(RENEW_MS, renew)
  return renew
})
