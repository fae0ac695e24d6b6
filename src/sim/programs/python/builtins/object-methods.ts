import { PyDict } from '../objects/dict.ts'
import { error, exceptionClass, exceptionClasses, makeException, PyError, typeError } from '../objects/errors.ts'
import { methods } from '../objects/native.ts'
import {
  builtinClass,
  classmethodClass,
  codeClass,
  functionClass,
  generatorClass,
  iteratorClass,
  methodClass,
  NotImplemented,
  nativeClass,
  noneClass,
  Obj,
  objectClass,
  type PyClass,
  PyException,
  type PyFunction,
  type PyGenerator,
  PyGetSet,
  PyInstance,
  type PyIterator,
  type PyMethod,
  PyNative,
  PyProperty,
  PySuper,
  PyTuple,
  PyWrapper,
  propertyClass,
  Resume,
  staticmethodClass,
  superClass,
  type TraceEntry,
  typeClass,
  typeName,
  type Value,
} from '../objects/value.ts'
import { deleteAttribute, findAttribute, missingAttribute, setOwn } from '../vm/attributes.ts'
import { makeClass } from '../vm/classes.ts'
import { construct, newObject } from '../vm/instantiate.ts'
import { exceptionText, repr, str } from '../vm/text.ts'

methods(objectClass, {
  '__new__(cls *args **keywords)': (_vm, cls: PyClass, args: Value[], keywords: Map<string, Value>) => {
    if (args.length + keywords.size > 0 && cls.lookup('__init__') instanceof PyNative && !cls.make)
      throw typeError(`${cls.name}() takes no arguments`)
    return newObject(cls)
  },
  '__init__(*args **keywords)': () => null,
  __repr__: (vm, self: Value) => {
    if (!(self instanceof Obj)) return repr(vm, self)
    const module = self.cls.dict.get('__module__') ?? self.cls.module
    return `<${module === 'builtins' ? '' : `${String(module)}.`}${self.cls.qualname} object at 0x${vm.identity(self).toString(16)}>`
  },
  __str__: (vm, self: Value) => (self instanceof PyException ? exceptionText(vm, self) : repr(vm, self)),
  '__eq__(other)': (_vm, self, other) => (self === other ? true : NotImplemented),
  '__ne__(other)': (_vm, self, other) => (self === other ? false : NotImplemented),
  __hash__: (vm, self: Value) => Math.floor(vm.identity(self) / 16),
  '__setattr__(name value)': (_vm, self: Value, name: string, value: Value) => {
    setOwn(self, name, value)
    return null
  },
  '__getattribute__(name)': (vm, self: Value, name: string) => {
    const found = findAttribute(vm, self, name)
    if (found === undefined) throw missingAttribute(self, name)
    return found
  },
  '__delattr__(name)': (vm, self: Value, name: string) => {
    if (!(self instanceof Obj) || !self.attrs?.delete(name)) deleteAttribute(vm, self, name)
    return null
  },
  '__format__(spec)': (vm, self: Value, spec: string) => {
    if (spec !== '') throw typeError(`unsupported format string passed to ${typeName(self)}.__format__`)
    return str(vm, self)
  },
})
// What object brings must not hide that a class has none of its own.
objectClass.dict.delete('__new__')
const objectNew = new PyNative('__new__', (_vm, args) => newObject(args[0] as PyClass))

methods(typeClass, {
  '__call__(*args **keywords)': (vm, cls: PyClass, args: Value[], keywords: Map<string, Value>) => {
    if (cls === typeClass && args.length === 1) return args[0] instanceof Obj ? args[0].cls : classOfPlain(args[0]!)
    return construct(vm, cls, args, keywords)
  },
  mro: (_vm, cls: PyClass) => new PyTuple(cls.mro),
  __subclasses__: () => new PyTuple([]),
})
typeClass.dict.set(
  '__new__',
  new PyNative('__new__', (vm, args, keywords) => {
    if (args.length === 2) return args[1] instanceof Obj ? args[1].cls : classOfPlain(args[1]!)
    const [meta, name, bases, names] = args
    if (!(bases instanceof PyTuple) || !(names instanceof PyDict)) throw typeError('type() takes 1 or 3 arguments')
    void keywords
    return makeClass(
      vm,
      meta as PyClass,
      String(name),
      bases.items as PyClass[],
      [...names.entries()].map(([key, value]) => [String(key), value] as const),
    )
  }),
)
typeClass.dict.set('__init__', new PyNative('__init__', () => null, undefined, true))

import { classOf as classOfPlain } from '../objects/value.ts'

