import { typeError } from '../objects/errors.ts'
import {
  type Control,
  type Keywords,
  objectClass,
  type PyClass,
  PyFunction,
  PyInstance,
  PyNative,
  PyWrapper,
  TailCall,
  typeClass,
  typeName,
  type Value,
} from '../objects/value.ts'
import type { Interpreter } from './interpreter.ts'

/** Calls a class: makes the object, then initialises it. */
export function instantiate(
  vm: Interpreter,
  cls: PyClass,
  args: readonly Value[],
  keywords: Keywords,
): Value | Control {
  if (cls.cls !== typeClass) {
    const call = cls.cls.lookup('__call__')
    if (call instanceof PyFunction) return new TailCall(call, [cls, ...args], keywords)
  }
  return construct(vm, cls, args, keywords)
}

/** type.__call__ */
export function construct(vm: Interpreter, cls: PyClass, args: readonly Value[], keywords: Keywords): Value | Control {
  let make = cls.lookup('__new__')
  if (make === objectClass.dict.get('__new__')) make = undefined
  if (make instanceof PyWrapper) make = make.callee
  if (make instanceof PyFunction)
    return new TailCall(make, [cls, ...args], keywords, (made) =>
      made !== null && typeof made === 'object' && made.cls.isSubclass(cls)
        ? initialise(vm, cls, made, args, keywords)
        : made,
    )
  if (make instanceof PyNative) {
    if (!cls.user) return new TailCall(make, [cls, ...args], keywords)
    return new TailCall(make, [cls, ...args], keywords, (made) => initialise(vm, cls, made, args, keywords))
  }
  return initialise(vm, cls, newObject(cls), args, keywords)
}

export const newObject = (cls: PyClass): Value => (cls.make ? cls.make(cls) : new PyInstance(cls))

function initialise(
  _vm: Interpreter,
  cls: PyClass,
  made: Value,
  args: readonly Value[],
  keywords: Keywords,
): Value | Control {
  const init = cls.lookup('__init__')
  if (init === undefined || init === objectClass.dict.get('__init__')) {
    if ((args.length > 0 || (keywords?.size ?? 0) > 0) && isPlain(cls))
      throw typeError(`${cls.name}() takes no arguments`)
    return made
  }
  return new TailCall(init, [made, ...args], keywords, (result) => {
    if (result !== null) throw typeError(`__init__() should return None, not '${typeName(result)}'`)
    return made
  })
}

const isPlain = (cls: PyClass): boolean =>
  cls.lookup('__new__') === objectClass.dict.get('__new__') &&
  cls.mro.every((each) => each.user || each === objectClass)
