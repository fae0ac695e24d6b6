import type { Journal, JournalEntry } from '../../sim/world/journal.ts'
import { sessionWords } from './words.ts'

/**
 * The journal without the learner's last command: everything typed since the command before it. Words said to the book
 * (`undo` itself, `check`) are no commands; they go too. Undefined when there is nothing to take back.
 */
export function withoutLastCommand(journal: Journal, since: number): Journal | undefined {
  const entries = [...journal.entries]
  let now = journal.now
  for (;;) {
    const before = entries.length
    const command = takeCommand(entries, since)
    // The moment when the learner began to type it: what was under way before had that long to end.
    now = journal.entries[entries.length]?.t ?? now
    if (entries.length === before) return undefined
    if (command === undefined) return undefined
    if (!(sessionWords as readonly string[]).includes(command)) break
  }
  return { ...journal, entries, now: Math.max(since, now) }
}

/** Removes the last input, back to the end of the one before; gives the line typed, as far as it can be told. */
function takeCommand(entries: JournalEntry[], since: number): string | undefined {
  let typed = ''
  let taken = false
  for (let entry = entries.at(-1); entry && entry.t >= since; entry = entries.at(-1)) {
    if (entry.input.type !== 'type') {
      if (taken) break
      entries.pop()
      if (entry.input.type !== 'resize') return ''
      continue
    }
    if (taken && /[\r\n]$/.test(entry.input.text)) break
    typed = entry.input.text + typed
    taken = true
    entries.pop()
  }
  return taken ? typed.trim() : undefined
}
