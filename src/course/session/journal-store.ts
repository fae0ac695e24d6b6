import type { Journal, JournalEntry } from '../../sim/world/journal.ts'

/** A journal on its way through a session, with what the world does not know. */
export interface SavedJournal {
  journal: Journal
  /** Virtual ms at which the learner began: the end of the start's files and commands. */
  since: number
}

/** Where journals are kept, by world (`lab-first-pod`). Every call is on disk when it returns. */
export interface JournalStore {
  load(key: string): SavedJournal | undefined
  /** Reads without taking it in hand. */
  peek(key: string): SavedJournal | undefined
  append(key: string, entry: JournalEntry): void
  /** The clock, when it moved without input. */
  touch(key: string, now: number): void
  replace(key: string, saved: SavedJournal): void
}

/** Keeps nothing: for demos, proofs and tests. */
export const noStore: JournalStore = {
  load: () => undefined,
  peek: () => undefined,
  append() {},
  touch() {},
  replace() {},
}
