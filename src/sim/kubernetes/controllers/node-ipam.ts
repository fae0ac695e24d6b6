import { defineController } from './shared/controller.ts'

/** Gives every node a /24 of the Pod network 10.10.0.0/16 (and beyond it 10.11.0.0/16 and on, for very large clusters). */
export const nodeIpamController = defineController(
  'node-ipam-controller',
  (controller) => {
    const { api, clusterCIDR = '10.10.0.0/16' } = controller
    const [first = 0, second = 0] = clusterCIDR.split('.').map(Number)
    const taken = new Set<string>()
    controller.watch('nodes', ({ type, object }) => {
      const range = object.spec?.podCIDR
      if (type === 'DELETED') taken.delete(range)
      else if (range) taken.add(range)
      else controller.enqueue(object.metadata.name)
    })
    return (name) => {
      const node = api.get('nodes', undefined, name)
      if (!node || node.spec?.podCIDR || clusterCIDR === '') return
      const podCIDR = firstFree(taken, first, second)
      taken.add(podCIDR)
      api.patch('nodes', undefined, name, { spec: { podCIDR, podCIDRs: [podCIDR] } }, { type: 'strategic' })
    }
  },
  // Ranges are given in the order the nodes came.
  { account: 'node-controller', latency: { min: 2, max: 2 } },
)

function firstFree(taken: ReadonlySet<string>, first: number, second: number): string {
  for (let i = 0; ; i++) {
    const range = `${first}.${second + (i >> 8)}.${i & 255}.0/24`
    if (!taken.has(range)) return range
  }
}
