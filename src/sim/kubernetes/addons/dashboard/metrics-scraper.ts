import type { Program } from '../../../linux/process.ts'
import { goFlags, jsonResponse, runDaemon, textResponse } from '../../../programs/http/daemon.ts'
import type { Handled } from '../../../programs/http/server.ts'
import { rfc3339 } from '../../../time/date.ts'
import type { KubeObject } from '../../api/object.ts'
import { milliValue, quantityValue } from '../../api/quantity.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { PodApi, PodApiError } from '../pod-api.ts'
import type { UsagePoint } from './usage.ts'

/** So much is kept, in ms. */
const KEPT = 15 * 60_000
const POD_LIST = /^\/api\/v1\/dashboard\/namespaces\/([^/]+)\/pod-list\/([^/]+)\/metrics\/(cpu|memory)\//

/** The dashboard's metrics scraper: remembers for a quarter of an hour what metrics.k8s.io says of the Pods. */
export function metricsScraper(server: ApiServer): Program {
  return async (process) => {
    const flags = goFlags(process.argv.slice(1))
    const resolution = Number.parseFloat(flags.get('metric-resolution', '1m')) * 60_000
    const say = (level: string, message: string) =>
      process.printError(
        `{"level":"${level}","msg":${JSON.stringify(message)},"time":"${rfc3339(process.wallClock())}"}\n`,
      )
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'metrics-sidecar')
    } catch (error) {
      if (!(error instanceof Error) || error.name === 'Killed') throw error
      await say('fatal', `Unable to generate a client config: ${error.message}`)
      return 1
    }
    process.setMemory(12 * 2 ** 20)
    await say('info', `Kubernetes host: https://${process.env.get('KUBERNETES_SERVICE_HOST')}:443`)
    await say('info', 'Namespace(s): []')
    /** By `namespace/name`. */
    const kept = new Map<string, UsagePoint[]>()
    const list = async (resource: string) =>
      (await api.request<{ items: KubeObject[] }>('GET', `/apis/metrics.k8s.io/v1beta1/${resource}`)).items
    const scrape = async () => {
      for (;;) {
        try {
          const nodes = await list('nodes')
          const pods = await list('pods')
          keep(kept, pods, process.wallClock())
          await say('info', `Database updated: ${nodes.length} nodes, ${pods.length} pods`)
        } catch (error) {
          if (!(error instanceof PodApiError)) throw error
          await say('error', `Error scraping node metrics: ${error.message} (get nodes.metrics.k8s.io)`)
        }
        await process.compute(1)
        await process.sleep(Math.max(1000, resolution))
      }
    }
    return runDaemon(process, {
      listen: [{ port: 8000, handler: ({ target }) => answer(kept, target) }],
      tasks: [scrape],
    })
  }
}

function keep(kept: Map<string, UsagePoint[]>, items: readonly KubeObject[], now: number): void {
  for (const { metadata, containers } of items) {
    const used = (containers as any[]).map(({ usage }) => usage)
    const cpu = used.reduce((sum, usage) => sum + milliValue(usage.cpu), 0)
    const memory = used.reduce((sum, usage) => sum + quantityValue(usage.memory), 0)
    const key = `${metadata.namespace}/${metadata.name}`
    const points = (kept.get(key) ?? []).filter(({ time }) => time > now - KEPT)
    kept.set(key, [...points, { time: now, cpu, memory }])
  }
  for (const [key, points] of kept) if (points.at(-1)!.time <= now - KEPT) kept.delete(key)
}

function answer(kept: ReadonlyMap<string, UsagePoint[]>, target: string): Handled {
  const path = decodeURIComponent(target.split('?')[0]!)
  if (path === '/' || path === '/healthz') return textResponse(200, 'URL: /\n')
  const m = POD_LIST.exec(path)
  if (!m) return textResponse(404, '404 page not found\n')
  const what = m[3] as 'cpu' | 'memory'
  const items = m[2]!.split(',').flatMap((name) => {
    const points = kept.get(`${m[1]}/${name}`)
    if (!points) return []
    const metricPoints = points.map((point) => ({ timestamp: rfc3339(point.time), value: Math.round(point[what]) }))
    return [{ metricName: what === 'cpu' ? 'cpu/usage_rate' : 'memory/usage', metricPoints, uids: [name] }]
  })
  return jsonResponse(200, { items })
}
