import { MANIFEST } from '../../containers/images/image.ts'
import { digestOf } from '../../containers/images/sha256.ts'
import { Killed, SystemError } from '../../linux/errors.ts'
import type { Program } from '../../linux/process.ts'
import type { HttpResponse } from '../http/message.ts'
import { type ServerRequest, serveHttp } from '../http/server.ts'
import { RegistryStorage } from './storage.ts'

const API: readonly [string, string][] = [
  ['Docker-Distribution-Api-Version', 'registry/2.0'],
  ['X-Content-Type-Options', 'nosniff'],
]

/** The distribution registry: `registry serve CONFIG`. */
export const registry: Program = async (process) => {
  const [command, path] = process.argv.slice(1)
  if (command !== 'serve') {
    await process.print('registry v2.8.3\n')
    return command === undefined || command === '--version' ? 0 : 1
  }
  const config = path && process.files.exists(path) ? process.files.readText(path) : ''
  const port = Number(
    process.env.get('REGISTRY_HTTP_ADDR')?.split(':').at(-1) ?? /addr:\s*\S*:(\d+)/.exec(config)?.[1] ?? 5000,
  )
  const storage = new RegistryStorage(process.files)
  const listener = process.net.listen({ port })
  await process.printError(
    `time="${stamp(process.wallClock())}" level=info msg="listening on [::]:${port}" go.version=go1.20.8 version=2.8.3\n`,
  )
  const serve = async (connection: Awaited<ReturnType<typeof listener.accept>>) => {
    try {
      await serveHttp(connection, (request) => {
        const response = answer(storage, request)
        void process
          .printError(
            `time="${stamp(process.wallClock())}" level=info msg="response completed" http.request.method=${request.method} http.request.uri="${request.target}" http.response.status=${response.status}\n`,
          )
          .catch(() => {})
        return response
      })
    } catch (error) {
      // One client's broken connection is nothing to the others.
      if (!(error instanceof SystemError) && !(error instanceof Killed)) throw error
    }
  }
  for (;;) void serve(await listener.accept())
}

function stamp(ms: number): string {
  return String(Math.floor(ms / 1000))
}

function reply(
  status: number,
  headers: readonly (readonly [string, string])[] = [],
  body: string | Uint8Array = '',
): HttpResponse {
  return { status, headers: [...headers, ...API], body }
}

function refuse(status: number, code: string, message: string, detail?: object): HttpResponse {
  const body = JSON.stringify({ errors: [{ code, message, ...(detail ? { detail } : {}) }] })
  return reply(status, [['Content-Type', 'application/json; charset=utf-8']], `${body}\n`)
}

function jsonReply(value: unknown): HttpResponse {
  return reply(200, [['Content-Type', 'application/json; charset=utf-8']], `${JSON.stringify(value)}\n`)
}

function answer(storage: RegistryStorage, request: ServerRequest): HttpResponse {
  const [path = '', search = ''] = request.target.split('?')
  const query = new Map(search.split('&').map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]))
  const { method } = request
  if (path === '/v2/' || path === '/v2') return reply(200, [['Content-Type', 'application/json; charset=utf-8']], '{}')
  if (path === '/v2/_catalog') return jsonReply({ repositories: storage.repositories() })
  const tags = /^\/v2\/(.+)\/tags\/list$/.exec(path)
  if (tags) {
    const name = tags[1]!
    const list = storage.tags(name)
    return list
      ? jsonReply({ name, tags: list })
      : refuse(404, 'NAME_UNKNOWN', 'repository name not known to registry', { name })
  }
  const manifest = /^\/v2\/(.+)\/manifests\/([^/]+)$/.exec(path)
  if (manifest) return manifests(storage, request, manifest[1]!, manifest[2]!)
  const upload = /^\/v2\/(.+)\/blobs\/uploads\/([^/]*)$/.exec(path)
  if (upload) {
    const name = upload[1]!
    const digest = query.get('digest') ?? query.get('mount')
    if (method === 'POST' && query.get('from') && digest && storage.hasBlob(query.get('from')!, digest)) {
      storage.linkBlob(name, digest)
      return reply(201, [
        ['Location', `/v2/${name}/blobs/${digest}`],
        ['Docker-Content-Digest', digest],
      ])
    }
    if (method === 'PUT' && digest) {
      storage.putBlob(name, digest, request.body)
      return reply(201, [
        ['Location', `/v2/${name}/blobs/${digest}`],
        ['Docker-Content-Digest', digest],
      ])
    }
    return reply(202, [
      ['Location', `/v2/${name}/blobs/uploads/1`],
      ['Range', '0-0'],
    ])
  }
  const blob = /^\/v2\/(.+)\/blobs\/(sha256:[0-9a-f]{64})$/.exec(path)
  if (blob) {
    const [, name = '', digest = ''] = blob
    const bytes = storage.hasBlob(name, digest) ? storage.blob(digest) : undefined
    if (!bytes) return refuse(404, 'BLOB_UNKNOWN', 'blob unknown to registry', { digest })
    return reply(
      200,
      [
        ['Content-Type', 'application/octet-stream'],
        ['Docker-Content-Digest', digest],
      ],
      bytes,
    )
  }
  return reply(404, [['Content-Type', 'text/plain; charset=utf-8']], '404 page not found\n')
}

function manifests(storage: RegistryStorage, request: ServerRequest, name: string, reference: string): HttpResponse {
  if (request.method === 'PUT') {
    const digest = digestOf(request.body)
    storage.putManifest(name, reference, digest, request.body)
    return reply(201, [
      ['Location', `/v2/${name}/manifests/${digest}`],
      ['Docker-Content-Digest', digest],
    ])
  }
  const digest = storage.resolve(name, reference)
  const bytes = digest && storage.blob(digest)
  if (!bytes)
    return refuse(
      404,
      'MANIFEST_UNKNOWN',
      'manifest unknown',
      reference.startsWith('sha256:') ? { Name: name, Revision: reference } : { Tag: reference },
    )
  return reply(
    200,
    [
      ['Content-Type', MANIFEST],
      ['Docker-Content-Digest', digest],
    ],
    bytes,
  )
}
