import type { AdmissionPlugin } from './plugin.ts'

const KEYS = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** Pods stay five minutes on a node that is not ready or cannot be reached, unless they say otherwise. */
export const defaultTolerationSeconds: AdmissionPlugin = {
  name: 'DefaultTolerationSeconds',
  admit({ operation, info, subresource, object }) {
    if (info.name !== 'pods' || subresource !== '' || !object || (operation !== 'CREATE' && operation !== 'UPDATE'))
      return
    const tolerations: any[] = object.spec.tolerations ?? []
    const covers = (key: string) =>
      tolerations.some(
        (t) => (t.key === key || (!t.key && t.operator === 'Exists')) && (t.effect === 'NoExecute' || !t.effect),
      )
    const missing = KEYS.filter((key) => !covers(key))
    if (missing.length > 0)
      object.spec.tolerations = [
        ...tolerations,
        ...missing.map((key) => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })),
      ]
  },
}
