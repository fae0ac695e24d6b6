import type { Volume } from 'kubernetes-types/core/v1'
import type { Files } from '../../../linux/file.ts'
import type { KubeObject } from '../../api/object.ts'
import type { NodeServices } from '../node.ts'
import type { Pod } from '../pod.ts'

/** What a volume plugin is given to set one volume up on the node. */
export interface VolumeContext {
  node: NodeServices
  pod: Pod
  volume: Volume
  files: Files
  /** `/var/lib/kubelet/pods/UID/volumes/kubernetes.io~KIND/NAME` */
  directory: string
  allocatable: Record<string, string>
}

export interface VolumePlugin {
  /** The field of the volume's source: `emptyDir`. */
  readonly source: string
  /** The folder name, with its vendor: `kubernetes.io~empty-dir`. */
  readonly folder: string
  /** Makes the volume usable and returns its path on the node. Throws the words of a FailedMount event. */
  setUp(context: VolumeContext): string
  /** Brings changed content in; only for plugins whose content lives in the API. */
  update?(context: VolumeContext): void
  tearDown?(context: VolumeContext, path: string): void
  /** Ownership by fsGroup applies. */
  readonly ownable?: boolean
}

/** The kubelet cannot even tell what to mount: said at once, for the whole Pod. */
export class UnprocessableVolume extends Error {}

/** A volume whose source is a claim, looked up to its PersistentVolume. Throws what the kubelet says. */
export function boundVolume({ node, pod, volume }: VolumeContext): KubeObject {
  const name = volume.persistentVolumeClaim?.claimName ?? `${pod.metadata.name}-${volume.name}`
  const namespace = pod.metadata.namespace
  const claim = node.api.get('persistentvolumeclaims', namespace, name)
  if (!claim)
    throw new UnprocessableVolume(
      `error processing PVC ${namespace}/${name}: failed to fetch PVC from API server: persistentvolumeclaims ${JSON.stringify(name)} not found`,
    )
  if (claim.status?.phase !== 'Bound')
    throw new UnprocessableVolume(`error processing PVC ${namespace}/${name}: PVC is not bound`)
  const pv = node.api.get('persistentvolumes', undefined, claim.spec.volumeName)
  if (!pv) throw new Error(`error getting PV ${JSON.stringify(claim.spec.volumeName)}`)
  return pv
}
