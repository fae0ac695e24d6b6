import type { KubeObject } from '../../api/object.ts'
import { compareQuantities, quantityValue } from '../../api/quantity.ts'
import { matchesNodeSelector } from '../../scheduler/plugins/node-affinity.ts'
import { matchesSelector } from '../shared/selector.ts'

/** The class a claim asks for; undefined where it asks for the default one. */
export function classOf(object: KubeObject): string | undefined {
  return object.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? object.spec.storageClassName
}

export function isBoundTo(volume: KubeObject, claim: KubeObject): boolean {
  const ref = volume.spec.claimRef
  if (!ref || ref.name !== claim.metadata.name || ref.namespace !== claim.metadata.namespace) return false
  return !ref.uid || ref.uid === claim.metadata.uid
}

/** True when a volume's node affinity admits the node. */
export function fitsNode(volume: KubeObject, node: KubeObject): boolean {
  return matchesNodeSelector(volume.spec.nodeAffinity?.required, node)
}

/**
 * The volume to bind to a claim: one reserved for it, or the smallest available that has the class, the size, the
 * modes and the labels (and suits the node, when one is given).
 */
export function findVolume(
  volumes: readonly KubeObject[],
  claim: KubeObject,
  node?: KubeObject,
  taken: ReadonlySet<string> = new Set(),
): KubeObject | undefined {
  const wanted = claim.spec.resources?.requests?.storage ?? '0'
  let best: KubeObject | undefined
  for (const volume of volumes) {
    if (taken.has(volume.metadata.name)) continue
    if (volume.spec.claimRef && !isBoundTo(volume, claim)) continue
    if (!hasMode(volume, claim)) continue
    if (volume.metadata.deletionTimestamp) continue
    if (compareQuantities(volume.spec.capacity?.storage ?? '0', wanted) < 0) continue
    if (!hasModes(volume, claim)) continue
    if (node && !fitsNode(volume, node)) continue
    // A volume reserved for this claim needs nothing else.
    if (volume.spec.claimRef) return volume
    if ((volume.status?.phase ?? 'Available') !== 'Available') continue
    if ((classOf(volume) ?? '') !== (classOf(claim) ?? '')) continue
    if ((volume.spec.volumeAttributesClassName ?? '') !== (claim.spec.volumeAttributesClassName ?? '')) continue
    if (claim.spec.selector && !matchesSelector(claim.spec.selector, volume.metadata.labels)) continue
    if (!best || sizeOf(volume) < sizeOf(best)) best = volume
  }
  return best
}

/** Why a volume that a claim names itself won't do; undefined when it will. */
export function mismatch(volume: KubeObject, claim: KubeObject): string | undefined {
  const wanted = claim.spec.resources?.requests?.storage ?? '0'
  if (volume.metadata.deletionTimestamp)
    return `the volume is marked for deletion ${JSON.stringify(volume.metadata.name)}`
  if (compareQuantities(volume.spec.capacity?.storage ?? '0', wanted) < 0) return 'requested PV is too small'
  if ((classOf(volume) ?? '') !== (classOf(claim) ?? '')) return 'storageClassName does not match'
  if (!hasMode(volume, claim)) return 'incompatible volumeMode'
  if (!hasModes(volume, claim)) return 'incompatible accessMode'
  return undefined
}

const hasMode = (volume: KubeObject, claim: KubeObject) =>
  (volume.spec.volumeMode ?? 'Filesystem') === (claim.spec.volumeMode ?? 'Filesystem')

export function hasModes(volume: KubeObject, claim: KubeObject): boolean {
  return (claim.spec.accessModes ?? []).every((mode: string) => volume.spec.accessModes?.includes(mode))
}

function sizeOf(volume: KubeObject): number {
  return quantityValue(volume.spec.capacity?.storage)
}

/** True when the claim is bound and the binding is complete on both sides. */
export function isFullyBound(claim: KubeObject): boolean {
  return !!claim.spec.volumeName && claim.metadata.annotations?.['pv.kubernetes.io/bind-completed'] !== undefined
}
