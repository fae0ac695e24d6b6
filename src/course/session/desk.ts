import type { Course } from '../course.ts'
import type { Grade } from '../grade.ts'
import type { Lab } from '../lab.ts'
import type { Language } from '../language.ts'
import { type LabProgress, labProgress, type Progress, recordAnswer, recordGrade } from '../progress.ts'
import { proseLines } from '../report/prose.ts'
import type { Style } from '../report/style.ts'
import { verdictLines } from '../report/verdict.ts'
import { deskWords } from './desk-words.ts'
import { nextHint } from './hints.ts'
import type { JournalStore } from './journal-store.ts'
import { type Step, stepsOf, worldOf } from './steps.ts'
import { StudySession, type WorldSource } from './study-session.ts'
import type { SessionWord } from './words.ts'

export interface DeskPorts {
  course: Course
  worlds: WorldSource
  store: JournalStore
  progress: { readonly value: Progress; update(change: (progress: Progress) => void): void }
  style: Style
  language: Language
  /** Real time, for what is noted in the progress. */
  now(): Date
  seed: number
}

/** The learner's desk: the book open at a step, the computer beside it, and the answers of the book. */
export class Desk {
  readonly #ports: DeskPorts
  readonly steps: readonly Step[]
  #step: Step
  #session: StudySession | undefined
  #key = ''
  #grade: Grade | undefined
  #listeners = new Set<() => void>()
  size = { columns: 80, rows: 24 }
  language: Language
  /** What the book is busy with; undefined when it is not. */
  busy: 'opening' | 'checking' | 'rewinding' | undefined
  /** Why there is no computer, when it could not be opened. */
  error: string | undefined

  constructor(ports: DeskPorts, at?: string) {
    this.#ports = ports
    this.language = ports.language
    this.steps = stepsOf(ports.course)
    const first = this.steps[0]
    if (!first) throw new Error('this course has no pages and no labs')
    this.#step = this.steps.find((step) => step.id === at) ?? first
  }

  get step(): Step {
    return this.#step
  }

  get session(): StudySession | undefined {
    return this.#session
  }

  /** The last verdict on this lab in this sitting. */
  get grade(): Grade | undefined {
    return this.#grade
  }

  /** How the checks of the present lab came out last, in this sitting or an earlier one. */
  get checks(): LabProgress['checks'] {
    return this.#lab && this.progress.labs[this.#lab.id]?.checks
  }

  get progress(): Progress {
    return this.#ports.progress.value
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Opens a step and the computer that belongs to it. */
  async go(step: Step): Promise<void> {
    this.#step = step
    this.#grade = undefined
    this.#ports.progress.update((progress) => {
      progress.at = step.id
    })
    const { key, start } = worldOf(step)
    if (key === this.#key) return this.#changed()
    const before = this.#session
    this.#key = key
    this.#session = undefined
    this.busy = 'opening'
    this.#changed()
    await before?.close()
    const { worlds, store, seed } = this.#ports
    let session: StudySession
    try {
      session = await StudySession.open({ worlds, store, key, start, seed, size: this.size })
    } catch (error) {
      this.#key = ''
      this.error = error instanceof Error ? error.message : String(error)
      return this.#set(undefined)
    }
    this.error = undefined
    if (this.#key !== key) return await session.close()
    session.onWord = (word) => this.answer(word)
    this.#session = session
    this.busy = undefined
    this.#changed()
  }

  get next(): Step | undefined {
    return this.steps[this.steps.indexOf(this.#step) + 1]
  }

  get previous(): Step | undefined {
    return this.steps[this.steps.indexOf(this.#step) - 1]
  }

  /** Marks a page as read and goes on. */
  async goNext(): Promise<boolean> {
    const { next } = this
    const step = this.#step
    if (step.type === 'page') {
      this.#ports.progress.update((progress) => {
        progress.pages[step.id] ??= { done: this.#ports.now().toISOString() }
      })
    }
    if (!next) {
      this.#changed()
      return false
    }
    await this.go(next)
    return true
  }

  noteAnswer(question: string, right: boolean): void {
    this.#ports.progress.update((progress) => recordAnswer(progress, question, right, this.#ports.now()))
    this.#changed()
  }

  setLanguage(language: Language): void {
    this.language = language
    this.#ports.progress.update((progress) => {
      progress.language = language
    })
    this.#changed()
  }

  /** Says a word as if it had been typed, with the answer on the terminal. */
  async say(word: SessionWord): Promise<void> {
    const session = this.#session
    if (!session) return
    const text = await session.alone(() => this.answer(word))
    if (text) session.interject(text)
  }

  /** Text for the terminal. Called while the session stands still. */
  async answer(word: SessionWord): Promise<string> {
    const lines = await this.#answers[word]()
    this.#changed()
    return lines.length === 0 ? '' : `${lines.join('\n').replaceAll('\n', '\r\n')}\r\n`
  }

  readonly #answers: Record<SessionWord, () => Promise<string[]>> = {
    check: () => this.#check(),
    hint: async () => this.#hint(),
    next: async () => this.#next(),
    reset: async () => {
      this.#set('rewinding')
      await this.#session?.resetNow()
      this.#forgetChecks()
      this.#set(undefined)
      return []
    },
    undo: async () => {
      this.#set('rewinding')
      const done = await this.#session?.undoNow()
      if (done) this.#forgetChecks()
      this.#set(undefined)
      return done ? [] : this.#prose(this.#words.nothingToUndo)
    },
    solution: async () => this.#solution(),
  }

  get #words() {
    return deskWords[this.language]
  }

