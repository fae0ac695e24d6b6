import { commands } from '../../src/commands/index.ts'
import { ApiError } from '../../src/sim/kubernetes/api/object.ts'
import { createWorld, replayJournal, type SimulatedWorld } from '../../src/sim/world/create-world.ts'
import type { Step } from './journal.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))
const IMAGES = ['nginx:alpine', 'nginx:1.21-alpine', 'httpd:alpine', 'busybox']

export interface Played {
  world: SimulatedWorld
  /** When each step began. */
  times: number[]
  /** When the disturbances ended and the cluster was left alone. */
  quiet: number
  /** Reconciliations that failed in no way a real one does. */
  faults: string[]
}

const options = (faults: string[]) => ({
  commands,
  drain,
  images: IMAGES,
  history: true,
  watchFaults: { late: 400, doubled: 0.2 },
  onError(component: string, key: string, error: unknown) {
    if (!(error instanceof ApiError)) faults.push(`${component} ${key}: ${(error as Error).stack}`)
  },
})

/** Lets a journal happen, mends what it broke of the nodes, and waits until all should be well. */
export async function play(seed: number, steps: readonly Step[]): Promise<Played> {
  const faults: string[] = []
  const world = await createWorld({ seed, topology: 'three-node', ...options(faults) })
  const times: number[] = []
  for (const step of steps) {
    times.push(world.now)
    if (step.do === 'type') await world.script(step.text, { deadline: 30_000 })
    else if (step.do === 'wait') await world.run({ until: world.now + step.seconds * 1000 })
    else world.input({ type: step.do, node: step.node })
  }
  for (const node of ['worker', 'worker2']) world.input({ type: 'node-up', node })
  await world.script('kubectl uncordon worker worker2')
  const quiet = world.now
  await world.run({ until: quiet + 600_000 })
  return { world, times, quiet, faults }
}

/** The same journal in a second world. */
export const replay = (world: SimulatedWorld): Promise<SimulatedWorld> => replayJournal(world.journal, options([]))

/** Everything that happened, in bytes. */
export function dump(world: SimulatedWorld): string {
  return JSON.stringify(world.history.map(({ t, type, object }) => [t, type, object]))
}
