import { PyDict } from '../objects/dict.ts'
import { attributeError } from '../objects/errors.ts'
import {
  classmethodClass,
  classOf,
  Obj,
  PyClass,
  PyException,
  PyFunction,
  PyGetSet,
  PyInstance,
  PyMethod,
  PyModule,
  PyNative,
  PyProperty,
  PySuper,
  PyTuple,
  PyWrapper,
  typeName,
  type Value,
} from '../objects/value.ts'
import type { Interpreter } from './interpreter.ts'

/** What a class attribute is on an object of that class. */
export function bind(vm: Interpreter, found: Value, self: Value, cls: PyClass): Value {
  if (found instanceof PyFunction) return new PyMethod(self, found)
  if (found instanceof PyNative) return found.binds ? new PyMethod(self, found) : found
  if (found instanceof PyProperty) {
    if (found.getter === null) throw attributeError('unreadable attribute')
    return vm.call(found.getter, [self])
  }
  if (found instanceof PyGetSet) return found.get(self, vm)
  if (found instanceof PyWrapper) return found.cls === classmethodClass ? new PyMethod(cls, found.callee) : found.callee
  if (found instanceof PyInstance) {
    const get = found.cls.lookup('__get__')
    if (get !== undefined) return vm.call(get, [found, self, cls])
  }
  return found
}

/** An attribute, or undefined. */
export function findAttribute(vm: Interpreter, object: Value, name: string): Value | undefined {
  if (object instanceof PyModule) {
    const found = object.attrs.get(name)
    if (found !== undefined) return found
    if (name === '__dict__') return PyDict.of(object.attrs)
  }
  if (object instanceof PyClass) return classAttribute(vm, object, name)
  if (object instanceof PySuper) {
    const { mro } =
      object.self instanceof PyClass && !classOf(object.self).isSubclass(object.start)
        ? object.self
        : classOf(object.self)
    const isClass = object.self instanceof PyClass && object.self.mro.includes(object.start)
    const order = isClass ? (object.self as PyClass).mro : mro
    for (const cls of order.slice(order.indexOf(object.start) + 1)) {
      const found = cls.dict.get(name)
      if (found === undefined) continue
      if (isClass) {
        if (found instanceof PyWrapper)
          return found.cls === classmethodClass ? new PyMethod(object.self, found.callee) : found.callee
        return found
      }
      return bind(vm, found, object.self, classOf(object.self))
    }
    return undefined
  }
  const cls = classOf(object)
  const inClass = cls.lookup(name)
  if (inClass instanceof PyProperty || inClass instanceof PyGetSet) return bind(vm, inClass, object, cls)
  if (inClass instanceof PyInstance && inClass.cls.lookup('__set__') !== undefined)
    return bind(vm, inClass, object, cls)
  if (object instanceof Obj && object.attrs) {
    const own = object.attrs.get(name)
    if (own !== undefined) return own
  }
  if (inClass !== undefined) return bind(vm, inClass, object, cls)
  switch (name) {
    case '__class__':
      return cls
    case '__dict__':
      return object instanceof Obj && object.attrs ? PyDict.over(object.attrs) : undefined
    case '__module__':
      return cls.module
    case '__doc__':
      return null
  }
  const fallback = cls.lookup('__getattr__')
  return fallback === undefined ? undefined : vm.call(fallback, [object, name])
}

function classAttribute(vm: Interpreter, cls: PyClass, name: string): Value | undefined {
  switch (name) {
    case '__name__':
      return cls.name
    case '__qualname__':
      return cls.qualname
    case '__module__':
      return cls.dict.get('__module__') ?? cls.module
    case '__doc__':
      return cls.dict.get('__doc__') ?? null
    case '__mro__':
      return new PyTuple(cls.mro)
    case '__bases__':
      return new PyTuple(cls.bases)
    case '__base__':
      return cls.bases[0] ?? null
    case '__class__':
      return cls.cls
    case '__dict__':
      return PyDict.of(cls.dict)
  }
  const meta = cls.cls.lookup(name)
  if (meta instanceof PyProperty) return bind(vm, meta, cls, cls.cls)
  const found = cls.lookup(name)
  if (found instanceof PyWrapper) return found.cls === classmethodClass ? new PyMethod(cls, found.callee) : found.callee
  if (found instanceof PyInstance && found.cls.lookup('__get__') !== undefined)
    return vm.call(found.cls.lookup('__get__')!, [found, null, cls])
  if (found !== undefined) return found
  if (meta !== undefined && !(meta instanceof PyGetSet)) return bind(vm, meta, cls, cls.cls)
  const fallback = cls.cls.lookup('__getattr__')
  return fallback === undefined ? undefined : vm.call(fallback, [cls, name])
}

