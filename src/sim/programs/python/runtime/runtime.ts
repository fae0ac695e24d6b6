import { Killed, SystemError } from '../../../linux/errors.ts'
import type { Process } from '../../../linux/process.ts'
import { SIGNALS, type Signal } from '../../../linux/signals.ts'
import { type Deferred, defer } from '../../../time/waiting.ts'
import { builtinNames } from '../builtins/functions.ts'
import { PRELUDE } from '../builtins/prelude.ts'
import type { Code } from '../compile/code.ts'
import type { Mode } from '../compile/compiler.ts'
import { moduleNames } from '../modules/index.ts'
import { PyDict } from '../objects/dict.ts'
import { asException, error, makeException, PyError } from '../objects/errors.ts'
import { type Keywords, type PyException, PyFunction, type PyModule, type Value, Wait } from '../objects/value.ts'
import type { Frame } from '../vm/frame.ts'
import type { Host } from '../vm/host.ts'
import { Interpreter } from '../vm/interpreter.ts'
import { compileSource } from './compile-source.ts'
import { evaluationBuiltins } from './evaluate.ts'
import { PyFile } from './file-object.ts'
import { liveBytes } from './heap.ts'
import { importModule } from './import.ts'
import { Meter } from './meter.ts'
import { processBuiltins } from './open.ts'

/** Bytes that python itself takes. */
const BASE_MEMORY = 8_600_000
/** Bytes given out before the heap is measured again, at least. */
const MEASURE_AFTER = 2_000_000
/** ms of CPU for a byte that is allocated. */
const ALLOCATE = 4e-7

/** A thread of a program: its frames. */
export class Thread {
  frame: Frame
  readonly id: number
  name: string
  daemon = false
  alive = true
  constructor(frame: Frame, id: number, name: string) {
    this.frame = frame
    this.id = id
    this.name = name
  }
}

/** One run of python: the interpreter, its streams, threads, signals, CPU time and memory. */
export class Runtime implements Host {
  readonly process: Process
  readonly version: string
  readonly python2: boolean
  readonly vm: Interpreter
  readonly meter: Meter
  readonly stdin: PyFile
  readonly stdout: PyFile
  readonly stderr: PyFile
  readonly main: Thread
  readonly threads = new Set<Thread>()
  readonly files = new Set<PyFile>()
  readonly signalHandlers = new Map<number, Value>()
  readonly exits: { callee: Value; args: Value[]; keywords: Keywords }[] = []
  /** sys.path */
  path: Value[] = []
  argv: string[] = []
  executable = '/usr/local/bin/python3'
  running: Thread
  /** Bytes of modules whose code is not simulated as such. */
  extraMemory = 0
  #threadCount = 0
  #pending: number[] = []
  #arrived: Deferred<'signal'> | undefined
  #live = 0
  #ended = false
  #handled = 0
  alarm: { cancel(): void } | undefined

  constructor(process: Process, version: string, unbuffered: boolean) {
    this.process = process
    this.version = version
    this.python2 = version.startsWith('2')
    this.meter = new Meter(process)
    const stream = (fileno: number, name: string, mode: string) => {
      const handle = [process.stdin, process.stdout, process.stderr][fileno]!
      const buffering = fileno === 2 || unbuffered ? 'none' : handle.tty ? 'line' : 'full'
      return new PyFile(handle, { name, mode, text: true, fileno, buffering })
    }
    this.stdin = stream(0, '<stdin>', 'r')
    this.stdout = stream(1, '<stdout>', 'w')
    this.stderr = stream(2, '<stderr>', 'w')
    this.vm = new Interpreter(this)
    this.main = this.newThread('MainThread')
    this.running = this.main
    for (const names of [builtinNames(), processBuiltins(this), evaluationBuiltins(this)])
      for (const [name, value] of names) this.vm.builtins.set(name, value)
    process.setMemory(BASE_MEMORY)
    this.#prelude()
    process.on('SIGINT', () => this.arrive(SIGNALS.SIGINT))
    process.on('SIGPIPE', 'ignore')
  }

