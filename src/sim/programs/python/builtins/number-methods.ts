import { error, typeError, valueError } from '../objects/errors.ts'
import { methods } from '../objects/native.ts'
import { asFloat, asInt, int, toIndex } from '../objects/numbers.ts'
import { quote } from '../objects/text.ts'
import {
  boolClass,
  floatClass,
  intClass,
  PyBytes,
  type PyClass,
  PyFloat,
  PyGetSet,
  PyTuple,
  typeName,
  type Value,
} from '../objects/value.ts'
import { getSpecial } from '../vm/attributes.ts'
import { truth } from '../vm/operators.ts'
import { format } from '../vm/text.ts'

function parseInteger(text: string, base: number): number | bigint {
  const bad = () => valueError(`invalid literal for int() with base ${base}: ${quote(text)}`)
  const m = /^\s*([+-]?)(0[xX]|0[oO]|0[bB])?([\da-zA-Z_]+)\s*$/.exec(text)
  if (!m) throw bad()
  let [, sign, prefix, digits] = m as unknown as [string, string, string | undefined, string]
  let radix = base
  const prefixBase = prefix === undefined ? undefined : { x: 16, o: 8, b: 2 }[prefix[1]!.toLowerCase()]
  if (prefixBase !== undefined && (base === 0 || base === prefixBase)) radix = prefixBase
  else if (prefix !== undefined) digits = prefix + digits
  if (radix === 0) radix = 10
  if (digits.startsWith('_') || digits.endsWith('_') || digits.includes('__')) throw bad()
  digits = digits.replaceAll('_', '').toLowerCase()
  for (const digit of digits)
    if (Number.parseInt(digit, 36) >= radix || Number.isNaN(Number.parseInt(digit, 36))) throw bad()
  if (radix === 10) {
    const value = int(BigInt(digits))
    return sign === '-' ? (value === 0 ? 0 : -value) : value
  }
  let total = 0n
  for (const digit of digits) total = total * BigInt(radix) + BigInt(Number.parseInt(digit, 36))
  return int(sign === '-' ? -total : total)
}

export function toInteger(value: Value): number | bigint | undefined {
  const whole = asInt(value)
  if (whole !== undefined) return whole
  if (!(value instanceof PyFloat)) return undefined
  if (Number.isNaN(value.value)) throw valueError('cannot convert float NaN to integer')
  if (!Number.isFinite(value.value)) throw error('OverflowError', 'cannot convert float infinity to integer')
  const cut = Math.trunc(value.value)
  return Number.isSafeInteger(cut) ? (cut === 0 ? 0 : cut) : int(BigInt(cut))
}

const bits = (value: number | bigint): number =>
  value === 0 ? 0 : (value < 0 ? -BigInt(value) : BigInt(value)).toString(2).length

