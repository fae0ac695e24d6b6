import { expect, test } from 'vitest'
import { publicRegistries } from '../../containers/catalogue/catalogue.ts'
import { Fabric } from '../../linux/net/fabric.ts'
import { executable } from '../../linux/process/executable.ts'
import type { Program } from '../../linux/process.ts'
import { programs } from '../../programs/index.ts'
import { nginx } from '../../programs/nginx/index.ts'
import { pause } from '../../programs/pause/index.ts'
import { userland } from '../../programs/userlands.ts'
import { run } from '../../time/driver.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import type { Pod } from '../kubelet/pod.ts'
import { bootCluster } from './cluster.ts'
import { CLUSTER_TOPOLOGIES, type ClusterTopology, RECORDED_CLUSTER, thinTopology } from './topology.ts'

const PROGRAMS: Record<string, Program> = {
  nginx,
  pause,
  // A client for these tests alone: prints what a server answers.
  curl: async (process) => {
    const [address = ''] = await process.net.resolve(process.argv[1]!)
    if (!address) return 6
    const connection = await process.net.connect({ address, port: Number(process.argv[2] ?? 80) })
    await connection.write(new TextEncoder().encode('GET / HTTP/1.0\r\n\r\n'))
    let text = ''
    for (;;) {
      const bytes = await connection.read()
      if (bytes.length === 0) break
      text += new TextDecoder().decode(bytes)
    }
    await process.print(text)
    return 0
  },
}

export function boot(topology: ClusterTopology = RECORDED_CLUSTER) {
  const clock = new EventQueue()
  const waiting = { awakened: false }
  const world = { clock, waiting, random: new Random(11), epoch: 1_795_230_000_000 }
  const program = (name: string) => ({ content: executable(name), mode: 0o755 })
  const registries = publicRegistries({
    userland,
    executable: program as never,
    made: 0,
  })
  const faults: unknown[] = []
  const cluster = bootCluster({
    world,
    fabric: new Fabric(world),
    programs: new Map([...programs, ...Object.entries(PROGRAMS)]),
    registries,
    topology,
    onError: (component, key, error) => faults.push([component, key, error]),
  })
  const until = (ms: number) =>
    run(clock, waiting, () => new Promise((done) => setImmediate(done)), { until: clock.now + ms, maxEvents: 1e7 })
  const pod = (name: string, spec: object, metadata: object = {}) =>
    cluster.client.create<Pod>('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default', ...metadata },
      spec,
    })
  const get = (name: string) => cluster.client.get<Pod>('pods', 'default', name)
  const exec = async (name: string, command: string[]) => {
    let output = ''
    const write = (bytes: Uint8Array) => {
      output += new TextDecoder().decode(bytes)
    }
    const done = { status: undefined as unknown }
    const { nodeName } = get(name)!.spec
    cluster.nodes.get(nodeName!)!.kubelet.port.exec({
      namespace: 'default',
      pod: name,
      container: get(name)!.spec.containers[0]!.name,
      command,
      tty: false,
      streams: { stdout: { write }, stderr: { write }, onStatus: (status) => (done.status = status) },
    })
    for (let i = 0; i < 50 && done.status === undefined; i++) await until(100)
    return output
  }
  return { cluster, clock, until, pod, get, exec, faults }
}

const nginxPod = {
  nodeName: 'worker',
  containers: [{ name: 'c', image: 'nginx:alpine', command: ['nginx', '-g', 'daemon off;'] }],
}

test('an nginx Pod is scheduled to the worker, pulled, run, and answers its Service by name', async () => {
  const { cluster, until, pod, get, exec } = boot()
  await until(2000)
  pod('web', nginxPod, { labels: { app: 'web' } })
  pod('client', { nodeName: 'worker', containers: [{ name: 'c', image: 'nginx:alpine', command: ['sleep', '3600'] }] })
  cluster.client.create('services', {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web', namespace: 'default' },
    spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
  })
  await until(30_000)
  expect(get('web')!.spec.nodeName).toBe('worker')
  expect(get('web')!.status).toMatchObject({ phase: 'Running', podIP: expect.stringMatching(/^10\.10\.1\./) })
  expect(await exec('client', ['curl', 'web'])).toContain('Welcome to nginx!')
  cluster.client.create('networkpolicies.networking.k8s.io', {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'friends', namespace: 'default' },
    spec: {
      podSelector: { matchLabels: { app: 'web' } },
      ingress: [{ from: [{ podSelector: { matchLabels: { friend: 'yes' } } }] }],
    },
  })
  expect(await exec('client', ['curl', 'web'])).toBe('')
  cluster.client.patch('pods', 'default', 'client', { metadata: { labels: { friend: 'yes' } } })
  expect(await exec('client', ['curl', 'web'])).toContain('Welcome to nginx!')
  const files = cluster.nodes.get('worker')!.kernel!.files
  expect(files.list('/var/lib/kubelet/pods').length).toBe(2)
})

test('a thousand paper nodes take their Pods', async () => {
  const { cluster, until, clock } = boot(thinTopology(20))
  await until(5000)
  for (let i = 0; i < 100; i++) {
    cluster.client.create('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: `p${i}`, namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'nginx' }] },
    })
  }
  await until(15_000)
  expect(cluster.client.list<Pod>('pods').filter((pod) => pod.status?.phase === 'Running').length).toBe(100)
  expect(clock.now).toBeGreaterThan(0)
})

