import { error, PyError, reraised, typeError } from '../../objects/errors.ts'
import { PyClass, PyException, PyTuple, typeName, type Value } from '../../objects/value.ts'
import { getSpecial } from '../attributes.ts'
import { truth } from '../operators.ts'
import type { Handler } from './handler.ts'

const NOT_EXCEPTIONS = 'catching classes that do not inherit from BaseException is not allowed'

function matches(exception: PyException, type: Value): boolean {
  if (type instanceof PyTuple) return type.items.some((each) => matches(exception, each))
  if (!(type instanceof PyClass) || !type.mro.some(({ name }) => name === 'BaseException'))
    throw typeError(NOT_EXCEPTIONS)
  return exception.cls.isSubclass(type)
}

/** try, raise, with. */
export const exceptions = {
  TRY: (_vm, frame, handler) => {
    frame.blocks.push({ handler, depth: frame.stack.length, handled: frame.handled.length })
  },
  /** The value of __enter__ lies above what stays. */
  TRY_WITH: (_vm, frame, handler) => {
    frame.blocks.push({ handler, depth: frame.stack.length - 1, handled: frame.handled.length })
  },
  POP_BLOCK: (_vm, frame) => {
    frame.blocks.pop()
  },
  PUSH_EXCEPTION: (_vm, frame) => {
    frame.handled.push(frame.stack.pop() as PyException)
  },
  POP_EXCEPTION: (_vm, frame) => {
    frame.handled.pop()
  },
  LOAD_EXCEPTION: (_vm, frame) => {
    frame.stack.push(frame.handled.at(-1)!)
  },
  MATCH_EXCEPTION: (_vm, frame) => {
    frame.stack.push(matches(frame.handled.at(-1)!, frame.stack.pop()!))
  },
  RAISE: (vm, frame, count) => {
    const cause = count === 2 ? frame.stack.pop()! : undefined
    if (count === 0) {
      const current = vm.handledException()
      if (!current) throw error('RuntimeError', 'No active exception to reraise')
      const again = new PyError(current)
      reraised.add(again)
      throw again
    }
    const raise = (made: Value): never => {
      const thrown = vm.thrown(made)
      if (cause !== undefined) {
        const { exception } = thrown
        exception.suppressContext = true
        exception.cause = cause instanceof PyClass ? vm.call(cause, []) : cause
        if (exception.cause !== null && !(exception.cause instanceof PyException))
          throw typeError('exception causes must derive from BaseException')
      }
      throw thrown
    }
    const given = frame.stack.pop()!
    if (given instanceof PyClass && given.mro.some(({ name }) => name === 'BaseException'))
      return vm.invoke(given, [], undefined, raise)
    raise(given)
  },
  RERAISE: (_vm, frame) => {
    const again = new PyError(frame.handled.at(-1)!)
    reraised.add(again)
    throw again
  },
  WITH_ENTER: (vm, { stack }) => {
    const manager = stack.pop()!
    const enter = getSpecial(vm, manager, '__enter__')
    const exit = getSpecial(vm, manager, '__exit__')
    if (enter === undefined || exit === undefined)
      throw typeError(
        `'${typeName(manager)}' object does not support the context manager protocol${enter === undefined ? '' : ' (missed __exit__ method)'}`,
      )
    stack.push(exit)
    vm.invoke(enter, [])
  },
  WITH_EXIT: (vm, frame) => {
    const exception = frame.handled.at(-1)!
    vm.invoke(frame.stack.pop()!, [exception.cls, exception, null], undefined, (result) => truth(vm, result))
  },
} satisfies Record<string, Handler>
