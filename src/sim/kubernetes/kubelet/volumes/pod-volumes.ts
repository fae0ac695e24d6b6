import type { Volume } from 'kubernetes-types/core/v1'
import type { MountSpec } from '../../../containers/engine.ts'
import { SystemError } from '../../../linux/errors.ts'
import { expand } from '../env/expansion.ts'
import type { NodeServices } from '../node.ts'
import type { Container, Pod } from '../pod.ts'
import { SyncError } from '../sync/sync-error.ts'
import { volumePlugins } from './index.ts'
import { unmountIfMounted } from './mounts.ts'
import { UnprocessableVolume, type VolumeContext, type VolumePlugin } from './plugin.ts'

interface Mounted {
  plugin: VolumePlugin
  volume: Volume
  path: string
}

export const podFolder = (pod: Pod): string => `/var/lib/kubelet/pods/${pod.metadata.uid}`

/** The volumes of one Pod on the node. */
export class PodVolumes {
  readonly #node: NodeServices
  readonly #allocatable: Record<string, string>
  readonly #mounted = new Map<string, Mounted>()
  /** Retry times of volumes that failed: 0.5 s doubling to 2 min 2 s, as the operation executor's. */
  readonly #retries = new Map<string, { at: number; delay: number }>()

  constructor(node: NodeServices, allocatable: Record<string, string>) {
    this.#node = node
    this.#allocatable = allocatable
  }

