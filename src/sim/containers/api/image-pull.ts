import { ApiError } from '../docker/api-error.ts'
import type { RegistryAuth } from '../engine.ts'
import { familiar, familiarName, type Reference, withDefaultTag } from '../images/reference.ts'
import { RegistryError } from '../images/registry.ts'
import { apiHost } from '../runtime/create-engine.ts'
import { importImage } from './image-archive.ts'
import { imageEvent, parse } from './images.ts'
import { type Call, pushStream, type Route } from './router.ts'

/** One line of a pull's or push's progress. */
export interface Progress {
  id?: string
  status?: string
  progressDetail?: object
  error?: string
  errorDetail?: { message: string }
  aux?: object
}

export const shortDigest = (digest: string) => digest.replace(/^sha256:/, '').slice(0, 12)

/** Why a registry said no, in the daemon's words. */
export function registryWords(error: RegistryError, reference: Reference, nameserver: string | undefined): ApiError {
  const name = familiarName(reference)
  const scheme = /^(?:127\.|localhost)/.test(reference.domain) ? 'http' : 'https'
  const url = `${scheme}://${apiHost(reference.domain)}/v2/`
  switch (error.failure) {
    case 'unknown-manifest':
      return new ApiError(404, `manifest for ${familiar(reference)} not found: manifest unknown: manifest unknown`)
    case 'denied':
    case 'unauthorized':
      return new ApiError(
        404,
        `pull access denied for ${name}, repository does not exist or may require 'docker login': denied: requested access to the resource is denied`,
      )
    case 'no-such-host': {
      const host = apiHost(reference.domain).replace(/:\d+$/, '')
      const where = nameserver ? ` on ${nameserver}:53` : ''
      return new ApiError(500, `Get "${url}": dial tcp: lookup ${host}${where}: no such host`)
    }
    case 'refused': {
      const host = reference.domain.includes(':')
        ? reference.domain
        : `${reference.domain}:${scheme === 'http' ? 80 : 443}`
      return new ApiError(500, `Get "${url}": dial tcp ${host}: connect: connection refused`)
    }
    case 'timeout':
      return new ApiError(
        500,
        `Get "${url}": net/http: request canceled while waiting for connection (Client.Timeout exceeded while awaiting headers)`,
      )
    default:
      return new ApiError(500, error.message)
  }
}

export function authOf(call: Call): RegistryAuth | undefined {
  const header = call.request.headers?.['x-registry-auth']
  if (!header) return undefined
  try {
    const value = JSON.parse(atob(header)) as { username?: string; password?: string }
    return value.username ? { username: value.username, password: value.password ?? '' } : undefined
  } catch {
    return undefined
  }
}

/** POST /images/create: a pull with its progress, or an import. */
async function create(call: Call) {
  if (call.query('fromSrc') !== undefined) return importImage(call)
  const { daemon } = call
  const { engine } = daemon
  const tag = call.query('tag')
  const from = call.query('fromImage') ?? ''
  const reference = withDefaultTag(parse(tag ? `${from}${tag.startsWith('sha256:') ? '@' : ':'}${tag}` : from))
  const out = pushStream(daemon.kernel.world.waiting)
  let answered = false
  const nameserver = /^nameserver (\S+)/m.exec(
    daemon.kernel.files.exists('/etc/resolv.conf') ? daemon.kernel.files.readText('/etc/resolv.conf') : '',
  )?.[1]
  const all = tag === undefined && call.flag('all')
  const pullOne = async (one: Reference, begun: () => void) => {
    let digest = ''
    let upToDate = false
    const pulled = await engine.fetch(one, {
      ...(authOf(call) ? { auth: authOf(call) } : {}),
      onProgress: (event) => {
        if (event.kind === 'manifest') {
          digest = event.image.manifest.digest
          upToDate = event.upToDate
          begun()
          out.push({ status: `Pulling from ${one.path}`, id: one.tag ?? one.digest })
          return
        }
        const id = shortDigest(event.layer.digest)
        if (event.kind === 'exists') out.push({ status: 'Already exists', progressDetail: {}, id })
        if (event.kind === 'waiting') out.push({ status: 'Pulling fs layer', progressDetail: {}, id })
        if (event.kind === 'downloaded') {
          out.push({ status: 'Verifying Checksum', progressDetail: {}, id })
          out.push({ status: 'Download complete', progressDetail: {}, id })
        }
        if (event.kind === 'unpacked') out.push({ status: 'Pull complete', progressDetail: {}, id })
      },
    })
    out.push({ status: `Digest: ${digest}` })
    out.push({
      status: upToDate
        ? `Status: Image is up to date for ${familiar(one)}`
        : `Status: Downloaded newer image for ${familiar(one)}`,
    })
    imageEvent(daemon, 'pull', familiar(one), familiarName(one))
    return pulled
  }
  await new Promise<void>((resolve, reject) => {
    const begun = () => {
      answered = true
      resolve()
    }
    void (async () => {
      try {
        const tags = all
          ? ((await engine.registry(reference.domain)).tags(reference.path) ?? [reference.tag!])
          : [reference.tag]
        for (const one of tags) await pullOne({ ...reference, ...(one ? { tag: one } : {}) }, begun)
        out.end()
      } catch (error) {
        const failure = error instanceof RegistryError ? registryWords(error, reference, nameserver) : (error as Error)
        if (answered) {
          out.push({ error: failure.message, errorDetail: { message: failure.message } })
          out.end()
        } else reject(failure)
      }
    })()
  })
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

export const imagePull: readonly Route[] = [{ method: 'POST', path: '/images/create', handle: create }]
