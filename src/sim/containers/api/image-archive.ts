import { gunzip, isGzip } from '../archive/gzip.ts'
import { layerEntries, layerFromTar, readTar, type TarEntry, writeTar } from '../archive/tar.ts'
import { ApiError } from '../docker/api-error.ts'
import { DAEMON_VERSION } from '../docker/daemon.ts'
import { emptyConfig } from '../images/config.ts'
import { Image } from '../images/image.ts'
import { layerOf } from '../images/layer.ts'
import { canonical, familiarName, parseReference, withDefaultTag } from '../images/reference.ts'
import { digestOf } from '../images/sha256.ts'
import { familiarOf, type StoredImage } from '../images/store.ts'
import { NEVER, rfc3339Nano } from '../timestamp.ts'
import { imageEvent, parse } from './images.ts'
import { ArchiveError, loadArchive } from './load-archive.ts'
import { type Call, pushStream, type Route } from './router.ts'

function save(call: Call) {
  const { daemon } = call
  const names = call.params.name ? [call.params.name] : call.queryAll('names')
  const images = new Map<string, { stored: StoredImage; tags: Set<string> }>()
  for (const name of names) {
    const stored = daemon.engine.store.find(name)
    if (!stored) throw new ApiError(404, `No such image: ${name}`)
    const entry = images.get(stored.id) ?? { stored, tags: new Set() }
    const byId = /^(?:sha256:)?[0-9a-f]+$/.test(name) && stored.id.startsWith(`sha256:${name.replace('sha256:', '')}`)
    if (!byId) entry.tags.add(canonical(withDefaultTag(parseReference(name))))
    images.set(stored.id, entry)
  }
  const files = new Map<string, TarEntry>()
  const time = 0
  const file = (name: string, content: string | Uint8Array) =>
    files.set(name, {
      name,
      type: 'file',
      mode: 0o644,
      uid: 0,
      gid: 0,
      modified: time,
      content: typeof content === 'string' ? new TextEncoder().encode(content) : content,
    })
  const manifest: object[] = []
  const repositories: Record<string, Record<string, string>> = {}
  for (const { stored, tags } of images.values()) {
    const { image } = stored
    const hex = stored.id.slice(7)
    const layers: string[] = []
    let last = ''
    for (const [i, layer] of image.layers.entries()) {
      const id = digestOf(`${last}${layer.diffId}${i === image.layers.length - 1 ? stored.id : ''}`).slice(7)
      files.set(`${id}/`, { name: `${id}/`, type: 'directory', mode: 0o755, uid: 0, gid: 0, modified: time })
      file(`${id}/VERSION`, '1.0')
      file(
        `${id}/json`,
        JSON.stringify({
          id,
          ...(last ? { parent: last } : {}),
          created: NEVER,
          container_config: emptyConfig(),
          os: 'linux',
        }),
      )
      file(`${id}/layer.tar`, writeTar(layerEntries(layer.tree)))
      layers.push(`${id}/layer.tar`)
      last = id
    }
    file(`${hex}.json`, JSON.stringify(image.file))
    const shown = [...tags].map(familiarOf)
    manifest.push({ Config: `${hex}.json`, RepoTags: shown.length > 0 ? shown : null, Layers: layers })
    for (const tag of tags) {
      const reference = parseReference(tag)
      const repository = familiarName(reference)
      repositories[repository] ??= {}
      repositories[repository]![reference.tag ?? 'latest'] = last
    }
  }
  file('manifest.json', `${JSON.stringify(manifest)}\n`)
  if (Object.keys(repositories).length > 0) file('repositories', `${JSON.stringify(repositories)}\n`)
  const order = [...files.values()].sort((a, b) => (a.name < b.name ? -1 : 1))
  return { status: 200, headers: { 'content-type': 'application/x-tar' }, body: writeTar(order) }
}

