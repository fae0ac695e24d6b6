import type { RegistryAuth } from '../engine.ts'
import type { Image } from './image.ts'
import type { Layer } from './layer.ts'
import type { Reference } from './reference.ts'

/** Why a registry did not give an image. */
export type RegistryFailure =
  /** No such tag or digest. */
  | 'unknown-manifest'
  /** No such repository, or not for this user: Docker Hub does not tell which. */
  | 'denied'
  | 'unauthorized'
  /** The host's name does not resolve. */
  | 'no-such-host'
  | 'refused'
  | 'timeout'
  | 'invalid'

export class RegistryError extends Error {
  readonly failure: RegistryFailure

  constructor(failure: RegistryFailure, message: string) {
    super(message)
    this.name = 'RegistryError'
    this.failure = failure
  }
}

/** A server of images, reached by its host name. */
export interface Registry {
  /** Looks an image up by tag or digest. Rejects with RegistryError. */
  find(reference: Reference, auth?: RegistryAuth): Promise<Image> | Image
  /** Tags of a repository; undefined when it is unknown. */
  tags(path: string): readonly string[] | undefined
  /** Takes an image; absent where nobody may push. Rejects with RegistryError. */
  push?(reference: Reference, image: Image, progress: PushProgress): Promise<void>
}

/** Told what became of each layer: `Pushed`, `Layer already exists`, `Mounted from app`. */
export type PushProgress = (layer: Layer, status: string) => void
