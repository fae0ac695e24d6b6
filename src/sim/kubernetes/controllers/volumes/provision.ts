import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'

const PROVISIONER = 'volume.kubernetes.io/storage-provisioner'
const PROVISIONER_BETA = 'volume.beta.kubernetes.io/storage-provisioner'

/** Asks for a new volume: the class's provisioner, which runs elsewhere, sees the claim's annotations. */
export function provision(
  controller: Controller,
  claim: KubeObject,
  className: string,
  storageClass: KubeObject | undefined,
): void {
  if (!storageClass) {
    const message = `storageclass.storage.k8s.io "${className}" not found`
    controller.event(claim, 'Warning', 'ProvisioningFailed', message)
    return
  }
  const { provisioner } = storageClass
  if (provisioner === 'kubernetes.io/no-provisioner') {
    controller.event(
      claim,
      'Warning',
      'ProvisioningFailed',
      'no volume plugin matched name: kubernetes.io/no-provisioner',
    )
    return
  }
  const annotations = { ...claim.metadata.annotations, [PROVISIONER]: provisioner, [PROVISIONER_BETA]: provisioner }
  if (claim.metadata.annotations?.[PROVISIONER] !== provisioner) {
    const { namespace, name } = claim.metadata
    controller.api.patch('persistentvolumeclaims', namespace, name, { metadata: { annotations } }, { type: 'merge' })
  }
  const message = `Waiting for a volume to be created either by the external provisioner '${provisioner}' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered.`
  controller.event(claim, 'Normal', 'ExternalProvisioning', message)
}
