import type { Process, Program } from '../../../linux/process.ts'
import { Exposition, expositionResponse, processMetrics } from '../../../programs/exposition/exposition.ts'
import { goFlags, runDaemon, textResponse } from '../../../programs/http/daemon.ts'
import type { RestStream } from '../../../rest/port.ts'
import type { KubeObject } from '../../api/object.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { klog } from '../klog.ts'
import { PodApi, PodApiError } from '../pod-api.ts'
import { cluster } from './families/cluster.ts'
import { pods } from './families/pods.ts'
import { workloads } from './families/workloads.ts'
import type { KindFamilies } from './family.ts'

const KINDS: readonly KindFamilies[] = [pods, ...workloads, ...cluster]
const RETRY = 30_000

/** kube-state-metrics: the cluster's objects as metrics. */
export function kubeStateMetrics(server: ApiServer): Program {
  return async (process) => {
    const flags = goFlags(process.argv.slice(1))
    const started = process.wallClock()
    await klog(process, 'I', 'main.go:108] Using default resources')
    let api: PodApi
    try {
      api = await PodApi.open(process, server, 'kube-state-metrics/v2.3.0')
    } catch (error) {
      await klog(
        process,
        'F',
        `main.go:138] Failed to create client: error while trying to communicate with apiserver: ${(error as Error).message}`,
      )
      return 255
    }
    await klog(process, 'I', 'main.go:247] Tested communication with server')
    process.setMemory(30 * 2 ** 20)
    const stores = KINDS.map((kind) => new KindStore(kind))
    const streams: RestStream[] = []
    void process.ended.then(() => {
      for (const stream of streams) stream.close()
    })
    const listen = (host: string, port: string) => ({
      ...(flags.get(host, '') ? { address: flags.get(host, '') } : {}),
      port: Number(port),
    })
    return runDaemon(process, {
      listen: [
        {
          ...listen('host', flags.get('port', '8080')),
          handler: async ({ target }) => {
            if (target === '/healthz') return textResponse(200, 'OK')
            if (target !== '/metrics') return textResponse(404, '404 page not found\n')
            const text = stores.map((store) => store.text()).join('')
            await process.compute(1 + text.length / 100_000)
            return expositionResponse(text)
          },
        },
        {
          ...listen('telemetry-host', flags.get('telemetry-port', '8081')),
          handler: () =>
            expositionResponse(
              processMetrics(new Exposition(), process, started)
                .gauge('kube_state_metrics_total_shards', 'Number of total shards this instance is aware of.', 1)
                .many(
                  'kube_state_metrics_list_total',
                  'counter',
                  'Number of total resource list in kube-state-metrics',
                  stores.flatMap((s) => s.counts('list')),
                )
                .many(
                  'kube_state_metrics_watch_total',
                  'counter',
                  'Number of total resource watches in kube-state-metrics',
                  stores.flatMap((s) => s.counts('watch')),
                ),
            ),
        },
      ],
      tasks: stores.map((store) => () => follow(process, api, store, streams)),
    })
  }
}

async function follow(process: Process, api: PodApi, store: KindStore, streams: RestStream[]): Promise<void> {
  for (;;) {
    try {
      const { objects, stream } = await api.watch(store.kind.path, () => {})
      store.objects = objects
      store.results.success++
      streams.push(stream)
      return
    } catch (error) {
      if (!(error instanceof PodApiError)) throw error
      store.results.error++
      await klog(
        process,
        'E',
        `reflector.go:138] pkg/mod/k8s.io/client-go@v0.23.0/tools/cache/reflector.go:167: Failed to watch: ${error.message}`,
      )
      await process.sleep(RETRY)
    }
  }
}

/** The objects of a kind, and their lines: written once for each version of an object. */
class KindStore {
  readonly kind: KindFamilies
  objects: ReadonlyMap<string, KubeObject> = new Map()
  readonly results = { success: 0, error: 0 }
  #lines = new WeakMap<KubeObject, string[]>()

  constructor(kind: KindFamilies) {
    this.kind = kind
  }

  counts(_what: 'list' | 'watch'): [Record<string, string>, number][] {
    const resource = `*v1.${this.kind.path.slice(this.kind.path.lastIndexOf('/') + 1)}`
    return Object.entries(this.results).map(([result, count]) => [{ resource, result }, count])
  }

  text(): string {
    const { families } = this.kind
    const parts = families.map(({ name, type, help }) => [`# HELP ${name} ${help}\n# TYPE ${name} ${type}\n`])
    for (const object of this.objects.values()) {
      let lines = this.#lines.get(object)
      if (!lines) {
        lines = families.map(({ name, samples }) => {
          const out = new Exposition()
          for (const [labels, value] of samples(object)) out.sample(name, labels, value)
          return String(out)
        })
        this.#lines.set(object, lines)
      }
      for (let i = 0; i < families.length; i++) if (lines[i] !== '') parts[i]!.push(lines[i]!)
    }
    return parts.map((part) => part.join('')).join('')
  }
}
