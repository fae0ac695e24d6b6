import type { DeleteOptions } from '../../api/client.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ResourceInfo } from '../registry.ts'

/** True of an object whose deletion waits for nothing any more. */
export function isReadyToGo(info: ResourceInfo, object: KubeObject): boolean {
  const { deletionTimestamp, finalizers, deletionGracePeriodSeconds } = object.metadata
  if (!deletionTimestamp || (finalizers && finalizers.length > 0)) return false
  if (info.name === 'namespaces') return (object.spec?.finalizers ?? []).length === 0
  return (deletionGracePeriodSeconds ?? 0) === 0
}

/** Jobs and ReplicationControllers keep their Pods unless told otherwise. */
const ORPHAN_BY_DEFAULT = new Set(['replicationcontrollers', 'jobs.batch'])

/** The finalizers with what the wished propagation adds. */
export function propagationFinalizers(
  info: ResourceInfo,
  finalizers: readonly string[],
  policy?: DeleteOptions['propagationPolicy'],
): string[] {
  const wanted = policy ?? (ORPHAN_BY_DEFAULT.has(info.name) ? 'Orphan' : undefined)
  if (wanted === undefined) return [...finalizers]
  const rest = finalizers.filter((f) => f !== 'orphan' && f !== 'foregroundDeletion')
  if (wanted === 'Orphan') rest.push('orphan')
  if (wanted === 'Foreground') rest.push('foregroundDeletion')
  return rest
}

/** Seconds: Pods on a node are given time to end; everything else goes at once. */
export function gracePeriod(info: ResourceInfo, object: KubeObject, wanted: number | undefined): number {
  if (info.name !== 'pods') return 0
  const { spec, status } = object
  if (!spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0
  return wanted ?? spec.terminationGracePeriodSeconds ?? 30
}
