import { Assembler } from '../compile/assembler.ts'
import { Code, type SourceFile } from '../compile/code.ts'
import { setUserHash } from '../objects/dict.ts'
import { asException, error, makeException, notSimulated, PyError, reraised, typeError } from '../objects/errors.ts'
import {
  Control,
  type Keywords,
  type Obj,
  PyClass,
  PyException,
  PyFunction,
  PyGenerator,
  PyInstance,
  PyMethod,
  type PyModule,
  PyNative,
  PyWrapper,
  Resume,
  TailCall,
  typeName,
  type Value,
  Wait,
} from '../objects/value.ts'
import { bindArguments } from './arguments.ts'
import { getSpecial } from './attributes.ts'
import { Frame } from './frame.ts'
import type { Host } from './host.ts'
import { instantiate } from './instantiate.ts'
import { HANDLERS } from './instructions/index.ts'

const RECURSION_LIMIT = 1000
/** Instructions of one uninterrupted nested call: past these it is taken for endless. */
const NESTED_LIMIT = 30_000_000

const NATIVE_SOURCE: SourceFile = { name: '<native>', lines: [], hidden: true, python2: false }
const barrierCode = new Code('<barrier>', '<barrier>', NATIVE_SOURCE, 0, false)
new Assembler(barrierCode).emit('HALT')

/** What a run waits for. */
export interface Pause {
  readonly promise: Promise<Value | undefined>
  readonly after: ((value: Value) => Value | Control) | undefined
  /** An undefined value ends the loop that waits. */
  readonly loopEnd: number
}

/** Runs code of one process. One thread of it at a time; the driver switches. */
export class Interpreter {
  readonly host: Host
  readonly modules = new Map<string, PyModule>()
  readonly builtins = new Map<string, Value>()
  frame: Frame = new Frame(barrierCode, new Map())
  /** Instructions until the driver wants to know. */
  budget = 0
  /** What was left of the budget when the run was stopped before it was spent. */
  left = 0
  /** Bytes given out since the heap was last measured. */
  allocated = 0
  pause: Pause | undefined
  /** The program spins: all the time it gets is spent. */
  busy = false
  #halted = false
  #identities = new WeakMap<Obj, number>()
  #identityCount = 0

  constructor(host: Host) {
    this.host = host
    this.enter()
  }

  /** To be called before any of its code runs: hashes of users' classes are its own. */
  enter(): void {
    setUserHash((value, method) => this.call(method, [value]))
  }

  identity(value: Value): number {
    if (value === null || typeof value !== 'object')
      return typeof value === 'number' ? 0x7f0000000000 + value * 32 : 0x7e00000000
    let known = this.#identities.get(value)
    if (known === undefined) {
      known = 0x7f8a10000000 + ++this.#identityCount * 48
      this.#identities.set(value, known)
    }
    return known
  }

  // ---- calls

  /** A frame that stops the run when control comes back to it. */
  barrier(back: Frame): Frame {
    const frame = new Frame(barrierCode, back.globals)
    frame.back = back
    frame.depth = back.depth
    return frame
  }

