import { type Applet, complain } from '../applet/applet.ts'
import { readInputText } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'

class BcError extends Error {}

/** Decimal numbers as bc has them: an integer of 10^-scale. */
interface Decimal {
  value: bigint
  scale: number
}

const MAX_SCALE = 1000
const power = (n: number) => 10n ** BigInt(n)
const rescale = ({ value, scale }: Decimal, to: number): bigint =>
  to >= scale ? value * power(to - scale) : value / power(scale - to)

function format({ value, scale }: Decimal): string {
  const digits = (value < 0n ? -value : value).toString().padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale).replace(/^0+/, '')
  const text = scale === 0 ? whole || '0' : `${whole}.${digits.slice(digits.length - scale)}`
  return value === 0n ? '0' : `${value < 0n ? '-' : ''}${text}`
}

/** bc for expressions, variables and `scale`; statements of its language are not simulated. */
export const bc: Applet = async (call) => {
  const options = parseOptions(call, { short: 'lqsiwv', long: { mathlib: 'l', quiet: 'q' } })
  const variables = new Map<string, Decimal>()
  let scale = options.has('l') ? 20 : 0
  const text = await readInputText(call.process, options.operands[0] ?? '-')
  for (const line of text.split(/[;\n]/)) {
    if (line.trim() === '') continue
    if (line.trim() === 'quit') return 0
    try {
      const shown = evaluate(line)
      if (shown !== undefined) await call.process.print(`${shown}\n`)
    } catch (error) {
      if (!(error instanceof BcError)) throw error
      await complain(call, error.message)
    }
  }
  return 0

  function evaluate(line: string): string | undefined {
    const tokens = line.match(/\d*\.\d+|\d+\.?|[a-z_]\w*|[<>=!]=|[-+*/%^()=<>]|\S/g) ?? []
    let at = 0
    const assignment = /^\s*[a-z_]\w*\s*=(?!=)/.test(line)
    const result = compare()
    if (at < tokens.length) throw new BcError(`(standard_in) 1: syntax error`)
    return assignment ? undefined : format(result)

    function compare(): Decimal {
      const name = tokens[at]
      if (name && /^[a-z]/.test(name) && tokens[at + 1] === '=') {
        at += 2
        const value = compare()
        if (name === 'scale') scale = Math.min(MAX_SCALE, Number(rescale(value, 0)))
        else variables.set(name, value)
        return value
      }
      const left = sum()
      const operator = tokens[at]
      if (!operator || !/^([<>]=?|[=!]=)$/.test(operator)) return left
      at++
      const right = sum()
      const most = Math.max(left.scale, right.scale)
      const [a, b] = [rescale(left, most), rescale(right, most)]
      const truth =
        operator === '<'
          ? a < b
          : operator === '>'
            ? a > b
            : operator === '<='
              ? a <= b
              : operator === '>='
                ? a >= b
                : operator === '=='
                  ? a === b
                  : a !== b
      return { value: truth ? 1n : 0n, scale: 0 }
    }

    function sum(): Decimal {
      let left = product()
      while (tokens[at] === '+' || tokens[at] === '-') {
        const minus = tokens[at++] === '-'
        const right = product()
        const most = Math.max(left.scale, right.scale)
        left = { value: rescale(left, most) + (minus ? -1n : 1n) * rescale(right, most), scale: most }
      }
      return left
    }

    function product(): Decimal {
      let left = raised()
      while (tokens[at] === '*' || tokens[at] === '/' || tokens[at] === '%') {
        const operator = tokens[at++]
        const right = raised()
        if (operator === '*') {
          const to = Math.min(left.scale + right.scale, Math.max(scale, left.scale, right.scale))
          left = { value: rescale({ value: left.value * right.value, scale: left.scale + right.scale }, to), scale: to }
          continue
        }
        if (right.value === 0n) throw new BcError('Runtime error (func=(main), adr=3): Divide by zero')
        const quotient: Decimal = {
          value: (left.value * power(scale + right.scale)) / (right.value * power(left.scale)),
          scale,
        }
        if (operator === '/') left = quotient
        else {
          const to = Math.max(left.scale, scale + right.scale)
          left = {
            value:
              rescale(left, to) -
              rescale({ value: quotient.value * right.value, scale: quotient.scale + right.scale }, to),
            scale: to,
          }
        }
      }
      return left
    }

    function raised(): Decimal {
      const base = unary()
      if (tokens[at] !== '^') return base
      at++
      const exponent = Number(rescale(raised(), 0))
      if (Math.abs(exponent) > 10_000) throw new BcError('not simulated: such a large power')
      if (exponent < 0) return { value: power(scale + base.scale * -exponent) / base.value ** BigInt(-exponent), scale }
      const to = Math.min(base.scale * exponent, Math.max(scale, base.scale))
      return { value: rescale({ value: base.value ** BigInt(exponent), scale: base.scale * exponent }, to), scale: to }
    }

    function unary(): Decimal {
      const token = tokens[at++]
      if (token === '-') {
        const inner = unary()
        return { value: -inner.value, scale: inner.scale }
      }
      if (token === '(') {
        const inner = compare()
        if (tokens[at++] !== ')') throw new BcError('(standard_in) 1: syntax error')
        return inner
      }
      if (token === undefined) throw new BcError('(standard_in) 1: syntax error')
      if (/^[\d.]/.test(token)) {
        const [whole = '', fraction = ''] = token.split('.')
        return { value: BigInt(`${whole}${fraction}` || '0'), scale: fraction.length }
      }
      if (!/^[a-z]/.test(token)) throw new BcError('(standard_in) 1: syntax error')
      if (token === 'scale') return { value: BigInt(scale), scale: 0 }
      if (token === 'sqrt' && tokens[at] === '(') {
        const inner = unary()
        const to = Math.max(scale, inner.scale)
        return { value: squareRoot(rescale(inner, to * 2)), scale: to }
      }
      if (tokens[at] === '(' || /^(if|for|while|define|print|return)$/.test(token))
        throw new BcError(`not simulated: ${token}`)
      return variables.get(token) ?? { value: 0n, scale: 0 }
    }
  }
}

function squareRoot(value: bigint): bigint {
  if (value < 0n) throw new BcError('Runtime error (func=(main), adr=5): Square root of a negative number')
  if (value < 2n) return value
  let guess = 1n << BigInt(Math.ceil(value.toString(2).length / 2))
  for (;;) {
    const next = (guess + value / guess) >> 1n
    if (next >= guess) return guess
    guess = next
  }
}
