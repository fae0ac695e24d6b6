import { type Drain, run } from '../time/driver.ts'
import { EventQueue } from '../time/event-queue.ts'
import { Random } from '../time/random.ts'
import { baseFiles } from './base-files.ts'
import { makeLayer } from './fs/layer.ts'
import { createKernel, type KernelOptions } from './kernel.ts'
import type { Program } from './process.ts'

/** A machine for tests: a kernel whose programs are given, and a driver for its time. */
export function machine(drain: Drain, programs: Record<string, Program> = {}, options: Partial<KernelOptions> = {}) {
  const clock = new EventQueue()
  const world = { clock, waiting: { awakened: false }, random: new Random(1), epoch: 1_795_230_000_000 }
  const kernel = createKernel(
    {
      hostname: 'lab',
      programs: new Map(Object.entries(programs)),
      layer: makeLayer(baseFiles({ hostname: 'lab' })),
      ...options,
    },
    world,
  )
  for (const name of Object.keys(programs)) kernel.installProgram(`/bin/${name}`, name)
  const drive = (until = clock.now + 60_000) => run(clock, world.waiting, drain, { until, maxEvents: 200_000 })
  return { kernel, world, clock, drive }
}
