import type { AdmissionPlugin } from './plugin.ts'

/** A new node is not scheduled to before it is ready. */
export const taintNodesByCondition: AdmissionPlugin = {
  name: 'TaintNodesByCondition',
  admit({ operation, info, subresource, object }) {
    if (info.name !== 'nodes' || operation !== 'CREATE' || subresource !== '' || !object) return
    object.spec ??= {}
    const taints: any[] = object.spec.taints ?? []
    if (taints.some((t) => t.key === 'node.kubernetes.io/not-ready' && t.effect === 'NoSchedule')) return
    object.spec.taints = [...taints, { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }]
  },
}
