import { defineController } from './shared/controller.ts'

/** Gives every node a /24 of the Pod network 10.10.0.0/16 (and beyond it 10.11.0.0/16 and on, for very large clusters). */
export const nodeIpamController = defineController(
  'node-ipam-controller',
  (controller) => {
    const { api } = controller
    const taken = new Set<string>()
    controller.watch('nodes', ({ type, object }) => {
      const range = object.spec?.podCIDR
      if (type === 'DELETED') taken.delete(range)
      else if (range) taken.add(range)
      else controller.enqueue(object.metadata.name)
    })
    return (name) => {
      const node = api.get('nodes', undefined, name)
      if (!node || node.spec?.podCIDR) return
      const podCIDR = firstFree(taken)
      taken.add(podCIDR)
      api.patch('nodes', undefined, name, { spec: { podCIDR, podCIDRs: [podCIDR] } }, { type: 'strategic' })
    }
  },
  // Ranges are given in the order the nodes came.
  { account: 'node-controller', latency: { min: 2, max: 2 } },
)

function firstFree(taken: ReadonlySet<string>): string {
  for (let i = 0; ; i++) {
    const range = `10.${10 + (i >> 8)}.${i & 255}.0/24`
    if (!taken.has(range)) return range
  }
}
