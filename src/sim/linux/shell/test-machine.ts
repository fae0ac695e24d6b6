import { run } from '../../time/driver.ts'
import { EventQueue } from '../../time/event-queue.ts'
import { Random } from '../../time/random.ts'
import { baseFiles } from '../base-files.ts'
import type { OpenFile } from '../file.ts'
import { makeLayer } from '../fs/layer.ts'
import { createKernel, type Kernel } from '../kernel.ts'
import type { Program } from '../process.ts'

export interface Ran {
  stdout: string
  stderr: string
  status: number | undefined
}

/** A machine for tests, with programs in /bin, that runs commands to their end. */
export function testMachine(
  programs: ReadonlyMap<string, Program>,
  drain: () => Promise<void>,
  options: { seed?: number } = {},
) {
  const clock = new EventQueue()
  const waiting = { awakened: false }
  const world = { clock, waiting, random: new Random(options.seed ?? 1), epoch: 1_795_230_000_000 }
  const kernel: Kernel = createKernel(
    { hostname: 'lab', programs, layer: makeLayer(baseFiles({ hostname: 'lab' })) },
    world,
  )
  for (const name of programs.keys()) kernel.installProgram(`/bin/${name}`, name)

  const runCommand = async (
    argv: readonly string[],
    limits: { seconds?: number; input?: string; cwd?: string; events?: number } = {},
  ): Promise<Ran> => {
    const files = kernel.files
    files.write('/tmp/.stdin', limits.input ?? '')
    const open = (path: string): OpenFile =>
      files.open(path, { write: true, create: true, truncate: true, append: true })
    const fds = new Map<number, OpenFile>([
      [
        0,
        limits.input === undefined
          ? files.open('/dev/null', { read: true })
          : files.open('/tmp/.stdin', { read: true }),
      ],
      [1, open('/tmp/.stdout')],
      [2, open('/tmp/.stderr')],
    ])
    const env = new Map([
      ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
      ['HOME', '/root'],
    ])
    const process = kernel.spawn({ argv, fds, env, cwd: limits.cwd ?? '/root', newSession: true })
    await run(clock, waiting, drain, {
      until: clock.now + (limits.seconds ?? 60) * 1000,
      when: () => process.exitStatus !== undefined,
      maxEvents: limits.events ?? 500_000,
    })
    const { exitStatus } = process
    return {
      stdout: decode(files.readBytes('/tmp/.stdout')),
      stderr: decode(files.readBytes('/tmp/.stderr')),
      status: exitStatus && (exitStatus.signal ? undefined : exitStatus.code),
    }
  }
  return { kernel, clock, waiting, world, run: runCommand }
}

const decode = (bytes: Uint8Array) => new TextDecoder().decode(bytes)
