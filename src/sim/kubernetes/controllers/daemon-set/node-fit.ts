import type { KubeObject } from '../../api/object.ts'
import { matchesRequiredNodes } from '../../scheduler/plugins/node-affinity.ts'
import { type Taint, toleratesTaint } from '../../scheduler/plugins/tolerations.ts'

/** Taints that daemons put up with: trouble on their node is their business. */
const TOLERATIONS = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const HOST_NETWORK = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' }

export function withDaemonTolerations(spec: any): any {
  const wanted = spec.hostNetwork ? [...TOLERATIONS, HOST_NETWORK] : TOLERATIONS
  const own: any[] = spec.tolerations ?? []
  const missing = wanted.filter(
    ({ key, effect }) => !own.some((t) => t.key === key && t.effect === effect && t.operator === 'Exists'),
  )
  return { ...spec, tolerations: [...own, ...missing] }
}

/** The Pod spec bound to one node by affinity; the scheduler places it. */
export function pinnedTo(node: string, spec: any): any {
  const matchFields = [{ key: 'metadata.name', operator: 'In', values: [node] }]
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const terms: any[] = required?.nodeSelectorTerms ?? [{}]
  const nodeSelectorTerms = terms.map((term) => ({ ...term, matchFields }))
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms },
  }
  return { ...spec, affinity: { ...spec.affinity, nodeAffinity } }
}

/** The node a daemon Pod was made for. */
export function targetNode(pod: KubeObject): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName
  const terms = pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  for (const { matchFields = [] } of terms ?? []) {
    for (const { key, values } of matchFields) if (key === 'metadata.name') return values?.[0]
  }
  return undefined
}

/** Whether a node should get the daemon, and whether one that runs there may stay. */
export function nodeFit(template: any, node: KubeObject): { run: boolean; stay: boolean } {
  const spec = withDaemonTolerations(template.spec)
  const pod = { spec } as KubeObject
  const named = !spec.nodeName || spec.nodeName === node.metadata.name
  if (!named || !matchesRequiredNodes(pod, node)) return { run: false, stay: false }
  const untolerated = (node.spec?.taints ?? []).filter(
    (taint: Taint) => taint.effect !== 'PreferNoSchedule' && !toleratesTaint(spec.tolerations, taint),
  )
  if (untolerated.length === 0) return { run: true, stay: true }
  return { run: false, stay: !untolerated.some((taint: Taint) => taint.effect === 'NoExecute') }
}
