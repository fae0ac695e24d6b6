import type { CheckResult, Grade } from './grade.ts'
import type { Language } from './language.ts'

/** What a learner has done. Times are RFC 3339, of the real clock. */
export interface Progress {
  format: 1
  language?: Language
  /** Virtual seconds a second. */
  speed?: number
  /** False: figures stand still. */
  motion?: boolean
  /** Step where the learner was: a page id, or `lab:ID`. */
  at?: string
  pages: Record<string, { done: string }>
  labs: Record<string, LabProgress>
  questions: Record<string, QuestionProgress>
}

export interface LabProgress {
  /** Best so far. */
  points: number
  of: number
  passed?: string
  attempts: number
  /** Hints shown so far, by index. */
  hints: number[]
  sawSolution?: boolean
  /** An exam that is over: virtual ms at which it was handed in or the time was up. */
  ended?: number
  /** Checks failed, and whether help was taken, since it was passed last. */
  failed?: number
  helped?: boolean
  /** When it comes back, and after how many days the time after that. */
  due?: string
  days?: number
  /** How each check came out last, by id. */
  checks?: Record<string, CheckResult['status']>
}

/** Spaced repetition: the interval doubles with every right answer and starts again with a wrong one. */
export interface QuestionProgress {
  right: number
  wrong: number
  days: number
  due: string
}

export function emptyProgress(): Progress {
  return { format: 1, pages: {}, labs: {}, questions: {} }
}

const emptyLab = (): LabProgress => ({ points: 0, of: 0, attempts: 0, hints: [] })

export function labProgress(progress: Progress, lab: string): LabProgress {
  progress.labs[lab] ??= emptyLab()
  return progress.labs[lab]
}

export function recordGrade(progress: Progress, lab: string, grade: Grade, now: string): void {
  const entry = labProgress(progress, lab)
  entry.attempts++
  entry.points = Math.max(grade.points, entry.of === grade.of ? entry.points : 0)
  entry.of = grade.of
  entry.checks = Object.fromEntries(grade.checks.map(({ id, status }) => [id, status]))
  if (!grade.passed) {
    entry.failed = (entry.failed ?? 0) + 1
    return
  }
  entry.passed ??= now
  planReview(entry, new Date(now))
}

/** Days after which nothing comes back any more. */
const longest = 60

/** A lab that was passed with trouble comes back tomorrow; each time it goes well, after twice as long. */
function planReview(entry: LabProgress, now: Date): void {
  const trouble = (entry.failed ?? 0) > 1 || entry.helped === true
  const again = entry.due === undefined || entry.due <= now.toISOString()
  if (trouble) entry.days = 1
  else if (entry.days && again) entry.days *= 2
  entry.failed = 0
  entry.helped = false
  if (!entry.days || entry.days > longest) {
    delete entry.days
    delete entry.due
  } else if (again || trouble) entry.due = later(now, entry.days)
}

const later = (now: Date, days: number) => new Date(now.getTime() + days * 86_400_000).toISOString()

export function recordAnswer(progress: Progress, question: string, right: boolean, now: Date): void {
  const before = progress.questions[question] ?? { right: 0, wrong: 0, days: 0, due: '' }
  const days = right ? Math.max(1, before.days * 2) : 1
  progress.questions[question] = {
    right: before.right + (right ? 1 : 0),
    wrong: before.wrong + (right ? 0 : 1),
    days,
    due: later(now, days),
  }
}

/** Questions once answered wrongly that are due again. */
export function dueQuestions(progress: Progress, now: Date): string[] {
  const time = now.toISOString()
  return Object.entries(progress.questions)
    .filter(([, question]) => question.wrong > 0 && question.due <= time)
    .map(([id]) => id)
}

/** Labs that come back, by id. */
export function dueLabs(progress: Progress, now: Date): string[] {
  const time = now.toISOString()
  return Object.entries(progress.labs)
    .filter(([, lab]) => lab.due !== undefined && lab.due <= time)
    .map(([id]) => id)
}
