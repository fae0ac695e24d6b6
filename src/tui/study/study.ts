import { glossaryOf } from '../../course/glossary.ts'
import type { Block, Page } from '../../course/lesson/page.ts'
import type { Desk } from '../../course/session/desk.ts'
import type { Step } from '../../course/session/steps.ts'
import type { SessionWord } from '../../course/session/words.ts'
import type { Overlay } from '../overlays/overlay.ts'
import { loadHighlighter } from '../page/highlight.ts'
import { layoutLab } from '../page/lab-layout.ts'
import { layoutPage, type PageAction, type PageLayout } from '../page/layout.ts'
import { Screen } from '../terminal/screen.ts'
import { type UiWords, uiWords } from '../words.ts'
import { type Geometry, geometryOf, pageMargin } from './geometry.ts'
import { nextAction, questionOf } from './next-action.ts'
import { ScriptTyper } from './script-typer.ts'

export interface StudyOptions {
  desk: Desk
  /** Undefined: as the learner left it. */
  speed: number | undefined
  color: boolean
  home: boolean
  columns: number
  rows: number
  leave(): void
}

const speeds = [0.5, 1, 2, 5, 10, 60]

const answered: ReadonlySet<SessionWord> = new Set(['check', 'hint', 'solution'])

/** Virtual ms a frame of a moving figure stands. */
const frameMs = 1000

const isMoving = (block: Block, motion: boolean) => motion && block.type === 'figure' && block.frames.length > 1

/** The state of the study session's screen. Views read it, input changes it; it draws nothing itself. */
export class Study {
  readonly desk: Desk
  readonly screen: Screen
  readonly color: boolean
  readonly leave: () => void
  speed: number
  geometry: Geometry
  /** One pane at a time, as wide as the screen. */
  single = false
  view: 'home' | 'study'
  focus: 'page' | 'terminal' = 'page'
  overlay: Overlay | undefined
  /** Of an overlay that lists things, and of the home. */
  cursor = 0
  query = ''
  /** Lines an overlay's text is scrolled by, from where it begins to be read. */
  overlayScroll = 0
  motion: boolean
  /** First line of the page that is shown. */
  scroll = 0
  selected: string | undefined
  readonly answers = new Map<string, number>()
  readonly done = new Set<string>()
  /** Counts changes, for React. */
  version = 0
  #listeners = new Set<() => void>()
  #shown: Step | undefined
  #stopDisplay: (() => void) | undefined
  #session: Desk['session']
  /** What was asked for while the computer was starting. */
  #early: PageAction | undefined
  readonly #typer: ScriptTyper
  #layout: { key: string; made: PageLayout } | undefined

