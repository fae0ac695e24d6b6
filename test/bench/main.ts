// npm run bench [-- --quick]
// Figures are medians; where a comparison matters, both sides run in turn in this one run.
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { commands } from '../../src/commands/index.ts'
import { thinTopology } from '../../src/sim/kubernetes/cluster/topology.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import { bundleHelloInk } from './hello-ink.ts'
import { firstFrame, paired, wholeRun } from './process.ts'

const { values } = parseArgs({ options: { quick: { type: 'boolean' } } })
const root = process.env.KUBEBOOK_ROOT ?? process.cwd()
const bundle = join(root, 'dist/kubebook.js')
const drain = () => new Promise<void>((done) => setImmediate(done))
const runs = values.quick ? 3 : 7
const row = (name: string, text: string) => console.log(`${name.padEnd(44)} ${text}`)
const ms = (n: number) => `${n.toFixed(0)} ms`
const megabytes = (bytes: number) => `${(bytes / 1024 / 1024).toFixed(0)} MB`

async function startUp(): Promise<void> {
  const hello = await bundleHelloInk(root)
  const frame = await paired(
    runs,
    () => firstFrame([bundle], /Kubebook/),
    () => firstFrame([hello], /hello ink/),
  )
  row('first frame / bare Ink hello-world', `${ms(frame.a)} / ${ms(frame.b)} = ${frame.ratio.toFixed(2)}`)
  const empty = await paired(
    runs,
    () => wholeRun([bundle, 'run', '-'], ''),
    () => wholeRun(['-e', '']),
  )
  row('kubebook run of an empty script / bare node', `${ms(empty.a)} / ${ms(empty.b)} = ${empty.ratio.toFixed(1)}`)
  const script =
    'kubectl create deploy web --image=nginx:alpine --replicas=3\nkubectl rollout status deploy/web\nkubectl get pods -o wide\n'
  const three = await paired(
    runs,
    () => wholeRun([bundle, 'run', '-'], script),
    () => wholeRun(['-e', '']),
  )
  row('the same with a Deployment of 3 / bare node', `${ms(three.a)} / ${ms(three.b)} = ${three.ratio.toFixed(1)}`)
}

/** A Deployment on real simulated machines: kernels, container engines, processes. */
async function fullNodes(): Promise<void> {
  const world = await createWorld({ seed: 1, topology: 'two-node', commands, drain })
  const before = { real: performance.now(), virtual: world.now, heap: heap() }
  let events = 0
  world.client!.create('deployments.apps', deployment('web', 100))
  const ready = () => {
    events++
    return (world.client!.get('deployments.apps', 'default', 'web')?.status?.readyReplicas ?? 0) === 100
  }
  await world.run({ when: ready, until: world.now + 600_000 })
  const real = performance.now() - before.real
  row(
    'Deployment of 100 to ready, one full worker',
    `${ms(real)} real, ${((world.now - before.virtual) / 1000).toFixed(1)} s virtual`,
  )
  row('  events a second', `${Math.round(events / (real / 1000)).toLocaleString('en')}`)
  row('  memory a Pod', `${((heap() - before.heap) / 100 / 1024).toFixed(0)} KB`)
}

/** Control plane alone: nodes without machines behind them. Processor time a Pod, in ms. */
async function thinNodes(pods: number): Promise<number> {
  const nodes = Math.max(10, Math.ceil(pods / 10))
  const began = performance.now()
  const world = await createWorld({ seed: 1, topology: 'two-node', commands, drain, cluster: thinTopology(nodes) })
  const before = { real: performance.now(), heap: heap(), cpu: process.cpuUsage() }
  world.client!.create('deployments.apps', deployment('web', pods))
  let events = 0
  const ready = () => {
    if (++events % 50 !== 0) return false
    return (world.client!.get('deployments.apps', 'default', 'web')?.status?.readyReplicas ?? 0) === pods
  }
  await world.run({ when: ready, until: world.now + 3_600_000 })
  const real = performance.now() - before.real
  // A busy machine stretches real time, and not this.
  const used = process.cpuUsage(before.cpu)
  const cpu = (used.user + used.system) / 1000 / pods
  const reached = world.client!.get('deployments.apps', 'default', 'web')?.status?.readyReplicas ?? 0
  row(
    `${pods.toLocaleString('en')} Pods on ${nodes.toLocaleString('en')} nodes`,
    `${Math.round(reached / (real / 1000)).toLocaleString('en')} Pods/s, ${cpu.toFixed(2)} ms of processor time and ${((heap() - before.heap) / pods / 1024).toFixed(1)} KB a Pod` +
      ` (${reached === pods ? 'all ready' : `${reached} ready`}; nodes up in ${ms(before.real - began)}; heap ${megabytes(heap())})`,
  )
  return cpu
}

function deployment(name: string, replicas: number): object {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: 'default' },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'c', image: 'nginx:alpine' }] },
      },
    },
  }
}

function heap(): number {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

await startUp()
await fullNodes()
const costs = new Map<number, number>()
for (const pods of values.quick ? [100, 1000] : [100, 1000, 10_000]) costs.set(pods, await thinNodes(pods))
const last = Math.max(...costs.keys())
for (const [pods, cost] of costs)
  if (pods < last)
    row(
      `  a Pod among ${last.toLocaleString('en')} / among ${pods.toLocaleString('en')}`,
      (costs.get(last)! / cost).toFixed(2),
    )
row('memory of this process', megabytes(process.memoryUsage().rss))
process.exit(0)
