import { commands } from '../../src/commands/index.ts'
import { createWorld } from '../../src/sim/world/create-world.ts'
import type { Topology } from '../../src/sim/world/journal.ts'
import { manifest } from '../support/manifest.ts'

const drain = () => new Promise<void>((done) => setImmediate(done))

/** A world that several tests of a part share, and how to run commands in it: both streams together come out. */
export async function begin(topology: Topology) {
  const world = await createWorld({ seed: 7, topology, commands, drain })
  const run = async (text: string) => {
    const { stdout, stderr } = await world.script(text)
    return stdout + stderr
  }
  const apply = (yaml: string) => run(`kubectl apply -f - <<'EOF'\n${yaml}\nEOF`)
  /** Puts manifests into the learner's home. */
  const take = (...names: string[]) => {
    for (const name of names)
      world.input({
        type: 'write',
        path: name,
        content: manifest(name),
      })
  }
  return { world, run, apply, take }
}
export type Traffic = Awaited<ReturnType<typeof begin>>