  get #lab(): Lab | undefined {
    return this.#step.type === 'lab' ? this.#step.lab : undefined
  }

  /** The world is another one now. */
  #forgetChecks(): void {
    this.#grade = undefined
    const lab = this.#lab
    if (!lab || !this.checks) return
    this.#ports.progress.update((progress) => {
      labProgress(progress, lab.id).checks = undefined
    })
  }

  async #check(): Promise<string[]> {
    const lab = this.#lab
    if (!lab || !this.#session) return this.#prose(this.#words.noLab)
    this.#set('checking')
    const before = this.#grade?.passed
    this.#grade = await this.#session.gradeNow(lab.grader)
    this.busy = undefined
    const grade = this.#grade
    this.#ports.progress.update((progress) => recordGrade(progress, lab.id, grade, this.#ports.now().toISOString()))
    const lines = verdictLines(grade, this.language, this.#ports.style, this.size.columns)
    if (grade.passed && !before) lines.push('', ...this.#wrapUp(lab))
    return ['', ...lines, '']
  }

  #wrapUp(lab: Lab): string[] {
    const debrief = this.#prose(lab.debrief[this.language])
    return [...debrief, '', ...this.#prose(this.next ? this.#words.goOn : this.#words.end)]
  }

  #prose(markdown: string): string[] {
    return proseLines(markdown, Math.min(76, this.size.columns - 4), this.#ports.style.color).map((line) =>
      `  ${line}`.trimEnd(),
    )
  }

  #hint(): string[] {
    const lab = this.#lab
    if (!lab) return this.#prose(this.#words.noLab)
    const shown = new Set(this.progress.labs[lab.id]?.hints ?? [])
    const found = nextHint(lab, this.#grade, shown) ?? nextHint(lab, this.#grade, new Set())
    if (!found) return this.#prose(this.#words.noHint)
    this.#ports.progress.update((progress) => {
      const entry = labProgress(progress, lab.id)
      if (!entry.hints.includes(found.index)) entry.hints.push(found.index)
    })
    const again = shown.has(found.index) ? ` ${this.#words.again}` : ''
    return [
      '',
      `  ${this.#ports.style.accent(this.#words.hint)}${again}`,
      ...this.#prose(found.hint[this.language]),
      '',
    ]
  }

  #next(): string[] {
    if (!this.next) return this.#prose(this.#words.end)
    // The step changes after the answer: the terminal that asked belongs to the old one.
    queueMicrotask(() => void this.goNext())
    return []
  }

  #solution(): string[] {
    const lab = this.#lab
    if (!lab) return this.#prose(this.#words.noLab)
    this.#ports.progress.update((progress) => {
      labProgress(progress, lab.id).sawSolution = true
    })
    return [
      '',
      ...lab.solutions.flatMap(({ name, script }) => [
        `  ${this.#ports.style.accent(name)}`,
        ...script
          .trimEnd()
          .split('\n')
          .map((line) => `    ${line}`),
        '',
      ]),
    ]
  }

  #set(busy: Desk['busy']): void {
    this.busy = busy
    this.#changed()
  }

  #changed(): void {
    for (const listener of this.#listeners) listener()
  }

  async close(): Promise<void> {
    await this.#session?.close()
  }
}
