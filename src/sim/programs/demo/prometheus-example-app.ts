import type { Program } from '../../linux/process.ts'
import { Exposition, expositionResponse, makeHistogram, observe } from '../exposition/exposition.ts'
import { runDaemon, textResponse } from '../http/daemon.ts'

const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

/** A small web server that counts what it does, as the Prometheus operator's documentation uses it. */
export const prometheusExampleApp: Program = async (process) => {
  process.setMemory(5 * 2 ** 20)
  const requests = new Map<string, number>()
  const durations = makeHistogram(BOUNDS)
  return runDaemon(process, {
    listen: [
      {
        port: 8080,
        handler: async ({ target, method }) => {
          const path = target.split('?')[0]!
          if (path === '/metrics') return expositionResponse(metrics(requests, durations))
          const began = process.wallClock()
          await process.compute(2)
          const known = path === '/' || path === '/err'
          const code = path === '/' ? 200 : 404
          if (known) {
            const key = `${code} ${method.toLowerCase()}`
            requests.set(key, (requests.get(key) ?? 0) + 1)
            if (path === '/') observe(durations, (process.wallClock() - began) / 1000)
          }
          return textResponse(
            code,
            path === '/' ? 'Hello from example application.' : known ? '' : '404 page not found\n',
          )
        },
      },
    ],
  })
}

const metrics = (requests: ReadonlyMap<string, number>, durations: ReturnType<typeof makeHistogram>): Exposition =>
  new Exposition()
    .family('http_request_duration_seconds', 'histogram', 'Duration of all HTTP requests')
    .histogram('http_request_duration_seconds', { code: 200, handler: 'found', method: 'get' }, durations)
    .many(
      'http_requests_total',
      'counter',
      'Count of all HTTP requests',
      [...requests].sort().map(([key, count]) => {
        const [code = '', method = ''] = key.split(' ')
        return [{ code, method }, count] as const
      }),
    )
    .gauge('version', 'Version information about this binary', 1, { version: 'v0.5.0' })
