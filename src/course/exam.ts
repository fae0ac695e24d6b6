import type { Journal } from '../sim/world/journal.ts'
import type { Grade } from './grade.ts'
import type { Text } from './language.ts'
import type { SavedJournal } from './session/journal-store.ts'

/** A lab under examination: a budget of time, points for each task, one report at the end. */
export interface Exam {
  /** Virtual ms, from the first thing the learner types. */
  limit: number
  /** Per cent of the points that are needed. */
  pass: number
  /** Titles. A check says to which it belongs: `task: 1` is the first. */
  tasks: readonly Text[]
}

/** Virtual ms at which the clock began to run: the learner's first key. Undefined before that. */
export function examBegan(journal: Journal, since: number): number | undefined {
  return journal.entries.find(({ t, input }) => t >= since && input.type === 'type')?.t
}

/** The journal as it was when the time was up, or at `handedIn`: what came later is not graded. */
export function examJournal(
  { journal, since }: SavedJournal,
  exam: Exam,
  handedIn = Number.POSITIVE_INFINITY,
): Journal {
  const began = examBegan(journal, since)
  const end = Math.min(handedIn, began === undefined ? journal.now : began + exam.limit)
  if (journal.now <= end) return journal
  return { ...journal, entries: journal.entries.filter(({ t }) => t <= end), now: end }
}

export interface TaskResult {
  title: Text
  points: number
  of: number
}

export function taskResults(exam: Exam, grade: Grade): TaskResult[] {
  return exam.tasks.map((title, i) => {
    const own = grade.checks.filter((check) => check.task === i + 1)
    const sum = (checks: typeof own) => checks.reduce((total, check) => total + check.weight, 0)
    return { title, points: sum(own.filter((check) => check.status === 'passed')), of: sum(own) }
  })
}
