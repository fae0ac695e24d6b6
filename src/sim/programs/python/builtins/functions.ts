import { PyDict, PySet } from '../objects/dict.ts'
import { error, exceptionClasses, PyError, typeError, valueError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { asInt, floorModulo, int, roundHalfEven, roundTo, toIndex } from '../objects/numbers.ts'
import { asciiOnly, length } from '../objects/text.ts'
import {
  boolClass,
  bytearrayClass,
  bytesClass,
  Control,
  classmethodClass,
  classOf,
  dictClass,
  Ellipsis,
  floatClass,
  frozensetClass,
  intClass,
  listClass,
  NotImplemented,
  Obj,
  objectClass,
  PyBytes,
  PyClass,
  type PyException,
  PyFloat,
  PyFunction,
  PyGenerator,
  PyIterator,
  PyList,
  PyMethod,
  PyModule,
  PyNative,
  PyRange,
  PyTuple,
  propertyClass,
  Resume,
  rangeClass,
  setClass,
  sliceClass,
  staticmethodClass,
  strClass,
  superClass,
  TailCall,
  tupleClass,
  typeClass,
  typeName,
  type Value,
  Wait,
} from '../objects/value.ts'
import {
  deleteAttribute,
  findAttribute,
  getSpecial,
  missingAttribute,
  setAttribute,
  userMethod,
} from '../vm/attributes.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { getIterator, nextValue, over, valuesOf } from '../vm/iterate.ts'
import { binary, compare, less, truth } from '../vm/operators.ts'
import { format, repr, str } from '../vm/text.ts'
import './bytes-methods.ts'
import './collection-methods.ts'
import './number-methods.ts'
import './object-methods.ts'
import './str-methods.ts'

function size(vm: Interpreter, value: Value): Value {
  if (typeof value === 'string') return length(value)
  const own = userMethod(value, '__len__')
  if (own === undefined) {
    if (value instanceof PyList || value instanceof PyTuple) return value.items.length
    if (value instanceof PyDict || value instanceof PySet) return value.size
    if (value instanceof PyBytes) return value.data.length
    if (value instanceof PyRange) return value.length
  }
  const method = getSpecial(vm, value, '__len__')
  if (method === undefined) throw typeError(`object of type '${typeName(value)}' has no len()`)
  return vm.call(method, [])
}

function isInstanceOf(vm: Interpreter, cls: PyClass, types: Value, which: string): boolean {
  if (types instanceof PyTuple) return types.items.some((each) => isInstanceOf(vm, cls, each, which))
  if (types === null) return cls.name === 'NoneType'
  if (types instanceof PyClass) {
    if (cls.mro.includes(types)) return true
    const check = types.cls.lookup('__instancecheck__')
    if (check !== undefined) return truth(vm, vm.call(check, [types, cls]))
    const hook = types.dict.get('__abstract__')
    return hook !== undefined && abstractly(cls, String(hook))
  }
  throw typeError(`${which}() arg 2 must be a type, a tuple of types, or a union`)
}

/** collections.abc: what a class can do decides. */
function abstractly(cls: PyClass, needs: string): boolean {
  return needs.split(' ').every((name) => cls.lookup(name) !== undefined && cls.lookup(name) !== null)
}

function extreme(
  vm: Interpreter,
  name: 'min' | 'max',
  args: Value[],
  key: Value | undefined,
  fallback: Value | undefined,
): Value | Control {
  const values = args.length === 1 ? valuesOf(vm, args[0]!) : args
  if (values.length === 0) {
    if (fallback !== undefined) return fallback
    throw valueError(
      /^3\.1[2-9]/.test(vm.host.version)
        ? `${name}() iterable argument is empty`
        : `${name}() arg is an empty sequence`,
    )
  }
  const best = (keys: readonly Value[]): Value => {
    let at = 0
    for (let i = 1; i < values.length; i++)
      if (name === 'min' ? less(vm, keys[i]!, keys[at]!) : truth(vm, compare(vm, 2, keys[i]!, keys[at]!))) at = i
    return values[at]!
  }
  if (key === undefined || key === null) return best(values)
  return new TailCall(vm.builtins.get('__keys__')!, [key, new PyList([...values])], undefined, (keys) =>
    best((keys as PyList).items),
  )
}

function lazily(
  vm: Interpreter,
  sources: Value[],
  make: (next: () => Value[] | undefined) => () => Value | undefined,
): PyIterator | undefined {
  const iterators = sources.map((source) => getIterator(vm, source))
  if (iterators.some((each) => !(each instanceof PyIterator))) return undefined
  return new PyIterator(
    make(() => {
      const row: Value[] = []
      for (const each of iterators) {
        const next = nextValue(vm, each)
        if (next === undefined) return undefined
        row.push(next)
      }
      return row
    }),
  )
}

const plain = (value: Value): boolean => !(value instanceof PyGenerator) && !(value instanceof Obj && value.cls.user)

export const print = new PyNative('print', (vm, args, keywords) => {
  const option = (name: string, fallback: string): string => {
    const given = keywords?.get(name)
    if (given === undefined || given === null) return fallback
    if (typeof given !== 'string') throw typeError(`${name} must be None or a string, not ${typeName(given)}`)
    return given
  }
  for (const name of keywords?.keys() ?? [])
    if (!['sep', 'end', 'file', 'flush'].includes(name))
      throw typeError(`'${name}' is an invalid keyword argument for print()`)
  const text = args.map((arg) => str(vm, arg)).join(option('sep', ' ')) + option('end', '\n')
  const flush = keywords?.get('flush')
  const sys = vm.modules.get('sys')
  const file = keywords?.get('file') ?? sys?.attrs.get('stdout') ?? null
  if (file !== sys?.attrs.get('__stdout__')) {
    const write = findAttribute(vm, file, 'write')
    if (write === undefined) throw missingAttribute(file, 'write')
    return new TailCall(write, [text], undefined, () => {
      if (!flush) return null
      const flushes = findAttribute(vm, file, 'flush')
      return flushes === undefined ? null : new TailCall(flushes, [], undefined, () => null)
    })
  }
  const written = vm.host.write(text)
  if (!flush || flush === null) return written instanceof Wait ? new Wait(written.promise.then(() => null)) : null
  if (written instanceof Wait) return written
  const flushed = vm.host.flush()
  return flushed instanceof Control ? flushed : null
})

/** What every module sees. */
export function builtinNames(): Map<string, Value> {
  const names = functions({
    'abs(x)': (vm, x: Value) => {
      const whole = asInt(x)
      if (whole !== undefined) return whole < 0 ? (typeof whole === 'bigint' ? int(-whole) : -whole) : whole
      if (x instanceof PyFloat) return new PyFloat(Math.abs(x.value))
      const special = getSpecial(vm, x, '__abs__')
      if (special === undefined) throw typeError(`bad operand type for abs(): '${typeName(x)}'`)
      return vm.call(special, [])
    },
    'all(iterable!)': (vm, iterable: Value) => {
      const iterator = getIterator(vm, iterable)
      for (let next = nextValue(vm, iterator); next !== undefined; next = nextValue(vm, iterator))
        if (!truth(vm, next)) return false
      return true
    },
    'any(iterable!)': (vm, iterable: Value) => {
      const iterator = getIterator(vm, iterable)
      for (let next = nextValue(vm, iterator); next !== undefined; next = nextValue(vm, iterator))
        if (truth(vm, next)) return true
      return false
    },
    'ascii(x)': (vm, x: Value) => asciiOnly(repr(vm, x)),
    'bin(x)': (_vm, x: Value) => based(x, 2, '0b'),
    'oct(x)': (_vm, x: Value) => based(x, 8, '0o'),
    'hex(x)': (_vm, x: Value) => based(x, 16, '0x'),
    'callable(x)': (vm, x: Value) =>
      x instanceof PyFunction ||
      x instanceof PyNative ||
      x instanceof PyMethod ||
      x instanceof PyClass ||
      getSpecial(vm, x, '__call__') !== undefined,
    'chr(i)': (_vm, i: Value) => {
      const code = toIndex(i)
      if (code < 0 || code > 0x10ffff) throw valueError('chr() arg not in range(0x110000)')
      return String.fromCodePoint(code)
    },
    'delattr(object name)': (vm, object: Value, name: string) => {
      deleteAttribute(vm, object, name)
      return null
    },
    'dir(object?)': (vm, object?: Value) => {
      const found = new Set<string>()
      if (object === undefined) for (const name of (vm.caller.names ?? vm.caller.globals).keys()) found.add(name)
      else {
        if (object instanceof PyModule) for (const name of object.attrs.keys()) found.add(name)
        else {
          for (const name of object instanceof Obj ? (object.attrs?.keys() ?? []) : []) found.add(name)
          for (const cls of object instanceof PyClass ? object.mro : classOf(object).mro)
            for (const name of cls.dict.keys()) found.add(name)
        }
      }
      return new PyList([...found].sort())
    },
    'divmod(a b)': (vm, a: Value, b: Value) => new PyTuple([binary(vm, 4, a, b), binary(vm, 5, a, b)]),
    'enumerate(iterable start?)': (vm, iterable: Value, start?: Value) => {
      let at = start === undefined ? 0 : toIndex(start)
      if (plain(iterable)) {
        const made = lazily(vm, [iterable], (next) => () => {
          const row = next()
          return row && new PyTuple([at++, row[0]!])
        })
        if (made) return made
      }
      return new TailCall(vm.builtins.get('__enumerate__')!, [iterable, at])
    },
    'filter(function iterable)': (vm, test: Value, iterable: Value) =>
      vm.host.python2
        ? new TailCall(vm.builtins.get('__drain__')!, [vm.call(vm.builtins.get('__filter__')!, [test, iterable])])
        : new TailCall(vm.builtins.get('__filter__')!, [test, iterable]),
    'map(function *iterables)': (vm, code: Value, iterables: Value[]) => {
      const made = vm.call(vm.builtins.get(iterables.length === 1 ? '__map__' : '__map_many__')!, [code, ...iterables])
      return vm.host.python2 ? new TailCall(vm.builtins.get('__drain__')!, [made]) : made
    },
    'zip(*iterables strict?)': (vm, iterables: Value[], strict?: Value) => {
      if (strict === true && new Set(iterables.map((each) => size(vm, each))).size > 1) {
        const sizes = iterables.map((each) => Number(size(vm, each)))
        const at = sizes.findIndex((each) => each !== sizes[0])
        throw valueError(
          `zip() argument ${at + 1} is ${sizes[at]! < sizes[0]! ? 'shorter' : 'longer'} than argument ${at === 1 ? '1' : `s 1-${at}`}`,
        )
      }
      if (iterables.every(plain)) {
        const made = lazily(vm, iterables, (next) => () => {
          const row = iterables.length > 0 ? next() : undefined
          return row && new PyTuple(row)
        })
        if (made) return vm.host.python2 ? new PyList([...valuesOf(vm, made)]) : made
      }
      return new TailCall(vm.builtins.get('__zip__')!, iterables)
    },
    'format(value spec?)': (vm, value: Value, spec: string = '') => format(vm, value, spec),
    'getattr(object name default?)': (vm, object: Value, name: Value, fallback?: Value) => {
      if (typeof name !== 'string') throw typeError(`attribute name must be string, not '${typeName(name)}'`)
      try {
        const found = findAttribute(vm, object, name)
        if (found !== undefined) return found
      } catch (thrown) {
        if (!(thrown instanceof PyError && thrown.exception.cls.name === 'AttributeError' && fallback !== undefined))
          throw thrown
      }
      if (fallback !== undefined) return fallback
      throw missingAttribute(object, name)
    },
    globals: (vm) => PyDict.over(vm.caller.globals),
    'hasattr(object name)': (vm, object: Value, name: string) => {
      try {
        return findAttribute(vm, object, name) !== undefined
      } catch (thrown) {
        if (thrown instanceof PyError && thrown.exception.cls.name === 'AttributeError') return false
        throw thrown
      }
    },
    'hash(x)': (vm, x: Value) => {
      if (x instanceof PyTuple)
        return x.items.reduce(
          (hash: number, item) =>
            (hash * 1000003 + Number(asInt(vm.call(vm.builtins.get('hash')!, [item])) ?? 0)) % 2 ** 48,
          3430008,
        )
      const method = classOf(x).lookup('__hash__')
      if (method === null || method === undefined) throw typeError(`unhashable type: '${typeName(x)}'`)
      return vm.call(method, [x])
    },
    'id(x)': (vm, x: Value) => vm.identity(x),
    'isinstance(object types)': (vm, object: Value, types: Value) =>
      isInstanceOf(vm, classOf(object), types, 'isinstance'),
    'issubclass(cls types)': (vm, cls: Value, types: Value) => {
      if (!(cls instanceof PyClass)) throw typeError('issubclass() arg 1 must be a class')
      return isInstanceOf(vm, cls, types, 'issubclass')
    },
    'iter(iterable sentinel?)': (vm, iterable: Value, sentinel?: Value) =>
      sentinel === undefined
        ? getIterator(vm, iterable)
        : new TailCall(vm.builtins.get('__until__')!, [iterable, sentinel]),
    'len(x)': (vm, x: Value) => size(vm, x),
    locals: (vm) => {
      const { caller } = vm
      if (caller.names) return PyDict.over(caller.names)
      if (caller.code.named) return PyDict.over(caller.globals)
      return PyDict.of(
        caller.code.locals.flatMap((name, i): [Value, Value][] =>
          caller.locals[i] === undefined ? [] : [[name, caller.locals[i]!]],
        ),
      )
    },
    'max(*args key? default?)': (vm, args: Value[], key?: Value, fallback?: Value) =>
      extreme(vm, 'max', args, key, fallback),
    'min(*args key? default?)': (vm, args: Value[], key?: Value, fallback?: Value) =>
      extreme(vm, 'min', args, key, fallback),
    'next(iterator default?)': (vm, iterator: Value, fallback?: Value) => {
      if (iterator instanceof PyGenerator && fallback === undefined) return new Resume(iterator, null)
      if (iterator instanceof PyIterator && fallback === undefined) {
        const value = iterator.next()
        if (value === undefined) throw error('StopIteration')
        return value
      }
      if (fallback === undefined) {
        const method = getSpecial(vm, iterator, '__next__')
        if (method === undefined) throw typeError(`'${typeName(iterator)}' object is not an iterator`)
        return new TailCall(method, [])
      }
      return nextValue(vm, iterator) ?? fallback
    },
    'ord(c)': (_vm, c: Value) => {
      const text = c instanceof PyBytes ? String.fromCharCode(...c.data) : c
      if (typeof text !== 'string') throw typeError(`ord() expected string of length 1, but ${typeName(c)} found`)
      if (length(text) !== 1) throw typeError(`ord() expected a character, but string of length ${length(text)} found`)
      return text.codePointAt(0)!
    },
    'pow(base exp mod?)': (vm, base: Value, exponent: Value, modulus?: Value) => {
      if (modulus === undefined || modulus === null) return binary(vm, 6, base, exponent)
      let [b, e, m] = [base, exponent, modulus].map((each) => BigInt(asInt(each)!)) as [bigint, bigint, bigint]
      if (m === 0n) throw valueError('pow() 3rd argument cannot be 0')
      if (e < 0n) {
        b = inverse(b, m)
        e = -e
      }
      let result = 1n
      for (b = floorModulo(b, m); e > 0n; e >>= 1n) {
        if (e & 1n) result = (result * b) % m
        b = (b * b) % m
      }
      return int(floorModulo(result, m))
    },
    'repr(x)': (vm, x: Value) => repr(vm, x),
    'reversed(sequence)': (vm, sequence: Value) => {
      const method = getSpecial(vm, sequence, '__reversed__')
      if (method !== undefined) return vm.call(method, [])
      if (sequence instanceof PySet || sequence instanceof PyGenerator)
        throw typeError(`'${typeName(sequence)}' object is not reversible`)
      return over([...valuesOf(vm, sequence)].reverse())
    },
    'round(number ndigits?)': (vm, number: Value, digits?: Value) => {
      const whole = asInt(number)
      if (whole !== undefined) {
        if (digits === undefined || digits === null || toIndex(digits) >= 0) return whole
        const unit = 10 ** -toIndex(digits)
        return roundHalfEven(Number(whole) / unit) * unit
      }
      if (!(number instanceof PyFloat)) {
        const special = getSpecial(vm, number, '__round__')
        if (special === undefined) throw typeError(`type ${typeName(number)} doesn't define __round__ method`)
        return vm.call(special, digits === undefined ? [] : [digits])
      }
      if (digits !== undefined && digits !== null) return new PyFloat(roundTo(number.value, toIndex(digits)))
      if (vm.host.python2) return new PyFloat(Math.round(number.value))
      if (Number.isNaN(number.value)) throw valueError('cannot convert float NaN to integer')
      if (!Number.isFinite(number.value)) throw error('OverflowError', 'cannot convert float infinity to integer')
      return int(BigInt(roundHalfEven(number.value)))
    },
    'setattr(object name value)': (vm, object: Value, name: string, value: Value) => {
      setAttribute(vm, object, name, value)
      return null
    },
    'sorted(iterable! *none key? reverse?)': (vm, iterable: Value, _none: Value[], key?: Value, reverse?: Value) => {
      const made = new PyList([...valuesOf(vm, iterable)])
      const options = new Map<string, Value>()
      if (key !== undefined) options.set('key', key)
      if (reverse !== undefined) options.set('reverse', reverse)
      return new TailCall(listClass.dict.get('sort')!, [made], options, () => made)
    },
    'sum(iterable! start?)': (vm, iterable: Value, start: Value = 0) => {
      if (typeof start === 'string') throw typeError("sum() can't sum strings [use ''.join(seq) instead]")
      const values = valuesOf(vm, iterable)
      let total: Value = start
      for (const value of values) total = binary(vm, 0, total, value)
      return total
    },
    'vars(object?)': (vm, object?: Value) => {
      if (object === undefined) return vm.call(names.get('locals')!, [])
      const found = findAttribute(vm, object, '__dict__')
      if (found === undefined) throw typeError('vars() argument must have __dict__ attribute')
      return found
    },
    '__throw__(generator exception)': (_vm, generator: PyGenerator, exception: PyException) =>
      new Resume(generator, null, exception),
  })
  for (const cls of [
    boolClass,
    bytearrayClass,
    bytesClass,
    classmethodClass,
    dictClass,
    floatClass,
    frozensetClass,
    intClass,
    listClass,
    objectClass,
    propertyClass,
    rangeClass,
    setClass,
    sliceClass,
    staticmethodClass,
    strClass,
    superClass,
    tupleClass,
    typeClass,
  ])
    names.set(cls.name, cls)
  for (const [name, cls] of exceptionClasses) names.set(name, cls)
  names.set('print', print)
  names.set('Ellipsis', Ellipsis)
  names.set('NotImplemented', NotImplemented)
  names.set('__debug__', true)
  names.set('__name__', 'builtins')
  return names
}

function based(x: Value, radix: number, prefix: string): string {
  const whole = asInt(x)
  if (whole === undefined) throw typeError(`'${typeName(x)}' object cannot be interpreted as an integer`)
  return `${whole < 0 ? '-' : ''}${prefix}${(whole < 0 ? -whole : whole).toString(radix)}`
}

function inverse(a: bigint, m: bigint): bigint {
  let [r, next, t, tNext] = [m, floorModulo(a, m), 0n, 1n]
  while (next !== 0n) {
    const quotient = r / next
    ;[t, tNext] = [tNext, t - quotient * tNext]
    ;[r, next] = [next, r - quotient * next]
  }
  if (r !== 1n) throw valueError('base is not invertible for the given modulus')
  return floorModulo(t, m)
}
