import type { Files } from '../../linux/file.ts'
import { EMPTY_LAYER } from '../../linux/fs/layer.ts'
import { snapshot } from '../../linux/fs/snapshot.ts'
import { createContainer } from '../docker/containers.ts'
import { DAEMON_VERSION, type Daemon } from '../docker/daemon.ts'
import type { DockerContainer } from '../docker/docker-container.ts'
import type { ContainerConfig } from '../images/config.ts'
import { DEFAULT_PATH, emptyConfig } from '../images/config.ts'
import { Image } from '../images/image.ts'
import { layerOf } from '../images/layer.ts'
import type { StoredImage } from '../images/store.ts'
import { rfc3339Nano } from '../timestamp.ts'

/** A stage of a build as far as it has come: an image to go on from, and the configuration. */
export class Stage {
  readonly name: string | undefined
  readonly daemon: Daemon
  image: StoredImage | undefined
  config: ContainerConfig
  author: string | undefined
  /** Build arguments declared in this stage. */
  readonly args = new Map<string, string | undefined>()
  cmdSet = false
  cacheBroken: boolean

  constructor(daemon: Daemon, base: StoredImage | undefined, options: { name?: string; noCache: boolean }) {
    this.daemon = daemon
    this.name = options.name
    this.image = base
    this.cacheBroken = options.noCache
    this.config = base ? structuredClone(base.image.file.config) : emptyConfig({ Env: [`PATH=${DEFAULT_PATH}`] })
  }

  get id(): string {
    return this.image?.id ?? ''
  }

  /** An image built before from the same parent by the same step. */
  cached(cmd: readonly string[]): StoredImage | undefined {
    if (this.cacheBroken || !this.image) return undefined
    const wanted = JSON.stringify(cmd)
    return this.daemon.engine.store
      .children(this.id)
      .toReversed()
      .find(
        (child) =>
          JSON.stringify(child.image.file.container_config?.Cmd) === wanted &&
          sameConfig(child.image.file.config, this.config),
      )
  }

  /** A container on the stage's image, for one step. */
  container(cmd: readonly string[]): DockerContainer {
    const base = this.image ?? this.#scratch()
    return createContainer(this.daemon, undefined, {
      ...this.config,
      Hostname: '',
      Cmd: [...cmd],
      Entrypoint: [''],
      Image: base.id,
      Healthcheck: { Test: ['NONE'] },
    })
  }

  #scratch(): StoredImage {
    const image = new Image(
      { architecture: 'amd64', config: emptyConfig(), created: '1970-01-01T00:00:00Z', history: [], os: 'linux' },
      [],
    )
    return this.daemon.engine.store.byId(image.id) ?? this.daemon.engine.addImage(image)
  }

  /** The files of the stage with a container's changes. */
  files(container: DockerContainer): Files {
    const { kernel } = this.daemon
    return kernel.filesIn(kernel.newMountNamespace({ fs: container.runtime.rootfs() }))
  }

  /** Makes the next image; with a container, its own layer is added. */
  commit(cmd: readonly string[], container: DockerContainer | undefined, containerId: string): void {
    const tree = container ? snapshot(container.runtime.root.upper) : EMPTY_LAYER
    const layers = [...(this.image?.image.layers ?? []), ...(tree.entries.size > 0 ? [layerOf(tree)] : [])]
    const created = rfc3339Nano(this.daemon.kernel.wallClock())
    const image = new Image(
      {
        architecture: 'amd64',
        ...(this.author ? { author: this.author } : {}),
        config: emptyConfig({ ...this.config, Hostname: '', Image: this.id, Labels: this.config.Labels }),
        container: containerId,
        container_config: emptyConfig({
          ...this.config,
          Hostname: containerId.slice(0, 12),
          Cmd: [...cmd],
          Image: this.id,
          Labels: this.config.Labels ?? {},
        }),
        created,
        docker_version: DAEMON_VERSION,
        history: [
          ...(this.image?.image.file.history ?? []),
          {
            created,
            created_by: cmd.join(' '),
            ...(this.author ? { author: this.author } : {}),
            ...(tree.entries.size > 0 ? {} : { empty_layer: true }),
          },
        ],
        os: 'linux',
      },
      layers,
    )
    this.image = this.daemon.engine.addImage(image, { parent: this.id })
    this.cacheBroken = true
  }

  environment(name: string): string | undefined {
    const line = (this.config.Env ?? []).find((each) => each.startsWith(`${name}=`))
    if (line !== undefined) return line.slice(name.length + 1)
    return this.args.get(name)
  }
}

function sameConfig(a: ContainerConfig, b: ContainerConfig): boolean {
  const essence = ({ Hostname: _h, Image: _i, Cmd: _c, ...rest }: ContainerConfig) =>
    JSON.stringify(Object.entries(rest).sort(([x], [y]) => (x < y ? -1 : 1)))
  return essence(emptyConfig(a)) === essence(emptyConfig(b)) && JSON.stringify(a.Cmd) === JSON.stringify(b.Cmd)
}
