import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { parseRfc3339 } from '../../time/date.ts'
import { ApiError } from '../docker/api-error.ts'
import { withTag } from '../docker/containers.ts'
import type { Daemon } from '../docker/daemon.ts'
import { emptyConfig } from '../images/config.ts'
import {
  canonical,
  familiar,
  familiarName,
  InvalidReference,
  parseReference,
  type Reference,
  repositoryOf,
  withDefaultTag,
} from '../images/reference.ts'
import { familiarOf, type StoredImage } from '../images/store.ts'
import { NEVER, rfc3339Nano } from '../timestamp.ts'
import { allowFilters, type Call, empty, json, type Route } from './router.ts'

export function wantedImage(daemon: Daemon, text: string): StoredImage {
  const image = daemon.engine.store.find(text)
  if (!image) throw new ApiError(404, `No such image: ${withTag(text)}`)
  return image
}

export function parse(text: string): Reference {
  try {
    return parseReference(text)
  } catch (error) {
    if (error instanceof InvalidReference) throw new ApiError(400, error.message)
    throw error
  }
}

/** Files an image's name into the list's `repository:tag`. */
function repoTags(image: StoredImage): string[] {
  return image.tags.map(familiarOf)
}

export function imageSummary(daemon: Daemon, image: StoredImage) {
  return {
    Containers: daemon.list().filter((container) => container.runtime.image.id === image.id).length,
    Created: Math.floor(parseRfc3339(image.image.file.created) / 1000),
    Id: image.id,
    Labels: image.image.file.config.Labels,
    ParentId: image.parent,
    RepoDigests:
      image.digests.length > 0 ? image.digests.map(familiarOf) : image.tags.length > 0 ? null : ['<none>@<none>'],
    RepoTags: image.tags.length > 0 ? repoTags(image) : image.digests.length > 0 ? null : ['<none>:<none>'],
    SharedSize: -1,
    Size: image.size,
    VirtualSize: image.size,
  }
}

function matchesReference(image: StoredImage, pattern: string): boolean {
  const glob = (text: string) =>
    new BoundedRegExp(
      `^${text
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replace(/\*/g, '[^/]*')
        .replace(/\?/g, '[^/]')}$`,
    )
  const wanted = glob(pattern)
  return image.tags.some((name) => {
    const reference = parseReference(name)
    return [familiar(reference), familiarName(reference), canonical(reference), repositoryOf(reference)].some((text) =>
      wanted.test(text),
    )
  })
}

function list(call: Call) {
  const { daemon } = call
  const filters = call.filters()
  allowFilters(filters, ['dangling', 'label', 'before', 'since', 'reference'])
  const images = daemon.engine.store.all().toReversed()
  const place = (text: string) => parseRfc3339(wantedImage(daemon, text).image.file.created)
  const created = (image: StoredImage) => parseRfc3339(image.image.file.created)
  const dangling = filters.get('dangling')?.[0]
  const found = images.filter((image) => {
    const isDangling = image.tags.length === 0 && image.digests.length === 0
    const isIntermediate = isDangling && daemon.engine.store.children(image.id).length > 0
    if (isIntermediate && !call.flag('all')) return false
    if (dangling !== undefined && (dangling === 'true' || dangling === '1') !== (image.tags.length === 0)) return false
    const labels = image.image.file.config.Labels ?? {}
    const references = filters.get('reference') ?? []
    return (
      (filters.get('label') ?? []).every((label) => {
        const [key = '', value] = label.split('=')
        return value === undefined ? key in labels : labels[key] === value
      }) &&
      (filters.get('before') ?? []).every((text) => created(image) < place(text)) &&
      (filters.get('since') ?? []).every((text) => created(image) > place(text)) &&
      (references.length === 0 || references.some((pattern) => matchesReference(image, pattern)))
    )
  })
  found.sort((a, b) => created(b) - created(a))
  return json(found.map((image) => imageSummary(daemon, image)))
}

function inspect(call: Call) {
  const { daemon } = call
  const name = call.params.name!
  const image = daemon.engine.store.find(name)
  if (!image) throw new ApiError(404, `no such image: ${name}: No such image: ${withTag(name)}`)
  const { file } = image.image
  const folders = daemon.engine.storage.folders(image.image)
  const [top = '', ...below] = folders
  return json({
    Id: image.id,
    RepoTags: repoTags(image),
    RepoDigests: image.digests.map(familiarOf),
    Parent: image.parent,
    Comment: file.history.at(-1)?.comment ?? '',
    Created: file.created,
    Container: file.container ?? '',
    ContainerConfig:
      file.history.at(-1)?.comment === 'Imported from -' ? emptyConfig() : (file.container_config ?? emptyConfig()),
    DockerVersion: file.docker_version ?? '',
    Author: file.author ?? '',
    Config: file.config,
    Architecture: file.architecture,
    Os: file.os,
    Size: image.size,
    VirtualSize: image.size,
    GraphDriver: {
      Data: {
        ...(below.length > 0 ? { LowerDir: below.map((folder) => `${folder}/diff`).join(':') } : {}),
        MergedDir: `${top}/merged`,
        UpperDir: `${top}/diff`,
        WorkDir: `${top}/work`,
      },
      Name: 'overlay2',
    },
    RootFS: { Type: 'layers', Layers: file.rootfs.diff_ids },
    Metadata: { LastTagTime: image.tagged === undefined ? NEVER : rfc3339Nano(image.tagged) },
  })
}

function history(call: Call) {
  const { daemon } = call
  const image = wantedImage(daemon, call.params.name!)
  const sizes = image.image.layers.map((layer) => layer.size)
  let layer = 0
  // Steps built here have an image of their own; those that came with a pull do not.
  const ancestors: StoredImage[] = [image]
  for (let at = image; at.parent; ) {
    const parent = daemon.engine.store.byId(at.parent)
    if (!parent) break
    ancestors.push(parent)
    at = parent
  }
  const rows = image.image.file.history.map((entry) => ({
    Comment: entry.comment ?? '',
    Created: Math.floor(parseRfc3339(entry.created) / 1000),
    CreatedBy: entry.created_by ?? '',
    Id: '<missing>',
    Size: entry.empty_layer ? 0 : (sizes[layer++] ?? 0),
    Tags: null as string[] | null,
  }))
  rows.reverse()
  ancestors.forEach((ancestor, i) => {
    const row = rows[i]
    if (!row) return
    const steps = image.image.file.history.length - ancestor.image.file.history.length
    const at = rows[steps]
    if (!at) return
    at.Id = ancestor.id
    at.Tags = ancestor.tags.length > 0 ? repoTags(ancestor) : null
  })
  return json(rows)
}

function tag(call: Call) {
  const image = wantedImage(call.daemon, call.params.name!)
  const repo = call.query('repo') ?? ''
  const tagName = call.query('tag')
  const reference = parse(tagName ? `${repo}:${tagName}` : repo)
  call.daemon.engine.store.name(image.id, withDefaultTag(reference), call.daemon.kernel.wallClock())
  call.daemon.events.emit('image', 'tag', image.id, { name: familiar(withDefaultTag(reference)) })
  return empty(201)
}

export function imageEvent(daemon: Daemon, action: string, id: string, name: string): void {
  daemon.events.emit('image', action, id, { name })
}

export const images: readonly Route[] = [
  { method: 'GET', path: '/images/json', handle: list },
  { method: 'GET', path: '/images/*name/json', handle: inspect },
  { method: 'GET', path: '/images/*name/history', handle: history },
  { method: 'POST', path: '/images/*name/tag', handle: tag },
]
