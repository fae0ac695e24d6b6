import { expect, test } from 'vitest'
import { run } from '../../time/driver.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import { createApiServer } from '../apiserver/server.ts'
import { createEventRecorder } from '../events/recorder.ts'
import { startKubelet } from './kubelet.ts'
import type { Pod } from './pod.ts'
import { PodSource } from './pod-source.ts'
import { type ThinEnding, ThinEngine } from './thin/thin-engine.ts'
import { thinNetwork } from './thin/thin-network.ts'

function thinNode(ending?: ThinEnding) {
  const clock = new EventQueue()
  const waiting = { awakened: false }
  const random = new Random(7)
  const world = { clock, waiting, random, epoch: 1_795_230_000_000 }
  const server = createApiServer({ clock, random, waiting, epoch: world.epoch })
  const api = server.client
  const events = createEventRecorder({ api, clock })
  const engine = new ThinEngine(world, random.fork('engine'), ending)
  const kubelet = startKubelet({
    context: { api, clock, random, events },
    world,
    engine,
    node: { name: 'worker', ip: '192.168.10.220', podCIDR: '10.10.1.0/24' },
    pods: new PodSource(api),
    network: thinNetwork(() => '10.10.1.0/24'),
  })
  const until = (ms: number) =>
    run(clock, waiting, () => new Promise((done) => setImmediate(done)), { until: clock.now + ms, maxEvents: 1e6 })
  const pod = (name: string, spec: object) =>
    api.create<Pod>('pods', {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, namespace: 'default' },
      spec: { nodeName: 'worker', ...spec },
    })
  const get = (name: string) => api.get<Pod>('pods', 'default', name)
  const reasons = () => api.list('events').map((e) => `${e.reason} ${e.count} ${e.message}`)
  return { api, clock, kubelet, until, pod, get, reasons, engine }
}

const container = { name: 'c', image: 'nginx:alpine' }

test('a bound Pod is pulled, started and reported Running with the recorded status fields', async () => {
  const { pod, until, get, reasons, api } = thinNode()
  pod('ngx', { containers: [container] })
  await until(10_000)
  const status = get('ngx')!.status!
  expect(status.phase).toBe('Running')
  expect(status.conditions!.map((c) => `${c.type}=${c.status}`)).toEqual([
    'PodReadyToStartContainers=True',
    'Initialized=True',
    'Ready=True',
    'ContainersReady=True',
  ])
  expect(status.podIP).toMatch(/^10\.10\.1\.\d+$/)
  expect(status.containerStatuses![0]).toMatchObject({ name: 'c', ready: true, started: true, restartCount: 0 })
  expect(reasons().map((text) => text.split(' ')[0])).toEqual(
    expect.arrayContaining(['Pulling', 'Pulled', 'Created', 'Started']),
  )
  expect(api.get('nodes', undefined, 'worker')!.status.conditions.at(-1)).toMatchObject({
    type: 'Ready',
    status: 'True',
  })
})

test('a crashing container restarts at once, then with 10 s, 20 s, 40 s of back-off', async () => {
  const { pod, until, get, clock } = thinNode(({ labels }) =>
    labels?.['io.cri-containerd.kind'] === 'sandbox' ? undefined : { afterMs: 10, exitCode: 1 },
  )
  pod('crash', { containers: [container] })
  const restarts: number[] = []
  let seen = 0
  while (clock.now < 130_000) {
    await until(500)
    const count = get('crash')!.status?.containerStatuses?.[0]?.restartCount ?? 0
    if (count > seen) restarts.push(clock.now / 1000)
    seen = count
  }
  expect(seen).toBe(4)
  const gaps = restarts.slice(1).map((at, i) => at - restarts[i]!)
  expect(gaps[0]).toBeGreaterThanOrEqual(9)
  expect(gaps[0]).toBeLessThan(17)
  expect(gaps[1]).toBeGreaterThan(19)
  expect(gaps[2]).toBeGreaterThan(39)
  expect(get('crash')!.status!.containerStatuses![0]!.lastState!.terminated).toMatchObject({
    exitCode: 1,
    reason: 'Error',
  })
})

test('a crash shows as Error while its back-off runs', async () => {
  const { pod, until, get } = thinNode(({ labels }) =>
    labels?.['io.cri-containerd.kind'] === 'sandbox' ? undefined : { afterMs: 10, exitCode: 1 },
  )
  pod('crash', { containers: [container] })
  await until(9000)
  expect(get('crash')!.status!.containerStatuses![0]).toMatchObject({
    restartCount: 1,
    state: { terminated: { reason: 'Error', exitCode: 1 } },
  })
})

test('a Pod that is done leaves Succeeded behind, and its node frees the sandbox', async () => {
  const { pod, until, get, engine } = thinNode(({ labels }) =>
    labels?.['io.cri-containerd.kind'] === 'sandbox' ? undefined : { afterMs: 1000, exitCode: 0 },
  )
  pod('once', { restartPolicy: 'Never', containers: [container] })
  await until(15_000)
  const { phase, conditions, containerStatuses } = get('once')!.status!
  expect(phase).toBe('Succeeded')
  expect(conditions!.map((c) => `${c.type}=${c.status}`).slice(0, 4)).toEqual([
    'PodReadyToStartContainers=False',
    'Initialized=True',
    'Ready=False',
    'ContainersReady=False',
  ])
  expect(containerStatuses![0]!.state!.terminated).toMatchObject({ reason: 'Completed', exitCode: 0 })
  expect(engine.containers().filter((c) => c.status === 'running')).toEqual([])
})

test('deleting a Pod ends its containers and takes the object away', async () => {
  const { pod, until, get, api, engine } = thinNode()
  pod('gone', { containers: [container] })
  await until(10_000)
  api.delete('pods', 'default', 'gone')
  expect(get('gone')!.metadata.deletionTimestamp).toBeDefined()
  await until(5000)
  expect(get('gone')).toBeUndefined()
  expect(engine.containers()).toEqual([])
})

test('a stopped kubelet leaves its containers running and finds them again', async () => {
  const { pod, until, get, kubelet, engine } = thinNode()
  pod('stays', { containers: [container] })
  await until(10_000)
  kubelet.stop()
  await until(60_000)
  expect(engine.containers().filter((c) => c.status === 'running').length).toBe(2)
  kubelet.start()
  await until(5000)
  expect(get('stays')!.status!.containerStatuses![0]).toMatchObject({ ready: true, restartCount: 0 })
  expect(engine.containers().length).toBe(2)
})
