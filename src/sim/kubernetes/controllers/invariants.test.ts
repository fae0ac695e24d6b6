import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { KubeObject } from '../api/object.ts'
import { startCluster, type TestCluster, template } from './testing/cluster.ts'

type Step =
  | { do: 'deploy'; name: string; replicas: number; image: string }
  | { do: 'set'; name: string; replicas: number; image: string }
  | { do: 'scale'; name: string; replicas: number }
  | { do: 'delete'; name: string }
  | { do: 'kill'; index: number }
  | { do: 'lose'; index: number }
  | { do: 'wait'; ms: number }

const name = fc.constantFrom('a', 'b', 'c')
const replicas = fc.integer({ min: 0, max: 6 })
const image = fc.constantFrom('nginx:1', 'nginx:2', 'broken')
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('deploy' as const), name, replicas, image }),
  fc.record({ do: fc.constant('set' as const), name, replicas, image }),
  fc.record({ do: fc.constant('scale' as const), name, replicas }),
  fc.record({ do: fc.constant('delete' as const), name }),
  fc.record({ do: fc.constant('kill' as const), index: fc.nat(20) }),
  fc.record({ do: fc.constant('lose' as const), index: fc.nat(20) }),
  fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 3000 }) }),
)

const KINDS = ['deployments.apps', 'statefulsets.apps'] as const

function perform(cluster: TestCluster, step: Step): void {
  const { api } = cluster
  const pods = api.list('pods', { namespace: 'default' })
  const upsert = (resource: string, app: string, spec: object) => {
    const old = api.get(resource, 'default', app)
    if (old?.metadata.deletionTimestamp) return
    if (old) api.patch(resource, 'default', app, { spec })
    else
      api.create(resource, {
        metadata: { name: app, namespace: 'default' },
        spec: { selector: { matchLabels: { app } }, ...spec },
      })
  }
  switch (step.do) {
    case 'deploy':
      upsert(KINDS[0], step.name, { replicas: step.replicas, template: template(step.name, step.image) })
      break
    case 'set': {
      const app = `${step.name}-set`
      upsert(KINDS[1], app, { replicas: step.replicas, template: template(app, step.image), serviceName: app })
      break
    }
    case 'scale':
      if (api.get(KINDS[0], 'default', step.name)) {
        api.patch(KINDS[0], 'default', step.name, { spec: { replicas: step.replicas } })
      }
      break
    case 'delete':
      if (api.get(KINDS[0], 'default', step.name)) api.delete(KINDS[0], 'default', step.name)
      break
    case 'kill':
    case 'lose': {
      const pod = pods[step.index % Math.max(1, pods.length)]
      const grace = step.do === 'lose' ? { gracePeriodSeconds: 0 } : {}
      if (pod) api.delete('pods', 'default', pod.metadata.name, grace)
      break
    }
    case 'wait':
      cluster.run(step.ms)
  }
}

const ready = (pod: KubeObject) =>
  pod.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True') && !pod.metadata.deletionTimestamp