  /** Calls and waits for the result at once; what it calls may not wait for anything. */
  call(callee: Value, args: readonly Value[], keywords?: Keywords): Value {
    if (callee instanceof PyNative && !callee.drains) {
      const direct = callee.run(this, [...args], keywords)
      if (!(direct instanceof Control)) return direct
      return this.#nest((_, barrier) => {
        void barrier
        this.deliver(direct)
      })
    }
    return this.#nest(() => this.invoke(callee, args, keywords))
  }

  #nest(begin: (vm: Interpreter, barrier: Frame) => void): Value {
    const { frame: saved, budget } = this
    const barrier = this.barrier(saved)
    this.frame = barrier
    try {
      this.budget = NESTED_LIMIT
      this.left = 0
      begin(this, barrier)
      this.#loop()
      if (this.pause) {
        this.pause = undefined
        throw notSimulated('waiting inside an operator or a conversion')
      }
      if (!this.#halted) throw notSimulated('a program that computes for ever inside an operator or a conversion')
      this.host.charge(NESTED_LIMIT - this.left)
      return barrier.stack.pop()!
    } finally {
      this.#halted = false
      this.budget = budget
      this.frame = saved
    }
  }

  /** Begins a call: its result is put on the calling frame's stack, now or later. */
  invoke(callee: Value, args: readonly Value[], keywords?: Keywords, then?: (value: Value) => Value | Control): void {
    if (callee instanceof PyFunction) {
      const { code } = callee
      const frame = new Frame(code, callee.globals)
      const caller = this.frame
      bindArguments(callee, frame, args, keywords)
      if (code.isGenerator) {
        const generator = new PyGenerator(frame)
        frame.generator = generator
        return this.deliver(generator, then)
      }
      frame.back = caller
      frame.depth = caller.depth + 1
      if (frame.depth > RECURSION_LIMIT) throw error('RecursionError', 'maximum recursion depth exceeded')
      frame.after = then
      this.frame = frame
      return
    }
    if (callee instanceof PyNative) {
      if (callee.drains) {
        for (const at of callee.drains) {
          const given = args[at]
          if (given === undefined || !this.#needsDraining(given)) continue
          return this.invoke(this.builtins.get('__drain__')!, [given], undefined, (list) => {
            const drained = [...args]
            drained[at] = list
            return new TailCall(callee, drained, keywords, then)
          })
        }
      }
      return this.deliver(callee.run(this, args as Value[], keywords), then)
    }
    if (callee instanceof PyMethod) return this.invoke(callee.callee, [callee.self, ...args], keywords, then)
    if (callee instanceof PyClass) return this.deliver(instantiate(this, callee, args, keywords), then)
    if (callee instanceof PyWrapper) return this.invoke(callee.callee, args, keywords, then)
    const method = getSpecial(this, callee, '__call__')
    if (method === undefined) throw typeError(`'${typeName(callee)}' object is not callable`)
    return this.invoke(method, args, keywords, then)
  }

  #needsDraining(value: Value): boolean {
    if (value instanceof PyGenerator) return true
    return value instanceof PyInstance && !(value instanceof PyException)
  }

  /** Gives a result to the running frame, or begins what has to be done for it. */
  deliver(result: Value | Control, then?: (value: Value) => Value | Control): void {
    for (;;) {
      if (!(result instanceof Control)) {
        if (!then) {
          this.frame.stack.push(result)
          return
        }
        result = then(result)
        then = undefined
        continue
      }
      if (result instanceof TailCall) {
        const { callee, args, keywords, after: inner } = result
        return this.invoke(callee, args, keywords, compose(inner, then))
      }
      if (result instanceof Wait) return this.wait(result, then)
      if (result instanceof Resume) return this.resume(result, 'send')
      throw new Error('unknown control')
    }
  }

  wait(wait: Wait, then?: (value: Value) => Value | Control, loopEnd = -1): void {
    this.pause = { promise: wait.promise, after: then, loopEnd }
    this.stop()
  }

  // ---- generators

  resume({ generator, value, error: thrown }: Resume, mode: PyGenerator['mode'], target = 0): void {
    const { frame } = generator
    if (generator.running) throw error('ValueError', 'generator already executing')
    if (generator.done) {
      if (thrown) throw new PyError(thrown)
      return this.#generatorEnds(generator, mode, target, null)
    }
    if (!generator.started && value !== null && !thrown)
      throw typeError("can't send non-None value to a just-started generator")
    generator.mode = mode
    generator.target = target
    generator.running = true
    frame.back = this.frame
    frame.depth = this.frame.depth + 1
    if (frame.depth > RECURSION_LIMIT) throw error('RecursionError', 'maximum recursion depth exceeded')
    if (generator.started) frame.stack.push(value)
    generator.started = true
    this.frame = frame
    if (thrown) {
      if (frame.stack.length > 0) frame.stack.pop()
      throw new PyError(thrown)
    }
  }

  yieldValue(frame: Frame, value: Value): void {
    const caller = frame.back!
    frame.generator!.running = false
    frame.back = undefined
    this.frame = caller
    caller.stack.push(value)
  }

  returnFrom(frame: Frame, value: Value): void {
    const caller = frame.back!
    this.frame = caller
    const { generator } = frame
    if (generator) {
      generator.running = false
      generator.done = true
      frame.back = undefined
      return this.#generatorEnds(generator, generator.mode, generator.target, value)
    }
    if (frame.after) this.deliver(value, frame.after)
    else caller.stack.push(value)
  }

  #generatorEnds(_: PyGenerator, mode: PyGenerator['mode'], target: number, value: Value): void {
    const { frame } = this
    if (mode === 'send') throw value === null ? error('StopIteration') : error('StopIteration', value)
    frame.stack.pop()
    if (mode === 'delegate') frame.stack.push(value)
    frame.pc = target
  }

  // ---- the loop

  halt(): void {
    this.#halted = true
    this.stop()
  }

  /** Ends the slice here. */
  stop(): void {
    this.left = Math.max(0, this.budget)
    this.budget = 0
  }

  /** Runs until the budget is spent, something must be waited for, or the barrier is reached. */
  slice(budget: number): 'spent' | 'waits' | 'done' {
    this.budget = budget
    this.left = 0
    this.#loop()
    if (this.#halted) {
      this.#halted = false
      return 'done'
    }
    return this.pause ? 'waits' : 'spent'
  }

  #loop(): void {
    while (this.budget > 0) {
      const { frame } = this
      const { operations, operands } = frame.code
      try {
        while (this.frame === frame && this.budget-- > 0) {
          const at = frame.pc++
          HANDLERS[operations[at]!]!(this, frame, operands[at]!)
        }
      } catch (thrown) {
        const exception = asException(thrown)
        if (!exception) throw thrown
        this.raise(exception, thrown instanceof PyError && reraised.has(thrown))
      }
    }
  }

  /** Finds who handles an exception; throws it on when that is outside the barrier. */
  raise(exception: PyException, again = false): void {
    if (exception.trace.length === 0 && !exception.context && !again) {
      const handled = this.handledException()
      if (handled && handled !== exception) exception.context = handled
    }
    let { frame } = this
    for (;;) {
      if (frame.code === barrierCode) {
        this.frame = frame
        throw new PyError(exception)
      }
      const at = frame.pc - 1
      if (!(again && exception.trace.at(-1)?.frame === frame))
        exception.trace.push({ code: frame.code, span: frame.code.spans[Math.max(0, at)]!, frame })
      again = false
      const block = frame.blocks.pop()
      if (block) {
        frame.stack.length = block.depth
        frame.handled.length = block.handled
        frame.stack.push(exception)
        frame.pc = block.handler
        this.frame = frame
        return
      }
      const caller = frame.back!
      const { generator } = frame
      if (generator) {
        generator.done = true
        generator.running = false
        frame.back = undefined
        if (exception.cls.name === 'StopIteration') {
          const wrapped = makeException('RuntimeError', 'generator raised StopIteration')
          wrapped.cause = exception
          wrapped.suppressContext = true
          wrapped.trace = [...exception.trace]
          exception = wrapped
        }
      } else if (frame.loopEnd >= 0 && exception.cls.name === 'StopIteration') {
        caller.stack.pop()
        caller.pc = frame.loopEnd
        this.frame = caller
        return
      }
      frame = caller
    }
  }

  /** What `raise` throws for a value. */
  thrown(value: Value): PyError {
    if (value instanceof PyException) return new PyError(value)
    return typeError('exceptions must derive from BaseException')
  }

  importModule(
    name: string,
    level: number,
    globals: ReadonlyMap<string, Value>,
    which: 'first' | 'last',
    names: readonly string[],
  ): void {
    this.host.importModule(this, name, level, globals, which, names)
  }

  /** The exception whose handler is running. */
  handledException(): PyException | undefined {
    for (let frame: Frame | undefined = this.frame; frame; frame = frame.back) {
      const handled = frame.handled.at(-1)
      if (handled) return handled
    }
    return undefined
  }

  /** The frame of the program's own code that calls a native function. */
  get caller(): Frame {
    let frame: Frame | undefined = this.frame
    while (frame && frame.code === barrierCode) frame = frame.back
    return frame ?? this.frame
  }
}

function compose(
  first: TailCall['after'],
  second: ((value: Value) => Value | Control) | undefined,
): ((value: Value) => Value | Control) | undefined {
  if (!first || !second) return first ?? second
  return (value) => {
    const between = first(value)
    if (!(between instanceof Control)) return second(between)
    if (between instanceof TailCall)
      return new TailCall(between.callee, between.args, between.keywords, compose(between.after, second))
    if (between instanceof Wait) return new Wait(between.promise.then((settled) => second(settled) as Value))
    return between
  }
}