superClass.dict.set(
  '__new__',
  new PyNative('super', (vm, args) => {
    const [, type, self] = args
    if (type !== undefined) return new PySuper(type as PyClass, self ?? null)
    const { caller } = vm
    const at = caller.code.frees.indexOf('__class__')
    if (at < 0) throw error('RuntimeError', 'super(): no arguments')
    const cls = caller.cells[caller.code.cells.length + at]!.value as PyClass
    const parameter = caller.code.cellParameters.find(([local]) => local === 0)
    const first = parameter ? caller.cells[parameter[1]]!.value : caller.locals[0]
    if (first === undefined) throw error('RuntimeError', 'super(): no arguments')
    return new PySuper(cls, first)
  }),
)

/** object.__new__, found by super().__new__(cls). */
objectClass.dict.set('__new__', objectNew)

methods(propertyClass, {
  '__new__(cls fget? fset? fdel? doc?)': (_vm, _cls, get?: Value, set?: Value, del?: Value) =>
    new PyProperty(get ?? null, set ?? null, del ?? null),
  'getter(f)': (_vm, self: PyProperty, f: Value) => new PyProperty(f, self.setter, self.deleter),
  'setter(f)': (_vm, self: PyProperty, f: Value) => new PyProperty(self.getter, f, self.deleter),
  'deleter(f)': (_vm, self: PyProperty, f: Value) => new PyProperty(self.getter, self.setter, f),
})
for (const cls of [staticmethodClass, classmethodClass])
  methods(cls, { '__new__(cls f)': (_vm, made: PyClass, f: Value) => new PyWrapper(made, f) })

methods(generatorClass, {
  __iter__: (_vm, self: Value) => self,
  __next__: (_vm, self: PyGenerator) => new Resume(self, null),
  next: (_vm, self: PyGenerator) => new Resume(self, null),
  'send(value)': (_vm, self: PyGenerator, value: Value) => new Resume(self, value),
  'throw(type value? tb?)': (vm, self: PyGenerator, type: Value, value?: Value) => {
    const made =
      type instanceof PyException
        ? type
        : value instanceof PyException
          ? value
          : vm.call(type, value === undefined || value === null ? [] : [value])
    if (!self.started) {
      self.done = true
      throw new PyError(made as PyException)
    }
    return new Resume(self, null, made as PyException)
  },
  close: (vm, self: PyGenerator) => {
    if (!self.started || self.done) {
      self.done = true
      return null
    }
    try {
      vm.call(vm.builtins.get('__throw__')!, [self, makeException('GeneratorExit')])
    } catch (thrown) {
      if (thrown instanceof PyError && ['GeneratorExit', 'StopIteration'].includes(thrown.exception.cls.name))
        return null
      throw thrown
    }
    return null
  },
})
methods(iteratorClass, {
  __iter__: (_vm, self: Value) => self,
  __next__: (_vm, self: PyIterator) => {
    const value = self.next()
    if (value === undefined) throw error('StopIteration')
    return value
  },
})

methods(functionClass, {
  '__get__(self_ cls?)': (_vm, self: PyFunction) => self,
})
const functionParts: [string, PyGetSet][] = [
  [
    '__name__',
    new PyGetSet(
      (f: PyFunction) => f.name,
      (f: PyFunction, value) => {
        f.name = String(value)
      },
    ),
  ],
  [
    '__qualname__',
    new PyGetSet(
      (f: PyFunction) => f.qualname,
      (f: PyFunction, value) => {
        f.qualname = String(value)
      },
    ),
  ],
  [
    '__doc__',
    new PyGetSet(
      (f: PyFunction) => f.doc,
      (f: PyFunction, value) => {
        f.doc = value
      },
    ),
  ],
  [
    '__module__',
    new PyGetSet(
      (f: PyFunction) => f.attrs?.get('__module__') ?? f.globals.get('__name__') ?? null,
      (f: PyFunction, value) => {
        f.attrs ??= new Map()
        f.attrs.set('__module__', value)
      },
    ),
  ],
  ['__defaults__', new PyGetSet((f: PyFunction) => (f.defaults.length > 0 ? new PyTuple(f.defaults) : null))],
  ['__dict__', new PyGetSet((f: PyFunction) => PyDict.of(f.attrs ?? []))],
  [
    '__code__',
    new PyGetSet((f: PyFunction) => {
      const made = new PyInstance(codeClass)
      made.attrs.set('co_varnames', new PyTuple(f.code.locals))
      made.attrs.set('co_argcount', f.code.parameterCount)
      made.attrs.set('co_name', f.code.name)
      made.attrs.set('co_filename', f.code.source.name)
      made.attrs.set('co_firstlineno', f.code.line)
      return made
    }),
  ],
  ['__annotations__', new PyGetSet(() => new PyDict())],
]
for (const [name, part] of functionParts) functionClass.dict.set(name, part)
nativeClass.dict.set('__name__', new PyGetSet((f: PyNative) => f.name))
nativeClass.dict.set('__doc__', new PyGetSet(() => null))
methodClass.dict.set('__self__', new PyGetSet((m: PyMethod) => m.self))
methodClass.dict.set('__func__', new PyGetSet((m: PyMethod) => m.callee))
for (const name of ['__name__', '__qualname__', '__doc__', '__module__'])
  methodClass.dict.set(name, new PyGetSet((m: PyMethod, vm) => findAttribute(vm, m.callee, name) ?? null))
