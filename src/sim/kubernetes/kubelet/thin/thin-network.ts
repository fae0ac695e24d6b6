import type { PodNetwork } from '../node.ts'

/** Addresses without a network: the next free one of the node's range. */
export function thinNetwork(podCIDR: () => string | undefined): PodNetwork {
  const taken = new Map<string, string>()
  let last = 1
  return {
    notReady: () => (podCIDR() ? undefined : 'cni plugin not initialized'),
    attach(sandbox) {
      const base = podCIDR()!.split('.').slice(0, 3).join('.')
      const used = new Set(taken.values())
      for (let i = 0; i < 253; i++) {
        last = last >= 254 ? 2 : last + 1
        const address = `${base}.${last}`
        if (used.has(address)) continue
        taken.set(sandbox.id, address)
        return address
      }
      throw new Error('no IP addresses available in range set')
    },
    detach(sandbox) {
      taken.delete(sandbox.id)
    },
  }
}
