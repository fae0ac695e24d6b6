import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { listenHttp } from '../http/listen.ts'
import type { HttpResponse } from '../http/message.ts'
import type { ServerRequest } from '../http/server.ts'
import { httpDate } from '../nginx/responses.ts'

const TYPES: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  h: 'text/plain',
  c: 'text/plain',
  cc: 'text/plain',
  cpp: 'text/plain',
  htm: 'text/html',
  html: 'text/html',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  png: 'image/png',
  svg: 'image/svg+xml',
  css: 'text/css',
  js: 'application/javascript',
  json: 'application/json',
  wav: 'audio/wav',
  xml: 'application/xml',
}
const ERRORS: Readonly<Record<number, readonly [string, string]>> = {
  302: ['Found', ''],
  400: ['Bad Request', 'Unsupported method'],
  403: ['Forbidden', ''],
  404: ['Not Found', 'The requested URL was not found'],
  501: ['Not Implemented', 'The requested method is not recognized'],
}

/** busybox httpd: files below a folder. */
export const busyboxHttpd: Applet = async (call) => {
  const options = parseOptions(call, { short: 'ifvp:u:r:h:c:d:e:m:' })
  const { process } = call
  for (const [letter, what] of [
    ['i', 'inetd mode'],
    ['c', 'a configuration file'],
    ['d', 'URL decoding'],
    ['e', 'HTML encoding'],
    ['m', 'MD5 crypt'],
  ] as const)
    if (options.has(letter)) throw new AppletError(`not simulated: ${what}`)
  const [, address, port] = /^(?:(.+):)?(\d+)$/.exec(options.get('p') ?? '80') ?? []
  if (port === undefined) throw new AppletError(`bad port '${options.get('p')}'`)
  const home = options.get('h') ?? '.'
  const root = home.startsWith('/') ? home : `${process.cwd.replace(/\/$/, '')}/${home}`
  if (!process.files.exists(root))
    throw new AppletError(`can't change directory to '${home}': No such file or directory`)
  const at = { port: Number(port), ...(address !== undefined && { address }) }
  const serve = async (server: Process): Promise<number> => {
    await listenHttp(server, at, async (request) => {
      const response = answer(server, root, request)
      const from = `${request.connection.remote.address}:${request.connection.remote.port}`
      if (options.has('v')) await server.printError(`${from}: response:${response.status}\n`)
      return response
    })
    return 0
  }
  try {
    if (options.has('f')) return await serve(process)
    // Only what can be bound goes to the background.
    process.net.listen({ address: at.address ?? '0.0.0.0', port: at.port }).close()
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(`bind: ${error.message}`)
  }
  process.spawn({ argv: process.argv, program: serve, newSession: true })
  // Whoever asks next must be heard: the port is bound when the command returns.
  await process.sleep(1)
  return 0
}

function answer(process: Process, root: string, request: ServerRequest): HttpResponse {
  const say = (status: number, extra: [string, string][], type: string | undefined, body: Uint8Array | string) => ({
    status,
    reason: status === 200 ? 'OK' : ERRORS[status]![0],
    headers: [
      ['Date', httpDate(process.wallClock())],
      ['Connection', 'close'],
      ...(type === undefined ? [] : [['Content-type', type] as const]),
      ...extra,
    ] as [string, string][],
    body,
    untilClose: status !== 200,
  })
  const failure = (status: number, extra: [string, string][] = []) => {
    const [title, text] = ERRORS[status]!
    const page = `<HTML><HEAD><TITLE>${status} ${title}</TITLE></HEAD>\n<BODY><H1>${status} ${title}</H1>\n${text}\n</BODY></HTML>\n`
    return say(status, extra, 'text/html', status === 302 ? '\r\n' : page)
  }
  if (request.method !== 'GET' && request.method !== 'HEAD') return failure(501)
  let path: string
  try {
    path = decodeURIComponent(request.target.split('?')[0]!)
  } catch {
    return failure(400)
  }
  if (path.split('/').includes('..')) return failure(403)
  const { files } = process
  try {
    if (!path.endsWith('/') && files.stat(root + path).type === 'directory')
      return failure(302, [['Location', `${path}/`]])
    const file = `${root}${path}${path.endsWith('/') ? 'index.html' : ''}`
    const { modified, size } = files.stat(file)
    const body = files.readBytes(file)
    const extra: [string, string][] = [
      ['Accept-Ranges', 'bytes'],
      ['Last-Modified', httpDate(modified)],
      ['ETag', `"${Math.floor(modified / 1000).toString(16)}-${size.toString(16)}"`],
      ['Content-Length', String(size)],
    ]
    return say(200, extra, TYPES[/\.([^./]+)$/.exec(file)?.[1] ?? ''], body)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    return failure(404)
  }
}
