import { PyDict } from '../objects/dict.ts'
import { typeError } from '../objects/errors.ts'
import {
  type Control,
  classmethodClass,
  type Keywords,
  objectClass,
  PyClass,
  PyFunction,
  PyInstance,
  PyTuple,
  PyWrapper,
  staticmethodClass,
  TailCall,
  typeClass,
  typeName,
  type Value,
} from '../objects/value.ts'
import { makeCells } from './arguments.ts'
import { findAttribute } from './attributes.ts'
import { Frame } from './frame.ts'
import type { Interpreter } from './interpreter.ts'

/** Runs a class body, then makes the class of its names. */
export function buildClass(
  vm: Interpreter,
  body: PyFunction,
  name: string,
  given: readonly Value[],
  keywords: Keywords,
): void {
  const bases = given.map((base) => {
    if (base instanceof PyClass) return base
    // Things like typing.Generic[T] and NamedTuple stand for classes.
    const stands = findAttribute(vm, base, '__mro_entry__')
    if (stands instanceof PyClass) return stands
    throw typeError(`${typeName(base)}() takes no arguments`)
  })
  const metaclass = keywords?.get('metaclass')
  const meta =
    metaclass instanceof PyClass ? metaclass : (bases.find((base) => base.cls !== typeClass)?.cls ?? typeClass)
  const names = new Map<string, Value>()
  const frame = new Frame(body.code, body.globals, names)
  names.set('__module__', body.globals.get('__name__') ?? '__main__')
  names.set('__qualname__', body.code.qualname)
  frame.cells = makeCells(body.code, [], body.closure)
  frame.back = vm.frame
  frame.depth = vm.frame.depth + 1
  frame.after = () => {
    const rest = new Map([...(keywords ?? [])].filter(([key]) => key !== 'metaclass'))
    const finish = (made: Value): Value => {
      const at = body.code.cells.indexOf('__class__')
      if (at >= 0) frame.cells[at]!.value = made
      return made
    }
    const custom = meta.lookup('__new__')
    if (meta !== typeClass && (custom instanceof PyFunction || custom instanceof PyWrapper)) {
      const make = custom instanceof PyWrapper ? custom.callee : custom
      return new TailCall(make, [meta, name, new PyTuple(bases), PyDict.of(names)], rest, finish)
    }
    return finished(vm, makeClass(vm, meta, name, bases, names), rest, finish)
  }
  vm.frame = frame
}

function finished(
  vm: Interpreter,
  made: PyClass,
  keywords: Map<string, Value>,
  finish: (made: Value) => Value,
): Value | Control {
  finish(made)
  const init = made.cls.lookup('__init__')
  if (init instanceof PyFunction)
    vm.call(init, [made, made.name, new PyTuple(made.bases), PyDict.of(made.dict)], keywords)
  return made
}

/** type(name, bases, names) */
export function makeClass(
  vm: Interpreter,
  meta: PyClass,
  name: string,
  bases: readonly PyClass[],
  names: Iterable<readonly [string, Value]>,
): PyClass {
  const all = bases.length === 0 ? [objectClass] : bases
  for (const base of all)
    if (['bool', 'NoneType', 'function', 'range', 'slice', 'generator'].includes(base.name) && !base.user)
      throw typeError(`type '${base.name}' is not an acceptable base type`)
  let made: PyClass
  try {
    made = new PyClass(meta, name, all, true)
  } catch (thrown) {
    if (!(thrown instanceof TypeError)) throw thrown
    throw typeError(`${thrown.message} for bases ${all.map((base) => base.name).join(', ')}`)
  }
  for (const [key, value] of names) made.dict.set(key, implicitWrapper(key, value))
  const qualified = made.dict.get('__qualname__')
  if (typeof qualified === 'string') made.qualname = qualified
  made.dict.delete('__qualname__')
  // A class with its own equality has no hash unless it says so.
  if (made.dict.has('__eq__') && !made.dict.has('__hash__')) made.dict.set('__hash__', null)
  for (const [key, value] of made.dict)
    if (value instanceof PyInstance) {
      const setName = value.cls.lookup('__set_name__')
      if (setName !== undefined) vm.call(setName, [value, made, key])
    }
  for (const base of made.mro.slice(1)) {
    const hook = base.dict.get('__init_subclass__')
    if (hook instanceof PyWrapper) {
      vm.call(hook.callee, [made])
      break
    }
  }
  return made
}

function implicitWrapper(name: string, value: Value): Value {
  if (!(value instanceof PyFunction)) return value
  if (name === '__new__') return new PyWrapper(staticmethodClass, value)
  if (name === '__init_subclass__' || name === '__class_getitem__') return new PyWrapper(classmethodClass, value)
  return value
}
