import { commands } from '../commands/index.ts'
import type { WorldSource } from '../course/session/study-session.ts'
import { createWorld, replayJournal } from '../sim/world/create-world.ts'

/** Lets every promise callback that is ready run to its end. */
const drain = () => new Promise<void>((done) => setImmediate(done))

/** Worlds as the command line and the study session use them. Heavy: loaded when the first world is wanted. */
export async function worldSource(): Promise<WorldSource> {
  return {
    create: ({ seed, topology }) => createWorld({ seed, topology, commands, drain, history: true }),
    replay: (journal) => replayJournal(journal, { commands, drain, history: true }),
  }
}
