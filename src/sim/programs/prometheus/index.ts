import { SystemError } from '../../linux/errors.ts'
import type { Program } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'
import { listenHttp } from '../http/listen.ts'
import { answer } from './api/api.ts'
import { logfmt } from './log.ts'
import { parseOptions } from './options.ts'
import { PrometheusServer, VERSION } from './server.ts'

/** Prometheus: scrapes targets, keeps their samples, answers PromQL, evaluates rules and sends alerts. */
export const prometheus: Program = async (process) => {
  const options = parseOptions(process.argv.slice(1))
  if (typeof options === 'string') {
    await process.printError(`Error parsing commandline arguments: ${options}\nprometheus: error: ${options}\n\n`)
    return 2
  }
  if (options.flags.version === 'true') {
    await process.print(
      `prometheus, version ${VERSION} (branch: HEAD, revision: 41f1a8125e664985dd30674e5bdf6b683eff5d32)\n`,
    )
    return 0
  }
  const stopped = defer<number>(process.machine.world.waiting)
  const fault = (error: unknown) => stopped.reject(error)
  for (const signal of ['SIGTERM', 'SIGINT'] as const)
    process.on(signal, () => {
      logfmt(process, 'main.go:775', 'warn', { msg: 'Received SIGTERM, exiting gracefully...' })
      stopped.resolve(0)
    })
  const log = (caller: string, fields: Record<string, string | number>) => logfmt(process, caller, 'info', fields)
  process.setMemory(60 * 2 ** 20)
  log('main.go:515', {
    msg: 'Starting Prometheus',
    version: `(version=${VERSION}, branch=HEAD, revision=41f1a8125e664985dd30674e5bdf6b683eff5d32)`,
  })
  log('web.go:570', {
    component: 'web',
    msg: 'Start listening for connections',
    address: `${options.listenAddress}:${options.port}`,
  })
  const server = new PrometheusServer(process, options, fault)
  try {
    server.load()
  } catch (error) {
    logfmt(process, 'main.go:483', 'error', {
      msg: `Error loading config (--config.file=${options.configFile})`,
      err: (error as Error).message,
    })
    return 2
  }
  process.on('SIGHUP', () => {
    try {
      server.load()
    } catch (error) {
      logfmt(process, 'main.go:795', 'error', { msg: 'Error reloading config', err: (error as Error).message })
    }
  })
  log('main.go:923', { msg: 'TSDB started' })
  listenHttp(process, { address: options.listenAddress, port: options.port }, (request) =>
    answer(server, request),
  ).catch((error) => {
    if (!(error instanceof SystemError)) return fault(error)
    logfmt(process, 'main.go:1076', 'error', {
      err: `Unable to start web listener: listen tcp ${options.listenAddress}:${options.port}: bind: ${error.message.toLowerCase()}`,
    })
    stopped.resolve(1)
  })
  server.scraping.run().catch(fault)
  server.ready = true
  log('main.go:897', { msg: 'Server is ready to receive web requests.' })
  const remember = async () => {
    for (;;) {
      // About what a head block of that size takes.
      process.setMemory(60 * 2 ** 20 + server.head.seriesCount * 8000 + server.head.sampleCount * 4)
      await process.sleep(30_000)
    }
  }
  remember().catch(fault)
  try {
    return await stopped.promise
  } finally {
    server.discovery.stop()
  }
}
