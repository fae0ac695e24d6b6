import { toInteger } from '../builtins/number-methods.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { functions } from '../objects/native.ts'
import { asFloat, asInt, floorModulo, int } from '../objects/numbers.ts'
import { PyFloat, PyTuple, typeName, type Value } from '../objects/value.ts'
import { getSpecial } from '../vm/attributes.ts'
import { valuesOf } from '../vm/iterate.ts'
import { binary } from '../vm/operators.ts'
import type { ModuleDefinition } from './module.ts'

function real(value: Value): number {
  const float = asFloat(value)
  if (float === undefined) throw typeError(`must be real number, not ${typeName(value)}`)
  return float
}

const float = (value: number) => new PyFloat(value)

function checked(compute: (x: number) => number) {
  return (_vm: unknown, x: Value) => {
    const given = real(x)
    const result = compute(given)
    if (Number.isNaN(result) && !Number.isNaN(given)) throw valueError('math domain error')
    if (!Number.isFinite(result) && Number.isFinite(given))
      throw Math.abs(given) < 1 || given === 0
        ? valueError('math domain error')
        : error('OverflowError', 'math range error')
    return float(result)
  }
}

function whole(value: Value, name: string): bigint {
  const given = asInt(value)
  if (given === undefined) throw typeError(`'${typeName(value)}' object cannot be interpreted as an integer`)
  if (given < 0) throw valueError(`${name}() not defined for negative values`)
  return BigInt(given)
}

function gcd(a: bigint, b: bigint): bigint {
  while (b !== 0n) [a, b] = [b, floorModulo(a, b)]
  return a < 0n ? -a : a
}

function root(n: bigint): bigint {
  if (n < 2n) return n
  let x = BigInt(Math.floor(Math.sqrt(Number(n))))
  while (x * x > n) x -= 1n
  while ((x + 1n) * (x + 1n) <= n) x += 1n
  return x
}

const rounding =
  (method: string, round: (x: number) => number) => (vm: import('../vm/interpreter.ts').Interpreter, x: Value) => {
    if (asInt(x) !== undefined) return asInt(x)!
    if (x instanceof PyFloat) return toInteger(float(round(x.value)))!
    const special = getSpecial(vm, x, method)
    if (special === undefined) throw typeError(`must be real number, not ${typeName(x)}`)
    return vm.call(special, [])
  }

