import { brief, compare, isObject, JqError, type Json, typeOf } from './value.ts'

/** Arithmetic and comparison of two values. */
export function binary(operator: string, a: Json, b: Json): Json {
  const fail = (verb: string, more = ''): never => {
    throw new JqError(`${typeOf(a)} (${brief(a)}) and ${typeOf(b)} (${brief(b)}) cannot be ${verb}${more}`)
  }
  const numbers = typeof a === 'number' && typeof b === 'number'
  switch (operator) {
    case '+':
      if (a === null) return b
      if (b === null) return a
      if (typeof a === 'number' && typeof b === 'number') return a + b
      if (typeof a === 'string' && typeof b === 'string') return a + b
      if (Array.isArray(a) && Array.isArray(b)) return [...a, ...b]
      if (isObject(a) && isObject(b)) return { ...a, ...b }
      return fail('added')
    case '-':
      if (typeof a === 'number' && typeof b === 'number') return a - b
      if (Array.isArray(a) && Array.isArray(b)) return a.filter((item) => !b.some((each) => compare(item, each) === 0))
      return fail('subtracted')
    case '*':
      if (typeof a === 'number' && typeof b === 'number') return a * b
      if (typeof a === 'string' && typeof b === 'number') return b > 0 ? a.repeat(Math.max(1, Math.floor(b))) : null
      if (isObject(a) && isObject(b)) return merge(a, b)
      return fail('multiplied')
    case '/':
      if (typeof a === 'string' && typeof b === 'string') return a === '' ? [] : a.split(b)
      if (!numbers) return fail('divided')
      return b === 0 ? fail('divided', ' because the divisor is zero') : a / b
    case '%': {
      if (!numbers) return fail('divided')
      const divisor = Math.abs(Math.trunc(b))
      return divisor === 0 ? fail('divided', ' because the divisor is zero') : Math.trunc(a) % divisor
    }
    case '==':
      return compare(a, b) === 0
    case '!=':
      return compare(a, b) !== 0
    case '<':
      return compare(a, b) < 0
    case '<=':
      return compare(a, b) <= 0
    case '>':
      return compare(a, b) > 0
    default:
      return compare(a, b) >= 0
  }
}

function merge(a: { [key: string]: Json }, b: { [key: string]: Json }): Json {
  const out = { ...a }
  for (const [key, value] of Object.entries(b)) {
    const old = out[key]
    out[key] = isObject(old) && isObject(value) ? merge(old, value) : value
  }
  return out
}
