import { parseRfc3339 } from '../../time/date.ts'
import { ApiError } from '../docker/api-error.ts'
import type { Daemon } from '../docker/daemon.ts'
import { canonical, parseReference, repositoryOf, withDefaultTag } from '../images/reference.ts'
import { familiarOf, type StoredImage } from '../images/store.ts'
import { imageEvent, wantedImage } from './images.ts'
import { pruneFilter } from './prune-filter.ts'
import { type Call, json, type Route } from './router.ts'

interface Deleted {
  Untagged?: string
  Deleted?: string
}

const short = (id: string) => id.replace(/^sha256:/, '').slice(0, 12)

/** Whether the user named the image by the beginning of its id. */
function isById(image: StoredImage, text: string): boolean {
  const hex = text.replace(/^sha256:/, '')
  if (!/^[0-9a-f]+$/.test(hex) || !image.id.startsWith(`sha256:${hex}`)) return false
  return !image.tags.includes(canonical(withDefaultTag(parseReferenceOr(text))))
}

function parseReferenceOr(text: string) {
  try {
    return parseReference(text)
  } catch {
    return { domain: 'docker.io', path: `library/${text}` }
  }
}

function containerUsing(daemon: Daemon, id: string, runningOnly: boolean) {
  return daemon.list().find((container) => container.runtime.image.id === id && (!runningOnly || container.running))
}

/** docker rmi: takes a name away; with the last one the image and its unshared layers go. */
function remove(call: Call) {
  const { daemon } = call
  const text = call.params.name!
  const force = call.flag('force')
  const image = wantedImage(daemon, text)
  const out: Deleted[] = []
  const store = daemon.engine.store
  if (isById(image, text)) {
    const repositories = new Set(image.tags.map((name) => repositoryOf(parseReference(name))))
    const running = containerUsing(daemon, image.id, true)
    if (running)
      throw new ApiError(
        409,
        `conflict: unable to delete ${short(image.id)} (cannot be forced) - image is being used by running container ${short(running.id)}`,
      )
    if (repositories.size > 1 && !force)
      throw new ApiError(
        409,
        `conflict: unable to delete ${short(image.id)} (must be forced) - image is referenced in multiple repositories`,
      )
    const user = containerUsing(daemon, image.id, false)
    if (user && !force)
      throw new ApiError(
        409,
        `conflict: unable to delete ${short(image.id)} (must be forced) - image is being used by stopped container ${short(user.id)}`,
      )
    if (store.children(image.id).length > 0)
      throw new ApiError(
        409,
        `conflict: unable to delete ${short(image.id)} (cannot be forced) - image has dependent child images`,
      )
    untagAll(daemon, image, out)
    deleteImage(daemon, image, out, true)
    return json(out)
  }
  const reference = withDefaultTag(parseReference(text))
  const isDigest = reference.digest !== undefined
  const name = canonical(isDigest ? { ...reference, tag: undefined } : reference)
  const others = image.tags.filter((tag) => tag !== name)
  const last = others.length === 0
  const user = containerUsing(daemon, image.id, false)
  if (last && user && !force)
    throw new ApiError(
      409,
      `conflict: unable to remove repository reference ${JSON.stringify(text)} (must force) - container ${short(user.id)} is using its referenced image ${short(image.id)}`,
    )
  untag(daemon, image, name, out)
  const repository = repositoryOf(reference)
  if (!others.some((tag) => repositoryOf(parseReference(tag)) === repository))
    for (const digest of image.digests) if (digest.startsWith(`${repository}@`)) untag(daemon, image, digest, out)
  if (last && !containerUsing(daemon, image.id, true)) {
    untagAll(daemon, store.byId(image.id) ?? image, out)
    deleteImage(daemon, image, out, !call.flag('noprune'))
  }
  return json(out)
}

function untag(daemon: Daemon, image: StoredImage, name: string, out: Deleted[]): void {
  daemon.engine.store.unname(name)
  out.push({ Untagged: familiarOf(name) })
  imageEvent(daemon, 'untag', image.id, image.id)
}

function untagAll(daemon: Daemon, image: StoredImage, out: Deleted[]): void {
  const repositories = [...new Set(image.tags.map((name) => repositoryOf(parseReference(name))))]
  for (const repository of repositories) {
    for (const tag of image.tags) if (repositoryOf(parseReference(tag)) === repository) untag(daemon, image, tag, out)
    for (const digest of image.digests) if (digest.startsWith(`${repository}@`)) untag(daemon, image, digest, out)
  }
  for (const digest of daemon.engine.store.byId(image.id)?.digests ?? []) untag(daemon, image, digest, out)
}

/** Deletes an image and, going down, parents that nothing else needs. */
function deleteImage(daemon: Daemon, image: StoredImage, out: Deleted[], parents: boolean): void {
  const { store, storage } = daemon.engine
  const used = containerUsing(daemon, image.id, false) !== undefined
  store.delete(image.id)
  out.push({ Deleted: image.id })
  imageEvent(daemon, 'delete', image.id, image.id)
  if (!used) for (const chain of storage.release(image.image)) out.push({ Deleted: chain })
  const parent = image.parent ? store.byId(image.parent) : undefined
  if (!parents || !parent || parent.tags.length > 0 || parent.digests.length > 0) return
  if (store.children(parent.id).length > 0 || containerUsing(daemon, parent.id, false)) return
  deleteImage(daemon, parent, out, true)
}

function prune(call: Call) {
  const { daemon } = call
  const wanted = pruneFilter(call, ['dangling', 'until', 'label', 'label!'])
  const dangling = call.filters().get('dangling')?.[0]
  const all = dangling === 'false' || dangling === '0'
  const out: Deleted[] = []
  let space = 0
  for (const image of daemon.engine.store.all()) {
    if (!daemon.engine.store.byId(image.id)) continue
    if (containerUsing(daemon, image.id, false) || daemon.engine.store.children(image.id).length > 0) continue
    if (!all && (image.tags.length > 0 || image.digests.length > 0)) continue
    const { created, config } = image.image.file
    if (!wanted({ created: parseRfc3339(created), labels: config.Labels })) continue
    space += image.size
    untagAll(daemon, image, out)
    deleteImage(daemon, image, out, true)
  }
  return json({ ImagesDeleted: out.length > 0 ? out : null, SpaceReclaimed: space })
}

export const imageDelete: readonly Route[] = [
  { method: 'POST', path: '/images/prune', handle: prune },
  { method: 'DELETE', path: '/images/*name', handle: remove },
]
