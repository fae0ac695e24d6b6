import { commands } from '../commands/index.ts'
import type { WorldSource } from '../course/session/study-session.ts'
import { wordPrograms } from '../course/session/words.ts'
import type { Drain } from '../sim/time/driver.ts'
import { createWorld, replayJournal } from '../sim/world/create-world.ts'

/** Simulated worlds that know the commands a learner types and the session's words, and keep their history. */
export function makeWorldSource(drain: Drain): WorldSource {
  const options = { commands: new Map([...commands, ...wordPrograms]), drain, history: true }
  return {
    create: ({ seed, topology }) => createWorld({ ...options, seed, topology }),
    replay: (journal) => replayJournal(journal, options),
  }
}
