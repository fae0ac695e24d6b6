import { rfc3339 } from '../../../time/date.ts'
import type { KubeletPort, Usage } from '../../api/kubelet-port.ts'
import type { KubeObject } from '../../api/object.ts'
import { Store } from '../../apiserver/store.ts'

const KIB = 1024

/** The last samples of every node and Pod, as the objects of metrics.k8s.io. */
export class MetricsStorage {
  readonly store = new Store()
  /** `namespace/pod/container` and `node` of the last scrape: a rate needs two. */
  #seen = new Set<string>()

  /** Nodes have been scraped twice. */
  get ready(): boolean {
    return this.store.table('nodes.metrics.k8s.io').size > 0
  }

  /** Takes what the kubelets said. `window` in ms. */
  keep(
    samples: readonly { node: KubeObject; stats: ReturnType<KubeletPort['stats']> }[],
    pods: ReadonlyMap<string, KubeObject>,
    now: number,
    window: number,
  ): void {
    const timestamp = rfc3339(now)
    const seen = new Set<string>()
    const known = (key: string) => {
      seen.add(key)
      return this.#seen.has(key)
    }
    const nodes: KubeObject[] = []
    const podMetrics: KubeObject[] = []
    const describe = (kind: string, of: KubeObject, rest: object): KubeObject => ({
      apiVersion: 'metrics.k8s.io/v1beta1',
      kind,
      metadata: {
        uid: '',
        resourceVersion: '',
        name: of.metadata.name,
        ...(of.metadata.namespace ? { namespace: of.metadata.namespace } : {}),
        creationTimestamp: timestamp,
        ...(of.metadata.labels ? { labels: of.metadata.labels } : {}),
      },
      timestamp,
      window: `${(window / 1000).toFixed(3).replace(/\.?0+$/, '')}s`,
      ...rest,
    })
    for (const { node, stats } of samples) {
      if (known(node.metadata.name)) nodes.push(describe('NodeMetrics', node, { usage: quantities(stats.node) }))
      for (const { namespace, name, containers } of stats.pods) {
        const pod = pods.get(`${namespace}/${name}`)
        const both = containers.filter((c) => known(`${namespace}/${name}/${c.name}`))
        if (!pod || both.length === 0 || both.length < containers.length) continue
        const usage = both.map((c) => ({ name: c.name, usage: quantities(c) }))
        podMetrics.push(describe('PodMetrics', pod, { containers: usage }))
      }
    }
    this.#seen = seen
    replace(this.store, 'nodes.metrics.k8s.io', nodes)
    replace(this.store, 'pods.metrics.k8s.io', podMetrics)
  }
}

const quantities = ({ cpu, memory }: Usage) => ({
  cpu: cpu === 0 ? '0' : `${Math.round(cpu)}n`,
  memory: `${Math.ceil(memory / KIB)}Ki`,
})

function replace(store: Store, name: string, objects: readonly KubeObject[]): void {
  const table = store.table(name)
  for (const { metadata } of table.list()) table.remove(metadata.namespace ?? '', metadata.name)
  for (const object of objects) {
    const { metadata } = table.put(object) as { metadata: Partial<KubeObject['metadata']> }
    // The API serves these without either.
    delete metadata.uid
    delete metadata.resourceVersion
  }
}
