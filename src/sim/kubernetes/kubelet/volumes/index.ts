import { configMap, downwardAPI, projected, secret } from './api-volumes.ts'
import { ephemeral, persistentVolumeClaim } from './claim.ts'
import { emptyDir } from './empty-dir.ts'
import { hostPath } from './host-path.ts'
import { image } from './image.ts'
import { nfs } from './nfs.ts'
import type { VolumePlugin } from './plugin.ts'

/** Every kind of volume the kubelet can mount, one line each. */
export const volumePlugins: readonly VolumePlugin[] = [
  emptyDir,
  hostPath,
  configMap,
  secret,
  downwardAPI,
  projected,
  persistentVolumeClaim,
  ephemeral,
  nfs,
  image,
]