/** Watches everything a rollout or an ordered set must never do. */
function guard(cluster: TestCluster, broken: string[]): void {
  const { api } = cluster
  api.watch('replicasets.apps', ({ object }) => {
    const owner = object.metadata.ownerReferences?.[0]
    const deployment = owner && api.get('deployments.apps', 'default', owner.name)
    if (!deployment || deployment.metadata.uid !== owner.uid) return
    const max = Number(object.metadata.annotations?.['deployment.kubernetes.io/max-replicas'])
    const total = api
      .list('replicasets.apps', { namespace: 'default', ownedBy: owner.uid })
      .reduce((sum, set) => sum + set.spec.replicas, 0)
    if (
      deployment.spec.replicas === Number(object.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'])
    ) {
      if (
        total > Math.max(max, deployment.spec.replicas) &&
        object.spec.replicas > 0 &&
        object.metadata.generation === 1
      ) {
        broken.push(`${deployment.metadata.name}: ${total} wanted, ${max} allowed`)
      }
    }
  })
  api.watch('pods', ({ type, object }) => {
    const match = /^(.+-set)-(\d+)$/.exec(object.metadata.name)
    if (type !== 'ADDED' || !match) return
    const set = api.get('statefulsets.apps', 'default', match[1]!)
    if (!set || set.spec.podManagementPolicy === 'Parallel') return
    for (let i = 0; i < Number(match[2]); i++) {
      const before = api.get('pods', 'default', `${match[1]}-${i}`)
      if (!before || !ready(before)) broken.push(`${object.metadata.name} came before ${match[1]}-${i} was ready`)
    }
  })
}

function check(cluster: TestCluster): string[] {
  const { api } = cluster
  const problems: string[] = []
  const pods = api.list('pods', { namespace: 'default' })
  const owners = new Set([...api.list('replicasets.apps'), ...api.list('statefulsets.apps')].map((o) => o.metadata.uid))
  for (const pod of pods) {
    const owner = pod.metadata.ownerReferences?.[0]
    if (owner && !owners.has(owner.uid)) problems.push(`${pod.metadata.name} outlived its owner`)
  }
  const deployments = new Map(api.list('deployments.apps').map((d) => [d.metadata.uid, d]))
  for (const set of api.list('replicasets.apps')) {
    const owner = set.metadata.ownerReferences?.[0]
    if (owner && !deployments.has(owner.uid)) problems.push(`${set.metadata.name} outlived its owner`)
    const own = pods.filter((pod) => pod.metadata.ownerReferences?.[0]?.uid === set.metadata.uid)
    if (own.length !== set.spec.replicas)
      problems.push(`${set.metadata.name} has ${own.length} of ${set.spec.replicas}`)
  }
  for (const deployment of deployments.values()) {
    if (deployment.spec.template.spec.containers[0].image === 'broken') continue
    const { status, spec } = deployment
    const { updatedReplicas = 0, availableReplicas = 0, replicas = 0 } = status
    if (updatedReplicas !== spec.replicas || availableReplicas !== spec.replicas || replicas !== spec.replicas) {
      problems.push(`${deployment.metadata.name} did not converge: ${JSON.stringify(status)}`)
    }
  }
  return problems
}

function play(seed: number, steps: readonly Step[]): { cluster: TestCluster; broken: string[] } {
  const cluster = startCluster({ seed })
  cluster.broken.add('broken')
  const broken: string[] = []
  guard(cluster, broken)
  cluster.run(10)
  for (const step of steps) {
    perform(cluster, step)
    cluster.run(5)
  }
  cluster.run(60_000)
  return { cluster, broken }
}

test('whatever is created, scaled, deleted and killed: counts converge, order holds, nothing outlives its owner', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1000 }), fc.array(step, { minLength: 1, maxLength: 14 }), (seed, steps) => {
      const { cluster, broken } = play(seed, steps)
      expect(broken).toEqual([])
      expect(check(cluster)).toEqual([])
      expect(cluster.faults).toEqual([])
    }),
    { numRuns: 25, seed: 7 },
  )
}, 60_000)

test('the same seed and steps give the same bytes', () => {
  const steps: Step[] = [
    { do: 'deploy', name: 'a', replicas: 3, image: 'nginx:1' },
    { do: 'wait', ms: 700 },
    { do: 'deploy', name: 'a', replicas: 4, image: 'nginx:2' },
    { do: 'kill', index: 1 },
    { do: 'set', name: 'b', replicas: 2, image: 'nginx:1' },
  ]
  const bytes = () => {
    const { cluster } = play(3, steps)
    return JSON.stringify([cluster.api.list('pods'), cluster.api.list('events'), cluster.api.list('deployments.apps')])
  }
  expect(bytes()).toBe(bytes())
})
