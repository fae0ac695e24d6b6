import { ShellError } from './control.ts'

/** What arithmetic reads and writes: variables and array elements by name. */
export interface ArithmeticEnvironment {
  read(name: string, subscript: string | undefined): string | undefined
  write(name: string, subscript: string | undefined, value: string): void
}

const PRECEDENCE: readonly (readonly string[])[] = [
  ['||'],
  ['&&'],
  ['|'],
  ['^'],
  ['&'],
  ['==', '!='],
  ['<=', '>=', '<', '>'],
  ['<<', '>>'],
  ['+', '-'],
  ['*', '/', '%'],
]
const ASSIGN = ['=', '*=', '/=', '%=', '+=', '-=', '<<=', '>>=', '&=', '^=', '|=']
const OPERATOR = /^(<<=|>>=|\*\*|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&^|]=|[-+*/%&^|<>=!~?:,()])/

type Node =
  | { kind: 'number'; value: bigint }
  | { kind: 'variable'; name: string; subscript: string | undefined }
  | { kind: 'unary'; operator: string; operand: Node }
  | { kind: 'step'; operator: '++' | '--'; prefix: boolean; target: Node }
  | { kind: 'binary'; operator: string; left: Node; right: Node }
  | { kind: 'assign'; operator: string; target: Node; value: Node }
  | { kind: 'ternary'; test: Node; then: Node; otherwise: Node }

const wrap = (value: bigint) => BigInt.asIntN(64, value)

/** Nesting as deep as a real shell bears is refused in its words. */
function parsed(text: string): Node {
  try {
    return new Parser(text).parse()
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    const shown = text.trim().slice(0, 80)
    throw new ShellError(`${shown}: expression recursion level exceeded (error token is "${shown}")`)
  }
}

/** Evaluates 64-bit integer arithmetic as the shell does. The text has been expanded already. */
export function evaluateArithmetic(text: string, environment: ArithmeticEnvironment, depth = 0): bigint {
  if (depth > 1024)
    throw new ShellError(`${text.trim()}: expression recursion level exceeded (error token is "${text.trim()}")`)
  if (text.trim() === '') return 0n
  const node = parsed(text)
  return new Evaluator(text, environment, depth).value(node)
}

class Parser {
  readonly #text: string
  #pos = 0

  constructor(text: string) {
    this.#text = text
  }

  parse(): Node {
    const node = this.#comma()
    this.#space()
    if (this.#pos < this.#text.length) this.#fail('syntax error in expression')
    return node
  }

  #fail(message: string): never {
    const token = this.#text.slice(this.#pos).trimEnd()
    throw new ShellError(`${this.#text.trimStart()}: ${message} (error token is "${token}")`)
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#pos] ?? '')) this.#pos++
  }

  #peek(): string {
    this.#space()
    return OPERATOR.exec(this.#text.slice(this.#pos, this.#pos + 3))?.[1] ?? ''
  }

  #take(operator: string): boolean {
    if (this.#peek() !== operator) return false
    this.#pos += operator.length
    return true
  }

  #comma(): Node {
    let left = this.#assignment()
    while (this.#take(',')) left = { kind: 'binary', operator: ',', left, right: this.#assignment() }
    return left
  }

  #assignment(): Node {
    const left = this.#ternary()
    const operator = this.#peek()
    if (!ASSIGN.includes(operator)) return left
    if (left.kind !== 'variable') this.#fail('attempted assignment to non-variable')
    this.#pos += operator.length
    return { kind: 'assign', operator, target: left, value: this.#assignment() }
  }

  #ternary(): Node {
    const test = this.#binary(0)
    if (!this.#take('?')) return test
    const then = this.#assignment()
    if (!this.#take(':')) this.#fail("`:' expected for conditional expression")
    return { kind: 'ternary', test, then, otherwise: this.#assignment() }
  }

  #binary(level: number): Node {
    if (level >= PRECEDENCE.length) return this.#power()
    let left = this.#binary(level + 1)
    for (;;) {
      const operator = this.#peek()
      if (!PRECEDENCE[level]!.includes(operator)) return left
      this.#pos += operator.length
      left = { kind: 'binary', operator, left, right: this.#binary(level + 1) }
    }
  }

  #power(): Node {
    const left = this.#unary()
    return this.#take('**') ? { kind: 'binary', operator: '**', left, right: this.#power() } : left
  }

  #unary(): Node {
    const operator = this.#peek()
    if (operator === '++' || operator === '--') {
      this.#pos += 2
      const target = this.#unary()
      if (target.kind === 'variable') return { kind: 'step', operator, prefix: true, target }
      const sign = operator[0]!
      return { kind: 'unary', operator: sign, operand: { kind: 'unary', operator: sign, operand: target } }
    }
    if (['+', '-', '!', '~'].includes(operator)) {
      this.#pos++
      return { kind: 'unary', operator, operand: this.#unary() }
    }
    return this.#postfix()
  }

  #postfix(): Node {
    const node = this.#primary()
    const operator = this.#peek()
    if (node.kind === 'variable' && (operator === '++' || operator === '--')) {
      this.#pos += 2
      return { kind: 'step', operator, prefix: false, target: node }
    }
    return node
  }

