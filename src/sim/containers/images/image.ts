import type { ImageConfig } from '../engine.ts'
import type { ImageFile } from './config.ts'
import type { Layer } from './layer.ts'
import { digestOf } from './sha256.ts'

/** An image: a configuration file and its layers. Immutable and shared by all machines of a world. */
export class Image {
  /** `sha256:…` of the configuration. */
  readonly id: string
  readonly file: ImageFile
  readonly layers: readonly Layer[]
  #manifest: { bytes: string; digest: string } | undefined
  #config: ImageConfig | undefined

  constructor(file: Omit<ImageFile, 'rootfs'>, layers: readonly Layer[]) {
    this.file = { ...file, rootfs: { type: 'layers', diff_ids: layers.map((layer) => layer.diffId) } }
    this.layers = layers
    this.id = digestOf(JSON.stringify(this.file))
  }

  /** Bytes of all layers. */
  get size(): number {
    return this.layers.reduce((sum, layer) => sum + layer.size, 0)
  }

  /** The schema 2 manifest that a registry keeps for it. */
  get manifest(): { bytes: string; digest: string } {
    if (!this.#manifest) {
      const bytes = JSON.stringify(
        {
          schemaVersion: 2,
          mediaType: MANIFEST,
          config: {
            mediaType: 'application/vnd.docker.container.image.v1+json',
            size: JSON.stringify(this.file).length,
            digest: this.id,
          },
          layers: this.layers.map((layer) => ({
            mediaType: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
            size: layer.compressedSize,
            digest: layer.digest,
          })),
        },
        null,
        3,
      )
      this.#manifest = { bytes, digest: digestOf(bytes) }
    }
    return this.#manifest
  }

  /** What a container made from it starts with. */
  get config(): ImageConfig {
    if (!this.#config) {
      const { Env, User, WorkingDir, ExposedPorts, Volumes, Labels, Entrypoint, Cmd, StopSignal, Healthcheck } =
        this.file.config
      const ms = (nanoseconds: number | undefined) => (nanoseconds === undefined ? undefined : nanoseconds / 1e6)
      this.#config = {
        ...(Entrypoint ? { entrypoint: Entrypoint } : {}),
        ...(Cmd ? { command: Cmd } : {}),
        env: Env ?? [],
        workingDir: WorkingDir,
        user: User,
        exposedPorts: Object.keys(ExposedPorts ?? {}),
        volumes: Object.keys(Volumes ?? {}),
        labels: Labels ?? {},
        ...(StopSignal ? { stopSignal: StopSignal } : {}),
        ...(Healthcheck?.Test
          ? {
              healthcheck: {
                test: Healthcheck.Test,
                interval: ms(Healthcheck.Interval),
                timeout: ms(Healthcheck.Timeout),
                retries: Healthcheck.Retries,
                startPeriod: ms(Healthcheck.StartPeriod),
              },
            }
          : {}),
      }
    }
    return this.#config
  }
}

export const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json'
