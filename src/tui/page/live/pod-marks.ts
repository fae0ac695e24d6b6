import type { Span } from '../../../course/text/span.ts'
import type { KubeObject } from '../../../sim/kubernetes/api/object.ts'
import { theme } from '../../theme.ts'

export type PodState = 'ready' | 'starting' | 'pulling' | 'failed' | 'going'

/** One sign a Pod, the same wherever Pods are drawn. */
export const podMarks: Readonly<Record<PodState, Span>> = {
  ready: { text: '■', sgr: theme.good },
  starting: { text: '▢', sgr: theme.wait },
  pulling: { text: '◌', sgr: theme.wait },
  failed: { text: '✗', sgr: theme.bad },
  going: { text: '·', sgr: theme.dim },
}

export function podState(pod: KubeObject): PodState {
  if (pod.metadata.deletionTimestamp || pod.status?.phase === 'Succeeded') return 'going'
  const statuses: any[] = pod.status?.containerStatuses ?? []
  const waiting = statuses.map((status) => status.state?.waiting?.reason as string | undefined)
  if (pod.status?.phase === 'Failed' || waiting.some((reason) => reason && /Err|BackOff|Invalid/.test(reason)))
    return 'failed'
  if (pod.status?.conditions?.some((condition: any) => condition.type === 'Ready' && condition.status === 'True'))
    return 'ready'
  return waiting.includes('ContainerCreating') ? 'pulling' : 'starting'
}

/** The signs of several Pods, a blank between. */
export const podRow = (pods: readonly KubeObject[]): Span[] =>
  pods.flatMap((pod) => [podMarks[podState(pod)], { text: ' ' }])