function load(call: Call) {
  const { daemon } = call
  const bytes = (call.request.body as Uint8Array | undefined) ?? new Uint8Array(0)
  const out = pushStream(daemon.kernel.world.waiting)
  const refuse = (message: string) => {
    out.push({ error: message, errorDetail: { message } })
    out.end()
    return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
  }
  try {
    for (const { id, tags } of loadArchive(daemon.engine, bytes, daemon.kernel.wallClock())) {
      for (const tag of tags) out.push({ stream: `Loaded image: ${tag}\n` })
      if (tags.length === 0) out.push({ stream: `Loaded image ID: ${id}\n` })
      imageEvent(daemon, 'load', id, id)
    }
  } catch (error) {
    if (error instanceof ArchiveError) return refuse(error.message)
    throw error
  }
  out.end()
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

/** POST /images/create?fromSrc=-: a root filesystem becomes an image of one layer. */
export function importImage(call: Call) {
  const { daemon } = call
  const bytes = (call.request.body as Uint8Array | undefined) ?? new Uint8Array(0)
  let entries: TarEntry[]
  try {
    entries = readTar(isGzip(bytes) ? gunzip(bytes) : bytes)
  } catch (error) {
    throw new ApiError(500, `Error processing tar file(exit status 1): ${(error as Error).message}`)
  }
  const created = rfc3339Nano(daemon.kernel.wallClock())
  const config = emptyConfig()
  for (const change of call.queryAll('changes')) applyChange(config, change)
  const source = call.query('fromSrc') ?? '-'
  const image = new Image(
    {
      architecture: 'amd64',
      config,
      container_config: emptyConfig(),
      created,
      docker_version: DAEMON_VERSION,
      history: [{ created, comment: call.query('message') || `Imported from ${source}` }],
      os: 'linux',
    },
    [layerOf(layerFromTar(entries))],
  )
  daemon.engine.addImage(image)
  const repo = call.query('repo')
  if (repo) {
    const tag = call.query('tag')
    daemon.engine.store.name(image.id, withDefaultTag(parse(tag ? `${repo}:${tag}` : repo)), daemon.kernel.wallClock())
  }
  imageEvent(daemon, 'import', image.id, image.id)
  const out = pushStream(daemon.kernel.world.waiting)
  out.push({ status: image.id })
  out.end()
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

/** `CMD ["x"]`, `ENV A=b`: what `docker commit -c` and `docker import -c` take. */
export function applyChange(config: ReturnType<typeof emptyConfig>, change: string): void {
  const [, word = '', rest = ''] = /^\s*(\S+)\s+(.*)$/s.exec(change) ?? []
  const list = (): string[] => {
    try {
      return JSON.parse(rest) as string[]
    } catch {
      return ['/bin/sh', '-c', rest]
    }
  }
  const pair = () => {
    const equals = rest.indexOf('=')
    return equals < 0 ? rest.split(/\s+(.*)/s) : [rest.slice(0, equals), rest.slice(equals + 1)]
  }
  switch (word.toUpperCase()) {
    case 'CMD':
      config.Cmd = list()
      break
    case 'ENTRYPOINT':
      config.Entrypoint = list()
      break
    case 'ENV': {
      const [name = '', value = ''] = pair()
      config.Env = [
        ...(config.Env ?? []).filter((line) => !line.startsWith(`${name}=`)),
        `${name}=${value.replace(/^"(.*)"$/, '$1')}`,
      ]
      break
    }
    case 'LABEL': {
      const [name = '', value = ''] = pair()
      config.Labels = { ...config.Labels, [name]: value.replace(/^"(.*)"$/, '$1') }
      break
    }
    case 'EXPOSE':
      config.ExposedPorts = { ...config.ExposedPorts, [rest.includes('/') ? rest : `${rest}/tcp`]: {} }
      break
    case 'VOLUME':
      config.Volumes = { ...config.Volumes, [rest.replace(/^\["?(.*?)"?\]$/, '$1')]: {} }
      break
    case 'WORKDIR':
      config.WorkingDir = rest
      break
    case 'USER':
      config.User = rest
      break
    case 'STOPSIGNAL':
      config.StopSignal = rest
      break
    default:
      throw new ApiError(400, `${word.toUpperCase()} is not a valid change command`)
  }
}

export const imageArchive: readonly Route[] = [
  { method: 'GET', path: '/images/get', handle: save },
  { method: 'GET', path: '/images/*name/get', handle: save },
  { method: 'POST', path: '/images/load', handle: load },
]
