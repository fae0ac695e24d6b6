import { PyDict, PySet } from '../objects/dict.ts'
import { exceptionArgs, typeError } from '../objects/errors.ts'
import { floatText } from '../objects/numbers.ts'
import { quote, quoteBytes } from '../objects/text.ts'
import {
  Ellipsis,
  NotImplemented,
  Obj,
  PyBytes,
  PyClass,
  PyException,
  PyFloat,
  PyFunction,
  PyGenerator,
  PyList,
  PyMethod,
  PyModule,
  PyNative,
  PyRange,
  PySlice,
  PySuper,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import { findAttribute, userMethod } from './attributes.ts'
import { formatPlain } from './format.ts'
import type { Interpreter } from './interpreter.ts'

const nesting: Obj[] = []

/** repr() */
export function repr(vm: Interpreter, value: Value): string {
  switch (typeof value) {
    case 'string':
      return quote(value)
    case 'number':
    case 'bigint':
      return String(value)
    case 'boolean':
      return value ? 'True' : 'False'
  }
  if (value === null) return 'None'
  const method = userMethod(value, '__repr__')
  if (method !== undefined) return asText(vm.call(method, [value]), '__repr__')
  if (value instanceof PyFloat) return floatText(value.value)
  if (value instanceof PyList || value instanceof PyTuple || value instanceof PyDict || value instanceof PySet) {
    if (nesting.includes(value)) return value instanceof PyDict ? '{...}' : value instanceof PyList ? '[...]' : '(...)'
    nesting.push(value)
    try {
      return container(vm, value)
    } finally {
      nesting.pop()
    }
  }
  if (value instanceof PyBytes)
    return value.cls.name === 'bytearray' ? `bytearray(${quoteBytes(value.data)})` : quoteBytes(value.data)
  if (value instanceof PyException) return `${value.cls.name}(${value.args.map((arg) => repr(vm, arg)).join(', ')})`
  return plainRepr(vm, value)
}

function container(vm: Interpreter, value: PyList | PyTuple | PyDict | PySet): string {
  if (value instanceof PyList) return `[${value.items.map((item) => repr(vm, item)).join(', ')}]`
  if (value instanceof PyTuple)
    return `(${value.items.map((item) => repr(vm, item)).join(', ')}${value.items.length === 1 ? ',' : ''})`
  if (value instanceof PyDict) {
    const body = `{${[...value.entries()].map(([key, each]) => `${repr(vm, key)}: ${repr(vm, each)}`).join(', ')}}`
    const { name } = value.cls
    if (name === 'defaultdict') return `defaultdict(${repr(vm, value.attrs?.get('default_factory') ?? null)}, ${body})`
    if (name !== 'OrderedDict') return body
    if (value.size === 0) return 'OrderedDict()'
    // Since 3.12, as a dict; before, as a list of pairs.
    if (/^3\.1[2-9]/.test(vm.host.version)) return `OrderedDict(${body})`
    return `OrderedDict([${[...value.entries()].map(([key, each]) => `(${repr(vm, key)}, ${repr(vm, each)})`).join(', ')}])`
  }
  if (value.size === 0) return `${value.cls.name}()`
  const body = `{${[...value.values()].map((item) => repr(vm, item)).join(', ')}}`
  return value.cls.name === 'set' ? body : `${value.cls.name}(${body})`
}

function plainRepr(vm: Interpreter, value: Obj): string {
  const address = `0x${vm.identity(value).toString(16)}`
  if (value instanceof PyClass) {
    const module = value.dict.get('__module__') ?? value.module
    return `<class '${module === 'builtins' ? '' : `${String(module)}.`}${value.qualname}'>`
  }
  if (value instanceof PyFunction) return `<function ${value.qualname} at ${address}>`
  if (value instanceof PyNative)
    return value.binds ? `<method '${value.name}' of objects>` : `<built-in function ${value.name}>`
  if (value instanceof PyMethod) {
    if (value.callee instanceof PyNative)
      return `<built-in method ${value.callee.name} of ${typeName(value.self)} object at ${address}>`
    return `<bound method ${value.callee instanceof PyFunction ? value.callee.qualname : typeName(value.callee)} of ${repr(vm, value.self)}>`
  }
  if (value instanceof PyModule) {
    const file = value.attrs.get('__file__')
    return `<module '${value.name}'${typeof file === 'string' ? ` from '${file}'` : ' (built-in)'}>`
  }
  if (value instanceof PyRange)
    return `range(${value.start}, ${value.stop}${value.step === 1 ? '' : `, ${value.step}`})`
  if (value instanceof PySlice)
    return `slice(${repr(vm, value.start)}, ${repr(vm, value.stop)}, ${repr(vm, value.step)})`
  if (value instanceof PyGenerator) return `<generator object ${value.frame.code.qualname} at ${address}>`
  if (value instanceof PySuper) return `<super: <class '${value.start.name}'>, <${typeName(value.self)} object>>`
  if (value === Ellipsis) return 'Ellipsis'
  if (value === NotImplemented) return 'NotImplemented'
  const native = value.cls.lookup('__repr__')
  if (native instanceof PyNative) return asText(vm.call(native, [value]), '__repr__')
  const module = value.cls.dict.get('__module__') ?? value.cls.module
  return `<${module === 'builtins' ? '' : `${String(module)}.`}${value.cls.qualname} object at ${address}>`
}

/** str() */
export function str(vm: Interpreter, value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof Obj) {
    const method = userMethod(value, '__str__')
    if (method !== undefined) return asText(vm.call(method, [value]), '__str__')
    const native = value.cls.lookup('__str__')
    if (native instanceof PyNative) return asText(vm.call(native, [value]), '__str__')
    if (value instanceof PyException) return exceptionText(vm, value)
  }
  return repr(vm, value)
}

export function exceptionText(vm: Interpreter, value: PyException): string {
  const { args } = value
  if (value.cls.mro.some(({ name }) => name === 'OSError') && args.length >= 2) {
    const file = value.attrs.get('filename')
    return `[Errno ${str(vm, args[0]!)}] ${str(vm, args[1]!)}${file === undefined || file === null ? '' : `: ${repr(vm, file)}`}`
  }
  if (value.cls.name === 'KeyError' && args.length === 1) return repr(vm, args[0]!)
  return str(vm, exceptionArgs(value))
}

function asText(value: Value, method: string): string {
  if (typeof value !== 'string') throw typeError(`${method} returned non-string (type ${typeName(value)})`)
  return value
}

/** format() */
export function format(vm: Interpreter, value: Value, spec: string): string {
  const method = userMethod(value, '__format__')
  if (method !== undefined) return asText(vm.call(method, [value, spec]), '__format__')
  if (spec === '') return str(vm, value)
  if (value instanceof Obj && !(value instanceof PyFloat)) {
    const custom = findAttribute(vm, value, '__format__')
    if (custom !== undefined && custom !== null) return asText(vm.call(custom, [spec]), '__format__')
    throw typeError(`unsupported format string passed to ${typeName(value)}.__format__`)
  }
  if (value === null) throw typeError('unsupported format string passed to NoneType.__format__')
  return formatPlain(value, spec)
}
