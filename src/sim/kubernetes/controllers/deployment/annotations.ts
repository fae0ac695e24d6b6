import type { KubeObject } from '../../api/object.ts'

export const REVISION = 'deployment.kubernetes.io/revision'
export const REVISION_HISTORY = 'deployment.kubernetes.io/revision-history'
export const DESIRED = 'deployment.kubernetes.io/desired-replicas'
export const MAX = 'deployment.kubernetes.io/max-replicas'

/** A Deployment's annotations that its ReplicaSets do not get. */
const OWN = new Set([
  'kubectl.kubernetes.io/last-applied-configuration',
  REVISION,
  REVISION_HISTORY,
  DESIRED,
  MAX,
  'deprecated.deployment.rollback.to',
])

export function revisionOf(object: KubeObject | undefined): number {
  return Number(object?.metadata.annotations?.[REVISION] ?? 0) || 0
}

export function numberAnnotation(object: KubeObject, name: string): number | undefined {
  const text = object.metadata.annotations?.[name]
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text)
}

/** The annotations a ReplicaSet should have when it becomes the Deployment's newest, as of `revision`. */
export function newReplicaSetAnnotations(
  deployment: KubeObject,
  existing: Record<string, string> | undefined,
  revision: number,
): Record<string, string> {
  const annotations = { ...existing }
  for (const [key, value] of Object.entries(deployment.metadata.annotations ?? {})) {
    if (!OWN.has(key)) annotations[key] = value
  }
  const old = annotations[REVISION]
  if ((Number(old ?? 0) || 0) < revision) {
    annotations[REVISION] = String(revision)
    if (old) annotations[REVISION_HISTORY] = [annotations[REVISION_HISTORY], old].filter(Boolean).join(',')
  }
  return annotations
}
