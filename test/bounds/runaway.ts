import { commands } from '../../src/commands/index.ts'
import { createWorld, type SimulatedWorld } from '../../src/sim/world/create-world.ts'

/** What became of a command typed at the learner's terminal and stopped with Ctrl-C. */
export interface Runaway {
  /** It ended by itself before Ctrl-C. */
  ended: boolean
  /** Real ms from Ctrl-C to the next prompt; undefined when none came. */
  stopped: number | undefined
  /** The longest real time, in ms, that the world could not be interrupted. */
  deaf: number
  /** What the screen showed last. */
  shown: string
  /** What the command typed after Ctrl-C said. */
  next: string
  /** Bytes of heap and buffers after it, over what there was before. */
  memory: number
}

const drain = () => new Promise<void>((done) => setImmediate(done))
const PROMPT = /[$#] $/
const PATIENCE = 8000

/** Types a command, lets it run for so many real ms (at most `virtual` ms of the world), presses Ctrl-C. */
export async function runAway(
  text: string,
  options: { topology?: 'none' | 'docker'; account?: 'root'; real?: number; virtual?: number; next?: string } = {},
): Promise<Runaway> {
  const { topology = 'none', real = 1500, virtual = 60_000 } = options
  const world = await createWorld({
    seed: 1,
    topology,
    commands,
    drain,
    ...(options.account ? { account: options.account } : {}),
    images: ['busybox:latest', 'alpine:latest', 'nginx:latest'],
  })
  const watch = new Watch(world)
  await watch.until(() => watch.prompted, PATIENCE, PATIENCE)
  const before = used()
  watch.deaf = 0
  watch.clear()
  world.input({ type: 'type', text: `${text}\r` })
  const ended = await watch.until(() => watch.entered && watch.prompted, real, virtual)
  const memory = used() - before
  const shown = watch.screen
  let stopped: number | undefined = 0
  if (!ended) {
    watch.clear()
    const from = performance.now()
    world.input({ type: 'type', text: '\x03' })
    stopped = (await watch.until(() => watch.prompted, PATIENCE, virtual)) ? performance.now() - from : undefined
  }
  if (options.next !== undefined) {
    watch.clear()
    world.input({ type: 'type', text: `${options.next}\r` })
    await watch.until(() => watch.entered && watch.prompted, PATIENCE, virtual)
  }
  const next = options.next === undefined ? '' : plain(watch.screen)
  return { ended, stopped, deaf: watch.deaf, shown: plain(shown).slice(-600), next, memory }
}

class Watch {
  screen = ''
  deaf = 0
  readonly #world: SimulatedWorld

  constructor(world: SimulatedWorld) {
    this.#world = world
    world.onOutput((text) => {
      this.screen = (this.screen + text).slice(-4000)
      this.#lines += text.split('\n').length - 1
    })
  }

  #lines = 0

  clear(): void {
    this.screen = ''
    this.#lines = 0
  }

  /** The command has been sent, so that the next prompt is the one after it. */
  get entered(): boolean {
    return this.#lines > 0
  }

  get prompted(): boolean {
    return PROMPT.test(plain(this.screen.slice(-80)))
  }

  /** True when it came to be, within so many real and virtual ms. */
  async until(when: () => boolean, real: number, virtual: number): Promise<boolean> {
    const end = performance.now() + real
    let last = performance.now()
    const result = await this.#world.run({
      when,
      until: this.#world.now + virtual,
      cancelled: () => {
        const now = performance.now()
        this.deaf = Math.max(this.deaf, now - last)
        last = now
        return now > end
      },
    })
    this.deaf = Math.max(this.deaf, performance.now() - last)
    return result === 'when'
  }
}

const used = () => {
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return heapUsed + external + arrayBuffers
}

const plain = (text: string) => text.replace(/\x1b\[[0-9;?]*[A-Za-z]/g, '').replace(/\r/g, '')
