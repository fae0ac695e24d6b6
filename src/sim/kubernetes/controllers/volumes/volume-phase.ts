import type { KubeObject } from '../../api/object.ts'
import type { Controller } from '../shared/controller.ts'
import { formatTime } from '../shared/meta.ts'

export function setVolumePhase(
  controller: Controller,
  volume: KubeObject,
  phase: string,
  message?: string,
): KubeObject {
  const { api } = controller
  if (volume.status?.phase === phase && volume.status?.message === message) return volume
  const lastPhaseTransitionTime =
    volume.status?.phase === phase ? volume.status.lastPhaseTransitionTime : formatTime(api.now())
  const status = { phase, ...(message && { message }), lastPhaseTransitionTime }
  return api.update('persistentvolumes', { ...volume, status }, { subresource: 'status' })
}
