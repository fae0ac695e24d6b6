import { SystemError } from '../../../linux/errors.ts'
import { type Headers, type HttpResponse, header } from '../../http/message.ts'
import type { Exchange } from '../exchange.ts'
import { errorResponse, httpDate, respond } from '../responses.ts'
import { autoindex } from './autoindex.ts'

/** The path on disk of the current URI, by root or alias. */
export function diskPath(x: Exchange, uri: string, locationPath: string): string {
  const { alias, root } = x.scope
  return alias === undefined ? root.replace(/\/$/, '') + uri : alias + uri.slice(locationPath.length)
}

export type StaticResult = HttpResponse | { status: number } | { internal: string }

/** An error page and other redirects inside are asked for with GET. */
const methodOf = (x: Exchange) => (x.asGet && x.request.method !== 'HEAD' ? 'GET' : x.request.method)

const failed = (path: string, call: string, error: SystemError) =>
  `${call}() "${path}" failed (${error.errno}: ${error.message})`

/** Serves a file, a folder's index or listing. */
export async function staticFile(x: Exchange, locationPath: string): Promise<StaticResult> {
  const { files } = x.process
  const method = methodOf(x)
  if (!['GET', 'HEAD', 'POST'].includes(method)) return { status: 405 }
  const path = diskPath(x, x.uri, locationPath)
  if (x.uri.endsWith('/')) {
    for (const name of x.scope.index) {
      const target = name.startsWith('/') ? name : x.uri + name
      if (files.exists(diskPath(x, target, locationPath))) return { internal: target }
    }
    if (x.scope.autoindex) return autoindex(x, path)
    if (files.exists(path)) {
      await x.runtime.logs.requestError(x, 'error', `directory index of "${path}" is forbidden`)
      return { status: 403 }
    }
    const missing = new SystemError('ENOENT')
    const index = `${path}${x.scope.index[0] ?? ''}`
    await x.runtime.logs.requestError(x, 'error', `"${index}" is not found (${missing.errno}: ${missing.message})`)
    return { status: 404 }
  }
  try {
    const stat = files.stat(path)
    if (stat.type === 'directory') return redirectToFolder(x)
    if (method === 'POST') return { status: 405 }
    const body = files.readBytes(path)
    return fileResponse(x, body, stat.modified)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await x.runtime.logs.requestError(x, 'error', failed(path, 'open', error))
    return { status: error.code === 'EACCES' ? 403 : error.code === 'ENAMETOOLONG' ? 414 : 404 }
  }
}

function redirectToFolder(x: Exchange): HttpResponse {
  return redirectTo(x, 301, `${x.uri}/${x.args ? `?${x.args}` : ''}`)
}

/** A relative target becomes absolute, on the host asked for and the port listened on. */
export function redirectTo(x: Exchange, status: number, target: string): HttpResponse {
  return { status, headers: [['Location', absolute(x, target)]], body: '' }
}

export function absolute(x: Exchange, target: string): string {
  if (!target.startsWith('/')) return target
  x.ownLocation = true
  const host = (header(x.request.headers, 'host') ?? x.server.names[0] ?? '').replace(/:\d+$/, '')
  const { port } = x.request.connection.local
  const usual = x.secure ? 443 : 80
  return `${x.secure ? 'https' : 'http'}://${host}${port === usual ? '' : `:${port}`}${target}`
}

/** By the URI's ending, whatever the file is called. */
export function contentType(x: Exchange): string {
  const extension = /\.([^./]+)$/.exec(x.uri)?.[1]?.toLowerCase()
  return (extension && x.scope.types.get(extension)) || x.scope.defaultType
}

function fileResponse(x: Exchange, body: Uint8Array, modified: number): HttpResponse | { status: number } {
  const lastModified = httpDate(modified)
  const etag = `"${Math.floor(modified / 1000).toString(16)}-${body.length.toString(16)}"`
  const validators: Headers = [
    ['Last-Modified', lastModified],
    ['ETag', etag],
  ]
  const notModified =
    header(x.request.headers, 'if-none-match') === etag ||
    header(x.request.headers, 'if-modified-since') === lastModified
  if (notModified) return respond(x, 304, undefined, '', validators)
  const range = /^bytes=(\d*)-(\d*)$/.exec(header(x.request.headers, 'range') ?? '')
  if (range && (range[1] || range[2])) {
    const start = range[1] ? Number(range[1]) : Math.max(0, body.length - Number(range[2]))
    const end = range[1] && range[2] ? Math.min(Number(range[2]), body.length - 1) : body.length - 1
    if (start >= body.length || start > end)
      return {
        ...errorResponse(x, 416),
        headers: [...errorResponse(x, 416).headers, ['Content-Range', `bytes */${body.length}`]],
      }
    return respond(x, 206, contentType(x), body.slice(start, end + 1), [
      ...validators,
      ['Content-Range', `bytes ${start}-${end}/${body.length}`],
    ])
  }
  return respond(x, 200, contentType(x), body, [...validators, ['Accept-Ranges', 'bytes']])
}
