import { NullFile } from '../../linux/fs/null-file.ts'
import type { Kernel } from '../../linux/kernel.ts'
import type { KernelProcess } from '../../linux/process/kernel-process.ts'
import type { Random } from '../../time/random.ts'
import { defer } from '../../time/waiting.ts'
import {
  type ContainerEngine,
  type ContainerSpec,
  ImagePullError,
  type MountSpec,
  type RegistryAuth,
} from '../engine.ts'
import { layerPool } from '../images/layer-pool.ts'
import { canonical, InvalidReference, parseReference, type Reference, withDefaultTag } from '../images/reference.ts'
import { type Registry, RegistryError } from '../images/registry.ts'
import { ImageStore, type StoredImage } from '../images/store.ts'
import { Container } from './container.ts'
import type { EngineHost } from './engine-host.ts'
import { DOCKER_LAYOUT, LayerStorage, type StorageLayout } from './layer-storage.ts'

/** How fast images come, in bytes per ms, and how fast they are unpacked. */
const BANDWIDTH = 12_500
const UNPACKING = 100_000

export interface EngineOptions {
  kernel: Kernel
  /** Public registries by host name (publicRegistries). */
  registries: ReadonlyMap<string, Registry>
  random: Random
  /** Where images lie on the disk; Docker's place unless told. */
  layout?: StorageLayout
  /** `moby` for Docker, `k8s.io` for a kubelet: shown in the shims' command lines. */
  namespace?: string
  /** Folder of hosts, hostname and resolv.conf of containers. */
  stateFolder?: string
  /** Reaches registries that are not public, over the machine's network. */
  openRegistry?: (domain: string) => Promise<Registry>
  /** False while the machine has no way out: public registries do not resolve then. */
  online?: () => boolean
}

export function createEngine(options: EngineOptions): Engine {
  return new Engine(options)
}

/** The container engine of one machine. */
export class Engine implements ContainerEngine, EngineHost {
  readonly kernel: Kernel
  readonly random: Random
  readonly storage: LayerStorage
  readonly store = new ImageStore()
  readonly options: EngineOptions
  readonly #containers = new Map<string, Container>()
  readonly #shims = new Map<Container, KernelProcess>()

  constructor(options: EngineOptions) {
    this.options = options
    this.kernel = options.kernel
    this.random = options.random
    this.storage = new LayerStorage(options.kernel, options.random.fork('storage'), options.layout ?? DOCKER_LAYOUT)
  }

  // ---- images

  async pull(text: string, options: { auth?: RegistryAuth; onProgress?: PullProgress } = {}): Promise<StoredImage> {
    let reference: Reference
    try {
      reference = withDefaultTag(parseReference(text))
    } catch (error) {
      if (error instanceof InvalidReference) throw new ImagePullError('invalid', error.message)
      throw error
    }
    const name = canonical(reference)
    const failed = `failed to pull and unpack image ${JSON.stringify(name)}`
    try {
      return await this.fetch(reference, options)
    } catch (error) {
      if (!(error instanceof RegistryError)) throw error
      if (error.failure === 'unknown-manifest')
        throw new ImagePullError('not-found', `${failed}: failed to resolve image: ${name}: not found`)
      if (error.failure === 'denied' || error.failure === 'unauthorized')
        throw new ImagePullError(
          'denied',
          `${failed}: failed to resolve image: pull access denied, repository does not exist or may require authorization: ` +
            'server message: insufficient_scope: authorization failed',
        )
      throw new ImagePullError(
        'unreachable',
        `${failed}: failed to resolve image: failed to do request: Head "https://${apiHost(reference.domain)}/v2/${reference.path}/manifests/${reference.tag ?? reference.digest}": ${error.message}`,
      )
    }
  }

  /** Pulls, in virtual time. Rejects with RegistryError. */
  async fetch(
    reference: Reference,
    options: { auth?: RegistryAuth; onProgress?: PullProgress } = {},
  ): Promise<StoredImage> {
    const registry = await this.registry(reference.domain)
    await this.delay(180, 420)
    const image = await registry.find(reference, options.auth)
    const known = this.store.byId(image.id)
    options.onProgress?.({ kind: 'manifest', image, upToDate: known !== undefined })
    if (!known) {
      for (const [index, layer] of image.layers.entries()) {
        if (this.storage.has(image, index)) {
          options.onProgress?.({ kind: 'exists', layer })
          continue
        }
        options.onProgress?.({ kind: 'waiting', layer })
      }
      const missing = image.layers.filter((_, index) => !this.storage.has(image, index))
      // Layers come side by side and share the line.
      for (const layer of missing.toSorted((a, b) => a.compressedSize - b.compressedSize)) {
        await this.sleep(20 + layer.compressedSize / BANDWIDTH)
        options.onProgress?.({ kind: 'downloaded', layer })
      }
      for (const layer of missing) {
        await this.sleep(10 + layer.size / UNPACKING)
        options.onProgress?.({ kind: 'unpacked', layer })
      }
      this.addImage(image)
    }
    const now = this.kernel.wallClock()
    const { tag, ...repository } = reference
    if (tag) this.store.name(image.id, { ...repository, tag, digest: undefined }, now)
    this.store.name(image.id, { ...repository, digest: image.manifest.digest })
    return this.store.byId(image.id)!
  }

  async registry(domain: string): Promise<Registry> {
    const known = this.options.registries.get(domain)
    if (known && (this.options.online?.() ?? true)) return known
    if (!known && this.options.openRegistry) return this.options.openRegistry(domain)
    await this.delay(5, 30)
    throw new RegistryError('no-such-host', `dial tcp: lookup ${apiHost(domain).replace(/:\d+$/, '')}: no such host`)
  }

