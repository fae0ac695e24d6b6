import type { TtySize } from '../../sim/linux/file.ts'
import type { World } from '../../sim/world/api.ts'
import type { Input, Journal, JournalEntry, Topology } from '../../sim/world/journal.ts'
import type { NestedCheck } from '../checks/nested.ts'
import { type Gradable, type Grade, grade, holds } from '../grade.ts'
import type { LabStart } from '../lab.ts'
import type { JournalStore } from './journal-store.ts'
import { type TypedOutput, typeLine } from './typist.ts'
import { withoutLastCommand } from './undo.ts'
import { type SessionWord, WordReader } from './words.ts'

/** Makes worlds that know the session's words and keep their history. */
export interface WorldSource {
  create(options: { seed: number; topology: Topology }): Promise<World>
  /** Up to the journal's `now`. */
  replay(journal: Journal): Promise<World>
}

export interface SessionOptions {
  worlds: WorldSource
  store: JournalStore
  /** Name of the journal: `lab-first-pod`. */
  key: string
  start: LabStart
  seed: number
  size: TtySize
  /** What is done in a new world before the learner comes, after the start's commands. */
  prepare?: (world: World) => Promise<void>
}

/**
 * One learner at one computer: the world, its terminal, its journal on disk. Everything that moves the world goes
 * through here, one after the other. It knows neither wall time nor a screen.
 */
export class StudySession {
  #options: SessionOptions
  #world!: World
  #since = 0
  #size: TtySize
  #saved = 0
  #queue: Promise<unknown> = Promise.resolve()
  #reader = new WordReader()
  #live = false
  #held: ({ text: string } | { word: SessionWord })[] = []
  #pendingWord: SessionWord | undefined
  #display = new Set<(text: string) => void>()
  /** Everything shown so far, for a screen that is opened later. */
  #shown = ''
  /** Answers a word; what it returns is shown before the terminal goes on. */
  onWord: (word: SessionWord) => Promise<string> = async () => ''
  #closed = false
  /** Keys that wait for the world to pause. */
  #typed = 0

  private constructor(options: SessionOptions) {
    this.#options = options
    this.#size = options.size
  }

  /** Resumes from the journal on disk, or begins anew. */
  static async open(options: SessionOptions): Promise<StudySession> {
    const session = new StudySession(options)
    const saved = options.store.load(options.key)
    if (saved) await session.#replay(saved.journal, saved.since)
    else await session.#begin()
    return session
  }

  get world(): World {
    return this.#world
  }

  /** Virtual ms at which the learner began. */
  get since(): number {
    return this.#since
  }

  /** The learner has done nothing here yet. */
  get untouched(): boolean {
    return !this.#world.journal.entries.some(({ t, input }) => t >= this.#since && input.type !== 'resize')
  }

  get start(): LabStart {
    return this.#options.start
  }

  /** Calls back with what was shown so far, then with everything that comes. */
  onDisplay(listener: (text: string) => void): () => void {
    listener(this.#shown)
    this.#display.add(listener)
    return () => this.#display.delete(listener)
  }

  /** Shows something that the world did not say. */
  show(text: string): void {
    this.#shown = (this.#shown + text).slice(-200_000)
    for (const listener of this.#display) listener(text)
  }

  /** Shows lines above the prompt that is waiting. */
  interject(text: string): void {
    const prompt = this.#shown.slice(this.#shown.lastIndexOf('\n') + 1)
    this.show(`\r\x1b[K${text}${prompt}`)
  }

  /** Bytes typed at the terminal. */
  type(text: string): Promise<void> {
    this.#typed++
    return this.#exclusive(() => {
      this.#typed--
      return this.#input({ type: 'type', text })
    })
  }

