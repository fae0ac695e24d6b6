import { parse as parseYaml } from 'yaml'
import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../exposition/exposition.ts'
import { FetchError, HttpAgent } from '../http/agent.ts'
import { goFlags, parseListen, runDaemon, textResponse } from '../http/daemon.ts'
import { header } from '../http/message.ts'
import { parseDuration } from '../prometheus/duration.ts'
import { logfmt } from '../prometheus/log.ts'

interface Module {
  prober?: string
  timeout?: string
  http?: {
    method?: string
    valid_status_codes?: number[]
    headers?: Record<string, string>
    body?: string
    follow_redirects?: boolean
    no_follow_redirects?: boolean
    fail_if_body_matches_regexp?: string[]
    fail_if_body_not_matches_regexp?: string[]
    tls_config?: { insecure_skip_verify?: boolean }
  }
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
          if (module.prober !== undefined && !(module.prober in PROBERS))
            return textResponse(400, `not simulated: prober ${module.prober}\n`)
          return expositionResponse(await probe(process, agent, module, target))
        },
      },
    ],
  })
}

async function probe(process: Process, agent: HttpAgent, module: Module, target: string): Promise<Exposition> {
  const started = process.wallClock()
  const timeout = (parseDuration(module.timeout ?? '') ?? 10_000) - 500
  const out = new Exposition()
  const prober = PROBERS[module.prober ?? '']
  const success = (await prober?.({ process, agent, module, target, out, timeout })) ?? false
  out.gauge(
    'probe_duration_seconds',
    'Returns how long the probe took to complete in seconds',
    (process.wallClock() - started) / 1000,
  )
  return out.gauge('probe_success', 'Displays whether or not the probe was a success', success ? 1 : 0)
}

interface Probe {
  process: Process
  agent: HttpAgent
  module: Module
  target: string
  out: Exposition
  /** ms */
  timeout: number
}

/** The name's address, and how long it took to find. */
async function lookUp({ process, out }: Probe, host: string): Promise<string | undefined> {
  const before = process.wallClock()
  let address: string | undefined
  try {
    ;[address] = await process.net.resolve(host)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  const took = (process.wallClock() - before) / 1000
  out.gauge('probe_dns_lookup_time_seconds', 'Returns the time taken for probe dns lookup in seconds', took)
  out.gauge('probe_ip_protocol', 'Specifies whether probe ip protocol is IP4 or IP6', address ? 4 : 0)
  return address
}

const PROBERS: Record<string, (probe: Probe) => Promise<boolean>> = {
  async http(given) {
    const { process, agent, module, target, out, timeout } = given
    const { http = {} } = module
    let url = /^https?:\/\//.test(target) ? target : `http://${target}`
    const host = /^https?:\/\/\[?([^/:\]]+)/.exec(url)?.[1] ?? ''
    const address = await lookUp(given, host)
    let status = 0
    let length = 0
    let redirects = 0
    let success = false
    let matched = false
    const began = process.wallClock()
    try {
      for (; address !== undefined; redirects++) {
        const response = await agent.fetch(url, {
          method: http.method ?? 'GET',
          timeout: Math.max(1, timeout - (process.wallClock() - began)),
          headers: Object.entries(http.headers ?? {}),
          ...(http.body === undefined ? {} : { body: http.body }),
          ...(http.tls_config?.insecure_skip_verify ? { tls: { insecure: true } } : {}),
        })
        status = response.status
        length = response.body.length
        const location = header(response.headers, 'location')
        const follows = http.follow_redirects !== false && http.no_follow_redirects !== true
        if (follows && status >= 300 && status < 400 && location && redirects < 10) {
          url = /^https?:/.test(location) ? location : url.replace(/^(https?:\/\/[^/]+).*$/s, `$1${location}`)
          continue
        }
        const wanted = http.valid_status_codes ?? []
        success = wanted.length > 0 ? wanted.includes(status) : status >= 200 && status < 300
        const has = (source: string) => new RegExp(source).test(response.text)
        matched =
          (http.fail_if_body_matches_regexp ?? []).some(has) || !(http.fail_if_body_not_matches_regexp ?? []).every(has)
        break
      }
    } catch (error) {
      if (!(error instanceof FetchError)) throw error
    }
    out
      .gauge('probe_failed_due_to_regex', 'Indicates if probe failed due to regex', matched ? 1 : 0)
      .gauge('probe_http_content_length', 'Length of http content response', length)
      .gauge('probe_http_redirects', 'The number of redirects', redirects)
      .gauge(
        'probe_http_ssl',
        'Indicates if SSL was used for the final redirect',
        status > 0 && url.startsWith('https') ? 1 : 0,
      )
      .gauge('probe_http_status_code', 'Response HTTP status code', status)
      .gauge('probe_http_uncompressed_body_length', 'Length of uncompressed response body', length)
      .gauge('probe_http_version', 'Returns the version of HTTP of the probe response', status > 0 ? 1.1 : 0)
    return success && !matched
  },
  async tcp(given) {
    const { process, target, timeout } = given
    const [host = '', port = ''] = target.split(':')
    const address = await lookUp(given, host)
    if (address === undefined) return false
    try {
      const connection = await process.net.connect({ address, port: Number(port) }, { timeout })
      connection.close()
      return true
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      return false
    }
  },
  async icmp(given) {
    const { process, target, timeout } = given
    const address = await lookUp(given, target)
    return address !== undefined && (await process.net.ping(address, { timeout })) !== undefined
  },
}
