import { baseFiles } from '../../linux/base-files.ts'
import { anonymousStat, Description } from '../../linux/fs/description.ts'
import { makeLayer } from '../../linux/fs/layer.ts'
import { createKernel } from '../../linux/kernel.ts'
import type { Program } from '../../linux/process.ts'
import { type Drain, run } from '../../time/driver.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'

class Source extends Description {
  #bytes: Uint8Array
  constructor(text: string) {
    super()
    this.#bytes = new TextEncoder().encode(text)
  }
  override stat() {
    return anonymousStat('fifo', 1, 0)
  }
  override async read(limit = 65_536) {
    const taken = this.#bytes.subarray(0, limit)
    this.#bytes = this.#bytes.subarray(taken.length)
    return taken
  }
}

class Sink extends Description {
  text = ''
  override stat() {
    return anonymousStat('fifo', 1, 0)
  }
  override async write(bytes: Uint8Array) {
    this.text += new TextDecoder().decode(bytes)
  }
}

const settle: Drain = () => new Promise((done) => setImmediate(done))

export interface RunOptions {
  stdin?: string
  files?: Record<string, string>
  env?: Record<string, string>
  /** Virtual ms. */
  killAfter?: number
}

/** For tests: one program on a machine of its own, without a shell. */
export async function runProgram(program: Program, argv: readonly string[], options: RunOptions) {
  const clock = new EventQueue()
  const world = { clock, waiting: { awakened: false }, random: new Random(1), epoch: 1_795_230_000_000 }
  const layer = makeLayer(baseFiles({ hostname: 'lab' }))
  const kernel = createKernel({ hostname: 'lab', programs: new Map(), layer }, world)
  for (const [path, content] of Object.entries(options.files ?? {})) {
    kernel.files.mkdir(path.slice(0, path.lastIndexOf('/')) || '/', { parents: true })
    kernel.files.write(path, content)
  }
  const [stdout, stderr] = [new Sink(), new Sink()]
  const process = kernel.spawn({
    argv,
    program,
    cwd: '/root',
    env: new Map(Object.entries({ PATH: '/bin', ...options.env })),
    fds: new Map<number, Description>([
      [0, new Source(options.stdin ?? '')],
      [1, stdout],
      [2, stderr],
    ]),
  })
  if (options.killAfter !== undefined) clock.after(options.killAfter, () => process.receive('SIGKILL'))
  await run(clock, world.waiting, settle, {
    when: () => process.exitStatus !== undefined,
    until: 600_000,
    maxEvents: 100_000,
  })
  const status = process.exitStatus
  return {
    stdout: stdout.text,
    stderr: stderr.text,
    status: status?.code,
    signal: status?.signal,
    faults: kernel.faults,
  }
}
