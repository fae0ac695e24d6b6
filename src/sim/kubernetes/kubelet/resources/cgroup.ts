import type { ContainerSpec } from '../../../containers/engine.ts'
import { milliValue, quantityValue } from '../../api/quantity.ts'
import type { Container, Pod } from '../pod.ts'
import { qosClass } from './qos.ts'

/** `/kubepods/burstable/pod<uid>` */
export function podCgroup(pod: Pod): string {
  const qos = qosClass(pod.spec)
  const parent = qos === 'Guaranteed' ? '/kubepods' : `/kubepods/${qos.toLowerCase()}`
  return `${parent}/pod${pod.metadata.uid}`
}

/** CPU shares, quota and memory limit of a container, as the kubelet computes them from its resources. */
export function cgroupResources(container: Container): NonNullable<ContainerSpec['resources']> {
  const { requests, limits } = container.resources ?? {}
  const request = milliValue(requests?.cpu ?? limits?.cpu)
  const limit = milliValue(limits?.cpu)
  const memory = quantityValue(limits?.memory)
  return {
    cpuShares: request > 0 ? Math.max(2, Math.floor((request * 1024) / 1000)) : 2,
    ...(limit > 0 ? { cpuQuota: Math.max(1000, limit * 100), cpuPeriod: 100_000 } : {}),
    ...(memory > 0 ? { memory } : {}),
    oomGroup: true,
  }
}

/** What the kubelet writes to oom_score_adj, on a node with `memory` bytes: the less was promised, the sooner killed. */
export function oomScoreAdjust(pod: Pod, container: Container, memory: number): number {
  const qos = qosClass(pod.spec)
  if (qos === 'Guaranteed') return -997
  if (qos === 'BestEffort') return 1000
  const request = quantityValue(container.resources?.requests?.memory)
  return Math.min(999, Math.max(3, 1000 - Math.floor((1000 * request) / memory)))
}