  constructor(options: StudyOptions) {
    this.desk = options.desk
    this.speed = options.speed ?? options.desk.progress.speed ?? 1
    this.motion = options.desk.progress.motion ?? true
    this.color = options.color
    this.leave = options.leave
    this.view = options.home ? 'home' : 'study'
    this.geometry = geometryOf(options.columns, options.rows)
    this.screen = new Screen(this.geometry.terminal.columns, this.geometry.terminal.rows)
    this.#typer = new ScriptTyper((text) => void this.desk.session?.type(text))
    this.desk.size = { ...this.geometry.terminal }
    this.desk.onChange(() => this.#deskChanged())
    this.screen.onChange(() => this.changed())
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  changed(): void {
    this.version++
    for (const listener of this.#listeners) listener()
  }

  get words(): UiWords {
    return uiWords[this.desk.language]
  }

  get page(): Page | undefined {
    const { step, language } = this.desk
    return step.type === 'page' ? step.page[language] : undefined
  }

  /** The page or the lab's task, laid out for the present width. */
  get layout(): PageLayout {
    const { desk } = this
    const width = this.geometry.page.columns - 2 * pageMargin
    const key = [
      desk.step.id,
      desk.language,
      width,
      this.selected,
      this.answers.size,
      this.done.size,
      this.#highlighted,
      this.moving ? Math.floor((desk.session?.world.now ?? 0) / 250) : '',
      desk.grade && this.version,
    ].join('|')
    if (this.#layout?.key !== key || desk.step.type === 'lab') this.#layout = { key, made: this.#makeLayout(width) }
    return this.#layout!.made
  }

  /** Something on the page moves, so that it is drawn anew as time passes. */
  get moving(): boolean {
    const still = this.view !== 'study' || this.overlay !== undefined || !this.page
    return !still && this.page!.blocks.some((block) => block.type === 'live' || isMoving(block, this.motion))
  }

  #highlighted = false

  #makeLayout(width: number): PageLayout {
    const { desk, words } = this
    if (desk.step.type === 'page') {
      loadHighlighter(() => {
        this.#highlighted = true
        this.changed()
      })
      const state = {
        answers: this.answers,
        done: this.done,
        selected: this.selected,
        terms: [...glossaryOf(desk.steps, desk.language, desk.step).keys()],
        client: desk.session?.world.client,
        frame: this.motion ? Math.floor((desk.session?.world.now ?? 0) / frameMs) : undefined,
      }
      return layoutPage(desk.step.page[desk.language], width, state, words)
    }
    const known = desk.progress.labs[desk.step.lab.id]
    const { checks } = desk
    const passed = checks !== undefined && Object.values(checks).every((status) => status === 'passed')
    const state = { checks, hints: known?.hints ?? [], passed: passed || desk.exam === 'over' }
    return layoutLab(desk.step.lab, desk.language, width, state, words)
  }

  resize(columns: number, rows: number): void {
    this.geometry = geometryOf(columns, rows, this.single)
    const { terminal } = this.geometry
    this.screen.resize(terminal.columns, terminal.rows)
    this.desk.size = { ...terminal }
    void this.desk.session?.resize({ ...terminal })
    this.scrollBy(0)
  }

  /** Page and terminal side by side, or one at a time in the whole width, so that wide tables fit. */
  toggleSingle(): void {
    this.single = !this.single
    this.resize(this.geometry.columns, this.geometry.rows)
  }

  /** The next faster or slower pace. */
  changeSpeed(direction: 1 | -1): void {
    const faster = speeds.find((speed) => speed > this.speed)
    const slower = speeds.findLast((speed) => speed < this.speed)
    this.speed = (direction > 0 ? faster : slower) ?? this.speed
    this.desk.setTaste({ speed: this.speed })
  }

  /** Faster, and from the fastest to the slowest. */
  nextSpeed(): void {
    const before = this.speed
    this.changeSpeed(1)
    if (this.speed !== before) return
    this.speed = speeds[0]!
    this.desk.setTaste({ speed: this.speed })
  }

  setMotion(motion: boolean): void {
    this.motion = motion
    this.desk.setTaste({ motion })
  }

  switchLanguage(): void {
    this.desk.setLanguage(this.desk.language === 'en' ? 'zh' : 'en')
    this.changed()
  }

  enter(step: Step = this.desk.step): void {
    this.view = 'study'
    this.overlay = undefined
    this.changed()
    void this.desk.go(step)
  }

  /** A lab that comes back begins anew. */
  review(step: Extract<Step, { type: 'lab' }>): void {
    this.view = 'study'
    this.overlay = undefined
    this.changed()
    void this.desk.review(step)
  }

  toggleOverlay(overlay: Overlay | undefined): void {
    this.overlay = this.overlay === overlay ? undefined : overlay
    this.cursor = 0
    this.query = ''
    this.overlayScroll = 0
    this.changed()
  }

  scrollBy(lines: number): void {
    const most = Math.max(0, this.layout.lines.length - this.geometry.page.rows)
    this.scroll = Math.max(0, Math.min(most, this.scroll + lines))
    this.changed()
  }

  /** Moves to the next thing that can be done, and shows it; scrolls where there is none near. */
  selectBy(step: 1 | -1) {
    const { actions } = this.layout
    const at = actions.findIndex(({ action }) => action.id === this.selected)
    const rows = this.geometry.page.rows
    const seen = (i: number) => actions[i] && actions[i].from >= this.scroll && actions[i].from < this.scroll + rows
    let next = at + step
    // After scrolling by hand, begin with what is on the screen.
    if (at < 0 || !seen(at)) {
      const visible = actions.map((_, i) => i).filter(seen)
      next = (step > 0 ? visible[0] : visible.at(-1)) ?? -1
    }
    const target = actions[next]
    if (!target || target.from < this.scroll - rows || target.from > this.scroll + rows + 4)
      return this.scrollBy(step * 3)
    this.selected = target.action.id
    if (target.to >= this.scroll + rows) this.scroll = Math.min(target.from, target.to - rows + 2)
    if (target.from < this.scroll + 1) this.scroll = Math.max(0, target.from - 2)
    this.scrollBy(0)
  }

  get selectedAction(): PageAction | undefined {
    return this.layout.actions.find(({ action }) => action.id === this.selected)?.action
  }

  /** The first choice of the question on the screen that has not been answered. */
  get openQuestion(): PageAction | undefined {
    const end = this.scroll + this.geometry.page.rows
    return this.layout.actions.find(
      ({ action, from }) =>
        action.type === 'choice' && !this.answers.has(questionOf(action.id)) && from >= this.scroll && from < end,
    )?.action
  }

  perform(action: PageAction) {
    if (action.type === 'choice') return this.#answer(action)
    const { session } = this.desk
    if (!session) {
      this.#early = action
      return
    }
    this.done.add(action.id)
    if (action.type === 'file') void session.write(action.name, action.content)
    else this.runScript(action.script)
    this.#selectAfter(action.id)
    this.changed()
  }

  runScript(script: string): void {
    this.screen.toBottom()
    this.#typer.start(script)
    if (!this.geometry.wide) this.focus = 'terminal'
  }

  /** Runs the command that is selected, or the first not yet run; a prediction on the way is shown first. */
  runNext(): void {
    const next = nextAction(this.layout.actions, this.selectedAction, this.answers, this.done)
    if (next?.type !== 'choice') {
      if (next) this.perform(next)
      return
    }
    this.selected = next.id
    const { from, to } = this.#question(questionOf(next.id))
    if (from < this.scroll + 3) this.scroll = Math.max(0, from - 4)
    this.#reveal(from - 4, to + 2)
    this.changed()
  }

  /** What a word answers stands in the terminal: where only one pane is shown, that one. */
  say(word: SessionWord): void {
    if (!this.geometry.wide && answered.has(word)) {
      this.screen.toBottom()
      this.focus = 'terminal'
    }
    void this.desk.say(word)
  }

  #selectAfter(id: string): void {
    const { actions } = this.layout
    const at = actions.findIndex(({ action }) => action.id === id)
    const next = actions[at + 1]
    // After the last one nothing is selected: the key that runs things must not run it again and again.
    this.selected = next?.action.id
    if (!next) return
    const whole = next.action.type === 'choice' ? this.#question(questionOf(next.action.id)) : next
    this.#reveal(Math.min(next.from, actions[at]!.from), whole.to + 2)
  }

  /** Scrolls down as far as needed to show the lines up to `to`, never past `from`. */
  #reveal(from: number, to: number): void {
    const { rows } = this.geometry.page
    const most = Math.max(0, this.layout.lines.length - rows)
    this.scroll = Math.max(this.scroll, Math.min(most, from, to - rows + 1))
  }

  /** The lines of a question's choices, their explanations, and its command. */
  #question(id: string): { from: number; to: number } {
    const own = this.layout.actions.filter(({ action }) => action.id.startsWith(`${id}.`))
    return { from: own[0]?.from ?? 0, to: own.at(-1)?.to ?? 0 }
  }

  #answer(action: Extract<PageAction, { type: 'choice' }>): void {
    const question = questionOf(action.id)
    const first = !this.answers.has(question)
    this.answers.set(question, action.index)
    this.#layout = undefined
    if (first) this.desk.noteAnswer(question, action.question.choices[action.index]?.right ?? false)
    if (action.question.run) this.selected = `${question}.run`
    const { from, to } = this.#question(question)
    this.#reveal(Math.max(0, from - 3), to + 1)
    this.changed()
  }

  #deskChanged(): void {
    const { desk } = this
    if (desk.step !== this.#shown) {
      this.#shown = desk.step
      this.scroll = 0
      this.selected = undefined
      this.#layout = undefined
      this.#early = undefined
    }
    if (desk.session !== this.#session) {
      this.#stopDisplay?.()
      this.#session = desk.session
      this.#typer.forget()
      this.screen.write('\x1bc')
      this.#stopDisplay = desk.session?.onDisplay((text) => {
        this.screen.write(text)
        this.#typer.saw(text)
      })
      void desk.session?.resize({ ...this.geometry.terminal })
      const early = this.#early
      if (desk.session && early) {
        this.#early = undefined
        this.perform(early)
      }
    }
    this.changed()
  }
}
