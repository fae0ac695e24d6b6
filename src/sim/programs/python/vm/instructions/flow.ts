import { typeError } from '../../objects/errors.ts'
import { Control, PyGenerator, PyIterator, Resume, typeName, Wait } from '../../objects/value.ts'
import { getSpecial } from '../attributes.ts'
import { builtinIterator, getIterator } from '../iterate.ts'
import { truth } from '../operators.ts'
import type { Handler } from './handler.ts'

/** Jumps, loops, generators. */
export const flow = {
  JUMP: (_vm, frame, to) => {
    frame.pc = to
  },
  JUMP_IF_FALSE: (vm, frame, to) => {
    const value = frame.stack.pop()!
    if (value === false || (value !== true && !truth(vm, value))) frame.pc = to
  },
  JUMP_IF_TRUE: (vm, frame, to) => {
    const value = frame.stack.pop()!
    if (value === true || (value !== false && truth(vm, value))) frame.pc = to
  },
  JUMP_IF_FALSE_OR_POP: (vm, frame, to) => {
    const { stack } = frame
    if (truth(vm, stack[stack.length - 1]!)) stack.pop()
    else frame.pc = to
  },
  JUMP_IF_TRUE_OR_POP: (vm, frame, to) => {
    const { stack } = frame
    if (truth(vm, stack[stack.length - 1]!)) frame.pc = to
    else stack.pop()
  },
  GET_ITER: (vm, { stack }) => {
    const value = stack.pop()!
    const builtin = builtinIterator(value)
    if (builtin) {
      stack.push(builtin)
      return
    }
    const method = getSpecial(vm, value, '__iter__')
    if (method === undefined) stack.push(getIterator(vm, value))
    else vm.invoke(method, [])
  },
  FOR_ITER: (vm, frame, end) => {
    const { stack } = frame
    const iterator = stack[stack.length - 1]!
    if (iterator instanceof PyIterator) {
      const next = iterator.next()
      if (next === undefined) {
        stack.pop()
        frame.pc = end
      } else if (next instanceof Wait) vm.wait(next, undefined, end)
      else if (next instanceof Control) vm.deliver(next)
      else stack.push(next)
      return
    }
    if (iterator instanceof PyGenerator) return vm.resume(new Resume(iterator, null), 'loop', end)
    const method = getSpecial(vm, iterator, '__next__') ?? getSpecial(vm, iterator, 'next')
    if (method === undefined) throw typeError(`'${typeName(iterator)}' object is not an iterator`)
    const { frame: before } = vm
    vm.invoke(method, [])
    if (vm.frame !== before) vm.frame.loopEnd = end
  },
  /** An endless loop without effects: the time it burns is all there is to it. */
  BUSY: (vm, frame) => {
    vm.stop()
    vm.busy = true
    frame.pc--
  },
  RETURN: (vm, frame) => {
    vm.returnFrom(frame, frame.stack.pop()!)
  },
  YIELD: (vm, frame) => {
    vm.yieldValue(frame, frame.stack.pop()!)
  },
  GET_DELEGATE: (vm, { stack }) => {
    stack.push(getIterator(vm, stack.pop()!))
  },
  DELEGATE: (vm, frame, end) => {
    const { stack } = frame
    const sent = stack.pop()!
    const iterator = stack[stack.length - 1]!
    if (iterator instanceof PyGenerator)
      return vm.resume(new Resume(iterator, iterator.started ? sent : null), 'delegate', end)
    if (iterator instanceof PyIterator) {
      const next = iterator.next()
      if (next === undefined) {
        stack.pop()
        stack.push(null)
        frame.pc = end
      } else if (next instanceof Control) vm.deliver(next)
      else stack.push(next)
      return
    }
    throw typeError(`'${typeName(iterator)}' object is not iterable`)
  },
  HALT: (vm) => vm.halt(),
} satisfies Record<string, Handler>
