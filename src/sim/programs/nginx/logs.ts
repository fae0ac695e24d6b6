import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { dateFields } from '../../time/date.ts'
import { toBytes } from '../http/message.ts'
import type { Exchange } from './exchange.ts'
import { expand } from './variables.ts'

const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'

const LEVELS = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg']
const pad = (n: number) => String(n).padStart(2, '0')

/** `2026/11/21 03:20:20` */
export function logTime(ms: number): string {
  const d = dateFields(ms)
  return `${d.year}/${pad(d.month)}/${pad(d.day)} ${pad(d.hour)}:${pad(d.minute)}:${pad(d.second)}`
}

/** The access and error logs of one configuration. Files are opened by path at each line, so rotation just works. */
export class Logs {
  readonly #formats: ReadonlyMap<string, string>
  readonly #errorLog: string
  readonly #level: number

  constructor(formats: ReadonlyMap<string, string>, errorLog: string, level: string) {
    this.#formats = formats
    this.#errorLog = errorLog
    this.#level = LEVELS.indexOf(level)
  }

  async access(x: Exchange): Promise<void> {
    for (const log of x.scope.accessLogs) {
      const format = this.#formats.get(log.format) ?? COMBINED
      const line = expand(
        { ...x, captures: [] },
        format.replace(/\$(\w+)/g, (v, name) => (emptyAsDash(x, name) ? '-' : v)),
      )
      await append(x.process, log.path, `${line}\n`)
    }
  }

  async error(process: Process, level: string, message: string, connection?: number): Promise<void> {
    if (LEVELS.indexOf(level) < this.#level) return
    const where = connection === undefined ? '' : ` *${connection}`
    const line = `${logTime(process.wallClock())} [${level}] ${process.pid}#${process.pid}:${where} ${message}\n`
    if (this.#errorLog === 'stderr') await process.stderr.write(toBytes(line))
    else await append(process, this.#errorLog, line)
  }

  /** An error in the course of a request, with nginx's context behind it. */
  async requestError(x: Exchange, level: string, message: string, upstream?: string): Promise<void> {
    const host = x.request.headers.find(([name]) => name.toLowerCase() === 'host')?.[1]
    const parts = [
      message,
      `client: ${x.request.connection.remote.address}`,
      `server: ${x.server.names[0] ?? ''}`,
      `request: "${x.request.method} ${x.request.target} ${x.request.version}"`,
    ]
    if (upstream) parts.push(`upstream: "${upstream}"`)
    if (host) parts.push(`host: "${host}"`)
    await this.error(x.process, level, parts.join(', '), x.connectionNumber)
  }
}

/** Log formats show a dash where a variable is empty. */
function emptyAsDash(x: Exchange, name: string): boolean {
  return expand({ ...x, captures: [] }, `\${${name}}`) === ''
}

async function append(process: Process, path: string, text: string): Promise<void> {
  if (path === '/dev/null' || path.startsWith('syslog:')) return
  try {
    // The master opened these as root; a worker could not open the container's streams again.
    const stream = standardStream(process, path)
    if (stream) {
      await stream.write(toBytes(text))
      return
    }
    const file = process.files.open(path.startsWith('/') ? path : `/etc/nginx/${path}`, {
      write: true,
      create: true,
      append: true,
      mode: 0o644,
    })
    await file.write(toBytes(text))
    file.release()
  } catch {
    // A log that cannot be written must not stop the service; nginx goes on too.
  }
}

function standardStream(process: Process, path: string): Process['stdout'] | undefined {
  let target = path
  try {
    if (!path.startsWith('/dev/')) target = process.files.readlink(path)
  } catch (error) {
    // Not there, or a file of its own.
    if (!(error instanceof SystemError)) throw error
  }
  return target === '/dev/stdout' ? process.stdout : target === '/dev/stderr' ? process.stderr : undefined
}