  /** Types a line and lets the world run, at full speed, until the next prompt. */
  command(line: string): Promise<TypedOutput> {
    return this.#exclusive(async () => {
      const { store, key } = this.#options
      store.append(key, { t: this.#world.now, input: { type: 'type', text: `${line}\r` } })
      const output = await typeLine(this.#world, line)
      this.#touch()
      return output
    })
  }

  resize(size: TtySize): Promise<void> {
    if (size.columns === this.#size.columns && size.rows === this.#size.rows) return Promise.resolve()
    this.#size = size
    return this.#exclusive(() => this.#input({ type: 'resize', size }))
  }

  /** Puts a file into the learner's home. */
  write(path: string, content: string): Promise<void> {
    return this.#exclusive(() => this.#input({ type: 'write', path, content }))
  }

  /** Lets virtual time pass, at full speed; `cancelled` stops it early. */
  pass(ms: number, cancelled?: () => boolean): Promise<void> {
    return this.#exclusive(async () => {
      const until = this.#world.now + ms
      // Whoever presses Ctrl-C in a world that is busy is heard before the time is up.
      const stop = () => this.#typed > 0 || (cancelled?.() ?? false)
      while (this.#world.now < until && !stop() && !this.#closed) await this.#run(until, stop)
      if (this.#world.now - this.#saved > 5000) this.#touch()
    })
  }

  /** From inside an answer to a word, or `alone`. */
  gradeNow(lab: Gradable): Promise<Grade> {
    return grade(this.#world, lab, this.#since)
  }

  /** Does this hold in the world as it is now? */
  async holdsNow(check: NestedCheck): Promise<boolean> {
    return holds(check, this.#world, this.#since)
  }

  /** The same of the world as a journal has it: an earlier moment of this one. */
  async gradePast(lab: Gradable, journal: Journal): Promise<Grade> {
    return grade(await this.#options.worlds.replay(journal), lab, this.#since)
  }

  /** Takes the last command back. False when there was none. */
  async undoNow(): Promise<boolean> {
    const journal = withoutLastCommand(this.#world.journal, this.#since)
    if (!journal) return false
    await this.#replay(journal, this.#since)
    this.#options.store.replace(this.#options.key, { journal, since: this.#since })
    return true
  }

  /** From the start again; with another start and seed when given. */
  async resetNow(changed: Partial<Pick<SessionOptions, 'start' | 'seed' | 'prepare'>> = {}): Promise<void> {
    this.#options = { ...this.#options, ...changed }
    await this.#begin()
  }

  /** Runs something while the session stands still (`gradeNow`, `undoNow`, `resetNow`). */
  alone<T>(action: () => Promise<T>): Promise<T> {
    return this.#exclusive(action)
  }

  /** Waits for what is under way, and saves the clock. */
  async close(): Promise<void> {
    this.#closed = true
    await this.#queue.catch(() => {})
    this.#touch()
  }

  #touch(): void {
    this.#saved = this.#world.now
    this.#options.store.touch(this.#options.key, this.#saved)
  }

  async #begin(): Promise<void> {
    const { worlds, store, key, start, seed, prepare } = this.#options
    this.#detach()
    const world = await worlds.create({ seed, topology: start.topology })
    this.#attach(world)
    for (const [path, content] of Object.entries(start.files ?? {})) world.input({ type: 'write', path, content })
    if (start.commands) await world.script(start.commands)
    world.input({ type: 'resize', size: this.#size })
    await world.run({ until: world.now + 500 })
    await prepare?.(world)
    this.#since = world.now
    store.replace(key, { journal: { ...world.journal, now: world.now }, since: this.#since })
    this.#goLive()
  }

  async #replay(journal: Journal, since: number): Promise<void> {
    this.#detach()
    const world = await this.#options.worlds.replay(journal)
    this.#since = since
    this.#attach(world)
    await world.run({ until: world.now + 1 })
    this.#goLive()
    // The screen may be another than the one the journal was made at.
    await this.#input({ type: 'resize', size: this.#size })
  }

  #detachWorld: () => void = () => {}

  #detach(): void {
    this.#detachWorld()
    this.#live = false
    this.#held = []
    this.#pendingWord = undefined
    this.#reader = new WordReader()
    this.show('\x1bc')
    this.#shown = ''
  }

  #attach(world: World): void {
    this.#world = world
    this.#detachWorld = world.onOutput((text) => this.#receive(text))
  }

  #goLive(): void {
    this.#live = true
    this.#saved = this.#world.now
  }

  #receive(text: string): void {
    for (const piece of this.#reader.read(text)) {
      if (!this.#live) {
        if ('text' in piece) this.show(piece.text)
      } else if (this.#pendingWord) this.#held.push(piece)
      else if ('word' in piece) this.#pendingWord = piece.word
      else this.show(piece.text)
    }
  }

  async #input(input: Input): Promise<void> {
    const entry: JournalEntry = { t: this.#world.now, input }
    this.#options.store.append(this.#options.key, entry)
    this.#world.input(input)
    // Enough for the echo; the rest comes as time passes.
    await this.#run(this.#world.now + 1)
  }

  async #run(until: number, cancelled?: () => boolean): Promise<void> {
    await this.#world.run({
      until,
      when: () => this.#pendingWord !== undefined,
      cancelled: () => this.#closed || (cancelled?.() ?? false),
    })
    while (this.#pendingWord) {
      const answer = await this.onWord(this.#pendingWord)
      if (answer) this.show(answer)
      this.#pendingWord = undefined
      const held = this.#held
      this.#held = []
      for (const piece of held) {
        if (this.#pendingWord) this.#held.push(piece)
        else if ('word' in piece) this.#pendingWord = piece.word
        else this.show(piece.text)
      }
    }
  }

  #exclusive<T>(action: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(action)
    this.#queue = result.catch(() => {})
    return result
  }
}
