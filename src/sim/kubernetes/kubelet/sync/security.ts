import type { ImageInfo } from '../../../containers/engine.ts'
import type { Container, Pod } from '../pod.ts'

export interface Identity {
  uid: number
  gid: number
  supplementalGroups: number[]
  /** As the engine wants it; undefined leaves it to the image. */
  user: string | undefined
}

/** Who the container's first process is. Throws what the kubelet says when runAsNonRoot cannot be kept. */
export function containerIdentity(pod: Pod, container: Container, image: ImageInfo): Identity {
  const shared = pod.spec.securityContext ?? {}
  const own = container.securityContext ?? {}
  const runAsUser = own.runAsUser ?? shared.runAsUser
  const runAsGroup = own.runAsGroup ?? shared.runAsGroup
  const runAsNonRoot = own.runAsNonRoot ?? shared.runAsNonRoot
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`
  const [imageUser = '', imageGroup = ''] = image.config.user.split(':')
  if (runAsNonRoot) {
    if (runAsUser === 0) throw new Error(`container's runAsUser breaks non-root policy ${where}`)
    if (runAsUser === undefined) {
      if (imageUser === '' || imageUser === '0')
        throw new Error(`container has runAsNonRoot and image will run as root ${where}`)
      if (!/^\d+$/.test(imageUser)) {
        throw new Error(
          `container has runAsNonRoot and image has non-numeric user (${imageUser}), cannot verify user is non-root ${where}`,
        )
      }
    }
  }
  const uid = runAsUser ?? (/^\d+$/.test(imageUser) ? Number(imageUser) : 0)
  const gid = runAsGroup ?? (/^\d+$/.test(imageGroup) ? Number(imageGroup) : 0)
  const extra = [...(shared.supplementalGroups ?? []), ...(shared.fsGroup === undefined ? [] : [shared.fsGroup])]
  const groups = [...new Set([gid, ...extra])].sort((a, b) => a - b)
  const user =
    runAsUser === undefined && runAsGroup === undefined
      ? undefined
      : `${runAsUser ?? (imageUser || '0')}${runAsGroup === undefined ? '' : `:${runAsGroup}`}`
  return { uid, gid, supplementalGroups: groups, user }
}
