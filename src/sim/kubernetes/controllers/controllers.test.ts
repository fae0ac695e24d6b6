import { describe, expect, test } from 'vitest'
import { startCluster, template } from './testing/cluster.ts'

function deployment(name: string, replicas: number, more: object = {}) {
  return {
    metadata: { name, namespace: 'default' },
    spec: { replicas, selector: { matchLabels: { app: name } }, template: template(name), ...more },
  }
}

describe('a Deployment', () => {
  test('makes a ReplicaSet and Pods, and becomes complete', () => {
    const cluster = startCluster()
    cluster.api.create('deployments.apps', deployment('web', 3))
    cluster.run(2000)
    expect(cluster.faults).toEqual([])
    const { status, metadata } = cluster.api.get('deployments.apps', 'default', 'web')!
    expect(status).toMatchObject({
      availableReplicas: 3,
      observedGeneration: 1,
      readyReplicas: 3,
      replicas: 3,
      terminatingReplicas: 0,
      updatedReplicas: 3,
    })
    expect(status.unavailableReplicas).toBeUndefined()
    expect(status.conditions.map((c: any) => [c.type, c.status, c.reason])).toEqual([
      ['Available', 'True', 'MinimumReplicasAvailable'],
      ['Progressing', 'True', 'NewReplicaSetAvailable'],
    ])
    expect(metadata.annotations).toEqual({ 'deployment.kubernetes.io/revision': '1' })
    expect(cluster.events('Deployment')).toEqual([
      expect.stringMatching(/^ScalingReplicaSet Scaled up replica set web-[a-z0-9]{7,10} from 0 to 3$/),
    ])
  })

  test('rolls on to a new template, never below its minimum or above its surge', () => {
    const cluster = startCluster()
    cluster.api.create('deployments.apps', deployment('web', 4))
    cluster.run(2000)
    const sizes: number[] = []
    cluster.api.watch('deployments.apps', ({ object }) => {
      sizes.push(object.status?.availableReplicas ?? 0)
    })
    cluster.api.patch('deployments.apps', 'default', 'web', {
      spec: { template: template('web', 'nginx:1.22-alpine') },
    })
    cluster.run(10_000)
    expect(Math.min(...sizes)).toBe(3)
    expect(cluster.faults).toEqual([])
    const sets = cluster.api.list('replicasets.apps', { namespace: 'default' })
    expect(sets.map((set) => set.spec.replicas).sort()).toEqual([0, 4])
    const events = cluster.events('Deployment').map((line) => line.replace(/web-[a-z0-9]+/, 'RS'))
    expect(events.slice(1, 3)).toEqual([
      'ScalingReplicaSet Scaled up replica set RS from 0 to 1',
      'ScalingReplicaSet Scaled down replica set RS from 4 to 3',
    ])
    expect(events.at(-1)).toBe('ScalingReplicaSet Scaled down replica set RS from 1 to 0')
  })

  test('deleted, takes its ReplicaSets and Pods with it', () => {
    const cluster = startCluster()
    cluster.api.create('deployments.apps', deployment('web', 2))
    cluster.run(2000)
    cluster.api.delete('deployments.apps', 'default', 'web')
    cluster.run(3000)
    expect(cluster.api.list('replicasets.apps')).toEqual([])
    expect(cluster.podNames()).toEqual([])
  })
})

describe('the namespace controller', () => {
  test('empties a namespace that is deleted, and lets it go', () => {
    const cluster = startCluster()
    cluster.api.create('namespaces', { metadata: { name: 'dev' } })
    cluster.run(100)
    expect(cluster.api.get('serviceaccounts', 'dev', 'default')).toBeDefined()
    expect(cluster.api.get('configmaps', 'dev', 'kube-root-ca.crt')).toBeDefined()
    cluster.api.create('configmaps', { metadata: { name: 'c', namespace: 'dev', finalizers: ['example.com/hold'] } })
    cluster.api.delete('namespaces', undefined, 'dev')
    cluster.run(6000)
    const namespace = cluster.api.get('namespaces', undefined, 'dev')!
    expect(namespace.status.conditions.map((c: any) => c.message)).toEqual([
      'All resources successfully discovered',
      'All legacy kube types successfully parsed',
      'All content successfully deleted, may be waiting on finalization',
      'Some resources are remaining: configmaps. has 1 resource instances',
      'Some content in the namespace has finalizers remaining: example.com/hold in 1 resource instances',
    ])
    cluster.api.patch('configmaps', 'dev', 'c', { metadata: { finalizers: null } })
    cluster.run(10_000)
    expect(cluster.api.get('namespaces', undefined, 'dev')).toBeUndefined()
    expect(cluster.faults).toEqual([])
  })
})

describe('endpoints', () => {
  test('follow the ready Pods of a Service', () => {
    const cluster = startCluster()
    cluster.api.create('deployments.apps', deployment('web', 2))
    cluster.api.create('services', {
      metadata: { name: 'web', namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, targetPort: 80 }] },
    })
    cluster.run(2000)
    const ready = () => cluster.api.get('endpoints', 'default', 'web')?.subsets?.[0]?.addresses?.length ?? 0
    const slices = () =>
      cluster.api.list('endpointslices.discovery.k8s.io', { labels: 'kubernetes.io/service-name=web' })
    expect(ready()).toBe(2)
    expect(slices().map((slice) => slice.endpoints.length)).toEqual([2])
    cluster.api.patch('deployments.apps', 'default', 'web', { spec: { replicas: 0 } })
    cluster.run(2000)
    expect(ready()).toBe(0)
    expect(slices().map((slice) => slice.endpoints ?? null)).toEqual([null])
    expect(cluster.faults).toEqual([])
  })
})
