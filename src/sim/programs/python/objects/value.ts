import type { Code } from '../compile/code.ts'
import type { Frame } from '../vm/frame.ts'
import type { Interpreter } from '../vm/interpreter.ts'

/** A Python value. None is null; ints are numbers while they are safe integers, bigints beyond. */
export type Value = null | boolean | number | bigint | string | Obj

/** Whatever has a class and perhaps attributes. */
export class Obj {
  cls: PyClass
  attrs: Map<string, Value> | undefined

  constructor(cls: PyClass) {
    this.cls = cls
  }
}

export class PyClass extends Obj {
  readonly name: string
  readonly bases: readonly PyClass[]
  readonly mro: readonly PyClass[]
  readonly dict = new Map<string, Value>()
  module = 'builtins'
  qualname: string
  /** Made by a class statement; the others cannot be changed. */
  readonly user: boolean
  /** Instances are kept as this kind of object. */
  make: ((cls: PyClass) => Obj) | undefined

  constructor(meta: PyClass | undefined, name: string, bases: readonly PyClass[], user = false) {
    super(meta as PyClass)
    if (!meta) this.cls = this
    this.name = name
    this.qualname = name
    this.bases = bases
    this.user = user
    this.mro = [this, ...merge(bases.map((base) => [...base.mro]).concat(bases.length > 1 ? [[...bases]] : []))]
    for (const { make } of this.mro.slice(1)) if (make && !this.make) this.make = make
  }

  lookup(name: string): Value | undefined {
    const { mro } = this
    for (let i = 0; i < mro.length; i++) {
      const found = mro[i]!.dict.get(name)
      if (found !== undefined) return found
    }
    return undefined
  }

  isSubclass(other: PyClass): boolean {
    return this.mro.includes(other)
  }
}

/** C3 linearisation. */
function merge(lists: PyClass[][]): PyClass[] {
  const result: PyClass[] = []
  for (;;) {
    const left = lists.filter((list) => list.length > 0)
    if (left.length === 0) return result
    const head = left.map((list) => list[0]!).find((each) => !left.some((list) => list.indexOf(each) > 0))
    if (!head) throw new TypeError('Cannot create a consistent method resolution order (MRO)')
    result.push(head)
    lists = left.map((list) => list.filter((each) => each !== head))
  }
}

export const typeClass = new PyClass(undefined, 'type', [])
export const objectClass = new PyClass(typeClass, 'object', [])
/** A built-in class. */
export const builtinClass = (name: string, base: PyClass = objectClass, module = 'builtins'): PyClass => {
  const made = new PyClass(typeClass, name, [base])
  made.module = module
  return made
}
;(typeClass as { bases: readonly PyClass[] }).bases = [objectClass]
;(typeClass as { mro: readonly PyClass[] }).mro = [typeClass, objectClass]

export const noneClass = builtinClass('NoneType')
export const intClass = builtinClass('int')
export const boolClass = builtinClass('bool', intClass)
export const floatClass = builtinClass('float')
export const strClass = builtinClass('str')
export const bytesClass = builtinClass('bytes')
export const bytearrayClass = builtinClass('bytearray')
export const listClass = builtinClass('list')
export const tupleClass = builtinClass('tuple')
export const dictClass = builtinClass('dict')
export const setClass = builtinClass('set')
export const frozensetClass = builtinClass('frozenset')
export const rangeClass = builtinClass('range')
export const sliceClass = builtinClass('slice')
export const functionClass = builtinClass('function')
export const nativeClass = builtinClass('builtin_function_or_method')
export const methodClass = builtinClass('method')
export const moduleClass = builtinClass('module')
export const generatorClass = builtinClass('generator')
export const iteratorClass = builtinClass('iterator')
export const propertyClass = builtinClass('property')
export const staticmethodClass = builtinClass('staticmethod')
export const classmethodClass = builtinClass('classmethod')
export const superClass = builtinClass('super')
export const ellipsisClass = builtinClass('ellipsis')
export const notImplementedClass = builtinClass('NotImplementedType')
export const cellClass = builtinClass('cell')
export const codeClass = builtinClass('code')

export class PyFloat extends Obj {
  readonly value: number
  constructor(value: number) {
    super(floatClass)
    this.value = value
  }
}

/** bytes, or bytearray. */
export class PyBytes extends Obj {
  data: Uint8Array
  constructor(data: Uint8Array, cls: PyClass = bytesClass) {
    super(cls)
    this.data = data
  }
}

export class PyList extends Obj {
  items: Value[]
  constructor(items: Value[], cls: PyClass = listClass) {
    super(cls)
    this.items = items
  }
}

export class PyTuple extends Obj {
  readonly items: readonly Value[]
  constructor(items: readonly Value[], cls: PyClass = tupleClass) {
    super(cls)
    this.items = items
  }
}

export class PyRange extends Obj {
  readonly start: number
  readonly stop: number
  readonly step: number
  constructor(start: number, stop: number, step: number) {
    super(rangeClass)
    this.start = start
    this.stop = stop
    this.step = step
  }
  get length(): number {
    return Math.max(0, Math.ceil((this.stop - this.start) / this.step))
  }
}

export class PySlice extends Obj {
  readonly start: Value
  readonly stop: Value
  readonly step: Value
  constructor(start: Value, stop: Value, step: Value) {
    super(sliceClass)
    this.start = start
    this.stop = stop
    this.step = step
  }
}

/** Any other object: a user's instance, an exception. */
export class PyInstance extends Obj {
  override attrs = new Map<string, Value>()
}

/** What an exception was raised through, outermost last. */
export interface TraceEntry {
  readonly code: Code
  readonly span: import('../syntax/syntax-error.ts').Span
  readonly frame: Frame
}

