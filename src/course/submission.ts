import type { Input } from '../sim/world/journal.ts'
import type { Lab } from './lab.ts'
import type { SavedJournal } from './session/journal-store.ts'

/**
 * Why a journal cannot be an honest one of this lab; undefined when it can. It must begin with exactly the lab's start,
 * and contain after that only what a learner can do: type, resize, and write the book's files.
 */
export function journalFitsLab({ journal, since }: SavedJournal, lab: Lab): string | undefined {
  if (journal.topology !== lab.start.topology) return `its topology is ${journal.topology}`
  const begin: Input[] = Object.entries(lab.start.files ?? {}).map(([path, content]) => ({
    type: 'write',
    path,
    content,
  }))
  if (lab.start.commands) begin.push({ type: 'script', text: lab.start.commands })
  for (const [i, input] of begin.entries()) {
    if (JSON.stringify(journal.entries[i]?.input) !== JSON.stringify(input)) return 'it does not begin as the lab does'
  }
  const learner = journal.entries.slice(begin.length)
  const foreign = learner.find(({ input }) => input.type !== 'type' && input.type !== 'resize')
  if (foreign) return `it contains a ${foreign.input.type} that no learner could make`
  if (learner.some((entry, i) => entry.t < (learner[i - 1]?.t ?? 0))) return 'its times run backwards'
  if (learner[0] && since > learner[0].t + 1000) return 'its beginning has been moved'
  return undefined
}