export const math: ModuleDefinition = {
  names: () => {
    const names = functions({
      'sqrt(x)': checked(Math.sqrt),
      'exp(x)': checked(Math.exp),
      'log(x base?)': (_vm, x: Value, base?: Value) => {
        const given = asInt(x)
        if (typeof given === 'bigint' && given > 0n) {
          const digits = given.toString()
          const log = Math.log(Number(`0.${digits.slice(0, 17)}`)) + digits.length * Math.LN10
          return float(base === undefined ? log : log / Math.log(real(base)))
        }
        if (real(x) <= 0) throw valueError('math domain error')
        return float(
          base === undefined
            ? Math.log(real(x))
            : real(base) === 2
              ? Math.log2(real(x))
              : real(base) === 10
                ? Math.log10(real(x))
                : Math.log(real(x)) / Math.log(real(base)),
        )
      },
      'log2(x)': checked(Math.log2),
      'log10(x)': checked(Math.log10),
      'log1p(x)': checked(Math.log1p),
      'sin(x)': checked(Math.sin),
      'cos(x)': checked(Math.cos),
      'tan(x)': checked(Math.tan),
      'asin(x)': checked(Math.asin),
      'acos(x)': checked(Math.acos),
      'atan(x)': checked(Math.atan),
      'sinh(x)': checked(Math.sinh),
      'cosh(x)': checked(Math.cosh),
      'tanh(x)': checked(Math.tanh),
      'atan2(y x)': (_vm, y: Value, x: Value) => float(Math.atan2(real(y), real(x))),
      'degrees(x)': (_vm, x: Value) => float((real(x) * 180) / Math.PI),
      'radians(x)': (_vm, x: Value) => float((real(x) * Math.PI) / 180),
      'hypot(*xs)': (_vm, xs: Value[]) => float(Math.hypot(...xs.map(real))),
      'dist(p q)': (vm, p: Value, q: Value) => {
        const other = valuesOf(vm, q)
        return float(Math.hypot(...valuesOf(vm, p).map((x, i) => real(x) - real(other[i]!))))
      },
      'fabs(x)': (_vm, x: Value) => float(Math.abs(real(x))),
      'fmod(x y)': (_vm, x: Value, y: Value) => float(real(x) % real(y)),
      'modf(x)': (_vm, x: Value) => new PyTuple([float(real(x) - Math.trunc(real(x))), float(Math.trunc(real(x)))]),
      'pow(x y)': (_vm, x: Value, y: Value) => float(real(x) ** real(y)),
      'copysign(x y)': (_vm, x: Value, y: Value) =>
        float(Math.abs(real(x)) * (real(y) < 0 || Object.is(real(y), -0) ? -1 : 1)),
      'floor(x)': rounding('__floor__', Math.floor),
      'ceil(x)': rounding('__ceil__', Math.ceil),
      'trunc(x)': rounding('__trunc__', Math.trunc),
      'isnan(x)': (_vm, x: Value) => Number.isNaN(real(x)),
      'isinf(x)': (_vm, x: Value) => !Number.isFinite(real(x)) && !Number.isNaN(real(x)),
      'isfinite(x)': (_vm, x: Value) => Number.isFinite(real(x)),
      'isclose(a b *none rel_tol? abs_tol?)': (
        _vm,
        a: Value,
        b: Value,
        _none: Value[],
        relative?: Value,
        absolute?: Value,
      ) => {
        const [x, y] = [real(a), real(b)]
        return (
          x === y ||
          Math.abs(x - y) <=
            Math.max(
              (relative === undefined ? 1e-9 : real(relative)) * Math.max(Math.abs(x), Math.abs(y)),
              absolute === undefined ? 0 : real(absolute),
            )
        )
      },
      'isqrt(n)': (_vm, n: Value) => int(root(whole(n, 'isqrt'))),
      'factorial(n)': (vm, n: Value) => {
        const top = whole(n, 'factorial')
        let result = 1n
        for (let i = 2n; i <= top; i++) result *= i
        vm.host.charge(Number(top) * 10)
        return int(result)
      },
      'gcd(*values)': (_vm, values: Value[]) => int(values.reduce((a: bigint, b) => gcd(a, BigInt(asInt(b)!)), 0n)),
      'lcm(*values)': (_vm, values: Value[]) =>
        int(values.reduce((a: bigint, b) => (b === 0 ? 0n : (a * BigInt(asInt(b)!)) / gcd(a, BigInt(asInt(b)!))), 1n)),
      'comb(n k)': (_vm, n: Value, k: Value) => {
        const [top, pick] = [whole(n, 'comb'), whole(k, 'comb')]
        if (pick > top) return 0
        let result = 1n
        for (let i = 1n; i <= pick; i++) result = (result * (top - pick + i)) / i
        return int(result)
      },
      'perm(n k?)': (_vm, n: Value, k?: Value) => {
        const top = whole(n, 'perm')
        const pick = k === undefined || k === null ? top : whole(k, 'perm')
        let result = 1n
        for (let i = 0n; i < pick; i++) result *= top - i
        return int(result)
      },
      'prod(iterable! *none start?)': (vm, iterable: Value, _none: Value[], start: Value = 1) =>
        valuesOf(vm, iterable).reduce((a, b) => binary(vm, 2, a, b), start),
      'fsum(iterable!)': (vm, iterable: Value) => float(preciseSum(valuesOf(vm, iterable).map(real))),
      'erf(x)': (_vm, x: Value) => {
        const given = real(x)
        const t = 1 / (1 + 0.3275911 * Math.abs(given))
        const y =
          1 -
          ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t + 0.254829592) *
            t *
            Math.exp(-given * given)
        return float(given < 0 ? -y : y)
      },
    })
    for (const [name, value] of Object.entries({
      pi: Math.PI,
      e: Math.E,
      tau: Math.PI * 2,
      inf: Number.POSITIVE_INFINITY,
      nan: Number.NaN,
    }))
      names.set(name, float(value))
    return names
  },
}

/** Shewchuk's exact partial sums. */
function preciseSum(values: readonly number[]): number {
  let partials: number[] = []
  for (let x of values) {
    const kept: number[] = []
    for (let y of partials) {
      if (Math.abs(x) < Math.abs(y)) [x, y] = [y, x]
      const high = x + y
      const low = y - (high - x)
      if (low !== 0) kept.push(low)
      x = high
    }
    partials = [...kept, x]
  }
  return partials.reduceRight((sum, each) => sum + each, 0)
}
