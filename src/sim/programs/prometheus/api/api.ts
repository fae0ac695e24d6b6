import { expositionResponse } from '../../exposition/exposition.ts'
import type { Handled, ServerRequest } from '../../http/server.ts'
import type { PrometheusServer } from '../server.ts'
import { ApiFailure } from './failure.ts'
import { federate } from './federate.ts'
import { ownMetrics } from './own-metrics.ts'
import { parametersOf } from './parameters.ts'
import { labelValues, QUERY_HANDLERS } from './query-api.ts'
import { STATE_HANDLERS } from './state-api.ts'

const json = (status: number, body: unknown): Handled => ({
  status,
  headers: [['Content-Type', 'application/json']],
  body: JSON.stringify(body),
})
const text = (status: number, body: string): Handled => ({
  status,
  headers: [['Content-Type', 'text/plain; charset=utf-8']],
  body,
})

/** Prometheus' HTTP interface. */
export async function answer(server: PrometheusServer, request: ServerRequest): Promise<Handled> {
  const { routePrefix } = server.options
  const full = request.target.split('?')[0]!
  const path = full.startsWith(routePrefix) ? full.slice(routePrefix.length) || '/' : full
  const response = await route(server, request, path)
  const code = response && 'status' in response ? response.status : 200
  const handler = path.startsWith('/api/v1/label/') ? '/api/v1/label/:name/values' : path
  const key = `${code} ${handler}`
  if (code !== 404) server.requests.set(key, (server.requests.get(key) ?? 0) + 1)
  return response
}

async function route(server: PrometheusServer, request: ServerRequest, path: string): Promise<Handled> {
  const { process, options } = server
  if (path === '/-/healthy') return text(200, 'Prometheus is Healthy.\n')
  if (path === '/-/ready') return server.ready ? text(200, 'Prometheus is Ready.\n') : text(503, 'Service Unavailable')
  if (path === '/-/reload' || path === '/-/quit') {
    if (!options.lifecycle) return text(403, 'Lifecycle API is not enabled.')
    if (request.method !== 'POST' && request.method !== 'PUT') return text(405, 'Only POST or PUT requests allowed')
    if (path === '/-/quit') {
      process.kill(process.pid, 'SIGTERM')
      return text(200, 'Requesting termination... Goodbye!')
    }
    try {
      server.load()
      return text(200, '')
    } catch (error) {
      return text(500, `failed to reload config: ${(error as Error).message}\n`)
    }
  }
  if (path === '/metrics') return expositionResponse(ownMetrics(server))
  if (path === '/federate') return expositionResponse(federate(server, parametersOf(request)))
  if (path === '/') return found(`${options.routePrefix}/graph`)
  const api = /^\/api\/v1\/(.+)$/.exec(path)
  if (api) {
    await process.compute(1)
    return answerApi(server, request, api[1]!)
  }
  if (/^\/(graph|alerts|targets|rules|config|flags|status|tsdb-status|service-discovery|classic\/.*)$/.test(path))
    return { status: 200, headers: [['Content-Type', 'text/html; charset=utf-8']], body: page(server) }
  return text(404, '404 page not found\n')
}

const found = (location: string): Handled => ({
  status: 302,
  headers: [
    ['Content-Type', 'text/html; charset=utf-8'],
    ['Location', location],
  ],
  body: `<a href="${location}">Found</a>.\n\n`,
})

const page = (server: PrometheusServer) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"/><title>${server.options.flags['web.page-title']}</title></head><body><noscript>You need to enable JavaScript to run this app.</noscript><div id="root"></div></body></html>`

function answerApi(server: PrometheusServer, request: ServerRequest, name: string): Handled {
  const parameters = parametersOf(request)
  const values = /^label\/([^/]+)\/values$/.exec(name)
  const handler = QUERY_HANDLERS[name] ?? STATE_HANDLERS[name]
  if (!values && !handler) return text(404, '404 page not found\n')
  try {
    const data = values ? labelValues(server, values[1]!, parameters) : handler!(server, parameters)
    return json(200, { status: 'success', data })
  } catch (error) {
    if (!(error instanceof ApiFailure)) throw error
    return json(error.status, { status: 'error', errorType: error.type, error: error.message })
  }
}