noneClass.dict.set('__hash__', new PyNative('__hash__', () => 0, undefined, true))

export const tracebackClass = builtinClass('traceback')

/** A traceback object: what an exception was raised through. */
export class PyTraceback extends PyInstance {
  readonly entries: readonly TraceEntry[]
  constructor(entries: readonly TraceEntry[]) {
    super(tracebackClass)
    this.entries = entries
    const [first] = [...entries].reverse()
    this.attrs.set('tb_lineno', first?.span.line ?? 0)
    this.attrs.set('tb_next', null)
  }
}

const base = exceptionClass('BaseException')
methods(base, {
  '__init__(*args **keywords)': (_vm, self: PyException, args: Value[], keywords: Map<string, Value>) => {
    self.args = args
    for (const [name, value] of keywords) self.attrs.set(name, value)
    return null
  },
  'with_traceback(tb)': (_vm, self: Value) => self,
  'add_note(note)': (_vm, self: PyException, note: Value) => {
    const notes = self.attrs.get('__notes__')
    self.attrs.set('__notes__', new PyTuple([...(notes instanceof PyTuple ? notes.items : []), note]))
    return null
  },
  '__eq__(other)': (_vm, self: Value, other: Value) => self === other,
})
base.dict.set(
  '__new__',
  new PyNative('__new__', (_vm, args) => {
    const made = newObject(args[0] as PyClass) as PyException
    made.args = args.slice(1)
    return made
  }),
)
base.dict.set(
  'args',
  new PyGetSet(
    (self: PyException) => new PyTuple(self.args),
    (self: PyException, value) => {
      if (value instanceof PyTuple) self.args = value.items
    },
  ),
)
base.dict.set(
  '__traceback__',
  new PyGetSet(
    (self: PyException) => (self.trace.length > 0 ? new PyTraceback(self.trace) : null),
    () => {},
  ),
)
base.dict.set(
  '__cause__',
  new PyGetSet(
    (self: PyException) => self.cause,
    (self: PyException, value) => {
      self.cause = value
      self.suppressContext = true
    },
  ),
)
base.dict.set(
  '__context__',
  new PyGetSet(
    (self: PyException) => self.context ?? null,
    (self: PyException, value) => {
      self.context = value instanceof PyException ? value : undefined
    },
  ),
)
base.dict.set('__suppress_context__', new PyGetSet((self: PyException) => self.suppressContext))
base.dict.set(
  'message',
  new PyGetSet(
    (self: PyException) => self.attrs.get('message') ?? self.args[0] ?? '',
    (self: PyException, value) => {
      self.attrs.set('message', value)
    },
  ),
)
const os = exceptionClass('OSError')
const part = (name: string, at: number): void => {
  os.dict.set(
    name,
    new PyGetSet(
      (self: PyException) => self.attrs.get(name) ?? (self.args.length >= 2 ? (self.args[at] ?? null) : null),
      (self: PyException, value) => {
        self.attrs.set(name, value)
      },
    ),
  )
}
part('errno', 0)
part('strerror', 1)
part('filename', 2)
exceptionClass('StopIteration').dict.set('value', new PyGetSet((self: PyException) => self.args[0] ?? null))
exceptionClass('SystemExit').dict.set(
  'code',
  new PyGetSet((self: PyException) => (self.args.length > 1 ? new PyTuple(self.args) : (self.args[0] ?? null))),
)
for (const name of ['ImportError', 'ModuleNotFoundError'])
  exceptionClass(name).dict.set('msg', new PyGetSet((self: PyException) => self.args[0] ?? null))
exceptionClasses.set('IOError', os)
exceptionClasses.set('EnvironmentError', os)
