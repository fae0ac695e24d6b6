import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { listenHttp } from '../http/listen.ts'
import type { HttpResponse } from '../http/message.ts'
import { commonLog, staticFile } from '../httpd/static-site.ts'

/** `python -m http.server`: the files of a folder. */
export async function serveFolder(process: Process, args: readonly string[], version: string): Promise<number> {
  const port = Number(args.find((word) => /^\d+$/.test(word)) ?? 8000)
  const folder = args.includes('-d')
    ? args[args.indexOf('-d') + 1]!
    : args.includes('--directory')
      ? args[args.indexOf('--directory') + 1]!
      : process.cwd
  const server = `SimpleHTTP/0.6 Python/${version}`
  const serving = listenHttp(process, { port }, async (request) => {
    const response = listing(process, request.target, folder) ?? staticFile(process, request, folder, server)
    await process.printError(commonLog(process, request, response))
    return response
  })
  await process.print(`Serving HTTP on 0.0.0.0 port ${port} (http://0.0.0.0:${port}/) ...\n`)
  try {
    await serving
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await process.printError(`OSError: [Errno ${error.errno}] ${error.message}\n`)
    return 1
  }
  return 0
}

/** The page of a folder without an index. */
function listing(process: Process, target: string, root: string): HttpResponse | undefined {
  const path = decodeURI(target.split('?')[0]!)
  const { files } = process
  const folder = root + path
  if (!path.endsWith('/') || path.includes('..') || !files.exists(folder)) return undefined
  if (files.stat(folder).type !== 'directory' || files.exists(`${folder}index.html`)) return undefined
  const names = files
    .list(folder)
    .map(({ name }) => `${name}${files.stat(folder + name).type === 'directory' ? '/' : ''}`)
    .sort()
  const title = `Directory listing for ${path}`
  const items = names.map((name) => `<li><a href="${name}">${name}</a></li>\n`).join('')
  return {
    status: 200,
    headers: [['Content-Type', 'text/html; charset=utf-8']],
    body: `<!DOCTYPE HTML>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<title>${title}</title>\n</head>\n<body>\n<h1>${title}</h1>\n<hr>\n<ul>\n${items}</ul>\n<hr>\n</body>\n</html>\n`,
  }
}
