import { SIGNALS } from '../../../linux/signals.ts'
import { typeError } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import { toIndex } from '../objects/numbers.ts'
import { builtinClass, Obj, PyFunction, PyGetSet, PyMethod, PyNative, type Value, Wait } from '../objects/value.ts'
import { getSpecial } from '../vm/attributes.ts'
import { equal } from '../vm/operators.ts'
import type { ModuleDefinition } from './module.ts'

const handlersClass = builtinClass('Handlers', undefined, 'signal')

/** SIG_DFL and SIG_IGN. */
class Disposition extends Obj {
  readonly kind: 'default' | 'ignore'
  constructor(kind: 'default' | 'ignore') {
    super(handlersClass)
    this.kind = kind
  }
}
methods(handlersClass, {
  __repr__: (_vm, self: Disposition) => (self.kind === 'default' ? '<Handlers.SIG_DFL: 0>' : '<Handlers.SIG_IGN: 1>'),
})
handlersClass.dict.set('name', new PyGetSet((self: Disposition) => (self.kind === 'default' ? 'SIG_DFL' : 'SIG_IGN')))
const DEFAULT = new Disposition('default')
const IGNORE = new Disposition('ignore')

export const signal: ModuleDefinition = {
  source: `
from enum import IntEnum as _IntEnum
Signals = _IntEnum('Signals', _numbers)
for _name in _numbers:
    globals()[_name] = getattr(Signals, _name)
del _name

def strsignal(number):
    return _words.get(int(number))
`,
  names: (runtime) => {
    const names = functions({
      'signal(number handler)': (vm, given: Value, handler: Value) => {
        const number = toIndex(vm.call(vm.builtins.get('int')!, [given]))
        const before = runtime.signalHandlers.get(number) ?? DEFAULT
        if (handler instanceof Disposition) runtime.handleSignal(number, handler.kind)
        else if (equal(vm, handler, 0) || equal(vm, handler, 1))
          runtime.handleSignal(number, handler === 0 ? 'default' : 'ignore')
        else {
          const callable =
            handler instanceof PyFunction ||
            handler instanceof PyMethod ||
            handler instanceof PyNative ||
            getSpecial(vm, handler, '__call__')
          if (!callable) throw typeError('signal handler must be signal.SIG_IGN, signal.SIG_DFL, or a callable object')
          runtime.handleSignal(number, handler)
        }
        return before
      },
      'getsignal(number)': (vm, given: Value) =>
        runtime.signalHandlers.get(toIndex(vm.call(vm.builtins.get('int')!, [given]))) ?? DEFAULT,
      'alarm(seconds)': (_vm, seconds: Value) => {
        const length = toIndex(seconds)
        runtime.alarm?.cancel()
        runtime.alarm =
          length > 0
            ? runtime.process.machine.world.clock.after(length * 1000, () =>
                runtime.process.kill(runtime.process.pid, 'SIGALRM'),
              )
            : undefined
        return 0
      },
      pause: () => new Wait(runtime.untilSignal()),
      'raise_signal(number)': (vm, given: Value) => {
        const number = toIndex(vm.call(vm.builtins.get('int')!, [given]))
        const name = Object.entries(SIGNALS).find(([, each]) => each === number)?.[0] as keyof typeof SIGNALS
        runtime.process.kill(runtime.process.pid, name)
        return new Wait(runtime.process.sleep(0.01).then(() => null))
      },
      'siginterrupt(number flag)': () => null,
      'default_int_handler(*args)': () => {
        throw runtime.raised('KeyboardInterrupt')
      },
    })
    names.set('SIG_DFL', DEFAULT)
    names.set('SIG_IGN', IGNORE)
    names.set('_numbers', runtime.dict(Object.entries(SIGNALS)))
    names.set(
      '_words',
      runtime.dict([
        [2, 'Interrupt'],
        [9, 'Killed'],
        [15, 'Terminated'],
        [1, 'Hangup'],
        [14, 'Alarm clock'],
      ]),
    )
    return names
  },
}
