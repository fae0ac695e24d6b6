import { SystemError } from '../../linux/errors.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { listenHttp } from '../http/listen.ts'
import { commonLog, staticFile } from '../httpd/static-site.ts'

/** Python itself is not simulated; `--version` and `-m http.server` are. */
export const python: Applet = async (call) => {
  const { process, args } = call
  if (args[0] === '--version' || args[0] === '-V') {
    await process.print(`Python ${process.env.get('PYTHON_VERSION') ?? '3.11.2'}\n`)
    return 0
  }
  if (args[0] !== '-m' || args[1] !== 'http.server')
    throw new AppletError(`not simulated: Python programs (only ${call.name} -m http.server and --version)`, 1)
  const port = Number(args.slice(2).find((word) => /^\d+$/.test(word)) ?? 8000)
  const folder = args.includes('-d')
    ? args[args.indexOf('-d') + 1]!
    : args.includes('--directory')
      ? args[args.indexOf('--directory') + 1]!
      : process.cwd
  const serving = listenHttp(process, { port }, async (request) => {
    const response = staticFile(process, request, folder, 'SimpleHTTP/0.6 Python/3.11.2')
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

export const node: Applet = async (call) => {
  if (call.args[0] === '--version' || call.args[0] === '-v') {
    await call.process.print(`v${call.process.env.get('NODE_VERSION') ?? '20.18.0'}\n`)
    return 0
  }
  throw new AppletError('not simulated: JavaScript programs (only node --version)')
}
