import type { Daemon } from '../../docker/daemon.ts'
import type { Image } from '../../images/image.ts'
import type { Layer } from '../../images/layer.ts'
import { canonical, InvalidReference, parseReference, type Reference, withDefaultTag } from '../../images/reference.ts'
import { RegistryError } from '../../images/registry.ts'
import { apiHost } from '../../runtime/create-engine.ts'
import type { Reporter } from './steps.ts'

/** Bytes per virtual ms that come over the line, and that are unpacked. */
const BANDWIDTH = 12_500
const UNPACKING = 100_000

/** An image that a build begins with. */
export interface BaseImage {
  /** `docker.io/library/alpine:latest`, with the digest when a registry was asked. */
  readonly title: string
  readonly image: Image
  /** Layers that must still be fetched. */
  readonly missing: readonly Layer[]
}

/** The registry refused; `message` is what the metadata step shows, `whole` what ends the build. */
export class BaseImageError extends Error {
  readonly whole: string

  constructor(message: string, whole: string) {
    super(message)
    this.whole = whole
  }
}

/** Learns about an image, from the machine or its registry. Rejects with BaseImageError. */
export async function resolveBase(
  daemon: Daemon,
  reporter: Reporter,
  text: string,
  options: { pull: boolean },
): Promise<BaseImage> {
  const { engine, buildCache } = daemon
  let reference: Reference
  try {
    reference = withDefaultTag(parseReference(text))
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error
    const words = `failed to parse stage name ${JSON.stringify(text)}: ${error.message}`
    throw new BaseImageError(words, words)
  }
  const name = canonical(reference)
  const local = engine.store.find(text)
  const step = reporter.begin(`[internal] load metadata for ${name}`)
  if (local && !options.pull) {
    await engine.delay(4, 12)
    step.done()
    return { title: name, image: local.image, missing: [] }
  }
  try {
    const registry = await engine.registry(reference.domain)
    await engine.delay(350, 1200)
    const image = await registry.find(reference)
    step.done()
    const known = buildCache.images.has(image.id) || engine.store.byId(image.id) !== undefined
    const title = reference.digest ? name : `${name}@${image.manifest.digest}`
    return { title, image, missing: known ? [] : image.layers }
  } catch (error) {
    if (!(error instanceof RegistryError)) throw error
    const words = refusal(error, reference, name)
    step.fail(words)
    throw new BaseImageError(words, `${text}: failed to resolve source metadata for ${name}: ${words}`)
  }
}

function refusal(error: RegistryError, reference: Reference, name: string): string {
  const url = `https://${apiHost(reference.domain)}/v2/${reference.path}/manifests/${reference.tag ?? reference.digest}`
  switch (error.failure) {
    case 'unknown-manifest':
      return `${name}: not found`
    case 'denied':
    case 'unauthorized':
      return 'pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed'
    default:
      return `failed to do request: Head "${url}": ${error.message}`
  }
}

/** The FROM step of an image: fetches and unpacks what is missing. */
export async function fetchBase(daemon: Daemon, reporter: Reporter, title: string, base: BaseImage): Promise<void> {
  const { engine, buildCache } = daemon
  const step = reporter.begin(title)
  const now = () => daemon.kernel.wallClock()
  if (base.missing.length > 0) {
    const started = now()
    step.progress(`resolve ${base.title}`, { started })
    for (const layer of base.missing) {
      const began = now()
      await engine.sleep(20 + layer.compressedSize / BANDWIDTH)
      step.progress(layer.digest, { current: layer.compressedSize, total: layer.compressedSize, started: began })
    }
    for (const layer of base.missing) {
      const began = now()
      await engine.sleep(10 + layer.size / UNPACKING)
      step.progress(`extracting ${layer.digest}`, { started: began })
    }
    step.done()
  } else if (buildCache.images.has(base.image.id)) step.cached()
  else {
    await engine.delay(2, 20)
    step.done()
  }
  buildCache.images.set(base.image.id, base.image)
}
