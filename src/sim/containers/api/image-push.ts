import { canonical, familiarName, parseReference, repositoryOf, withDefaultTag } from '../images/reference.ts'
import { RegistryError } from '../images/registry.ts'
import type { StoredImage } from '../images/store.ts'
import { registryWords, shortDigest } from './image-pull.ts'
import { imageEvent, parse } from './images.ts'
import { type Call, pushStream, type Route } from './router.ts'

/** POST /images/NAME/push: one tag, or all of a repository. */
function push(call: Call) {
  const { daemon } = call
  const tag = call.query('tag')
  const repository = parse(call.params.name!)
  const out = pushStream(daemon.kernel.world.waiting)
  const wanted: { tag: string; image: StoredImage }[] = []
  for (const image of daemon.engine.store.all())
    for (const name of image.tags) {
      const reference = parseReference(name)
      if (repositoryOf(reference) === repositoryOf(repository) && (tag === undefined || reference.tag === tag))
        wanted.push({ tag: reference.tag!, image })
    }
  wanted.sort((a, b) => (a.tag < b.tag ? -1 : 1))
  if (wanted.length === 0) {
    const name = familiarName(repository)
    out.push({ status: `The push refers to repository [${repositoryOf(repository)}]` })
    const message =
      tag === undefined || tag === 'latest'
        ? `An image does not exist locally with the tag: ${name}`
        : `tag does not exist: ${name}:${tag}`
    out.push({ error: message, errorDetail: { message } })
    out.end()
    return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
  }
  out.push({ status: `The push refers to repository [${repositoryOf(repository)}]` })
  void (async () => {
    try {
      for (const one of wanted) await pushOne(call, { ...repository, tag: one.tag }, one.image, out.push)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      const message = error instanceof RegistryError ? refusal(error, call.params.name!) : error.message
      out.push({ error: message, errorDetail: { message } })
    } finally {
      out.end()
    }
  })()
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

function refusal(error: RegistryError, name: string): string {
  if (error.failure === 'denied' || error.failure === 'unauthorized')
    return 'denied: requested access to the resource is denied'
  return registryWords(error, withDefaultTag(parseReference(name)), undefined).message
}

async function pushOne(
  call: Call,
  reference: ReturnType<typeof parse>,
  stored: StoredImage,
  emit: (item: unknown) => void,
): Promise<void> {
  const { engine } = call.daemon
  const { image } = stored
  for (const layer of image.layers.toReversed())
    emit({ status: 'Preparing', progressDetail: {}, id: shortDigest(layer.diffId) })
  await engine.delay(100, 300)
  const registry = await engine.registry(reference.domain)
  if (!registry.push) throw new RegistryError('denied', 'requested access to the resource is denied')
  await registry.push(reference, image, (layer, status) =>
    emit({ status, progressDetail: {}, id: shortDigest(layer.diffId) }),
  )
  const { digest, bytes } = image.manifest
  emit({ status: `${reference.tag}: digest: ${digest} size: ${bytes.length}` })
  const { tag: _tag, ...repository } = reference
  engine.store.name(stored.id, { ...repository, digest })
  imageEvent(call.daemon, 'push', canonical(reference), familiarName(reference))
}

export const imagePush: Route = { method: 'POST', path: '/images/*name/push', handle: push }