  #prelude(): void {
    const code = compileSource(this, PRELUDE, '<prelude>', { hidden: true })
    const names = new Map<string, Value>([['__name__', 'builtins']])
    this.vm.call(new PyFunction(code, names, [], undefined, []), [])
    for (const [name, value] of names) if (name !== '__name__') this.vm.builtins.set(name, value)
  }

  // ---- Host

  charge(instructions: number): void {
    this.meter.count(instructions)
  }
  write(text: string): Value | Wait {
    return this.stdout.write(text) ?? null
  }
  flush(): Value | Wait {
    return this.stdout.dirty ? new Wait(this.stdout.flush().then(() => null)) : null
  }
  reserve(bytes: number): void {
    this.meter.add(bytes * ALLOCATE)
    this.vm.allocated -= bytes
    this.#measure()
    this.process.setMemory(BASE_MEMORY + this.extraMemory + this.#live + bytes)
    if (this.process.exitStatus) throw new Killed()
    this.vm.allocated += bytes
  }
  libraryModules(): readonly string[] {
    return moduleNames()
  }
  importModule(
    vm: Interpreter,
    name: string,
    level: number,
    globals: ReadonlyMap<string, Value>,
    which: 'first' | 'last',
    names: readonly string[],
  ): void {
    vm.deliver(importModule(this, name, level, globals, which, names))
  }

  // ---- memory

  #measure(): void {
    const frames: Frame[] = [this.vm.frame]
    for (const thread of this.threads) frames.push(thread.frame)
    const roots: Value[] = [...this.vm.modules.values(), ...this.signalHandlers.values()]
    const forgotten = new Set<Value>([...this.files])
    this.#live = liveBytes(frames, roots, forgotten)
    this.vm.allocated = 0
    this.process.setMemory(BASE_MEMORY + this.extraMemory + this.#live)
  }

  /** Files that nobody can reach any more are closed, as their last reference would have done. */
  #closeForgotten(): Promise<void> | undefined {
    let dirty = false
    for (const file of this.files) {
      if (file.closed) this.files.delete(file)
      else if (file.dirty) dirty = true
    }
    if (!dirty) return undefined
    const forgotten = new Set<Value>([...this.files])
    const frames: Frame[] = [this.vm.frame, ...[...this.threads].map((thread) => thread.frame)]
    liveBytes(frames, [...this.vm.modules.values()], forgotten)
    const closing = [...this.files].filter((file) => forgotten.has(file) && file.dirty)
    if (closing.length === 0) return undefined
    return Promise.all(closing.map((file) => file.close())).then(() => {})
  }

  // ---- running

  newThread(name?: string): Thread {
    const id = ++this.#threadCount
    const thread = new Thread(this.vm.barrier(this.vm.frame), id, name ?? `Thread-${id - 1}`)
    thread.frame.back = undefined
    this.threads.add(thread)
    return thread
  }

  /** Calls something in a thread and waits for its result. Throws PyError. */
  call(thread: Thread, callee: Value, args: readonly Value[] = [], keywords?: Keywords): Promise<Value> {
    return this.run(thread, (vm) => vm.invoke(callee, args, keywords))
  }

  async run(thread: Thread, begin: (vm: Interpreter) => void): Promise<Value> {
    const { vm } = this
    const below = thread.frame
    const barrier = vm.barrier(below)
    thread.frame = barrier
    let step: (() => void) | undefined = () => begin(vm)
    try {
      for (;;) {
        this.#enter(thread)
        if (step) {
          this.#attempt(step)
          step = undefined
        }
        const state = vm.pause ? 'waits' : this.#slice()
        thread.frame = vm.frame
        if (state === 'done') return barrier.stack.pop()!
        if (state === 'spent') {
          await this.#pay()
          if (thread === this.main && this.#pending.length > 0) {
            const interrupted = await this.#handleSignals()
            if (interrupted) step = () => vm.raise(interrupted)
          }
          continue
        }
        const pause = vm.pause!
        vm.pause = undefined
        let value: Value | undefined
        let failed: unknown
        try {
          value = await this.#settle(pause.promise, thread)
        } catch (thrown) {
          failed = thrown
        }
        step = () => {
          if (failed !== undefined) throw failed
          if (value === undefined) {
            vm.frame.stack.pop()
            vm.frame.pc = pause.loopEnd
          } else if (vm.frame.discard) vm.frame.discard = false
          else vm.deliver(value, pause.after)
        }
      }
    } finally {
      thread.frame = below
    }
  }

  #enter(thread: Thread): void {
    this.running = thread
    this.vm.frame = thread.frame
    this.vm.enter()
  }

  /** What it throws is raised in the running frame. */
  #attempt(step: () => void): void {
    try {
      step()
    } catch (thrown) {
      const exception = asException(thrown)
      if (!exception) throw thrown
      this.vm.raise(exception)
    }
  }

  #slice(): 'spent' | 'waits' | 'done' {
    const { vm, meter } = this
    const budget = meter.slice
    const state = vm.slice(budget)
    meter.count(budget - vm.left)
    if (vm.allocated > Math.max(MEASURE_AFTER, this.#live / 4)) this.#measure()
    return state
  }

  async #pay(): Promise<void> {
    if (this.vm.busy) {
      this.vm.busy = false
      await this.process.compute(50)
    } else await this.meter.pay()
  }

  /** Waits for something; a signal meanwhile runs its handler, whose exception ends the wait. */
  async #settle(promise: Promise<Value | undefined>, thread: Thread): Promise<Value | undefined> {
    promise.catch(() => {})
    if (this.meter.owed > 0.5) await this.meter.pay()
    const closing = this.#closeForgotten()
    if (closing) await closing
    if (thread !== this.main) return promise
    for (;;) {
      const interrupted = await this.#handleSignals()
      if (interrupted) throw new PyError(interrupted)
      this.#arrived ??= defer<'signal'>(this.process.machine.world.waiting)
      const first = await Promise.race([promise.then((value) => ({ value })), this.#arrived.promise])
      if (first !== 'signal') return first.value
    }
  }

  // ---- signals

  arrive(number: number): void {
    this.#pending.push(number)
    this.#arrived?.resolve('signal')
    this.#arrived = undefined
  }

  /** Runs the handlers of signals that have arrived; gives the exception that one of them raised. */
  async #handleSignals(): Promise<PyException | undefined> {
    while (this.#pending.length > 0) {
      const number = this.#pending.shift()!
      this.#handled++
      const handler = this.signalHandlers.get(number)
      if (handler === undefined) {
        if (number === SIGNALS.SIGINT) return makeException('KeyboardInterrupt')
        continue
      }
      try {
        await this.call(this.main, handler, [number, null])
      } catch (thrown) {
        if (thrown instanceof PyError) return thrown.exception
        throw thrown
      }
    }
    return undefined
  }

  handleSignal(number: number, handler: Value | 'default' | 'ignore'): void {
    const name = Object.entries(SIGNALS).find(([, each]) => each === number)?.[0] as Signal | undefined
    if (!name) throw error('ValueError', 'signal number out of range')
    if (handler === 'default' || handler === 'ignore') {
      this.signalHandlers.delete(number)
      this.process.on(name, handler)
      return
    }
    this.signalHandlers.set(number, handler)
    this.process.on(name, () => this.arrive(number))
  }

  exception(name: string, ...args: Value[]): PyException {
    return makeException(name, ...args)
  }
  raised(name: string): PyError {
    return error(name)
  }
  dict(entries: Iterable<readonly [Value, Value]>): PyDict {
    return PyDict.of(entries)
  }

  /** A fault of the simulator in a thread that nobody waits for. */
  fault(thrown: unknown): void {
    const { process } = this
    process.printError(`internal error: ${thrown instanceof Error ? thrown.message : String(thrown)}\n`).catch(() => {})
  }

  /** Settles when a handler has run for a signal. */
  async untilSignal(): Promise<Value> {
    const seen = this.#handled
    while (this.#handled === seen) await this.process.sleep(10)
    return null
  }

  // ---- modules

  /** Runs a module's code in the main thread. */
  execute(code: Code, module: PyModule): Promise<Value> {
    return this.call(this.main, new PyFunction(code, module.attrs, [], undefined, []))
  }

  compile(text: string, name: string, mode: Mode = 'module'): Code {
    return compileSource(this, text, name, { mode })
  }

  /** After the main module: threads, exit functions, buffers. */
  async finish(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    const threading = this.vm.modules.get('threading')
    const join = threading?.attrs.get('_join_all')
    if (join !== undefined) await this.call(this.main, join)
    for (const { callee, args, keywords } of [...this.exits].reverse())
      await this.call(this.main, callee, args, keywords)
    for (const file of [...this.files, this.stdout]) {
      try {
        await file.flush()
      } catch (thrown) {
        if (!(thrown instanceof SystemError)) throw thrown
      }
    }
  }
}
