import { Killed, SystemError } from '../../linux/errors.ts'
import type { Program } from '../../linux/process.ts'
import { dateFields } from '../../time/date.ts'
import { defer } from '../../time/waiting.ts'
import { listenHttp } from '../http/listen.ts'
import { commonLog, staticFile } from './static-site.ts'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']

/** `[Sat Nov 21 03:20:20.123456 2026]` */
export function errorLogTime(ms: number): string {
  const d = dateFields(ms)
  const pad = (n: number, width = 2) => String(n).padStart(width, '0')
  return `[${DAYS[d.weekday]} ${MONTHS[d.month - 1]} ${pad(d.day)} ${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}.${pad(Math.floor(d.millisecond) * 1000, 6)} ${d.year}]`
}

/** Apache httpd: static files of the document root, as its own image configures it. */
export const httpd: Program = async (process) => {
  const version = process.env.get('HTTPD_VERSION') ?? '2.4.58'
  if (process.argv[1] === '-v') {
    await process.print(`Server version: Apache/${version} (Unix)\n`)
    return 0
  }
  const prefix = process.env.get('HTTPD_PREFIX') ?? '/usr/local/apache2'
  const config = `${prefix}/conf/httpd.conf`
  const text = process.files.exists(config) ? process.files.readText(config) : ''
  const port = Number(/^\s*Listen\s+(?:\S+:)?(\d+)/m.exec(text)?.[1] ?? 80)
  const root = /^\s*DocumentRoot\s+"?([^"\n]+)"?/m.exec(text)?.[1] ?? `${prefix}/htdocs`
  const server = `Apache/${version} (Unix)`
  const log = (line: string) => process.printError(`${errorLogTime(process.wallClock())} ${line}\n`)
  await process.printError(
    "AH00558: httpd: Could not reliably determine the server's fully qualified domain name, using 127.0.0.1. Set the 'ServerName' directive globally to suppress this message\n",
  )
  process.setMemory(6 * 1024 * 1024)
  const told = defer<number>(process.machine.world.waiting)
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGWINCH'] as const) process.on(signal, () => told.resolve(0))
  const serving = listenHttp(process, { port }, async (request) => {
    await process.compute(0.3)
    const response = staticFile(process, request, root, server)
    await process.print(commonLog(process, request, response))
    return response
  })
  serving.catch(async (error) => {
    // Killed: the process has ended, nobody is left to be told.
    if (error instanceof Killed) return
    if (!(error instanceof SystemError)) throw error
    await process.printError(
      `(${error.errno})${error.message}: AH00072: make_sock: could not bind to address 0.0.0.0:${port}\nno listening sockets available, shutting down\nAH00015: Unable to open logs\n`,
    )
    told.resolve(1)
  })
  await log(
    `[mpm_event:notice] [pid ${process.pid}:tid ${process.pid}] AH00489: ${server} configured -- resuming normal operations`,
  )
  await log(`[core:notice] [pid ${process.pid}:tid ${process.pid}] AH00094: Command line: 'httpd -D FOREGROUND'`)
  const status = await told.promise
  if (status === 0)
    await log(`[mpm_event:notice] [pid ${process.pid}:tid ${process.pid}] AH00491: caught SIGTERM, shutting down`)
  return status
}
