import headless from '@xterm/headless'
import { commands } from '../../src/commands/index.ts'
import { RECORDED_CLUSTER } from '../../src/sim/kubernetes/cluster/topology.ts'
import type { Kernel } from '../../src/sim/linux/kernel.ts'
import { ROOT } from '../../src/sim/world/computer.ts'
import { createWorld, type SimulatedWorld } from '../../src/sim/world/create-world.ts'
import { loginEnvironment } from '../../src/sim/world/script.ts'
import type { Seen } from './compare.ts'
import type { Scenario } from './scenario.ts'
import { ShellSession } from './shell-session.ts'

/** The place a recording is replayed in: one bash that stays, on a machine of a fresh world. */
export interface Lab {
  /** Virtual ms. */
  readonly now: number
  writeFile(path: string, content: string): void
  /** Undefined: it had not ended after `limit` virtual ms. */
  run(command: string, limit: number): Promise<Seen | undefined>
  /** Under a pseudo terminal of 120×40, typing the lines when a prompt shows. */
  runOnTerminal(command: string, input: readonly string[], limit: number): Promise<Seen | undefined>
  act(act: 'node-down' | 'node-up', node: string): void
  pass(ms: number): Promise<void>
}

const drain = () => new Promise<void>((done) => setImmediate(done))
/** Real time that one step may take. */
const PATIENCE = 20_000
/** Virtual time that the recorder waited for a prompt before it typed all the same. */
const PROMPT_PATIENCE = 3000
const PROMPT = /[#$>] (\x1b\[[\d;?]*[a-zA-Z])*$/

/** Images that the recorded registry holds and that are on every node unless the recording shows them pulled. */
const NODE_IMAGES = [
  'busybox:latest',
  'busybox:1.35',
  'nginx:latest',
  'nginx:alpine',
  'nginx:1.21-alpine',
  'nginx:1.22-alpine',
  'nginx:1.7.9',
  'nginx:1.9.1',
  'redis:latest',
  'redis:5-alpine',
  'wordpress:5',
  'mariadb:10',
  'mysql:5.7',
  'httpd:alpine',
  'httpd:latest',
  'perl:5.34.0',
  'alpine:latest',
  'nginx',
  'redis',
  'busybox',
]

export async function openLab(scenario: Scenario): Promise<Lab> {
  return scenario.docker ? dockerLab(scenario) : clusterLab(scenario)
}

async function dockerLab(scenario: Scenario): Promise<Lab> {
  const world = await createWorld({
    seed: 7,
    topology: 'docker',
    commands,
    drain,
    account: 'root',
    hostname: 'lab',
    images: scenario.images,
  })
  // The recorder's home was empty, and its docker had no plugins.
  const plugins = '/usr/libexec/docker/cli-plugins'
  for (const path of ['/root/.bashrc', '/root/.profile', `${plugins}/docker-buildx`, `${plugins}/docker-compose`])
    if (world.computer.files.exists(path)) world.computer.files.unlink(path)
  return new WorldLab(world, world.computer, '/root', true)
}

async function clusterLab(scenario: Scenario): Promise<Lab> {
  const nodeless = String(scenario.header.node ?? '').startsWith('none')
  const world = await createWorld({
    seed: 7,
    topology: 'two-node',
    commands,
    drain,
    account: 'root',
    images: presentImages(scenario),
    cluster: nodeless ? { ...RECORDED_CLUSTER, nodes: [] } : RECORDED_CLUSTER,
  })
  // The recordings were typed on a machine that is a node, so that hostPath volumes can be looked at.
  const kernel = nodeless ? world.computer : world.cluster!.nodes.get('worker')!.kernel!
  kernel.files.mkdir('/root/work', { parents: true })
  kernel.files.mkdir('/root/.ssh', { parents: true })
  // The recorder had been on the nodes before.
  kernel.files.write('/root/.ssh/known_hosts', 'master ssh-ed25519 AAAA\nworker ssh-ed25519 AAAA\n')
  return new WorldLab(world, kernel, '/root/work', false)
}

/** What NORMALISE.md says of the nodes at the start. */
function presentImages(scenario: Scenario): string[] {
  const recorded = scenario.steps.map((s) => (s.kind === 'run' ? s.stdout : '')).join('\n')
  const pulled = new Set([...recorded.matchAll(/Pulling image "([^"]+)"/g)].map((m) => m[1]!))
  return NODE_IMAGES.filter((image) => !pulled.has(image) && !pulled.has(image.replace(/:latest$/, '')))
}

class WorldLab implements Lab {
  readonly #world: SimulatedWorld
  readonly #kernel: Kernel
  readonly #folder: string
  readonly #shell: ShellSession

  constructor(world: SimulatedWorld, kernel: Kernel, folder: string, interactive: boolean) {
    this.#world = world
    this.#kernel = kernel
    this.#folder = folder
    this.#shell = new ShellSession(kernel, folder, interactive)
  }

  get now(): number {
    return this.#world.now
  }

  writeFile(path: string, content: string): void {
    const absolute = path.startsWith('/') ? path : `${this.#folder}/${path}`
    this.#kernel.files.mkdir(absolute.replace(/\/[^/]*$/, '') || '/', { parents: true })
    this.#kernel.files.write(absolute, content)
  }

  async #until(done: () => boolean, limit: number): Promise<boolean> {
    const deadline = performance.now() + PATIENCE
    await this.#world.run({
      until: this.now + limit,
      when: done,
      cancelled: () => performance.now() > deadline,
    })
    return done()
  }

  async run(command: string, limit: number): Promise<Seen | undefined> {
    const step = this.#shell.begin(command)
    if (!(await this.#until(() => step.ended, limit))) return undefined
    return { ...step.result, screen: undefined }
  }

  async runOnTerminal(command: string, input: readonly string[], limit: number): Promise<Seen | undefined> {
    const { pty, master, slave } = this.#kernel.openPty()
    pty.size = { columns: 120, rows: 40 }
    let shown = ''
    const read = async () => {
      const decoder = new TextDecoder()
      for (let bytes = await master.read(); bytes.length > 0; bytes = await master.read())
        shown += decoder.decode(bytes, { stream: true })
    }
    read().catch(() => {})
    const env = loginEnvironment(ROOT)
    env.set('TERM', 'xterm-256color')
    const process = this.#kernel.spawn({
      argv: ['bash', '-c', command],
      file: '/bin/bash',
      env,
      cwd: this.#folder,
      newSession: true,
      fds: new Map([0, 1, 2].map((fd) => [fd, slave] as const)),
    })
    const ended = () => process.exitStatus !== undefined
    const type = (text: string) => master.write(new TextEncoder().encode(text))
    const keys: Record<string, string> = { '^C': '\x03', '^D': '\x04', '^P^Q': '\x10\x11', '^Z': '\x1a' }
    let rested = false
    for (const line of input) {
      // The recorder waits for a prompt, three seconds at most; a prompt shows when nothing more is printed after it.
      const patience = this.now + PROMPT_PATIENCE
      for (let last: string | undefined; !rested && (last !== shown || !PROMPT.test(shown)); ) {
        last = shown
        const before = this.now
        await this.#until(ended, Math.min(300, Math.max(1, patience - this.now)))
        if (ended() || this.now - before < 1 || this.now >= patience) break
      }
      rested = line.startsWith('~sleep')
      const pause = /^~sleep (\d+)$/.exec(line)
      if (pause) {
        await this.#until(ended, Number(pause[1]))
        continue
      }
      if (ended()) break
      await type(keys[line] ?? `${line}\r`)
      await this.#until(ended, 200)
    }
    if (!(await this.#until(ended, limit))) return undefined
    await this.#until(() => false, 50)
    const status = process.exitStatus!
    return { stdout: shown, stderr: '', status: status.code ?? 130, screen: await render(shown) }
  }

  act(act: 'node-down' | 'node-up', node: string): void {
    if (act === 'node-down') this.#world.cluster?.nodeDown(node)
    else this.#world.cluster?.nodeUp(node)
  }

  async pass(ms: number): Promise<void> {
    await this.#world.run({ until: this.now + ms })
  }
}

/** What a terminal of 120×40 would show at the end, scrolled-off lines included. */
async function render(stream: string): Promise<string> {
  const terminal = new headless.Terminal({ cols: 120, rows: 40, scrollback: 10_000, allowProposedApi: true })
  await new Promise<void>((done) => terminal.write(stream, done))
  const buffer = terminal.buffer.active
  const lines: string[] = []
  for (let y = 0; y < buffer.length; y++) lines.push(buffer.getLine(y)?.translateToString(true) ?? '')
  terminal.dispose()
  return lines.join('\n').replace(/\s+$/, '')
}
