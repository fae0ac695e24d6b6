import { expect, test } from 'vitest'
import { baseFiles } from '../../linux/base-files.ts'
import { type LayerEntry, makeLayer } from '../../linux/fs/layer.ts'
import { createKernel } from '../../linux/kernel.ts'
import { executable } from '../../linux/process/executable.ts'
import type { Program } from '../../linux/process.ts'
import { run } from '../../time/driver.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import { publicRegistries } from '../catalogue/catalogue.ts'
import { createEngine } from './create-engine.ts'

const sleep: Program = async (process) => {
  await process.sleep(Number(process.argv[1]) * 1000)
  return 0
}
const echo: Program = async (process) => {
  await process.print(`${process.argv.slice(1).join(' ')} from ${process.pid} on ${process.env.get('HOSTNAME')}\n`)
  return 0
}
const write: Program = (process) => {
  process.files.write(process.argv[1]!, 'written\n')
  return 0
}

function machine() {
  const clock = new EventQueue()
  const world = { clock, waiting: { awakened: false }, random: new Random(1), epoch: 1_795_230_000_000 }
  const programs = new Map<string, Program>([
    ['sleep', sleep],
    ['echo', echo],
    ['write', write],
    ['pause', () => new Promise<number>(() => {})],
  ])
  const kernel = createKernel(
    { hostname: 'lab', programs, layer: makeLayer(baseFiles({ hostname: 'lab' })), maxProcesses: 100_000 },
    world,
  )
  const entry = (program: string): LayerEntry => ({ content: executable(program), mode: 0o755 })
  const userland = makeLayer([
    ...[...programs.keys()].map((name) => [`bin/${name}`, entry(name)] as const),
    ['etc/passwd', 'root:x:0:0:root:/root:/bin/sh\n'],
    ['tmp', { directory: true, mode: 0o1777 }],
  ])
  const registries = publicRegistries({ userland: () => userland, executable: entry, made: world.epoch })
  const engine = createEngine({ kernel, registries, random: world.random.fork('engine') })
  const drive = (until = clock.now + 30_000) =>
    run(clock, world.waiting, () => new Promise((done) => setImmediate(done)), { until, maxEvents: 500_000 })
  return { engine, kernel, clock, drive }
}

test('an image is pulled in time that follows its size, a container of it runs and is logged', async () => {
  const { engine, clock, drive } = machine()
  let pulledAt = 0
  void engine.pull('busybox').then(async () => {
    pulledAt = clock.now
    const container = engine.create({ name: 'c1', image: 'busybox', command: ['echo', 'hello'], hostname: 'box' })
    await container.start()
  })
  await drive()
  expect(pulledAt).toBeGreaterThan(200)
  const [container] = engine.containers()
  expect(container?.logs().map((line) => line.text)).toEqual(['hello from 1 on box'])
  expect(container).toMatchObject({ status: 'exited', exitCode: 0 })
})

test('what is not there fails in the real words', async () => {
  const { engine, drive } = machine()
  const words: string[] = []
  const note = (error: Error) => words.push(error.message)
  void engine.pull('nginx:nope').catch(note)
  await drive()
  engine.preload(['busybox'])
  void engine
    .create({ name: 'c1', image: 'busybox', command: ['nope'] })
    .start()
    .catch(note)
  await drive()
  expect(words).toEqual([
    'failed to pull and unpack image "docker.io/library/nginx:nope": failed to resolve image: docker.io/library/nginx:nope: not found',
    'failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: exec: "nope": executable file not found in $PATH',
  ])
})

test('process 1 is deaf to TERM, so stopping takes the whole grace and ends in 137', async () => {
  const { engine, drive } = machine()
  engine.preload(['busybox'])
  const container = engine.create({ name: 'c1', image: 'busybox', command: ['sleep', '1000'] })
  void container.start()
  await drive(2000)
  expect(container.status).toBe('running')
  void container.stop(10_000)
  await drive()
  expect(container.exitCode).toBe(137)
  expect(container.finishedAt! - container.startedAt!).toBeGreaterThanOrEqual(10_000)
})

test('containers of a Pod share what they should, exec runs beside the first process', async () => {
  const { engine, drive } = machine()
  engine.preload(['busybox', 'registry.k8s.io/pause:3.10'])
  const sandbox = engine.create({ name: 'pause', image: 'registry.k8s.io/pause:3.10', hostname: 'pod' })
  void sandbox.start()
  await drive()
  const of = { container: sandbox.id }
  const app = engine.create({
    name: 'app',
    image: 'busybox',
    command: ['sleep', '100'],
    namespaces: { network: of, ipc: of, uts: of },
  })
  void app.start()
  await drive()
  expect(app.namespaces?.net).toBe(sandbox.namespaces?.net)
  expect(app.namespaces?.pid).not.toBe(sandbox.namespaces?.pid)
  const out: string[] = []
  const stdout = { write: (bytes: Uint8Array) => void out.push(new TextDecoder().decode(bytes)) }
  let code: number | undefined
  void app.exec({ argv: ['echo', 'x'], streams: { stdout } }).then(async (handle) => {
    code = await handle.exitCode
  })
  await drive()
  expect(out.join('')).toBe('x from 14 on pod\n')
  expect(code).toBe(0)
})

test('writes stay in the upper layer and outlive a restart of the container', async () => {
  const { engine, kernel, drive } = machine()
  engine.preload(['busybox'])
  const container = engine.create({ name: 'c1', image: 'busybox', command: ['write', '/tmp/x'] })
  void container.start()
  await drive()
  expect(kernel.files.readText(`${container.root.folder}/diff/tmp/x`)).toBe('written\n')
  container.remove()
  expect(kernel.files.exists(container.root.folder)).toBe(false)
})