export class PyException extends PyInstance {
  args: readonly Value[] = []
  trace: TraceEntry[] = []
  cause: Value = null
  context: PyException | undefined
  suppressContext = false
}

export class PyFunction extends Obj {
  readonly code: Code
  readonly globals: Map<string, Value>
  readonly defaults: readonly Value[]
  readonly keywordDefaults: ReadonlyMap<string, Value> | undefined
  readonly closure: readonly Cell[]
  name: string
  qualname: string
  doc: Value = null
  constructor(
    code: Code,
    globals: Map<string, Value>,
    defaults: readonly Value[],
    keywordDefaults: ReadonlyMap<string, Value> | undefined,
    closure: readonly Cell[],
  ) {
    super(functionClass)
    this.code = code
    this.globals = globals
    this.defaults = defaults
    this.keywordDefaults = keywordDefaults
    this.closure = closure
    this.name = code.name
    this.qualname = code.qualname
  }
}

export class Cell extends Obj {
  value: Value | undefined
  constructor(value?: Value) {
    super(cellClass)
    this.value = value
  }
}

export type Keywords = ReadonlyMap<string, Value> | undefined

/** What a native function may give back instead of a value: work for the interpreter. */
export abstract class Control {}

/** Waits for a virtual event; its value becomes the result. */
export class Wait extends Control {
  readonly promise: Promise<Value>
  constructor(promise: Promise<Value>) {
    super()
    this.promise = promise
  }
}

/** Calls something; `after` makes the result of its result. */
export class TailCall extends Control {
  readonly callee: Value
  readonly args: readonly Value[]
  readonly keywords: Keywords
  readonly after: ((value: Value) => Value | Control) | undefined
  constructor(callee: Value, args: readonly Value[], keywords?: Keywords, after?: (value: Value) => Value | Control) {
    super()
    this.callee = callee
    this.args = args
    this.keywords = keywords
    this.after = after
  }
}

/** Goes on with a generator: sends a value or throws into it. */
export class Resume extends Control {
  readonly generator: PyGenerator
  readonly value: Value
  readonly error: PyException | undefined
  constructor(generator: PyGenerator, value: Value, error?: PyException) {
    super()
    this.generator = generator
    this.value = value
    this.error = error
  }
}

export type NativeCode = (vm: Interpreter, args: Value[], keywords: Keywords) => Value | Control

export class PyNative extends Obj {
  readonly name: string
  readonly run: NativeCode
  /** Positions of arguments that are iterated: generators among them are drained before the call. */
  readonly drains: readonly number[] | undefined
  /** A method of a built-in class: gets the object it is found on. */
  readonly binds: boolean
  constructor(name: string, run: NativeCode, drains?: readonly number[], binds = false) {
    super(nativeClass)
    this.name = name
    this.run = run
    this.drains = drains
    this.binds = binds
  }
}

export class PyMethod extends Obj {
  readonly self: Value
  readonly callee: Value
  constructor(self: Value, callee: Value) {
    super(methodClass)
    this.self = self
    this.callee = callee
  }
}

export class PyModule extends Obj {
  readonly name: string
  override attrs: Map<string, Value>
  constructor(name: string, attrs = new Map<string, Value>()) {
    super(moduleClass)
    this.name = name
    this.attrs = attrs
    attrs.set('__name__', name)
  }
}

export class PyProperty extends Obj {
  readonly getter: Value
  readonly setter: Value
  readonly deleter: Value
  constructor(getter: Value, setter: Value = null, deleter: Value = null) {
    super(propertyClass)
    this.getter = getter
    this.setter = setter
    this.deleter = deleter
  }
}

/** An attribute that a built-in class computes. */
export class PyGetSet extends Obj {
  readonly get: (self: any, vm: Interpreter) => Value
  readonly set: ((self: any, value: Value) => void) | undefined
  constructor(get: (self: any, vm: Interpreter) => Value, set?: (self: any, value: Value) => void) {
    super(propertyClass)
    this.get = get
    this.set = set
  }
}

/** staticmethod and classmethod. */
export class PyWrapper extends Obj {
  readonly callee: Value
  constructor(cls: PyClass, callee: Value) {
    super(cls)
    this.callee = callee
  }
}

export class PySuper extends Obj {
  readonly start: PyClass
  readonly self: Value
  constructor(start: PyClass, self: Value) {
    super(superClass)
    this.start = start
    this.self = self
  }
}

/** An iterator over something built in. */
export class PyIterator extends Obj {
  /** The next value, or undefined at the end. */
  readonly next: () => Value | undefined
  constructor(next: () => Value | undefined, cls: PyClass = iteratorClass) {
    super(cls)
    this.next = next
  }
}

export class PyGenerator extends Obj {
  readonly frame: Frame
  started = false
  done = false
  running = false
  /** How it was resumed: by a loop, by next() or send(), by `yield from`. */
  mode: 'loop' | 'send' | 'delegate' = 'send'
  /** Where the loop or delegation goes on at its end. */
  target = 0
  constructor(frame: Frame) {
    super(generatorClass)
    this.frame = frame
  }
}

export const Ellipsis = new Obj(ellipsisClass)
export const NotImplemented = new Obj(notImplementedClass)

export function classOf(value: Value): PyClass {
  switch (typeof value) {
    case 'number':
    case 'bigint':
      return intClass
    case 'string':
      return strClass
    case 'boolean':
      return boolClass
  }
  return value === null ? noneClass : (value as Obj).cls
}

/** The name of a value's type, for messages. */
export const typeName = (value: Value): string => classOf(value).name