export function getAttribute(vm: Interpreter, object: Value, name: string): Value {
  const found = findAttribute(vm, object, name)
  if (found === undefined) throw missingAttribute(object, name)
  return found
}

export function missingAttribute(object: Value, name: string): Error {
  const words =
    object instanceof PyModule
      ? `module '${object.name}' has no attribute '${name}'`
      : object instanceof PyClass
        ? `type object '${object.name}' has no attribute '${name}'`
        : object instanceof PySuper
          ? `'super' object has no attribute '${name}'`
          : `'${typeName(object)}' object has no attribute '${name}'${suggestion(object, name)}`
  const error = attributeError(words)
  error.exception.attrs.set('name', name)
  error.exception.attrs.set('obj', object)
  return error
}

/** `Did you mean: …` is added by the traceback only; nothing here. */
const suggestion = (_object: Value, _name: string): string => ''

export function setAttribute(vm: Interpreter, object: Value, name: string, value: Value): void {
  if (object instanceof PyModule) {
    object.attrs.set(name, value)
    return
  }
  if (object instanceof PyClass) {
    if (!object.user) throw attributeErrorOfBuiltin(object, name)
    object.dict.set(name, value)
    return
  }
  const inClass = classOf(object).lookup(name)
  if (inClass instanceof PyProperty) {
    if (inClass.setter === null)
      throw attributeError(`property '${name}' of '${typeName(object)}' object has no setter`)
    vm.call(inClass.setter, [object, value])
    return
  }
  if (inClass instanceof PyGetSet && inClass.set) return inClass.set(object, value)
  if (inClass instanceof PyInstance) {
    const set = inClass.cls.lookup('__set__')
    if (set !== undefined) {
      vm.call(set, [inClass, object, value])
      return
    }
  }
  const custom = classOf(object).lookup('__setattr__')
  if (custom instanceof PyFunction) {
    vm.call(custom, [object, name, value])
    return
  }
  setOwn(object, name, value)
}

/** object.__setattr__ */
export function setOwn(object: Value, name: string, value: Value): void {
  if (!(object instanceof Obj) || !(object.cls.user || object instanceof PyInstance || object instanceof PyFunction))
    throw attributeError(`'${typeName(object)}' object has no attribute '${name}'`)
  if (object instanceof PyFunction) {
    if (name === '__name__') object.name = String(value)
    if (name === '__qualname__') object.qualname = String(value)
    if (name === '__doc__') object.doc = value
  }
  if (name === '__class__' && value instanceof PyClass) {
    object.cls = value
    return
  }
  if (object instanceof PyException) {
    if (name === '__cause__') object.cause = value
  }
  const slots = object.cls.user ? object.cls.dict.get('__slots__') : undefined
  if (slots instanceof PyTuple && object.cls.mro.every((each) => !each.user || each.dict.has('__slots__'))) {
    const allowed = object.cls.mro.some((each) => {
      const own = each.dict.get('__slots__')
      return own instanceof PyTuple && own.items.includes(name)
    })
    if (!allowed) throw attributeError(`'${typeName(object)}' object has no attribute '${name}'`)
  }
  object.attrs ??= new Map()
  object.attrs.set(name, value)
}

function attributeErrorOfBuiltin(cls: PyClass, name: string): Error {
  const made = attributeError(`cannot set '${name}' attribute of immutable type '${cls.name}'`)
  return made
}

export function deleteAttribute(vm: Interpreter, object: Value, name: string): void {
  const inClass = classOf(object).lookup(name)
  if (inClass instanceof PyProperty && inClass.deleter !== null) {
    vm.call(inClass.deleter, [object])
    return
  }
  const custom = classOf(object).lookup('__delattr__')
  if (custom instanceof PyFunction) {
    vm.call(custom, [object, name])
    return
  }
  const own = object instanceof PyClass ? object.dict : object instanceof Obj ? object.attrs : undefined
  if (!own?.delete(name)) throw missingAttribute(object, name)
}

/** A special method, bound: looked up in the class only. */
export function getSpecial(vm: Interpreter, object: Value, name: string): Value | undefined {
  const cls = classOf(object)
  const found = cls.lookup(name)
  if (found === undefined || found === null) return undefined
  return bind(vm, found, object, cls)
}

/** A special method of a user's class, not bound; undefined for the built-in ones. */
export function userMethod(object: Value, name: string): Value | undefined {
  if (!(object instanceof Obj) || !object.cls.user) return undefined
  const found = object.cls.lookup(name)
  return found instanceof PyNative || found === null ? undefined : found
}
