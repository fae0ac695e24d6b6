import { error } from '../../objects/errors.ts'
import type { Cell, Value } from '../../objects/value.ts'
import type { Frame } from '../frame.ts'
import type { Interpreter } from '../interpreter.ts'
import type { Handler } from './handler.ts'

function undefinedName(name: string): Error {
  const made = error('NameError', `name '${name}' is not defined`)
  made.exception.attrs.set('name', name)
  return made
}

function global(vm: Interpreter, frame: Frame, name: string): Value {
  const found = frame.globals.get(name) ?? vm.builtins.get(name)
  if (found === undefined) throw undefinedName(name)
  return found
}

const unbound = (name: string, python2: boolean): Error =>
  error(
    'UnboundLocalError',
    python2
      ? `local variable '${name}' referenced before assignment`
      : `cannot access local variable '${name}' where it is not associated with a value`,
  )

function cellName(frame: Frame, index: number): string {
  const { cells, frees } = frame.code
  return cells[index] ?? frees[index - cells.length] ?? ''
}

/** A body's own cells exist from its start; modules and classes make theirs when first needed. */
function cellOf(frame: Frame, index: number): Cell {
  return frame.cells[index]!
}

/** Variables, in their four places: locals, cells, globals, names. */
export const names = {
  CONST: (_vm, frame, index) => {
    frame.stack.push(frame.code.constants[index]!)
  },
  POP: (_vm, frame) => {
    frame.stack.pop()
  },
  DUP: (_vm, { stack }) => {
    stack.push(stack[stack.length - 1]!)
  },
  DUP2: (_vm, { stack }) => {
    stack.push(stack[stack.length - 2]!, stack[stack.length - 1]!)
  },
  ROT2: (_vm, { stack }) => {
    const top = stack.pop()!
    const next = stack.pop()!
    stack.push(top, next)
  },
  /** The top goes below the two under it. */
  ROT3: (_vm, { stack }) => {
    const top = stack.pop()!
    stack.splice(stack.length - 2, 0, top)
  },
  ROT4: (_vm, { stack }) => {
    const top = stack.pop()!
    stack.splice(stack.length - 3, 0, top)
  },
  LOAD_FAST: (vm, frame, index) => {
    const value = frame.locals[index]
    if (value === undefined) throw unbound(frame.code.locals[index]!, vm.host.python2)
    frame.stack.push(value)
  },
  STORE_FAST: (_vm, frame, index) => {
    frame.locals[index] = frame.stack.pop()!
  },
  DELETE_FAST: (vm, frame, index) => {
    if (frame.locals[index] === undefined) throw unbound(frame.code.locals[index]!, vm.host.python2)
    frame.locals[index] = undefined
  },
  LOAD_CELL: (vm, frame, index) => {
    const { value } = cellOf(frame, index)
    if (value === undefined) {
      const name = cellName(frame, index)
      if (index < frame.code.cells.length) throw unbound(name, vm.host.python2)
      throw error(
        'NameError',
        `cannot access free variable '${name}' where it is not associated with a value in enclosing scope`,
      )
    }
    frame.stack.push(value)
  },
  STORE_CELL: (_vm, frame, index) => {
    cellOf(frame, index).value = frame.stack.pop()!
  },
  DELETE_CELL: (_vm, frame, index) => {
    cellOf(frame, index).value = undefined
  },
  PUSH_CELL: (_vm, frame, index) => {
    frame.stack.push(cellOf(frame, index))
  },
  LOAD_GLOBAL: (vm, frame, index) => {
    frame.stack.push(global(vm, frame, frame.code.names[index]!))
  },
  STORE_GLOBAL: (_vm, frame, index) => {
    frame.globals.set(frame.code.names[index]!, frame.stack.pop()!)
  },
  DELETE_GLOBAL: (_vm, frame, index) => {
    const name = frame.code.names[index]!
    if (!frame.globals.delete(name)) throw undefinedName(name)
  },
  LOAD_NAME: (vm, frame, index) => {
    const name = frame.code.names[index]!
    frame.stack.push(frame.names?.get(name) ?? global(vm, frame, name))
  },
  STORE_NAME: (_vm, frame, index) => {
    frame.names!.set(frame.code.names[index]!, frame.stack.pop()!)
  },
  DELETE_NAME: (_vm, frame, index) => {
    const name = frame.code.names[index]!
    if (!frame.names!.delete(name)) throw undefinedName(name)
  },
  /** A class body sees its own names before those of the functions around it. */
  LOAD_CLASS_CELL: (_vm, frame, index) => {
    const name = cellName(frame, index)
    const value = frame.names?.get(name) ?? cellOf(frame, index).value
    if (value === undefined) throw undefinedName(name)
    frame.stack.push(value)
  },
} satisfies Record<string, Handler>
