import type { KubeObject } from '../../api/object.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { keyOf, splitKey } from '../shared/meta.ts'
import { isGone } from '../shared/pod-control.ts'
import { classOf, findVolume, isBoundTo, mismatch } from './match.ts'
import { provision } from './provision.ts'
import { reclaim } from './reclaim.ts'
import { setVolumePhase } from './volume-phase.ts'

export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller'
const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
/** A claim that found nothing looks again this often; a new volume does not call it. */
const RESYNC_MS = 15_000

/** Binds PersistentVolumeClaims and PersistentVolumes, and reclaims volumes whose claim is gone. */
export const persistentVolumeBinder = defineController(
  'persistentvolume-binder-controller',
  (controller) => {
    const { api } = controller
    controller.watch('persistentvolumeclaims', ({ type, object }) => {
      controller.enqueue(`claim:${keyOf(object)}`)
      if (type === 'DELETED' && object.spec.volumeName) controller.enqueue(`volume:${object.spec.volumeName}`)
    })
    controller.watch('persistentvolumes', ({ type, object }) => {
      controller.enqueue(`volume:${object.metadata.name}`)
      const ref = object.spec.claimRef
      if (ref && (type === 'DELETED' || object.status?.phase === 'Bound' || !ref.uid))
        controller.enqueue(`claim:${ref.namespace}/${ref.name}`)
    })
    controller.every(RESYNC_MS, () => {
      for (const claim of api.list('persistentvolumeclaims')) {
        if (claim.status?.phase !== 'Bound') controller.enqueue(`claim:${keyOf(claim)}`)
      }
    })
    return (key) => {
      const [kind, id] = [key.slice(0, key.indexOf(':')), key.slice(key.indexOf(':') + 1)]
      try {
        if (kind === 'volume') {
          const volume = api.get('persistentvolumes', undefined, id)
          if (volume) syncVolume(controller, volume)
        } else {
          const { namespace, name } = splitKey(id)
          const claim = api.get('persistentvolumeclaims', namespace, name)
          if (claim) syncClaim(controller, claim)
        }
      } catch (error) {
        if (!isGone(error)) throw error
        controller.enqueue(key)
      }
    }
  },
  { account: 'persistent-volume-binder', eventSource: 'persistentvolume-controller' },
)

function syncClaim(controller: Controller, claim: KubeObject): void {
  if (claim.metadata.annotations?.[BIND_COMPLETED]) syncBoundClaim(controller, claim)
  else syncUnboundClaim(controller, claim)
}

function syncBoundClaim(controller: Controller, claim: KubeObject): void {
  const lost = (reason: string, message: string) => {
    if (claim.status?.phase === 'Lost') return
    setClaimStatus(controller, claim, { phase: 'Lost' })
    controller.event(claim, 'Warning', reason, message)
  }
  if (!claim.spec.volumeName) {
    lost('ClaimLost', 'Bound claim has lost reference to PersistentVolume. Data on the volume is lost!')
    return
  }
  const volume = controller.api.get('persistentvolumes', undefined, claim.spec.volumeName)
  if (!volume) lost('ClaimLost', 'Bound claim has lost its PersistentVolume. Data on the volume is lost!')
  else if (!volume.spec.claimRef || volume.spec.claimRef.uid === claim.metadata.uid) bind(controller, volume, claim)
  else lost('ClaimMisbound', 'Two claims are bound to the same volume, this one is bound incorrectly')
}

function syncUnboundClaim(controller: Controller, claim: KubeObject): void {
  const { api } = controller
  if (claim.metadata.deletionTimestamp) return
  const { volumeName } = claim.spec
  if (volumeName) {
    const volume = api.get('persistentvolumes', undefined, volumeName)
    const fault = volume && !volume.spec.claimRef ? mismatch(volume, claim) : undefined
    if (volume && !fault && (!volume.spec.claimRef || isBoundTo(volume, claim))) bind(controller, volume, claim)
    else {
      if (fault) {
        const message = `Cannot bind to requested volume "${volumeName}": ${fault}`
        controller.event(claim, 'Warning', 'VolumeMismatch', message)
      } else if (volume) {
        const message = `volume "${volumeName}" already bound to a different claim.`
        controller.event(claim, 'Warning', 'FailedBinding', message)
      }
      setClaimStatus(controller, claim, { ...claim.status, phase: 'Pending' })
    }
    return
  }
  const className = classOf(claim)
  const storageClass = className ? api.get('storageclasses.storage.k8s.io', undefined, className) : undefined
  const isDelayed = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
  const volumes = api.list('persistentvolumes')
  // A delayed claim takes only what was chosen for it.
  const candidates = isDelayed ? volumes.filter((volume) => volume.spec.claimRef) : volumes
  const volume = findVolume(candidates, claim)
  if (volume) {
    bind(controller, volume, claim)
    return
  }
  if (isDelayed && !claim.metadata.annotations?.[SELECTED_NODE]) {
    const waiting = podsWaiting(controller, claim)
    if (waiting) {
      controller.event(claim, 'Normal', 'WaitForPodScheduled', `waiting for pod ${waiting} to be scheduled`)
    } else {
      const message = 'waiting for first consumer to be created before binding'
      controller.event(claim, 'Normal', 'WaitForFirstConsumer', message)
    }
  } else if (className) provision(controller, claim, className, storageClass)
  else {
    const message = 'no persistent volumes available for this claim and no storage class is set'
    controller.event(claim, 'Normal', 'FailedBinding', message)
  }
  const fresh = api.get('persistentvolumeclaims', claim.metadata.namespace, claim.metadata.name)
  if (fresh) setClaimStatus(controller, fresh, { ...fresh.status, phase: 'Pending' })
}

