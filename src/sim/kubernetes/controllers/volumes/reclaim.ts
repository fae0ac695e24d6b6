import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { setVolumePhase } from './volume-phase.ts'

/** Does what spec.persistentVolumeReclaimPolicy says with a volume whose claim is gone. */
export function reclaim(controller: Controller, volume: KubeObject): void {
  const policy = volume.spec.persistentVolumeReclaimPolicy
  if (policy === 'Recycle') fail(controller, volume, 'VolumeFailedRecycle', 'not simulated: recycling of volumes')
  else if (policy === 'Delete') remove(controller, volume)
}

function remove(controller: Controller, volume: KubeObject): void {
  // Its provisioner, which runs elsewhere, deletes it.
  if (volume.metadata.annotations?.['pv.kubernetes.io/provisioned-by'] || volume.metadata.deletionTimestamp) return
  const problem = deleterProblem(volume)
  if (problem) fail(controller, volume, 'VolumeFailedDelete', problem)
  else controller.api.delete('persistentvolumes', undefined, volume.metadata.name)
}

function deleterProblem({ spec, metadata }: KubeObject): string | undefined {
  if (!spec.hostPath) {
    return `error getting deleter volume plugin for volume "${metadata.name}": no deletable volume plugin matched`
  }
  return /^\/tmp\/.+/.test(spec.hostPath.path)
    ? undefined
    : `host_path deleter only supports /tmp/.+ but received provided ${spec.hostPath.path}`
}

function fail(controller: Controller, volume: KubeObject, reason: string, message: string): void {
  if (volume.status?.phase === 'Failed' && volume.status.message === message) return
  const failed = setVolumePhase(controller, volume, 'Failed', message)
  controller.event(failed, 'Warning', reason, message)
}
