import { prepareHostPath } from './host-path.ts'
import { unmountIfMounted } from './mounts.ts'
import { mountNfs } from './nfs.ts'
import { boundVolume, type VolumePlugin } from './plugin.ts'

/** `/var/lib/kubelet/pods/UID/volumes/` */
const podFolder = (directory: string) => directory.slice(0, directory.indexOf('kubernetes.io~'))

/** Volumes behind a PersistentVolumeClaim: the bound volume's own kind decides. */
export const persistentVolumeClaim: VolumePlugin = {
  source: 'persistentVolumeClaim',
  folder: 'kubernetes.io~pvc',
  ownable: true,
  setUp(context) {
    const pv = boundVolume(context)
    const { hostPath, local, nfs } = pv.spec
    const { files } = context
    if (hostPath) return prepareHostPath(files, hostPath.path, hostPath.type ?? '')
    if (local) {
      if (!files.exists(local.path)) throw new Error(`path ${JSON.stringify(local.path)} does not exist`)
      return local.path
    }
    if (nfs) {
      const directory = `${podFolder(context.directory)}kubernetes.io~nfs/${pv.metadata.name}`
      return mountNfs({ ...context, directory }, nfs, pv.spec.mountOptions)
    }
    throw new Error(
      `failed to get Plugin from volumeSpec for volume ${JSON.stringify(pv.metadata.name)} err=no volume plugin matched`,
    )
  },
  tearDown({ node, directory }, path) {
    // Folders of the node are left as they are.
    if (path.startsWith(podFolder(directory))) unmountIfMounted(node, path)
  },
}

/** Volumes whose claim is made for the Pod, from its template: the claim goes by the Pod's name and the volume's. */
export const ephemeral: VolumePlugin = { ...persistentVolumeClaim, source: 'ephemeral' }