function podsWaiting(controller: Controller, claim: KubeObject): string | undefined {
  return controller.api
    .list('pods', { namespace: claim.metadata.namespace })
    .find(
      (pod) =>
        !pod.spec.nodeName &&
        pod.spec.volumes?.some((v: any) => v.persistentVolumeClaim?.claimName === claim.metadata.name),
    )?.metadata.name
}

/** Writes the four sides of a binding that are not there yet. */
function bind(controller: Controller, volume: KubeObject, claim: KubeObject): void {
  const { api } = controller
  const { name, namespace, uid, resourceVersion } = claim.metadata
  let bound = volume
  if (volume.spec.claimRef?.uid !== uid) {
    const claimRef = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', name, namespace, resourceVersion, uid }
    const chosen = volume.spec.claimRef === undefined
    const annotations = { ...volume.metadata.annotations, ...(chosen && { [BOUND_BY_CONTROLLER]: 'yes' }) }
    bound = api.update('persistentvolumes', {
      ...volume,
      metadata: { ...volume.metadata, annotations },
      spec: { ...volume.spec, claimRef },
    })
  }
  setVolumePhase(controller, bound, 'Bound')
  let current = claim
  const annotations = {
    ...claim.metadata.annotations,
    ...(claim.spec.volumeName !== volume.metadata.name && { [BOUND_BY_CONTROLLER]: 'yes' }),
    [BIND_COMPLETED]: 'yes',
  }
  if (!equal(annotations, claim.metadata.annotations) || claim.spec.volumeName !== volume.metadata.name) {
    current = api.update('persistentvolumeclaims', {
      ...claim,
      metadata: { ...claim.metadata, annotations },
      spec: { ...claim.spec, volumeName: volume.metadata.name },
    })
  }
  if (current.status?.phase === 'Bound') return
  const { accessModes, capacity } = bound.spec
  setClaimStatus(controller, current, {
    ...current.status,
    phase: 'Bound',
    accessModes,
    capacity: { storage: capacity?.storage },
  })
}

function setClaimStatus(controller: Controller, claim: KubeObject, status: any): void {
  if (equal(status, claim.status)) return
  controller.api.update('persistentvolumeclaims', { ...claim, status }, { subresource: 'status' })
}

function syncVolume(controller: Controller, volume: KubeObject): void {
  const { api } = controller
  const ref = volume.spec.claimRef
  if (!ref) {
    setVolumePhase(controller, volume, 'Available')
    return
  }
  const found = api.get('persistentvolumeclaims', ref.namespace, ref.name)
  if (!ref.uid) {
    // Reserved by hand; the claim binds itself.
    setVolumePhase(controller, volume, 'Available')
    if (found) controller.enqueue(`claim:${keyOf(found)}`)
    return
  }
  const claim = found?.metadata.uid === ref.uid ? found : undefined
  if (!claim) {
    const { phase } = volume.status ?? {}
    const released =
      phase === 'Released' || phase === 'Failed' ? volume : setVolumePhase(controller, volume, 'Released')
    reclaim(controller, released)
  } else if (!claim.spec.volumeName) controller.enqueue(`claim:${keyOf(claim)}`)
  else if (claim.spec.volumeName === volume.metadata.name) setVolumePhase(controller, volume, 'Bound')
  else unbind(controller, volume)
}

/** The claim went with another volume. */
function unbind(controller: Controller, volume: KubeObject): void {
  const { [BOUND_BY_CONTROLLER]: byController, ...annotations } = volume.metadata.annotations ?? {}
  const { uid: _uid, resourceVersion: _version, ...reserved } = volume.spec.claimRef
  const { claimRef: _ref, ...spec } = volume.spec
  controller.api.update('persistentvolumes', {
    ...volume,
    metadata: { ...volume.metadata, annotations },
    spec: byController ? spec : { ...spec, claimRef: reserved },
  })
}
