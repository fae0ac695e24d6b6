import { type ContainerEngine, type ImageInfo, ImagePullError, type RegistryAuth } from '../../../containers/engine.ts'
import { canonical, parseReference, withDefaultTag } from '../../../containers/images/reference.ts'
import type { Clock } from '../../../time/event-queue.ts'
import { BackOff } from '../sync/back-off.ts'
import { SyncError } from '../sync/sync-error.ts'

export interface ImageRequest {
  image: string
  policy: string
  podUid: string
  auths: readonly RegistryAuth[]
  record(type: 'Normal' | 'Warning', reason: string, message: string): void
}

/** Makes sure an image is present before a container is created, with the kubelet's events and back-off. */
export class ImageManager {
  readonly #engine: ContainerEngine
  readonly #clock: Clock
  readonly #backOff = new BackOff(10_000, 300_000)
  /** The last failure by back-off key: shown while backing off. */
  readonly #failures = new Map<string, string>()

  constructor(engine: ContainerEngine, clock: Clock) {
    this.#engine = engine
    this.#clock = clock
  }

  /** Rejects with SyncError: InvalidImageName, ErrImageNeverPull, ErrImagePull, ImagePullBackOff. */
  async ensure(request: ImageRequest): Promise<ImageInfo> {
    const { image, policy, record } = request
    let reference: string
    try {
      reference = canonical(withDefaultTag(parseReference(image)))
    } catch (error) {
      const message = `Failed to apply default image tag ${JSON.stringify(image)}: couldn't parse image name ${JSON.stringify(image)}: ${(error as Error).message}`
      record('Warning', 'InspectFailed', message)
      throw new SyncError('InvalidImageName', message)
    }
    const present = this.#engine.image(reference)
    if (present && policy !== 'Always') {
      record(
        'Normal',
        'Pulled',
        `Container image ${JSON.stringify(image)} already present on machine and can be accessed by the pod`,
      )
      return present
    }
    if (!present && policy === 'Never') {
      const message = `Container image ${JSON.stringify(image)} is not present with pull policy of Never`
      record('Warning', 'ErrImageNeverPull', message)
      throw new SyncError('ErrImageNeverPull', message)
    }
    return this.#pull(request, reference)
  }

  async #pull({ image, podUid, auths, record }: ImageRequest, reference: string): Promise<ImageInfo> {
    const key = `${podUid}_${reference}`
    const left = this.#backOff.leftSinceUpdate(key, this.#clock.now)
    if (left > 0) {
      const message = `Back-off pulling image ${JSON.stringify(image)}`
      record('Normal', 'BackOff', message)
      const failure = this.#failures.get(key)
      throw new SyncError('ImagePullBackOff', failure ? `${message}: ErrImagePull: ${failure}` : message, left)
    }
    record('Normal', 'Pulling', `Pulling image ${JSON.stringify(image)}`)
    const began = this.#clock.now
    const attempts: (RegistryAuth | undefined)[] = auths.length > 0 ? [...auths] : [undefined]
    let failure: unknown
    for (const auth of attempts) {
      try {
        const pulled = await this.#engine.pull(reference, auth ? { auth } : {})
        const took = goDuration(this.#clock.now - began)
        record(
          'Normal',
          'Pulled',
          `Successfully pulled image ${JSON.stringify(image)} in ${took} (${took} including waiting). Image size: ${pulled.size} bytes.`,
        )
        this.#backOff.reset(key)
        this.#failures.delete(key)
        return pulled
      } catch (error) {
        failure = error
      }
    }
    if (!(failure instanceof ImagePullError)) throw failure
    const words =
      failure.kind === 'not-found' ? `rpc error: code = NotFound desc = ${failure.message}` : failure.message
    record('Warning', 'Failed', `Failed to pull image ${JSON.stringify(image)}: ${words}`)
    this.#backOff.next(key, this.#clock.now)
    this.#failures.set(key, words)
    throw new SyncError('ErrImagePull', words, this.#backOff.delay(key))
  }

  forget(podUid: string): void {
    this.#backOff.forget(`${podUid}_`)
  }
}

/** `1.234s`, `513ms`, as Go prints a duration truncated to milliseconds. */
export function goDuration(ms: number): string {
  const whole = Math.max(1, Math.floor(ms))
  if (whole < 1000) return `${whole}ms`
  const minutes = Math.floor(whole / 60_000)
  const seconds = `${(whole - minutes * 60_000) / 1000}s`
  return minutes > 0 ? `${minutes}m${seconds}` : seconds
}
