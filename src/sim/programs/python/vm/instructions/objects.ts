import {
  classOf,
  Obj,
  PyClass,
  PyFloat,
  PyFunction,
  PyInstance,
  PyMethod,
  PyModule,
  PyNative,
  PyProperty,
  PySuper,
  type Value,
} from '../../objects/value.ts'
import {
  deleteAttribute,
  findAttribute,
  getAttribute,
  missingAttribute,
  setAttribute,
  userMethod,
} from '../attributes.ts'
import { binary, compare, contains, truth, unary } from '../operators.ts'
import { deleteItem, getItem, setItem } from '../subscript.ts'
import type { Handler } from './handler.ts'

/** Whether two values are one object. */
export function same(a: Value, b: Value): boolean {
  return a === b
}

/** What `+`, `-` and `*` make of whole numbers, the quick way; undefined when it needs the long one. */
function smallSum(a: Value, b: Value, op: number): number | undefined {
  if (typeof a !== 'number' || typeof b !== 'number' || op >= 3) return undefined
  const result = op === 0 ? a + b : op === 1 ? a - b : a * b
  return Number.isSafeInteger(result) && result !== 0 ? result : undefined
}

/** Operators, attributes, items. */
export const objects = {
  BINARY: (vm, frame, op) => {
    const { stack } = frame
    const b = stack.pop()!
    const a = stack.pop()!
    const sum = smallSum(a, b, op)
    if (sum !== undefined) {
      stack.push(sum)
      return
    }
    if (a instanceof PyFloat && b instanceof PyFloat && op < 3) {
      stack.push(new PyFloat(op === 0 ? a.value + b.value : op === 1 ? a.value - b.value : a.value * b.value))
      return
    }
    stack.push(binary(vm, op, a, b))
  },
  INPLACE: (vm, frame, op) => {
    const { stack } = frame
    const b = stack.pop()!
    const a = stack.pop()!
    stack.push(smallSum(a, b, op) ?? binary(vm, op, a, b, true))
  },
  COMPARE: (vm, frame, op) => {
    const { stack } = frame
    const b = stack.pop()!
    const a = stack.pop()!
    if (typeof a === 'number' && typeof b === 'number') {
      stack.push(
        op === 0 ? a < b : op === 1 ? a <= b : op === 2 ? a > b : op === 3 ? a >= b : op === 4 ? a === b : a !== b,
      )
      return
    }
    stack.push(compare(vm, op, a, b))
  },
  UNARY: (vm, { stack }, op) => {
    stack.push(unary(vm, op, stack.pop()!))
  },
  NOT: (vm, { stack }) => {
    stack.push(!truth(vm, stack.pop()!))
  },
  IS: (_vm, { stack }, negated) => {
    const b = stack.pop()!
    const a = stack.pop()!
    stack.push(same(a, b) !== (negated === 1))
  },
  IN: (vm, { stack }, negated) => {
    const container = stack.pop()!
    const item = stack.pop()!
    stack.push(contains(vm, container, item) !== (negated === 1))
  },
  LOAD_ATTR: (vm, frame, index) => {
    const { stack } = frame
    const object = stack.pop()!
    const name = frame.code.names[index]!
    if (object instanceof PyInstance) {
      const inClass = object.cls.lookup(name)
      // A property's getter may wait: it gets a frame of its own.
      if (inClass instanceof PyProperty && inClass.getter instanceof PyFunction)
        return vm.invoke(inClass.getter, [object])
    }
    stack.push(getAttribute(vm, object, name))
  },
  STORE_ATTR: (vm, frame, index) => {
    const object = frame.stack.pop()!
    const value = frame.stack.pop()!
    vm.allocated += 64
    setAttribute(vm, object, frame.code.names[index]!, value)
  },
  DELETE_ATTR: (vm, frame, index) => {
    deleteAttribute(vm, frame.stack.pop()!, frame.code.names[index]!)
  },
  /** Pushes what to call and the object to call it on, without making a bound method of them. */
  LOAD_METHOD: (vm, frame, index) => {
    const { stack } = frame
    const object = stack.pop()!
    const name = frame.code.names[index]!
    if (!(object instanceof PyModule) && !(object instanceof Obj && object.attrs?.has(name))) {
      const found = classOf(object).lookup(name)
      const isType = object instanceof PyClass || object instanceof PySuper
      if (!isType && (found instanceof PyFunction || (found instanceof PyNative && found.binds))) {
        stack.push(object, found)
        return
      }
    }
    const found = findAttribute(vm, object, name)
    if (found === undefined) throw missingAttribute(object, name)
    if (found instanceof PyMethod) stack.push(found.self, found.callee)
    else stack.push(NO_SELF, found)
  },
  SUBSCRIPT: (vm, frame) => {
    const { stack } = frame
    const index = stack.pop()!
    const object = stack.pop()!
    const method = userMethod(object, '__getitem__')
    if (method instanceof PyFunction) return vm.invoke(method, [object, index])
    stack.push(getItem(vm, object, index))
  },
  STORE_SUBSCRIPT: (vm, { stack }) => {
    const index = stack.pop()!
    const object = stack.pop()!
    setItem(vm, object, index, stack.pop()!)
  },
  DELETE_SUBSCRIPT: (vm, { stack }) => {
    const index = stack.pop()!
    deleteItem(vm, stack.pop()!, index)
  },
  ASSERT_FAILS: (vm, frame, hasMessage) => {
    vm.invoke(vm.builtins.get('AssertionError')!, hasMessage ? [frame.stack.pop()!] : [], undefined, (made) => {
      throw vm.thrown(made)
    })
  },
  ANNOTATIONS: (vm, frame) => {
    const type = frame.stack.pop()!
    const name = frame.stack.pop()!
    const names = frame.names ?? frame.globals
    const known = names.get('__annotations__')
    if (known !== undefined) setItem(vm, known, name, type)
    else {
      const made = vm.call(vm.builtins.get('dict')!, [])
      setItem(vm, made, name, type)
      names.set('__annotations__', made)
    }
  },
} satisfies Record<string, Handler>

/** Stands for the object of a call that has none. */
export const NO_SELF = new PyInstance(classOf(null))
