import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import type { HttpResponse } from '../http/message.ts'
import type { ServerRequest } from '../http/server.ts'
import { mimeTypes } from '../nginx/mime-types.ts'
import { httpDate } from '../nginx/responses.ts'
import { localTime } from '../nginx/variables.ts'

const TITLES: Record<number, [title: string, text: (uri: string) => string]> = {
  403: ['Forbidden', () => "You don't have permission to access this resource."],
  404: ['Not Found', () => 'The requested URL was not found on this server.'],
  301: ['Moved Permanently', (uri) => `The document has moved <a href="${uri}">here</a>.`],
  405: ['Method Not Allowed', () => 'The requested method is not allowed for this URL.'],
}

/** Apache's own page for a status. */
export function apachePage(status: number, token: string, uri = ''): string {
  const [title, text] = TITLES[status] ?? ['Internal Server Error', () => 'The server encountered an internal error.']
  return `<!DOCTYPE HTML PUBLIC "-//IETF//DTD HTML 2.0//EN">\n<html><head>\n<title>${status} ${title}</title>\n</head><body>\n<h1>${title}</h1>\n<p>${text(uri)}</p>\n${token}</body></html>\n`
}

/** A file below the document root. */
export function staticFile(process: Process, request: ServerRequest, root: string, server: string): HttpResponse {
  const path = decodeURI(request.target.split('?')[0]!)
  const reply = (
    status: number,
    type: string,
    body: string | Uint8Array,
    extra: [string, string][] = [],
  ): HttpResponse => ({
    status,
    headers: [['Date', httpDate(process.wallClock())], ['Server', server], ...extra, ['Content-Type', type]],
    body,
  })
  const error = (status: number, extra: [string, string][] = []) =>
    reply(status, 'text/html; charset=iso-8859-1', apachePage(status, '', path), extra)
  if (path.includes('..')) return error(403)
  try {
    const { files } = process
    let file = root + path
    const folder = files.stat(file).type === 'directory'
    if (folder && !path.endsWith('/')) {
      const host = request.headers.find(([n]) => n.toLowerCase() === 'host')?.[1] ?? 'localhost'
      return error(301, [['Location', `http://${host}${path}/`]])
    }
    if (folder) file = `${file}index.html`
    if (folder && !files.exists(file)) return error(403)
    const extension = /\.([^./]+)$/.exec(file)?.[1] ?? ''
    const modified = files.stat(file).modified
    return reply(200, mimeTypes.get(extension) ?? 'text/plain', files.readBytes(file), [
      ['Last-Modified', httpDate(modified)],
      ['Accept-Ranges', 'bytes'],
    ])
  } catch (failure) {
    if (!(failure instanceof SystemError)) throw failure
    return error(failure.code === 'EACCES' ? 403 : 404)
  }
}

/** Common log format. */
export function commonLog(process: Process, request: ServerRequest, response: HttpResponse): string {
  const size = typeof response.body === 'string' ? new TextEncoder().encode(response.body).length : response.body.length
  return `${request.connection.remote.address} - - [${localTime(process.wallClock())}] "${request.method} ${request.target} ${request.version}" ${response.status} ${size}\n`
}
