import type { Files } from '../../../linux/file.ts'
import { snapshot } from '../../../linux/fs/snapshot.ts'
import { ApiError } from '../../docker/api-error.ts'
import { createContainer } from '../../docker/containers.ts'
import type { Daemon } from '../../docker/daemon.ts'
import type { DockerContainer } from '../../docker/docker-container.ts'
import type { HostConfig } from '../../docker/host-config.ts'
import { type ContainerConfig, emptyConfig } from '../../images/config.ts'
import { Image } from '../../images/image.ts'
import { type Layer, layerOf } from '../../images/layer.ts'

/** A container nobody sees, on some layers: where one step of a build works. */
export class Workspace {
  readonly #daemon: Daemon
  readonly #image: Image
  readonly #container: DockerContainer

  constructor(
    daemon: Daemon,
    layers: readonly Layer[],
    config: Partial<ContainerConfig> = {},
    host: Partial<HostConfig> = {},
  ) {
    this.#daemon = daemon
    const file = { architecture: 'amd64', config: emptyConfig(), created: '', history: [], os: 'linux' }
    const image = new Image(file, layers)
    this.#image = image
    const stored = {
      image,
      id: image.id,
      tags: [],
      digests: [],
      size: image.size,
      config: image.config,
      parent: '',
      tagged: undefined,
    }
    this.#container = createContainer(
      daemon,
      undefined,
      { Cmd: ['/bin/true'], Image: image.id, Hostname: 'buildkitsandbox', ...config, HostConfig: host },
      { image: stored },
    )
  }

  get files(): Files {
    const { kernel } = this.#daemon
    return kernel.filesIn(kernel.newMountNamespace({ fs: this.#container.runtime.rootfs() }))
  }

  /** Runs the command; settles with its exit status. Rejects with ApiError when it cannot be started. */
  async run(write: (bytes: Uint8Array) => void): Promise<number> {
    const { runtime } = this.#container
    runtime.attach({ stdout: { write }, stderr: { write } })
    const ended = new Promise<number>((resolve) => runtime.onExit(resolve))
    await this.#daemon.start(this.#container)
    return ended
  }

  kill(): void {
    if (this.#container.running) this.#container.runtime.kill('SIGKILL')
  }

  /** What the step changed. */
  layer(): Layer {
    return layerOf(snapshot(this.#container.runtime.root.upper))
  }

  close(): void {
    try {
      this.#daemon.remove(this.#container, { force: true, volumes: true })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
    this.#daemon.engine.storage.release(this.#image)
  }
}