test('a manifest in the node’s folder is a static Pod with a mirror that comes back when deleted', async () => {
  const { cluster, until, get } = boot()
  await until(2000)
  const { files } = cluster.nodes.get('worker')!.kernel!
  files.write(
    '/etc/kubernetes/manifests/own.yaml',
    'apiVersion: v1\nkind: Pod\nmetadata: {name: own}\nspec: {containers: [{name: c, image: "busybox:1.35", command: [sleep, "3600"]}]}\n',
  )
  await until(10_000)
  expect(get('own-worker')!.status!.phase).toBe('Running')
  const { uid } = get('own-worker')!.metadata
  cluster.client.delete('pods', 'default', 'own-worker')
  await until(10_000)
  expect(get('own-worker')!.metadata.uid).not.toBe(uid)
  expect(get('own-worker')!.status!.containerStatuses![0]).toMatchObject({ restartCount: 0, ready: true })
  files.unlink('/etc/kubernetes/manifests/own.yaml')
  await until(40_000)
  expect(get('own-worker')).toBeUndefined()
})

/** The first two seconds in the life of a cluster that has had its Pods for long. */
async function settled() {
  const booted = boot(CLUSTER_TOPOLOGIES['two-node'])
  await booted.until(2000)
  return booted
}

const isReady = (p: Pod | undefined) =>
  p?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true

test('a cluster has what kubeadm and flannel leave from the start, ready and without a word about it', async () => {
  const { cluster, faults } = boot(CLUSTER_TOPOLOGIES['two-node'])
  const { client } = cluster
  const shown = () =>
    client
      .list<Pod>('pods')
      .map((p) => `${p.spec.nodeName} ${p.spec.containers[0]!.name} ${isReady(p)} ${p.status!.podIP}`)
  const own = shown()
  expect(own.sort()).toEqual([
    'master coredns true 10.10.0.2',
    'master coredns true 10.10.0.3',
    'master etcd true 192.168.10.210',
    'master kube-apiserver true 192.168.10.210',
    'master kube-controller-manager true 192.168.10.210',
    'master kube-flannel true 192.168.10.210',
    'master kube-proxy true 192.168.10.210',
    'master kube-scheduler true 192.168.10.210',
    'worker kube-flannel true 192.168.10.220',
    'worker kube-proxy true 192.168.10.220',
  ])
  expect(client.get('services', 'kube-system', 'kube-dns')!.spec.clusterIP).toBe('10.96.0.10')
  expect(faults).toEqual([])
})

test('the Pods of a cluster run: containers on the nodes, a status that names them, no events, no new objects', async () => {
  const { cluster } = await settled()
  const { client } = cluster
  for (const pod of client.list<Pod>('pods')) {
    expect(isReady(pod)).toBe(true)
    const [status] = pod.status!.containerStatuses!
    expect(status).toMatchObject({ ready: true, restartCount: 0 })
    const node = cluster.nodes.get(pod.spec.nodeName!)!
    expect(node.engine.containers().map((c) => `containerd://${c.id}`)).toContain(status!.containerID)
    // Nobody but its kubelet had to correct anything, and that once.
    expect(pod.metadata.generation).toBe(1)
  }
  expect(client.list('events')).toEqual([])
  expect(client.get('daemonsets.apps', 'kube-system', 'kube-proxy')!.status).toMatchObject({ numberReady: 2 })
  expect(client.list('controllerrevisions.apps')).toHaveLength(2)
  expect(client.list('replicasets.apps')).toHaveLength(1)
})

test('a cluster is as good as its own Pods: DNS, kube-proxy and scheduling end with them', async () => {
  const { cluster, until, pod, get, exec } = await settled()
  const { client } = cluster
  pod('web', nginxPod, { labels: { app: 'web' } })
  const service = (name: string) =>
    client.create('services', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, namespace: 'default' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
    })
  service('web')
  await until(20_000)
  expect(await exec('web', ['curl', 'web'])).toContain('Welcome to nginx!')

  const proxy = client.list<Pod>('pods').find((p) => p.spec.nodeName === 'worker' && /proxy/.test(p.metadata.name))!
  client.delete('pods', 'kube-system', proxy.metadata.name)
  await until(10_000)
  const next = client.list<Pod>('pods').find((p) => p.spec.nodeName === 'worker' && /proxy/.test(p.metadata.name))!
  expect(next.metadata.name).not.toBe(proxy.metadata.name)
  expect(isReady(next)).toBe(true)
  expect(await exec('web', ['curl', 'web'])).toContain('Welcome to nginx!')

  const settings = client.get('configmaps', 'kube-system', 'kube-proxy')!
  const text = settings.data['config.conf'].replace('mode: ""', 'mode: none')
  client.update('configmaps', { ...settings, data: { ...settings.data, 'config.conf': text } })
  client.delete('pods', 'kube-system', next.metadata.name)
  await until(10_000)
  const broken = client.list<Pod>('pods').find((p) => p.spec.nodeName === 'worker' && /proxy/.test(p.metadata.name))!
  expect(isReady(broken)).toBe(false)

  const { files } = cluster.nodes.get('master')!.kernel!
  for (const name of ['kube-scheduler', 'kube-apiserver']) files.unlink(`/etc/kubernetes/manifests/${name}.yaml`)
  await until(60_000)
  expect(cluster.dial('https://192.168.10.210:6443')).toBeUndefined()
  pod('late', { containers: [{ name: 'c', image: 'nginx:alpine' }] })
  await until(20_000)
  expect(get('late')!.spec.nodeName).toBeUndefined()
})

test('what the learner makes is called the same with and without the cluster’s own Pods', async () => {
  const names = async (systemPods: boolean) => {
    const { cluster, until } = boot({ ...CLUSTER_TOPOLOGIES['two-node'], systemPods })
    await until(30_000)
    const template = { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'pause' }] } }
    cluster.client.create('deployments.apps', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'default' },
      spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template },
    })
    await until(2000)
    return cluster.client.list<Pod>('pods', { namespace: 'default' }).map((p) => p.metadata.name)
  }
  expect(await names(true)).toEqual(await names(false))
})
