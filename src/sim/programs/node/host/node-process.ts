import type { QuickJSWASMModule } from 'quickjs-emscripten-core'
import { Killed, SystemError } from '../../../linux/errors.ts'
import type { Process } from '../../../linux/process.ts'
import { type Deferred, defer } from '../../../time/waiting.ts'
import { Guest, GuestThrow, type GuestValue } from '../engine/guest.ts'
import { Sources } from '../source/sources.ts'
import type { Release } from '../version.ts'
import { memoryLimit } from './memory.ts'

/** What the command line asked for. */
export interface Invocation {
  mode: 'file' | 'eval' | 'stdin' | 'repl'
  file?: string
  source?: string
  print?: boolean
  /** `--input-type`, when told. */
  kind?: string
  /** `-r` modules. */
  modules: readonly string[]
  execArgv: readonly string[]
  args: readonly string[]
}

/** The end of an operation of the machine that a script began. */
interface Completion {
  id: number
  error?: string
  value?: GuestValue
}

/** CPU time of a unit of work (10 000 calls and jumps), ms. */
const UNIT = 0.05
/** Of an event: a timer, a piece of a connection. */
const EVENT = 0.03
/** A script that works on so long without a pause is taken to go on for ever. */
const ENDLESS = 6_500
/** What Node itself takes before a script asks for memory. */
const OWN_MEMORY = 38 * 1024 ** 2
const MOST_MEMORY = 1024 ** 3
const MOST_OUTPUT = 16 * 1024 ** 2

/** One process that runs Node: the script's engine, and what is between it and the machine. */
export class NodeProcess {
  readonly process: Process
  readonly release: Release
  readonly invocation: Invocation
  readonly guest: Guest
  readonly sources = new Sources()
  readonly memoryLimit: number
  /** Standard input, read before the script began, where it is going to be read at once. */
  input: Uint8Array | undefined
  /** Set when the script has ended the process. */
  exitCode: number | undefined
  readonly #completions: Completion[] = []
  readonly #signals: { name: string; number: number }[] = []
  readonly #output: { fd: number; bytes: Uint8Array | string }[] = []
  #outputSize = 0
  #wake: Deferred<void> | undefined
  /** Work when this turn began, and what was paid for. */
  #turnStart = 0
  #paid = 0
  #debt = 0
  readonly #begun: number
  readonly #engineMemory: number
  endless = false

  constructor(process: Process, engine: QuickJSWASMModule, release: Release, invocation: Invocation) {
    this.process = process
    this.release = release
    this.invocation = invocation
    this.#begun = process.uptime()
    this.memoryLimit = memoryLimit(process)
    const allowed = Math.min(MOST_MEMORY, this.memoryLimit + 32 * 1024 ** 2)
    this.guest = new Guest(engine, { memory: allowed, stack: 256 * 1024 })
    this.#engineMemory = this.guest.memory
    this.guest.onWork = () => {
      this.#showTime()
      const spun = this.guest.work - this.#turnStart > ENDLESS || this.#outputSize > MOST_OUTPUT
      if (spun) this.endless = true
      return spun || this.exitCode !== undefined || this.residentMemory > this.memoryLimit + 16 * 1024 ** 2
    }
  }

  /** Virtual ms since the process began. */
  get uptime(): number {
    return this.process.uptime() - this.#begun
  }

  /** CPU time so far, ms. */
  get cpu(): number {
    return this.#paid + this.guest.work * UNIT + 30
  }

  get residentMemory(): number {
    return OWN_MEMORY + this.guest.memory - this.#engineMemory
  }

  /** Tells the script what time it is: when the turn began, and the work since. */
  #showTime(): void {
    const worked = (this.guest.work - this.#turnStart) * UNIT
    this.guest.setShared(0, this.process.wallClock() + worked)
    this.guest.setShared(1, this.uptime + worked)
  }

  /** Lets the script do something, then pays for it and hands on what it wrote. False when the process must end. */
  async turn(action: () => void): Promise<boolean> {
    this.#turnStart = this.guest.work
    this.guest.setShared(2, 0)
    this.#showTime()
    action()
    const work = (this.guest.work - this.#turnStart) * UNIT + this.guest.getShared(2) * 0.01
    this.#debt += work + EVENT
    this.#paid += EVENT
    this.process.setMemory(this.residentMemory)
    if (this.#debt > 0.05 || this.#output.length > 0) {
      const debt = this.#debt
      this.#debt = 0
      await this.process.compute(debt)
    }
    await this.flush()
    return !this.stopped
  }

  /** The script was stopped from outside; what still runs of it while it ends has no effect. */
  get stopped(): boolean {
    return this.endless || this.exitCode !== undefined
  }

  write(fd: number, bytes: Uint8Array | string): void {
    if (this.stopped) return
    this.#output.push({ fd, bytes })
    this.#outputSize += bytes.length
  }

  async flush(): Promise<void> {
    const pieces = this.#output.splice(0)
    this.#outputSize = 0
    for (let i = 0; i < pieces.length; i++) {
      const { fd } = pieces[i]!
      const parts = [pieces[i]!.bytes]
      while (pieces[i + 1]?.fd === fd) parts.push(pieces[++i]!.bytes)
      const file = this.process.fds.get(fd)
      if (!file) continue
      try {
        for (const part of joined(parts)) await file.write(part)
      } catch (error) {
        if (!(error instanceof SystemError)) throw error
        this.exitCode ??= 1
        return
      }
    }
  }

  /** Begins an operation whose end the script is told in a later turn. */
  begin(id: number, operation: Promise<GuestValue>): void {
    operation.then(
      (value) => this.#complete({ id, value }),
      (error) => {
        if (error instanceof Killed) return
        if (error instanceof GuestThrow) this.#complete({ id, error: error.reason })
        else if (error instanceof SystemError) this.#complete({ id, error: error.code })
        else this.#complete({ id, error: 'EIO' })
      },
    )
  }

  #complete(completion: Completion): void {
    this.#completions.push(completion)
    this.#wake?.resolve()
  }

  signal(name: string, number: number): void {
    this.#signals.push({ name, number })
    this.#wake?.resolve()
  }

  takeCompletion(): Completion | undefined {
    return this.#completions.shift()
  }
  takeSignal(): { name: string; number: number } | undefined {
    return this.#signals.shift()
  }
  get waiting(): boolean {
    return this.#completions.length === 0 && this.#signals.length === 0
  }

  /** Waits for the end of an operation, a signal, or for the uptime of a timer. */
  async pause(until: number): Promise<void> {
    if (!this.waiting) return
    const { clock, waiting } = this.process.machine.world
    this.#wake = defer(waiting)
    const timer = until < 0 ? undefined : clock.after(Math.max(0, until - this.uptime), () => this.#wake?.resolve())
    await this.#wake.promise
    timer?.cancel()
    this.#wake = undefined
    // Stopped processes stay here, killed ones leave.
    await this.process.compute(0.001)
  }
}

function joined(parts: readonly (Uint8Array | string)[]): Uint8Array[] {
  const encoder = new TextEncoder()
  const out: Uint8Array[] = []
  let text = ''
  for (const part of parts) {
    if (typeof part === 'string') text += part
    else {
      if (text !== '') out.push(encoder.encode(text))
      text = ''
      out.push(part)
    }
  }
  if (text !== '') out.push(encoder.encode(text))
  return out
}