  #primary(): Node {
    if (this.#take('(')) {
      const node = this.#comma()
      if (!this.#take(')')) this.#fail("missing `)'")
      return node
    }
    const rest = this.#text.slice(this.#pos)
    const number = /^(\d+#[0-9A-Za-z@_]+|0[xX][0-9a-fA-F]*|\d[0-9A-Za-z_]*)/.exec(rest)
    if (number) {
      const value = parseNumber(number[1]!)
      if (typeof value === 'string') this.#fail(value)
      this.#pos += number[1]!.length
      return { kind: 'number', value }
    }
    const name = /^[A-Za-z_][A-Za-z0-9_]*/.exec(rest)
    if (!name)
      this.#fail(rest === '' || this.#pos > 0 ? 'syntax error: operand expected' : 'syntax error: operand expected')
    this.#pos += name![0].length
    return { kind: 'variable', name: name![0], subscript: this.#subscript() }
  }

  #subscript(): string | undefined {
    if (this.#text[this.#pos] !== '[') return undefined
    let depth = 0
    for (let i = this.#pos; i < this.#text.length; i++) {
      if (this.#text[i] === '[') depth++
      else if (this.#text[i] === ']' && --depth === 0) {
        const inside = this.#text.slice(this.#pos + 1, i)
        this.#pos = i + 1
        return inside
      }
    }
    return this.#fail('bad array subscript')
  }
}

/** The number, or what is wrong with it. */
function parseNumber(text: string): bigint | string {
  if (/^0[xX]/.test(text)) return wrap(BigInt(text.length === 2 ? '0' : text))
  const based = /^(\d+)#(.+)$/.exec(text)
  if (!based) {
    if (!/^\d+$/.test(text)) return 'value too great for base'
    if (!/^0\d/.test(text)) return wrap(BigInt(text))
    return /[89]/.test(text) ? 'value too great for base' : wrap(BigInt(`0o${text.slice(1)}`))
  }
  const base = Number(based[1])
  if (base < 2 || base > 64) return 'invalid arithmetic base'
  let value = 0n
  for (const char of based[2]!) {
    const digit = digitOf(char, base)
    if (digit < 0 || digit >= base) return 'value too great for base'
    value = value * BigInt(base) + BigInt(digit)
  }
  return wrap(value)
}

function digitOf(char: string, base: number): number {
  if (base <= 36) return Number.parseInt(char, 36)
  return '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ@_'.indexOf(char)
}

class Evaluator {
  readonly #text: string
  readonly #environment: ArithmeticEnvironment
  readonly #depth: number

  constructor(text: string, environment: ArithmeticEnvironment, depth: number) {
    this.#text = text
    this.#environment = environment
    this.#depth = depth
  }

  value(node: Node): bigint {
    switch (node.kind) {
      case 'number':
        return node.value
      case 'variable':
        return this.#read(node)
      case 'unary': {
        const value = this.value(node.operand)
        if (node.operator === '!') return value === 0n ? 1n : 0n
        if (node.operator === '~') return wrap(~value)
        return node.operator === '-' ? wrap(-value) : value
      }
      case 'step': {
        const before = this.#read(node.target)
        const after = wrap(node.operator === '++' ? before + 1n : before - 1n)
        this.#write(node.target, after)
        return node.prefix ? after : before
      }
      case 'assign': {
        const right = this.value(node.value)
        const result =
          node.operator === '=' ? right : this.#apply(node.operator.slice(0, -1), this.#read(node.target), right)
        this.#write(node.target, result)
        return result
      }
      case 'ternary':
        return this.value(this.value(node.test) !== 0n ? node.then : node.otherwise)
      case 'binary': {
        const left = this.value(node.left)
        if (node.operator === '&&') return left !== 0n && this.value(node.right) !== 0n ? 1n : 0n
        if (node.operator === '||') return left !== 0n || this.value(node.right) !== 0n ? 1n : 0n
        return this.#apply(node.operator, left, this.value(node.right))
      }
    }
  }

  #read(node: Node): bigint {
    if (node.kind !== 'variable') return this.value(node)
    const text = this.#environment.read(node.name, node.subscript)
    if (text === undefined || text === '') return 0n
    if (/^-?[1-9]\d{0,17}$|^0$/.test(text)) return BigInt(text)
    return evaluateArithmetic(text, this.#environment, this.#depth + 1)
  }

  #write(node: Node, value: bigint): void {
    if (node.kind === 'variable') this.#environment.write(node.name, node.subscript, value.toString())
  }

  #apply(operator: string, left: bigint, right: bigint): bigint {
    switch (operator) {
      case '+':
        return wrap(left + right)
      case '-':
        return wrap(left - right)
      case '*':
        return wrap(left * right)
      case '/':
      case '%':
        if (right === 0n)
          throw new ShellError(`${this.#text.trimStart()}: division by 0 (error token is "${this.#token(operator)}")`)
        return wrap(operator === '/' ? left / right : left % right)
      case '**':
        if (right < 0n)
          throw new ShellError(
            `${this.#text.trimStart()}: exponent less than 0 (error token is "${this.#token('**')}")`,
          )
        return power(left, right)
      case '<<':
        return wrap(left << (right & 63n))
      case '>>':
        return wrap(left >> (right & 63n))
      case '&':
        return left & right
      case '|':
        return left | right
      case '^':
        return left ^ right
      case '==':
        return left === right ? 1n : 0n
      case '!=':
        return left !== right ? 1n : 0n
      case '<':
        return left < right ? 1n : 0n
      case '>':
        return left > right ? 1n : 0n
      case '<=':
        return left <= right ? 1n : 0n
      case '>=':
        return left >= right ? 1n : 0n
      default:
        return right
    }
  }

  /** bash points at what follows the operator. */
  #token(operator: string): string {
    const at = this.#text.lastIndexOf(operator)
    return at < 0 ? '' : this.#text.slice(at + operator.length).trim()
  }
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = wrap(result * square)
    square = wrap(square * square)
  }
  return result
}
