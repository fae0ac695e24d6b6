import type { KubeObject } from '../../api/object.ts'
import { scaled } from '../deployment/strategy.ts'
import { isPodAvailable } from '../shared/pods.ts'
import type { PodsByNode } from './daemon-set.ts'
import { nodeFit } from './node-fit.ts'

/** The old Pods that may be deleted now, so that no more nodes than allowed are without. */
export function podsToReplace(
  set: KubeObject,
  hash: string,
  pods: PodsByNode,
  nodes: readonly KubeObject[],
  now: number,
): KubeObject[] {
  const wanted = nodes.filter((node) => nodeFit(set.spec.template, node).run)
  const rolling = set.spec.updateStrategy.rollingUpdate ?? {}
  const surge = scaled(rolling.maxSurge ?? 0, wanted.length, true)
  // With a surge, the new Pod comes first; the old one is removed as surplus.
  if (surge > 0) return []
  const allowed = Math.max(1, scaled(rolling.maxUnavailable ?? 1, wanted.length, true))
  const isAvailable = (pod: KubeObject) =>
    !pod.metadata.deletionTimestamp && isPodAvailable(pod, set.spec.minReadySeconds ?? 0, now)
  let unavailable = 0
  const free: KubeObject[] = []
  const candidates: KubeObject[] = []
  for (const { metadata } of wanted) {
    const here = (pods.get(metadata.name) ?? []).filter((pod) => !pod.metadata.deletionTimestamp)
    const fresh = here.find((pod) => pod.metadata.labels?.['controller-revision-hash'] === hash)
    const old = here.find((pod) => pod.metadata.labels?.['controller-revision-hash'] !== hash)
    if (fresh) {
      if (!isAvailable(fresh)) unavailable++
    } else if (!old) unavailable++
    else if (isAvailable(old)) candidates.push(old)
    else {
      // It does not serve anyway.
      free.push(old)
      unavailable++
    }
  }
  return [...free, ...candidates.slice(0, Math.max(0, allowed - unavailable))]
}