methods(intClass, {
  '__new__(cls x? base?)': (vm, _cls: PyClass, value?: Value, base?: Value) => {
    if (value === undefined) return 0
    if (typeof value === 'string') return parseInteger(value, base === undefined ? 10 : toIndex(base))
    if (base !== undefined) throw typeError("int() can't convert non-string with explicit base")
    if (value instanceof PyBytes) return parseInteger(String.fromCharCode(...value.data), 10)
    const whole = toInteger(value)
    if (whole !== undefined) return whole
    const special =
      getSpecial(vm, value, '__int__') ?? getSpecial(vm, value, '__index__') ?? getSpecial(vm, value, '__trunc__')
    if (special === undefined)
      throw typeError(`int() argument must be a string, a bytes-like object or a real number, not '${typeName(value)}'`)
    return vm.call(special, [])
  },
  bit_length: (_vm, self: Value) => bits(asInt(self)!),
  bit_count: (_vm, self: Value) => BigInt(asInt(self)!).toString(2).replace(/[^1]/g, '').length,
  'to_bytes(length byteorder? *none signed?)': (_vm, self: Value, length: Value, order?: Value) => {
    let rest = BigInt(asInt(self)!)
    const data = new Uint8Array(toIndex(length))
    for (let i = 0; i < data.length; i++) {
      data[i] = Number(rest & 255n)
      rest >>= 8n
    }
    if (rest !== 0n) throw error('OverflowError', 'int too big to convert')
    return new PyBytes(order === 'little' ? data : data.reverse())
  },
  'from_bytes(data byteorder?)': (_vm, self: Value, data?: Value, order?: Value) => {
    // Called on the class: the first argument is the data.
    const [bytes, way] = self instanceof PyBytes ? [self.data, data] : [(data as PyBytes).data, order]
    let total = 0n
    for (const byte of way === 'little' ? [...bytes].reverse() : bytes) total = total * 256n + BigInt(byte)
    return int(total)
  },
  conjugate: (_vm, self: Value) => self,
  is_integer: () => true,
  as_integer_ratio: (_vm, self: Value) => new PyTuple([self, 1]),
  __hash__: (_vm, self: Value) => {
    const value = asInt(self)!
    return typeof value === 'number' && Math.abs(value) < 2 ** 52
      ? value === -1
        ? -2
        : value
      : int(BigInt(value) % 2305843009213693951n)
  },
  __int__: (_vm, self: Value) => asInt(self)!,
  __index__: (_vm, self: Value) => asInt(self)!,
  __float__: (_vm, self: Value) => new PyFloat(Number(asInt(self)!)),
  '__format__(spec)': (vm, self: Value, spec: string) => format(vm, self, spec),
})
for (const [name, value] of [
  ['real', (self: Value) => asInt(self)!],
  ['imag', () => 0],
  ['numerator', (self: Value) => asInt(self)!],
  ['denominator', () => 1],
] as const)
  intClass.dict.set(name, new PyGetSet(value))

methods(boolClass, { '__new__(cls x?)': (vm, _cls, value?: Value) => value !== undefined && truth(vm, value) })

methods(floatClass, {
  '__new__(cls x?)': (vm, _cls: PyClass, value?: Value) => {
    if (value === undefined) return new PyFloat(0)
    if (typeof value === 'string') {
      const text = value.trim().replace(/(\d)_(?=\d)/g, '$1')
      const word = /^([+-]?)(inf|infinity|nan)$/i.exec(text)
      if (word)
        return new PyFloat(
          /nan/i.test(word[2]!) ? Number.NaN : word[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY,
        )
      if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text))
        throw valueError(`could not convert string to float: ${quote(value)}`)
      return new PyFloat(Number(text))
    }
    const float = asFloat(value)
    if (float !== undefined) {
      if (typeof value === 'bigint' && !Number.isFinite(float))
        throw error('OverflowError', 'int too large to convert to float')
      return new PyFloat(float)
    }
    const special = getSpecial(vm, value, '__float__')
    if (special === undefined)
      throw typeError(`float() argument must be a string or a real number, not '${typeName(value)}'`)
    return vm.call(special, [])
  },
  is_integer: (_vm, self: PyFloat) => Number.isInteger(self.value),
  as_integer_ratio: (_vm, self: PyFloat) => {
    let denominator = 1n
    let value = self.value
    while (!Number.isInteger(value)) {
      value *= 2
      denominator *= 2n
    }
    return new PyTuple([int(BigInt(value)), int(denominator)])
  },
  hex: (_vm, self: PyFloat) => String(self.value),
  conjugate: (_vm, self: PyFloat) => self,
  __hash__: (_vm, self: PyFloat) => (Number.isInteger(self.value) ? self.value : Math.floor(self.value * 2 ** 31)),
  __int__: (_vm, self: PyFloat) => toInteger(self)!,
  __float__: (_vm, self: PyFloat) => self,
  '__format__(spec)': (vm, self: Value, spec: string) => format(vm, self, spec),
})
floatClass.dict.set('real', new PyGetSet((self: PyFloat) => self))
floatClass.dict.set('imag', new PyGetSet(() => new PyFloat(0)))