  /** Takes an image in as if it had been pulled (images that are there from the start, load, build). */
  addImage(image: StoredImage['image'], options: { parent?: string; names?: readonly string[] } = {}): StoredImage {
    this.storage.hold(image)
    const pool = layerPool(this.options.registries)
    for (const layer of image.layers) if (!pool.has(layer.diffId)) pool.set(layer.diffId, layer)
    this.store.add(image, options)
    for (const name of options.names ?? []) this.store.name(image.id, withDefaultTag(parseReference(name)))
    return this.store.byId(image.id)!
  }

  /** Images a machine starts with, without taking time. */
  preload(names: readonly string[]): void {
    for (const name of names) {
      const reference = withDefaultTag(parseReference(name))
      const found = this.options.registries.get(reference.domain)?.find(reference)
      if (!found || found instanceof Promise)
        throw new RegistryError('unknown-manifest', `${name}: not in the catalogue`)
      this.addImage(found, { names: [name] })
      const { tag: _tag, ...repository } = reference
      this.store.name(found.id, { ...repository, digest: found.manifest.digest })
    }
  }

  image(reference: string): StoredImage | undefined {
    return this.store.find(reference)
  }

  images(): readonly StoredImage[] {
    return this.store.all()
  }

  removeImage(reference: string): void {
    const image = this.store.find(reference)
    if (!image) return
    this.store.delete(image.id)
    this.storage.release(image.image)
  }

  // ---- containers

  /** On an image of the store, or on one that is not in it. */
  create(spec: ContainerSpec, image = this.store.find(spec.image)): Container {
    if (!image) throw new Error(`image ${JSON.stringify(spec.image)}: not found`)
    const container = new Container(this, spec, image)
    this.#containers.set(container.id, container)
    return container
  }

  container(id: string): Container | undefined {
    return this.#containers.get(id)
  }

  find(id: string): Container | undefined {
    return this.#containers.get(id)
  }

  containers(): readonly Container[] {
    return [...this.#containers.values()]
  }

  removed(container: Container): void {
    this.#containers.delete(container.id)
    const folder = this.stateFolder(container)
    if (this.kernel.files.exists(folder)) this.kernel.files.removeTree(folder)
  }

  // ---- for containers

  stateFolder(container: Container): string {
    return `${this.options.stateFolder ?? '/var/lib/docker/containers'}/${container.id}`
  }

  containerFiles(container: Container): MountSpec[] {
    const { files } = this.kernel
    const folder = this.stateFolder(container)
    const { spec } = container
    const targets = new Set(spec.mounts?.map((mount) => mount.target))
    const out: MountSpec[] = []
    const put = (name: string, target: string, content: string) => {
      if (targets.has(target)) return
      const source = `${folder}/${name}`
      files.mkdir(folder, { parents: true })
      files.write(source, content, { mode: 0o644 })
      out.push({ source, target })
    }
    const hostname = container.namespaces?.uts.hostname ?? container.hostname
    put('resolv.conf', '/etc/resolv.conf', spec.resolvConf ?? this.#machineFile('/etc/resolv.conf'))
    put('hostname', '/etc/hostname', `${hostname}\n`)
    put('hosts', '/etc/hosts', this.hostsFile(container))
    return out
  }

  hostsFile(container: Container): string {
    if (container.spec.namespaces?.network === 'host') return this.#machineFile('/etc/hosts')
    const { ip, spec, hostname } = container
    const domain = spec.domainname ? `${hostname}.${spec.domainname} ` : ''
    return [
      '127.0.0.1\tlocalhost',
      '::1\tlocalhost ip6-localhost ip6-loopback',
      'fe00::0\tip6-localnet',
      'ff00::0\tip6-mcastprefix',
      'ff02::1\tip6-allnodes',
      'ff02::2\tip6-allrouters',
      ...(spec.extraHosts ?? []),
      ...container.hostLines(),
      ...(ip ? [`${ip}\t${domain}${hostname}`] : []),
      '',
    ].join('\n')
  }

  #machineFile(path: string): string {
    try {
      return this.kernel.files.readText(path)
    } catch {
      return ''
    }
  }

  shimOf(container: Container): KernelProcess {
    let shim = this.#shims.get(container)
    if (!shim || shim.exitStatus) {
      const nothing = new NullFile()
      const owner = `-namespace ${this.options.namespace ?? 'moby'} -id ${container.id} -address /run/containerd/containerd.sock`
      shim = this.kernel.spawn({
        argv: ['/usr/bin/containerd-shim-runc-v2', ...owner.split(' ')],
        program: () => new Promise(() => {}),
        fds: new Map([0, 1, 2].map((number) => [number, nothing])),
        newSession: true,
      })
      shim.reapsOrphans = true
      this.#shims.set(container, shim)
    }
    return shim
  }

  releaseShim(container: Container, shim: KernelProcess | undefined): void {
    shim?.receive('SIGKILL')
    this.#shims.delete(container)
  }

  delay(min: number, max: number): Promise<void> {
    return this.sleep(min + this.random.float() * (max - min))
  }

  sleep(ms: number): Promise<void> {
    const { clock, waiting } = this.kernel.world
    const done = defer<void>(waiting)
    clock.after(ms, () => done.resolve())
    return done.promise
  }
}

export type PullProgress = (
  event:
    | { kind: 'manifest'; image: StoredImage['image']; upToDate: boolean }
    | { kind: 'exists' | 'waiting' | 'downloaded' | 'unpacked'; layer: StoredImage['image']['layers'][number] },
) => void

/** The host that answers for a registry's name. */
export function apiHost(domain: string): string {
  return domain === 'docker.io' ? 'registry-1.docker.io' : domain
}
