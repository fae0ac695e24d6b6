import { Killed } from '../../../linux/errors.ts'
import { type Deferred, defer } from '../../../time/waiting.ts'
import { error, makeException, NotSimulated, PyError } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import { asFloat } from '../objects/numbers.ts'
import { builtinClass, Obj, type PyTuple, type Value, Wait } from '../objects/value.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { formatException } from '../runtime/traceback.ts'
import type { ModuleDefinition } from './module.ts'

const lockClass = builtinClass('lock', undefined, '_thread')

class Lock extends Obj {
  readonly runtime: Runtime
  held = false
  readonly waiting: Deferred<boolean>[] = []
  constructor(runtime: Runtime) {
    super(lockClass)
    this.runtime = runtime
  }

  acquire(blocking: boolean, timeout: number | undefined): Value | Wait {
    if (!this.held) {
      this.held = true
      return true
    }
    if (!blocking || timeout === 0) return false
    const { process } = this.runtime
    const turn = defer<boolean>(process.machine.world.waiting)
    this.waiting.push(turn)
    if (timeout === undefined) return new Wait(turn.promise)
    process.sleep(timeout * 1000).then(
      () => {
        const at = this.waiting.indexOf(turn)
        if (at < 0) return
        this.waiting.splice(at, 1)
        turn.resolve(false)
      },
      () => {},
    )
    return new Wait(turn.promise)
  }

  release(): void {
    if (!this.held) throw error('RuntimeError', 'release unlocked lock')
    const next = this.waiting.shift()
    if (next) next.resolve(true)
    else this.held = false
  }
}

methods(lockClass, {
  'acquire(blocking? timeout?)': (_vm, self: Lock, blocking?: Value, timeout?: Value) => {
    const seconds = timeout === undefined || timeout === null ? undefined : asFloat(timeout)
    return self.acquire(
      blocking !== false && blocking !== 0,
      seconds === undefined || seconds < 0 ? undefined : seconds,
    )
  },
  release: (_vm, self: Lock) => {
    self.release()
    return null
  },
  locked: (_vm, self: Lock) => self.held,
  __enter__: (_vm, self: Lock) => self.acquire(true, undefined),
  '__exit__(*details)': (_vm, self: Lock) => {
    self.release()
    return null
  },
})

/** What threading is made of: threads of the interpreter, one of which runs at a time, and locks. */
export const thread: ModuleDefinition = {
  names: (runtime) => {
    const names = functions({
      'start_new_thread(function args kwargs?)': (_vm, callee: Value, args: PyTuple) => {
        const started = runtime.newThread()
        const run = async () => {
          try {
            await runtime.call(started, callee, args.items)
          } catch (thrown) {
            if (thrown instanceof PyError) {
              if (thrown.exception.cls.name !== 'SystemExit')
                await runtime.process.printError(
                  `Exception in thread ${started.name}:\n${formatException(runtime.vm, thrown.exception)}`,
                )
            } else if (thrown instanceof NotSimulated) await runtime.process.printError(`${thrown.message}\n`)
            else if (!(thrown instanceof Killed)) throw thrown
          } finally {
            runtime.threads.delete(started)
          }
        }
        // Begins once the running thread waits or its slice is over.
        Promise.resolve()
          .then(run)
          .catch((thrown) => runtime.fault(thrown))
        return started.id
      },
      allocate_lock: () => new Lock(runtime),
      get_ident: () => 140_000_000_000_000 + runtime.running.id,
      get_native_id: () => runtime.process.pid + runtime.running.id - 1,
      'set_name(name)': (_vm, name: string) => {
        runtime.running.name = name
        return null
      },
      '_count()': () => runtime.threads.size - 1,
    })
    names.set('error', makeException('RuntimeError').cls)
    names.set('LockType', lockClass)
    return names
  },
}
