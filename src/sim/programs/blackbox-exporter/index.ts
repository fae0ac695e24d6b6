import { parse as parseYaml } from 'yaml'
import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../exposition/exposition.ts'
import { FetchError, HttpAgent } from '../http/agent.ts'
import { goFlags, parseListen, runDaemon, textResponse } from '../http/daemon.ts'
import { logfmt } from '../prometheus/log.ts'

interface Module {
  prober?: string
  timeout?: string
  http?: { method?: string; valid_status_codes?: number[] }
}

/** blackbox_exporter: probes a target from outside when it is asked to. */
export const blackboxExporter: Program = async (process) => {
  const flags = goFlags(process.argv.slice(1))
  const started = process.wallClock()
  const file = flags.get('config.file', 'blackbox.yml')
  let modules: Record<string, Module> = {}
  const load = () => {
    modules = (parseYaml(process.files.readText(file)) as { modules?: Record<string, Module> })?.modules ?? {}
  }
  try {
    load()
  } catch (error) {
    logfmt(process, 'main.go:241', 'error', {
      msg: 'Error loading config',
      err: `error reading config file: open ${file}: ${(error as Error).message.toLowerCase()}`,
    })
    return 1
  }
  logfmt(process, 'main.go:256', 'info', { msg: 'Loaded config file' })
  const listen = flags.get('web.listen-address', ':9115')
  logfmt(process, 'main.go:369', 'info', { msg: 'Listening on address', address: listen })
  const agent = new HttpAgent(process, 'Blackbox Exporter/0.19.0')
  return runDaemon(process, {
    listen: [
      {
        ...parseListen(listen),
        handler: async (request) => {
          const [path, search = ''] = request.target.split('?')
          if (path === '/metrics') return expositionResponse(processMetrics(new Exposition(), process, started))
          if (path === '/-/healthy') return textResponse(200, 'Healthy')
          if (path === '/-/reload') {
            load()
            return textResponse(200, '')
          }
          if (path !== '/probe') return textResponse(404, '404 page not found\n')
          const query = new Map(
            search.split('&').map((pair) => pair.split('=').map(decodeURIComponent) as [string, string]),
          )
          const name = query.get('module') ?? 'http_2xx'
          const module = modules[name]
          if (!module) return textResponse(400, `Unknown module ${JSON.stringify(name)}\n`)
          const target = query.get('target')
          if (!target) return textResponse(400, 'Target parameter is missing\n')
          return expositionResponse(await probe(process, agent, module, target))
        },
      },
    ],
  })
}

async function probe(process: Process, agent: HttpAgent, module: Module, target: string): Promise<Exposition> {
  const started = process.wallClock()
  const out = new Exposition()
  let success = false
  if (module.prober === 'http') {
    const url = /^https?:\/\//.test(target) ? target : `http://${target}`
    let status = 0
    let length = 0
    try {
      const response = await agent.fetch(url, { method: module.http?.method ?? 'GET', timeout: 9500 })
      status = response.status
      length = response.body.length
      const wanted = module.http?.valid_status_codes ?? []
      success = wanted.length > 0 ? wanted.includes(status) : status >= 200 && status < 300
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
    }
    out.gauge('probe_http_content_length', 'Length of http content response', length)
    out.gauge('probe_http_ssl', 'Indicates if SSL was used for the final redirect', url.startsWith('https') ? 1 : 0)
    out.gauge('probe_http_status_code', 'Response HTTP status code', status)
  } else if (module.prober === 'tcp') {
    const [host = '', port = ''] = target.split(':')
    try {
      const [address] = await process.net.resolve(host)
      if (address) {
        const connection = await process.net.connect({ address, port: Number(port) }, { timeout: 9500 })
        connection.close()
        success = true
      }
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
    }
  } else if (module.prober === 'icmp') {
    const [address] = await process.net.resolve(target)
    success = address !== undefined && (await process.net.ping(address, { timeout: 9500 })) !== undefined
  }
  out.gauge(
    'probe_duration_seconds',
    'Returns how long the probe took to complete in seconds',
    (process.wallClock() - started) / 1000,
  )
  return out.gauge('probe_success', 'Displays whether or not the probe was a success', success ? 1 : 0)
}
