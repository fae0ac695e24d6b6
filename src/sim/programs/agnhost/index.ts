import type { Process, Program } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'
import { listenHttp } from '../http/listen.ts'

type Command = (process: Process, option: (name: string, fallback: string) => string) => Promise<number>

const plain = (body: string, status = 200) => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']] as const,
  body,
})
const hostname = (process: Process) => process.files.readText('/proc/sys/kernel/hostname').trim()

const COMMANDS: Record<string, Command> = {
  pause: async (process) => {
    await process.print('Paused\n')
    const told = defer<number>(process.machine.world.waiting)
    process.on('SIGTERM', () => told.resolve(0))
    process.on('SIGINT', () => told.resolve(0))
    return told.promise
  },
  'serve-hostname': async (process, option) => {
    const port = Number(option('port', '9376'))
    await process.print(`Serving on port ${port}.\n`)
    await listenHttp(process, { port }, () => plain(hostname(process)))
    return 0
  },
  netexec: async (process, option) => {
    const port = Number(option('http-port', '8080'))
    await process.print(`Started HTTP server on port ${port}\n`)
    await listenHttp(process, { port }, async (request) => {
      await process.compute(0.2)
      const url = /^([^?]*)\??(.*)$/.exec(request.target)!
      const query = new Map(url[2]!.split('&').map((p) => p.split('=') as [string, string]))
      switch (url[1]) {
        case '/hostname':
        case '/hostName':
          return plain(hostname(process))
        case '/clientip':
          return plain(`${request.connection.remote.address}:${request.connection.remote.port}`)
        case '/echo':
          return plain(decodeURIComponent(query.get('msg') ?? ''), Number(query.get('code') ?? 200))
        case '/healthz':
          return plain('')
        case '/exit':
          process.kill(process.pid, 'SIGKILL')
          return undefined
        default:
          return plain(`NOW: ${process.wallClock()}`)
      }
    })
    return 0
  },
}

/** Kubernetes' own test image, its commonest commands. */
export const agnhost: Program = async (process) => {
  const [name = 'pause', ...args] = process.argv.slice(1)
  const option = (wanted: string, fallback: string) => {
    const at = args.findIndex((a) => a === `--${wanted}` || a.startsWith(`--${wanted}=`))
    if (at < 0) return fallback
    return args[at]!.includes('=') ? args[at]!.split('=')[1]! : (args[at + 1] ?? fallback)
  }
  const command = COMMANDS[name]
  if (!command) {
    await process.printError(`Error: not simulated: agnhost ${name}\n`)
    return 1
  }
  return command(process, option)
}
