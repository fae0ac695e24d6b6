import { describe, expect, test } from 'vitest'
import { startCluster, template } from '../controllers/testing/cluster.ts'

const CONTROL_PLANE = [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }]

function twoNodes() {
  const cluster = startCluster({ nodes: 0 })
  cluster.addNode('master', { taints: CONTROL_PLANE, cpu: '2' })
  cluster.addNode('worker', { cpu: '2' })
  cluster.run(100)
  return cluster
}

function pod(name: string, spec: object = {}, labels?: object) {
  return {
    metadata: { name, namespace: 'default', labels },
    spec: { containers: [{ name: 'c', image: 'nginx:alpine' }], ...spec },
  }
}

const cpu = (amount: string) => ({
  containers: [{ name: 'c', image: 'nginx:alpine', resources: { requests: { cpu: amount } } }],
})

describe('the scheduler', () => {
  test.each([
    [
      'asks for too much',
      cpu('50'),
      '1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.',
    ],
    [
      'wants another label',
      { nodeSelector: { disk: 'ssd' } },
      "1 node(s) didn't match Pod's node affinity/selector, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 2 Preemption is not helpful for scheduling.",
    ],
    [
      'mounts a claim that is not there',
      { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'ghost' } }] },
      'persistentvolumeclaim "ghost" not found. not found',
    ],
  ])('tells why a Pod that %s fits nowhere', (_, spec, words) => {
    const cluster = twoNodes()
    cluster.api.create('pods', pod('p', spec))
    cluster.run(500)
    const message = `0/2 nodes are available: ${words}`
    expect(cluster.events('Pod')).toEqual([`FailedScheduling ${message}`])
    const condition = cluster.api.get('pods', 'default', 'p')!.status.conditions[0]
    expect(condition).toMatchObject({ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message })
  })

  test('tries again when a label, a taint or room on a node changes', () => {
    const cluster = twoNodes()
    cluster.api.create('pods', pod('picky', { nodeSelector: { disk: 'ssd' } }))
    cluster.api.create('pods', pod('first', cpu('1500m')))
    cluster.run(1000)
    cluster.api.create('pods', pod('second', cpu('1500m')))
    cluster.run(1000)
    const nodeOf = (name: string) => cluster.api.get('pods', 'default', name)?.spec.nodeName
    expect([nodeOf('picky'), nodeOf('first'), nodeOf('second')]).toEqual([undefined, 'worker', undefined])
    cluster.api.patch('nodes', undefined, 'worker', { metadata: { labels: { disk: 'ssd' } } })
    cluster.api.delete('pods', 'default', 'first', { gracePeriodSeconds: 0 })
    cluster.run(1000)
    expect([nodeOf('picky'), nodeOf('second')]).toEqual(['worker', 'worker'])
    expect(cluster.faults).toEqual([])
  })

  test('preempts Pods of lower priority, and only where that helps', () => {
    const cluster = twoNodes()
    const { api } = cluster
    api.create('priorityclasses.scheduling.k8s.io', { metadata: { name: 'high' }, value: 1000 })
    api.create('pods', pod('low', cpu('1500m')))
    cluster.run(1000)
    api.create('pods', pod('high', { ...cpu('1'), priorityClassName: 'high' }))
    cluster.run(10)
    expect(api.get('pods', 'default', 'high')!.status.nominatedNodeName).toBe('worker')
    expect(api.get('pods', 'default', 'low')!.metadata.deletionTimestamp).toBeDefined()
    cluster.run(2000)
    expect(api.get('pods', 'default', 'high')!.spec.nodeName).toBe('worker')
    const events = cluster.events('Pod')
    expect(events).toContain(
      'FailedScheduling 0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s).',
    )
    expect(events.some((line) => /^Preempted Preempted by pod [-0-9a-f]{36} on node worker$/.test(line))).toBe(true)
  })

  test('keeps Pods apart that do not want to be together', () => {
    const cluster = startCluster({ nodes: 3 })
    cluster.run(100)
    const podAntiAffinity = {
      requiredDuringSchedulingIgnoredDuringExecution: [
        { labelSelector: { matchLabels: { app: 'a' } }, topologyKey: 'kubernetes.io/hostname' },
      ],
    }
    for (let i = 0; i < 4; i++)
      cluster.api.create('pods', pod(`p${i}`, { affinity: { podAntiAffinity } }, { app: 'a' }))
    cluster.run(2000)
    const nodes = cluster.api.list('pods').map(({ spec }) => spec.nodeName)
    expect(new Set(nodes.filter(Boolean)).size).toBe(3)
    expect(nodes.filter((node) => !node)).toHaveLength(1)
    expect(cluster.events('Pod').find((line) => line.startsWith('Failed'))).toContain(
      "3 node(s) didn't match pod anti-affinity rules",
    )
  })

  test('spreads by zone, and no further than the constraint allows', () => {
    const cluster = startCluster({ nodes: 0 })
    for (const [name, zone] of [
      ['n1', 'a'],
      ['n2', 'b'],
      ['n3', 'b'],
    ] as const) {
      cluster.addNode(name, { labels: { 'topology.kubernetes.io/zone': zone } })
    }
    const topologySpreadConstraints = [
      {
        maxSkew: 1,
        topologyKey: 'topology.kubernetes.io/zone',
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'z' } },
      },
    ]
    cluster.run(100)
    cluster.api.create('replicasets.apps', {
      metadata: { name: 'z', namespace: 'default' },
      spec: {
        replicas: 6,
        selector: { matchLabels: { app: 'z' } },
        template: template('z', 'nginx', { topologySpreadConstraints }),
      },
    })
    cluster.run(2000)
    const inZoneA = cluster.api.list('pods').filter(({ spec }) => spec.nodeName === 'n1').length
    expect(inZoneA).toBe(3)
  })

  test('keeps every plugin’s verdict on every node', () => {
    const cluster = twoNodes()
    cluster.api.create('pods', pod('p', cpu('3')))
    cluster.run(500)
    const verdict = cluster.scheduler.verdicts.of('default', 'p')!
    expect(verdict.message).toContain('0/2 nodes are available')
    const rejections = verdict.nodes.map(({ node, filters }) => [node, filters.find((f) => f.verdict === 'rejected')])
    expect(rejections).toEqual([
      ['master', { plugin: 'TaintToleration', verdict: 'rejected', reasons: ['node(s) had untolerated taint(s)'] }],
      ['worker', { plugin: 'NodeResourcesFit', verdict: 'rejected', reasons: ['Insufficient cpu'] }],
    ])
  })
})
