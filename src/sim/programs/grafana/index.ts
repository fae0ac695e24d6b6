import type { Program } from '../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../exposition/exposition.ts'
import { HttpAgent } from '../http/agent.ts'
import { jsonResponse, runDaemon, textResponse } from '../http/daemon.ts'
import { header } from '../http/message.ts'
import type { Handled, ServerRequest } from '../http/server.ts'
import { milliTime } from '../prometheus/log.ts'
import { drawDashboard } from './draw.ts'
import { type Dashboard, loadProvisioned, type Provisioned } from './provisioning.ts'

const VERSION = '8.3.3'

/** Grafana: dashboards that were provisioned, and their data from its data sources. */
export const grafana: Program = async (process) => {
  const started = process.wallClock()
  const say = (level: string, message: string, rest = '') =>
    process.print(
      `logger=server t=${milliTime(process.wallClock())} lvl=${level} msg=${JSON.stringify(message)}${rest}\n`,
    )
  process.setMemory(48 * 2 ** 20)
  await say('info', 'Starting Grafana', ` version=${VERSION} commit=30bb7a93c`)
  const provisioned = loadProvisioned(process.files)
  for (const problem of provisioned.problems)
    await say('eror', 'Failed to provision', ` error=${JSON.stringify(problem)}`)
  await say('info', 'HTTP Server Listen', ' address=[::]:3000 protocol=http subUrl= socket=')
  const agent = new HttpAgent(process, `Grafana/${VERSION}`)
  let requests = 0
  return runDaemon(process, {
    listen: [
      {
        port: 3000,
        handler: async (request) => {
          requests++
          await process.compute(1)
          if (request.target === '/metrics')
            return expositionResponse(
              processMetrics(new Exposition(), process, started)
                .gauge('grafana_build_info', "A metric with a constant '1' value labeled by version.", 1, {
                  edition: 'oss',
                  version: VERSION,
                })
                .gauge('grafana_stat_totals_dashboard', 'total amount of dashboards', provisioned.dashboards.size)
                .counter(
                  'grafana_http_request_duration_seconds_count',
                  'Histogram of latencies for HTTP requests.',
                  requests,
                ),
            )
          return answer(provisioned, agent, request, process.wallClock())
        },
      },
    ],
    onBusy: (_, why) => void say('eror', 'Server shutdown', ` error="listen tcp :3000: bind: ${why}"`).catch(() => {}),
  })
}

const html = (body: string): Handled => ({ status: 200, headers: [['Content-Type', 'text/html; charset=UTF-8']], body })
const page =
  '<!DOCTYPE html>\n<html lang="en">\n  <head>\n    <title>Grafana</title>\n  </head>\n  <body class="theme-dark app-grafana">\n    <div id="reactRoot"></div>\n  </body>\n</html>\n'

async function answer(
  { dashboards, datasources }: Provisioned,
  agent: HttpAgent,
  request: ServerRequest,
  now: number,
): Promise<Handled> {
  const path = request.target.split('?')[0]!
  if (path === '/api/health') return jsonResponse(200, { commit: '30bb7a93c', database: 'ok', version: VERSION })
  if (path === '/login') return html(page)
  if (path === '/healthz') return textResponse(200, 'Ok')
  const isApi = path.startsWith('/api/')
  if (!isApi && !isKnown(request))
    return {
      status: 302,
      headers: [
        ['Location', '/login'],
        ['Content-Type', 'text/html; charset=utf-8'],
      ],
      body: '<a href="/login">Found</a>.\n\n',
    }
  const problem = refuse(request)
  if (problem) return jsonResponse(401, { message: problem })
  if (path === '/api/search') return jsonResponse(200, [...dashboards.values()].map(hit))
  if (path === '/api/datasources')
    return jsonResponse(
      200,
      datasources.map((source, i) => ({ id: i + 1, orgId: 1, ...source })),
    )
  if (path === '/api/org') return jsonResponse(200, { id: 1, name: 'Main Org.' })
  const one = /^\/api\/dashboards\/uid\/([^/]+)$/.exec(path)
  if (one) {
    const found = dashboards.get(one[1]!)
    if (!found) return jsonResponse(404, { message: 'Dashboard not found' })
    return jsonResponse(200, {
      meta: { type: 'db', slug: found.slug, url: hit(found).url, folderTitle: found.folder, provisioned: true },
      dashboard: found.model,
    })
  }
  const proxy = /^\/api\/datasources\/proxy\/(\d+)(\/.*)$/.exec(request.target)
  if (proxy) {
    const source = datasources[Number(proxy[1]) - 1]
    if (!source) return jsonResponse(404, { message: 'Data source not found' })
    const { status, headers, body } = await agent.fetch(`${source.url.replace(/\/$/, '')}${proxy[2]}`)
    return { status, headers: [['Content-Type', header(headers, 'content-type') ?? 'application/json']], body }
  }
  // A browser gets the page whose script draws; curl has no script, so it gets the drawing.
  const drawn = /^\/d\/([^/]+)/.exec(path)
  if (drawn && /curl|wget/i.test(header(request.headers, 'user-agent') ?? '')) {
    const found = dashboards.get(drawn[1]!)
    if (!found) return textResponse(404, 'Dashboard not found\n')
    const search = (request.target.split('?')[1] ?? '')
      .split('&')
      .map((pair) => pair.split('=').map(decodeURIComponent))
    const given = new Map(search.map(([key = '', value = '']) => [key, value]))
    return textResponse(200, await drawDashboard(found, datasources[0], agent, now, given))
  }
  return isApi ? jsonResponse(404, { message: 'Not found' }) : html(page)
}

const isKnown = (request: ServerRequest) => header(request.headers, 'authorization') !== undefined

function refuse(request: ServerRequest): string | undefined {
  const given = header(request.headers, 'authorization')
  if (!given) return 'Unauthorized'
  const basic = /^Basic (.+)$/.exec(given)?.[1]
  return basic && atob(basic) === 'admin:admin' ? undefined : 'invalid username or password'
}

const hit = (dashboard: Dashboard) => ({
  uid: dashboard.uid,
  title: dashboard.title,
  uri: `db/${dashboard.slug}`,
  url: `/d/${dashboard.uid}/${dashboard.slug}`,
  type: 'dash-db',
  tags: dashboard.tags,
  folderTitle: dashboard.folder,
})
