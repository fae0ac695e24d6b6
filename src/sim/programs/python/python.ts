import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { listenHttp } from '../http/listen.ts'
import type { HttpResponse } from '../http/message.ts'
import { commonLog, staticFile } from '../httpd/static-site.ts'
import { literalPrints } from './literal-prints.ts'

/** Python itself is not simulated; `--version`, `-m http.server` and programs that only print literals are. */
export const python: Applet = async (call) => {
  const { process, args } = call
  if (args[0] === '--version' || args[0] === '-V') {
    await process.print(`Python ${process.env.get('PYTHON_VERSION') ?? '3.11.2'}\n`)
    return 0
  }
  const version = process.env.get('PYTHON_VERSION') ?? '3.11.2'
  const module = version.startsWith('2.') ? 'SimpleHTTPServer' : 'http.server'
  if (args[0] === '-m' && args[1] !== module)
    throw new AppletError('', 1, `/usr/local/bin/${call.name}: No module named ${args[1] ?? ''}\n`)
  const simple = args[0] === '-m' ? undefined : simpleProgram(process, args, '-c', 'print')
  if (simple !== undefined) {
    await process.print(simple)
    return 0
  }
  if (args[0] !== '-m')
    throw new AppletError(`not simulated: Python programs (only ${call.name} -m ${module} and --version)`, 1)
  const port = Number(args.slice(2).find((word) => /^\d+$/.test(word)) ?? 8000)
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

export const node: Applet = async (call) => {
  if (call.args[0] === '--version' || call.args[0] === '-v') {
    await call.process.print(`v${call.process.env.get('NODE_VERSION') ?? '20.18.0'}\n`)
    return 0
  }
  const simple = simpleProgram(call.process, call.args, '-e', 'console.log')
  if (simple === undefined) throw new AppletError('not simulated: JavaScript programs (only node --version)')
  await call.process.print(simple)
  return 0
}

/** The output of a program given as text or as a file, when it only prints literals. */
function simpleProgram(
  process: Process,
  args: readonly string[],
  flag: string,
  print: 'print' | 'console.log',
): string | undefined {
  const [first = '', text = ''] = args
  if (first === flag) return text === '' ? undefined : literalPrints(text, print)
  if (first === '' || first.startsWith('-')) return undefined
  try {
    return literalPrints(process.files.readText(first), print)
  } catch (error) {
    if (error instanceof SystemError) return undefined
    throw error
  }
}
