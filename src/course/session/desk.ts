import type { World } from '../../sim/world/api.ts'
import type { Course, LocalPage } from '../course.ts'
import { examBegan, examJournal } from '../exam.ts'
import type { Grade } from '../grade.ts'
import type { Lab } from '../lab.ts'
import type { Language } from '../language.ts'
import { type LabProgress, labProgress, type Progress, recordAnswer, recordGrade } from '../progress.ts'
import { examClock, examLines } from '../report/exam.ts'
import { proseLines } from '../report/prose.ts'
import type { Style } from '../report/style.ts'
import { verdictLines } from '../report/verdict.ts'
import { variantOf } from '../variants.ts'
import { deskWords } from './desk-words.ts'
import { nextHint } from './hints.ts'
import type { JournalStore } from './journal-store.ts'
import { performPage } from './perform-page.ts'
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
  /** Of the worlds of pages, and of labs that are the same for everybody. */
  seed: number
  /** Of labs whose values differ: the same again for those who ask for it; from the real clock otherwise. */
  variant?: number
}

/** The learner's desk: the book open at a step, the computer beside it, and the answers of the book. */
export class Desk {
  readonly #ports: DeskPorts
  #steps: readonly Step[]
  #step: Step
  #session: StudySession | undefined
  #key = ''
  /** The step whose beginning the computer was made for. */
  #begunAt = ''
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
    this.#steps = stepsOf(ports.course).map((step) => this.#inVariant(step, this.#firstSeed(step)))
    const first = this.steps[0]
    if (!first) throw new Error('this course has no pages and no labs')
    this.#step = this.steps.find((step) => step.id === at) ?? first
  }

  get steps(): readonly Step[] {
    return this.#steps
  }

  /** A lab that has been begun stays as it is. */
  #firstSeed(step: Step): number {
    const { store, seed } = this.#ports
    if (step.type !== 'lab' || !step.lab.values) return seed
    return store.peek(worldOf(step).key)?.journal.seed ?? this.#newSeed()
  }

  #newSeed(): number {
    return this.#ports.variant ?? 1 + (Math.floor(this.#ports.now().getTime() / 1000) % 9973)
  }

  #seeds = new Map<string, number>()

  #inVariant(step: Step, seed: number): Step {
    if (step.type !== 'lab' || !step.lab.values) return step
    this.#seeds.set(step.id, seed)
    return { ...step, lab: variantOf(step.lab, seed) }
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
    const { key, start, before: earlier } = worldOf(step)
    if (key === this.#key) {
      this.#changed()
      return await this.#catchUp()
    }
    const before = this.#session
    this.#key = key
    this.#session = undefined
    this.busy = 'opening'
    this.#changed()
    await before?.close()
    const { worlds, store } = this.#ports
    const seed = this.#seeds.get(step.id) ?? this.#ports.seed
    let session: StudySession
    try {
      session = await StudySession.open({ worlds, store, key, start, seed, size: this.size, prepare: doing(earlier) })
    } catch (error) {
      this.#key = ''
      this.error = error instanceof Error ? error.message : String(error)
      return this.#set(undefined)
    }
    this.error = undefined
    if (this.#key !== key) return await session.close()
    session.onWord = (word) => this.answer(word)
    this.#session = session
    this.#begunAt = step.id
    this.busy = undefined
    this.#changed()
    await this.#catchUp()
  }

  /** A computer nobody has touched yet becomes the one that the open page begins with. */
  async #catchUp(): Promise<void> {
    if (this.#step.id !== this.#begunAt && this.#session?.untouched) await this.say('reset')
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

  /** Keeps how the learner likes it. */
  setTaste(taste: Pick<Progress, 'speed' | 'motion'>): void {
    this.#ports.progress.update((progress) => Object.assign(progress, taste))
    this.#changed()
  }

  /** Opens a lab that comes back, from its start. */
  async review(step: Extract<Step, { type: 'lab' }>): Promise<void> {
    await this.go(step)
    await this.#session?.alone(() => this.answer('reset'))
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
      if (this.exam === 'running' && !this.#meant('reset')) return this.#withTimeLeft(this.#words.examReset)
      this.#set('rewinding')
      await this.#reset()
      this.#forgetChecks()
      this.#set(undefined)
      return []
    },
    undo: async () => {
      if (this.exam === 'running') return this.#withTimeLeft(this.#words.examNoUndo)
      this.#set('rewinding')
      const done = await this.#session?.undoNow()
      if (done) this.#forgetChecks()
      this.#set(undefined)
      return done ? [] : this.#prose(this.#words.nothingToUndo)
    },
    solution: async () => this.#solution(),
  }

  /** How far the exam is, when the present step is one. Its clock starts with the first key. */
  get exam(): 'waiting' | 'running' | 'over' | undefined {
    const lab = this.#lab
    if (!lab?.exam) return undefined
    if (this.progress.labs[lab.id]?.ended !== undefined) return 'over'
    return this.#examBegan === undefined ? 'waiting' : 'running'
  }

  get #examBegan(): number | undefined {
    const session = this.#session
    return session && examBegan(session.world.journal, session.since)
  }

  /** Virtual ms that are left of the exam. */
  get timeLeft(): number {
    const { exam } = this.#lab ?? {}
    if (!exam || !this.#session) return 0
    return Math.max(0, (this.#examBegan ?? this.#session.world.now) + exam.limit - this.#session.world.now)
  }

  /** To be called as time passes: an exam whose time is up hands itself in. */
  async watchTime(): Promise<void> {
    if (this.exam !== 'running' || this.timeLeft > 0 || this.busy) return
    await this.say('check')
  }

  #asked: { word: SessionWord; at: number } | undefined

  /** Whether a word that cannot be taken back has been said twice within a minute, by the learner's own clock. */
  #meant(word: SessionWord): boolean {
    const at = this.#ports.now().getTime()
    const meant = this.#asked?.word === word && at - this.#asked.at < 60_000
    this.#asked = meant ? undefined : { word, at }
    return meant
  }

  #withTimeLeft(words: string): string[] {
    return this.#prose(`${words} ${examClock(this.timeLeft)}`)
  }

  /** A lab that was passed, and an exam, begin again with other values. */
  async #reset(): Promise<void> {
    const before = this.#step
    const raw = before.type === 'lab' && before.lab.values ? before : undefined
    const done = raw && (this.progress.labs[raw.lab.id]?.passed !== undefined || raw.lab.exam !== undefined)
    this.#begunAt = before.id
    // A page begins where the pages before it end.
    if (!raw || !done) return await this.#session?.resetNow({ prepare: doing(worldOf(before).before) })
    const original = stepsOf(this.#ports.course).find((step) => step.id === before.id)!
    const old = this.#seeds.get(before.id) ?? 0
    const seed = this.#ports.variant ?? old + 1
    const step = this.#inVariant(original, seed)
    this.#steps = this.#steps.map((item) => (item === before ? step : item))
    this.#step = step
    await this.#session?.resetNow({ start: worldOf(step).start, seed })
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
    if (!lab || !this.progress.labs[lab.id]) return
    this.#ports.progress.update((progress) => {
      const entry = labProgress(progress, lab.id)
      entry.checks = undefined
      entry.ended = undefined
    })
  }

  async #check(): Promise<string[]> {
    const lab = this.#lab
    if (!lab || !this.#session) return this.#prose(this.#words.noLab)
    if (lab.exam) return await this.#handIn(lab, this.#session)
    this.#set('checking')
    const before = this.#grade?.passed
    this.#grade = await this.#session.gradeNow(lab)
    this.busy = undefined
    const grade = this.#grade
    this.#ports.progress.update((progress) => recordGrade(progress, lab.id, grade, this.#ports.now().toISOString()))
    const lines = verdictLines(grade, this.language, this.#ports.style, this.size.columns)
    if (grade.passed && !before) lines.push('', ...this.#wrapUp(lab))
    return ['', ...lines, '']
  }

  /** The end of an exam. Asked again, it gives the same report: of the moment at which it ended. */
  async #handIn(lab: Lab, session: StudySession): Promise<string[]> {
    const exam = lab.exam!
    const began = this.#examBegan ?? session.world.now
    const known = this.progress.labs[lab.id]?.ended
    const late = session.world.now >= began + exam.limit
    if (known === undefined && !late && !this.#meant('check')) return this.#withTimeLeft(this.#words.examHandIn)
    const ended = known ?? Math.min(session.world.now, began + exam.limit)
    this.#set('checking')
    const { journal } = session.world
    const past = examJournal({ journal: { ...journal, now: session.world.now }, since: session.since }, exam, ended)
    const grade = await session.gradePast(lab, past)
    this.#grade = grade
    this.busy = undefined
    this.#ports.progress.update((progress) => {
      if (known === undefined) recordGrade(progress, lab.id, grade, this.#ports.now().toISOString())
      labProgress(progress, lab.id).ended = ended
    })
    const lines = examLines(exam, grade, ended - began, this.language, this.#ports.style, this.size.columns)
    const timeUp = known === undefined && late ? ['', ...this.#prose(this.#words.examTimeUp)] : []
    return [...timeUp, '', ...lines, '', ...this.#wrapUp(lab), ...this.#prose(this.#words.examAgain), '']
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

  /** The hints made for what this world looks like now. */
  async #holding(lab: Lab): Promise<ReadonlySet<number>> {
    const holding = new Set<number>()
    for (const [index, hint] of lab.hints.entries()) {
      if (hint.if && (await this.#session?.holdsNow(hint.if))) holding.add(index)
    }
    return holding
  }

  async #hint(): Promise<string[]> {
    const lab = this.#lab
    if (!lab) return this.#prose(this.#words.noLab)
    if (this.closedBook) return this.#withTimeLeft(this.#words.examNoHelp)
    const shown = new Set(this.progress.labs[lab.id]?.hints ?? [])
    const holding = await this.#holding(lab)
    const found = nextHint(lab, this.#grade, shown, holding) ?? nextHint(lab, this.#grade, new Set(), holding)
    if (!found) return this.#prose(this.#words.noHint)
    this.#ports.progress.update((progress) => {
      const entry = labProgress(progress, lab.id)
      if (!entry.hints.includes(found.index)) entry.hints.push(found.index)
      entry.helped = true
    })
    const again = shown.has(found.index) ? ` ${this.#words.again}` : ''
    return [
      '',
      `  ${this.#ports.style.accent(this.#words.hint)}${again}`,
      ...this.#prose(found.hint[this.language]),
      '',
    ]
  }

  /** The words that would do something now: the others are refused, or speak of a lab and this is a page. */
  get offered(): readonly SessionWord[] {
    if (this.closedBook) return ['check', 'next', 'reset']
    return this.#lab ? ['check', 'hint', 'next', 'undo', 'reset', 'solution'] : ['next', 'undo', 'reset']
  }

  /** An exam goes on, or would with the first key. */
  get closedBook(): boolean {
    return this.exam === 'waiting' || this.exam === 'running'
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
    if (this.closedBook) return this.#withTimeLeft(this.#words.examNoHelp)
    this.#ports.progress.update((progress) => {
      const entry = labProgress(progress, lab.id)
      entry.sawSolution = true
      entry.helped = true
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

/** What the pages tell to do, done. */
const doing = (pages: readonly LocalPage[]) => async (world: World) => {
  for (const page of pages) await performPage(page, world)
}