  /**
   * Waits until all volumes are mounted, retrying each with its back-off and an event a failure; gives up after 2 min 3 s
   * or when cancelled.
   */
  async mount(pod: () => Pod, cancelled: () => boolean): Promise<void> {
    const { node } = this
    const began = node.world.clock.now
    let first = true
    for (;;) {
      const waiting = (pod().spec.volumes ?? []).filter((v) => !this.#mounted.has(v.name))
      if (waiting.length === 0) {
        if (first) this.update(pod())
        return
      }
      if (first) await node.sleep(20 + node.random.float() * 80)
      first = false
      this.#unprocessable = undefined
      for (const volume of waiting) this.#try(pod(), volume)
      if (this.#unprocessable) this.#giveUp(pod(), waiting, this.#unprocessable)
      const left = waiting.filter((v) => !this.#mounted.has(v.name))
      if (left.length === 0) continue
      if (cancelled()) throw new SyncError('', 'context canceled')
      if (node.world.clock.now - began > 123_000) {
        const names = left.map((v) => v.name).join(' ')
        const message = `unmounted volumes=[${names}], unattached volumes=[], failed to process volumes=[]: context deadline exceeded`
        node.record(pod(), 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${message}`)
        throw new SyncError('', message)
      }
      await node.sleep(100)
    }
  }

  /** Brings changed ConfigMaps, Secrets and fields of the Pod into mounted volumes. */
  update(pod: Pod): void {
    for (const { plugin, volume } of this.#mounted.values()) {
      if (!plugin.update || !this.#node.host) continue
      try {
        plugin.update(this.#context(pod, volume, plugin))
      } catch (error) {
        // The old content stays; the kubelet tries again at the next sync.
        this.#node.record(pod, 'Warning', 'FailedMount', failedMount(this.#nameOf(pod, volume), error as Error))
      }
    }
  }

  /** Whether anything here follows API objects that users change. */
  get live(): boolean {
    return [...this.#mounted.values()].some(
      ({ plugin, volume }) => plugin.update && !volume.name.startsWith('kube-api-access-'),
    )
  }

  unmount(pod: Pod): void {
    for (const { plugin, volume, path } of this.#mounted.values()) {
      if (this.#node.host) plugin.tearDown?.(this.#context(pod, volume, plugin), path)
    }
    this.#mounted.clear()
    this.#removeFolder(podFolder(pod))
  }

  /** A mount that was left below goes first; what cannot be removed even so stays, as an orphan does. */
  #removeFolder(folder: string): void {
    const { host } = this.#node
    if (!host?.files.exists(folder)) return
    try {
      host.files.removeTree(folder)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      const left = host.system.mounts().filter(({ path }) => path.startsWith(`${folder}/`))
      for (const { path } of left.reverse()) unmountIfMounted(this.#node, path)
      if (left.length > 0 && error.code === 'EBUSY') this.#removeFolder(folder)
    }
  }

  path(name: string): string | undefined {
    return this.#mounted.get(name)?.path
  }

  entries(): readonly { volume: Volume; path: string; kind: string }[] {
    return [...this.#mounted.values()].map(({ volume, path, plugin }) => ({ volume, path, kind: plugin.source }))
  }

  /** The container's mounts. Throws what makes a container's configuration wrong. */
  mountsFor(container: Container, lookup: (name: string) => string | undefined): MountSpec[] {
    const files = this.#node.host?.files
    const mounts: MountSpec[] = []
    for (const mount of container.volumeMounts ?? []) {
      const mounted = this.#mounted.get(mount.name)
      if (!mounted)
        throw new Error(
          `cannot find volume ${JSON.stringify(mount.name)} to mount into container ${JSON.stringify(container.name)}`,
        )
      const sub = mount.subPathExpr ? expand(mount.subPathExpr, lookup) : (mount.subPath ?? '')
      let source = mounted.path
      if (sub !== '') {
        source = `${mounted.path}/${sub}`
        if (files && !files.exists(source)) files.mkdir(source, { parents: true, mode: 0o755 })
        if (files) source = files.realpath(source)
      }
      const kind = mounted.plugin.source
      const readonly =
        mount.readOnly === true ||
        mounted.volume.persistentVolumeClaim?.readOnly === true ||
        ['configMap', 'secret', 'downwardAPI', 'projected', 'image'].includes(kind)
      mounts.push({ target: mount.mountPath, source, readonly })
    }
    return mounts
  }

  get node(): NodeServices {
    return this.#node
  }

  #unprocessable: { name: string; message: string } | undefined

  #giveUp(pod: Pod, waiting: readonly Volume[], { name, message }: { name: string; message: string }): never {
    const unmounted = waiting.filter((v) => !this.#mounted.has(v.name)).map((v) => v.name)
    const words = `unmounted volumes=[${unmounted.join(' ')}], unattached volumes=[], failed to process volumes=[${name}]: ${message}`
    this.#node.record(pod, 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${words}`)
    throw new SyncError('', words)
  }

  #try(pod: Pod, volume: Volume): void {
    const now = this.#node.world.clock.now
    const retry = this.#retries.get(volume.name)
    if (retry && now < retry.at) return
    const plugin = volumePlugins.find((p) => p.source in volume)
    try {
      if (!plugin)
        throw new Error(`not simulated: volumes of kind ${Object.keys(volume).find((key) => key !== 'name')}`)
      const path = this.#node.host ? plugin.setUp(this.#context(pod, volume, plugin)) : `/volumes/${volume.name}`
      this.#mounted.set(volume.name, { plugin, volume, path })
      this.#retries.delete(volume.name)
      if (plugin.ownable) this.#own(pod, path)
    } catch (error) {
      if (error instanceof UnprocessableVolume) {
        this.#unprocessable = { name: volume.name, message: error.message }
        return
      }
      const delay = retry ? Math.min(retry.delay * 2, 122_000) : 500
      this.#retries.set(volume.name, { at: now + delay, delay })
      this.#node.record(pod, 'Warning', 'FailedMount', failedMount(this.#nameOf(pod, volume), error as Error))
    }
  }

  /** A claimed volume goes by the name of its PersistentVolume. */
  #nameOf(pod: Pod, volume: Volume): string {
    const claim = volume.persistentVolumeClaim?.claimName
    if (claim === undefined) return volume.name
    const object = this.#node.api.get('persistentvolumeclaims', pod.metadata.namespace, claim)
    return object?.spec.volumeName ?? volume.name
  }

  #own(pod: Pod, path: string): void {
    const group = pod.spec.securityContext?.fsGroup
    const files = this.#node.host?.files
    if (group === undefined || !files) return
    const stat = files.stat(path)
    files.chown(path, stat.uid, group)
    files.chmod(path, stat.mode | 0o2770)
  }

  #context(pod: Pod, volume: Volume, plugin: VolumePlugin): VolumeContext {
    const directory = `${podFolder(pod)}/volumes/${plugin.folder}/${volume.name}`
    return { node: this.#node, pod, volume, files: this.#node.host!.files, directory, allocatable: this.#allocatable }
  }
}

const failedMount = (name: string, error: Error) =>
  `MountVolume.SetUp failed for volume ${JSON.stringify(name)} : ${error.message}`
