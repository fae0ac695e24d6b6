import type { KubeObject, OwnerReference } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { controllerRef } from '../shared/meta.ts'
import { claimName, startOrdinal } from './identity.ts'

const RESOURCE = 'persistentvolumeclaims'

/** Makes the claims of an ordinal that are missing. Returns false when one of them is still being deleted. */
export function ensureClaims(controller: Controller, set: KubeObject, ordinal: number): boolean {
  const { api } = controller
  const { namespace } = set.metadata
  let ok = true
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const name = claimName(set, template, ordinal)
    const existing = api.get(RESOURCE, namespace, name)
    if (existing?.metadata.deletionTimestamp) ok = false
    if (existing) continue
    const metadata = {
      ...template.metadata,
      name,
      namespace,
      labels: { ...template.metadata.labels, ...set.spec.selector.matchLabels },
    }
    const pod = `${set.metadata.name}-${ordinal}`
    try {
      api.create(RESOURCE, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata, spec: template.spec })
      const message = `Create Claim ${name} Pod ${pod} in StatefulSet ${set.metadata.name} success`
      controller.event(set, 'Normal', 'SuccessfulCreate', message)
    } catch (error) {
      const message = `create Claim ${name} for Pod ${pod} in StatefulSet ${set.metadata.name} failed error: ${(error as Error).message}`
      controller.event(set, 'Warning', 'FailedCreate', message)
      throw error
    }
  }
  return ok
}

/** Sets who a claim goes with, as spec.persistentVolumeClaimRetentionPolicy says. */
export function ownClaims(controller: Controller, set: KubeObject, ordinal: number, pod: KubeObject | undefined): void {
  const { api } = controller
  const policy = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  const start = startOrdinal(set)
  const isScaledDown = ordinal < start || ordinal >= start + set.spec.replicas
  for (const template of set.spec.volumeClaimTemplates ?? []) {
    const claim = api.get(RESOURCE, set.metadata.namespace, claimName(set, template, ordinal))
    if (!claim) continue
    const others = (claim.metadata.ownerReferences ?? []).filter(
      ({ uid, kind }) =>
        uid !== set.metadata.uid &&
        !(kind === 'Pod' && claim.metadata.name.endsWith(`-${set.metadata.name}-${ordinal}`)),
    )
    const owners: OwnerReference[] = [...others]
    if (policy.whenScaled === 'Delete' && isScaledDown) {
      if (pod) owners.push(reference(pod))
      else continue
    } else if (policy.whenDeleted === 'Delete') owners.push(controllerRef(set))
    if (equal(owners, claim.metadata.ownerReferences ?? [])) continue
    const patch = { metadata: { ownerReferences: owners.length > 0 ? owners : null } }
    api.patch(RESOURCE, claim.metadata.namespace, claim.metadata.name, patch, { type: 'merge' })
  }
}

function reference(pod: KubeObject): OwnerReference {
  return { ...controllerRef(pod) }
}
