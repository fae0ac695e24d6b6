import { toText } from '../../../programs/http/message.ts'
import { parseRfc3339 } from '../../../time/date.ts'
import type { KubeObject } from '../../api/object.ts'
import { type PodApi, PodApiError } from '../pod-api.ts'
import type { PodUsage, Usage, UsagePoint } from './usage.ts'

interface Answer {
  items: { metricPoints: { timestamp: string; value: number }[]; uids: string[] }[]
}

/** What the metrics scraper says of Pods; undefined while it has nothing to say. Asked through the API server's proxy. */
export async function usageOf(api: PodApi, pods: readonly KubeObject[]): Promise<Usage | undefined> {
  const scraper = `/api/v1/namespaces/${api.namespace}/services/dashboard-metrics-scraper/proxy/api/v1/dashboard`
  const usage = new Map<string, PodUsage>()
  const history = new Map<number, UsagePoint>()
  const namespaces = new Set(pods.map(({ metadata }) => metadata.namespace ?? ''))
  for (const namespace of namespaces) {
    const names = pods.filter(({ metadata }) => metadata.namespace === namespace).map(({ metadata }) => metadata.name)
    for (const [what, metric] of [
      ['cpu', 'cpu/usage_rate'],
      ['memory', 'memory/usage'],
    ] as const) {
      const path = `${scraper}/namespaces/${namespace}/pod-list/${names.join(',')}/metrics/${metric}`
      let answer: Answer
      try {
        answer = JSON.parse(toText(await api.request<Uint8Array>('GET', path))) as Answer
      } catch (error) {
        if (error instanceof PodApiError || error instanceof SyntaxError) return undefined
        throw error
      }
      for (const { metricPoints, uids } of answer.items) {
        const key = `${namespace}/${uids[0]}`
        usage.set(key, { cpu: 0, memory: 0, ...usage.get(key), [what]: metricPoints.at(-1)?.value ?? 0 })
        for (const { timestamp, value } of metricPoints) {
          const time = parseRfc3339(timestamp)
          const point = history.get(time) ?? { time, cpu: 0, memory: 0 }
          history.set(time, { ...point, [what]: point[what] + value })
        }
      }
    }
  }
  if (usage.size === 0) return undefined
  return { pods: usage, history: [...history.values()].sort((a, b) => a.time - b.time) }
}
