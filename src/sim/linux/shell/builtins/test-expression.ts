import type { Process } from '../../process.ts'
import { compareStrings, fileTest, isUnaryOperator } from './test-primaries.ts'

/** A mistake in a test's words; the message is bash's. */
export class TestSyntaxError extends Error {}

type Context = Parameters<typeof fileTest>[0] & { process: Process }

const NUMERIC = ['-eq', '-ne', '-lt', '-le', '-gt', '-ge']
const BINARY = [...NUMERIC, '=', '==', '!=', '<', '>', '-nt', '-ot', '-ef']

/** Evaluates the words of `test` (without the closing bracket). */
export function evaluateTest(
  context: Context,
  words: readonly string[],
  style: 'bash' | 'ash' | 'dash' = 'bash',
): boolean {
  const [a = '', b = '', c = ''] = words
  switch (words.length) {
    case 0:
      return false
    case 1:
      return a !== ''
    case 2:
      if (a === '!') return b === ''
      if (isUnaryOperator(a)) return fileTest(context, a, b)
      throw new TestSyntaxError(
        style === 'bash'
          ? `${a}: unary operator expected`
          : style === 'dash'
            ? `${a}: unexpected operator`
            : `${b}: unknown operand`,
      )
    case 3:
      if (BINARY.includes(b)) return binary(context, a, b, c, style)
      if (b === '-a') return a !== '' && c !== ''
      if (b === '-o') return a !== '' || c !== ''
      if (a === '!') return !evaluateTest(context, [b, c], style)
      if (a === '(' && c === ')') return b !== ''
      throw new TestSyntaxError(
        style === 'bash'
          ? `${b}: binary operator expected`
          : style === 'dash'
            ? `${b}: unexpected operator`
            : `${b}: unknown operand`,
      )
    case 4:
      if (a === '!') return !evaluateTest(context, words.slice(1), style)
      if (a === '(' && words[3] === ')') return evaluateTest(context, [b, c], style)
  }
  const parser = new Parser(context, words, style)
  const value = parser.or()
  if (parser.rest.length > 0) {
    throw new TestSyntaxError(
      style === 'bash'
        ? 'too many arguments'
        : style === 'dash'
          ? `${parser.rest[0]}: unexpected operator`
          : `${parser.rest[0]}: unknown operand`,
    )
  }
  return value
}

function binary(context: Context, left: string, operator: string, right: string, style: string): boolean {
  if (!NUMERIC.includes(operator)) return compareStrings(context, operator, left, right) ?? false
  const [x, y] = [integer(left, style), integer(right, style)]
  return { '-eq': x === y, '-ne': x !== y, '-lt': x < y, '-le': x <= y, '-gt': x > y, '-ge': x >= y }[operator] ?? false
}

function integer(text: string, style: string): bigint {
  if (/^\s*[+-]?\d+\s*$/.test(text)) return BigInt(text.trim().replace(/^\+/, ''))
  throw new TestSyntaxError(
    style === 'bash'
      ? `${text}: integer expression expected`
      : style === 'dash'
        ? `Illegal number: ${text}`
        : `${text}: bad number`,
  )
}

class Parser {
  readonly #context: Context
  readonly #words: readonly string[]
  readonly #style: 'bash' | 'ash' | 'dash'
  #at = 0

  constructor(context: Context, words: readonly string[], style: 'bash' | 'ash' | 'dash') {
    this.#context = context
    this.#words = words
    this.#style = style
  }

  get rest(): readonly string[] {
    return this.#words.slice(this.#at)
  }

  or(): boolean {
    let value = this.#and()
    while (this.#words[this.#at] === '-o') {
      this.#at++
      value = this.#and() || value
    }
    return value
  }

  #and(): boolean {
    let value = this.#not()
    while (this.#words[this.#at] === '-a') {
      this.#at++
      value = this.#not() && value
    }
    return value
  }

  #not(): boolean {
    if (this.#words[this.#at] === '!') {
      this.#at++
      return !this.#not()
    }
    return this.#primary()
  }

  #primary(): boolean {
    const word = this.#words[this.#at]
    if (word === undefined) throw new TestSyntaxError('argument expected')
    const next = this.#words[this.#at + 1]
    if (next !== undefined && BINARY.includes(next) && this.#at + 2 < this.#words.length) {
      this.#at += 3
      return binary(this.#context, word, next, this.#words[this.#at - 1]!, this.#style)
    }
    if (word === '(') {
      this.#at++
      const value = this.or()
      if (this.#words[this.#at] !== ')') throw new TestSyntaxError("`)' expected")
      this.#at++
      return value
    }
    if (isUnaryOperator(word) && next !== undefined) {
      this.#at += 2
      return fileTest(this.#context, word, next)
    }
    this.#at++
    return word !== ''
  }
}
