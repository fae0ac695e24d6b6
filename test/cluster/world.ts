import { commands } from '../../src/commands/index.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import type { Topology } from '../../src/sim/world/journal.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

/** A world, and how to run a script in it: what came out on both streams together. */
export async function begin(topology: Topology) {
  const world = await createWorld({ seed: 3, topology, commands, drain })
  const run = async (text: string, deadline?: number) => {
    const { stdout, stderr } = await world.script(text, deadline === undefined ? {} : { deadline })
    return stdout + stderr
  }
  const write = (path: string, content: string) => world.input({ type: 'write', path, content })
  return { world, run, write }
}
