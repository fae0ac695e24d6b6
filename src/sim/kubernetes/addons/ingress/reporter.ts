import { SystemError } from '../../../linux/errors.ts'
import type { Process } from '../../../linux/process.ts'
import { rfc3339 } from '../../../time/date.ts'
import type { KubeObject } from '../../api/object.ts'
import { klog } from '../klog.ts'
import type { PodApi } from '../pod-api.ts'

const COMPONENT = 'nginx-ingress-controller'

/** How an Ingress controller tells of Ingresses: events, and the address in their status. */
export class IngressReporter {
  readonly #process: Process
  readonly #api: PodApi

  constructor(process: Process, api: PodApi) {
    this.#process = process
    this.#api = api
  }

  async event(ingress: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): Promise<void> {
    const { namespace, name, uid, resourceVersion } = ingress.metadata
    const at = rfc3339(this.#process.wallClock())
    await this.#quietly(() =>
      this.#api.request('POST', `/api/v1/namespaces/${namespace}/events`, {
        apiVersion: 'v1',
        kind: 'Event',
        metadata: { name: `${name}.${this.#process.random.hex(16)}`, namespace },
        involvedObject: { kind: 'Ingress', apiVersion: 'networking.k8s.io/v1', namespace, name, uid, resourceVersion },
        type,
        reason,
        message,
        count: 1,
        firstTimestamp: at,
        lastTimestamp: at,
        source: { component: COMPONENT },
        reportingComponent: COMPONENT,
      }),
    )
  }

  /** `entries` as in `status.loadBalancer.ingress`. */
  async address(ingress: KubeObject, entries: readonly object[]): Promise<void> {
    const { namespace, name } = ingress.metadata
    const path = `/apis/networking.k8s.io/v1/namespaces/${namespace}/ingresses/${name}`
    await this.#quietly(async () => {
      const current = await this.#api.request('GET', path)
      await this.#api.request('PUT', `${path}/status`, { ...current, status: { loadBalancer: { ingress: entries } } })
    })
  }

  async #quietly(work: () => Promise<unknown>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (error instanceof SystemError || !(error instanceof Error)) throw error
      await klog(this.#process, 'E', `event.go:267] ${error.message}`)
    }
  }
}
