import type { Value } from '../objects/value.ts'
import type { Span } from '../syntax/syntax-error.ts'
import { type Code, OPERATIONS, type Operation } from './code.ts'

const NUMBERS = new Map<Operation, number>(OPERATIONS.map((name, number) => [name, number]))

/** A place in the code that jumps lead to. */
export interface Label {
  at: number
  readonly from: number[]
}

/** Writes instructions into a code object. */
export class Assembler {
  readonly code: Code
  #span: Span = { line: 0, col: 0, endLine: 0, endCol: 0 }
  readonly #constants = new Map<string, number>()
  readonly #names = new Map<string, number>()

  constructor(code: Code) {
    this.code = code
  }

  get position(): number {
    return this.code.operations.length
  }

  /** Instructions from now on belong to this place of the source; the former one is given back. */
  at(span: Span): Span {
    const before = this.#span
    this.#span = span
    return before
  }

  emit(operation: Operation, operand = 0): void {
    this.code.operations.push(NUMBERS.get(operation)!)
    this.code.operands.push(operand)
    this.code.spans.push(this.#span)
  }

  label(): Label {
    return { at: -1, from: [] }
  }
  mark(label: Label): void {
    label.at = this.position
    for (const from of label.from) this.code.operands[from] = label.at
  }
  jump(operation: Operation, label: Label): void {
    if (label.at < 0) label.from.push(this.position)
    this.emit(operation, label.at)
  }

  constant(value: Value): number {
    const key =
      value === null || typeof value !== 'object'
        ? `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
        : undefined
    const known = key === undefined ? undefined : this.#constants.get(key)
    if (known !== undefined) return known
    const index = this.code.constants.push(value) - 1
    if (key !== undefined) this.#constants.set(key, index)
    return index
  }
  push(value: Value): void {
    this.emit('CONST', this.constant(value))
  }

  name(name: string): number {
    let index = this.#names.get(name)
    if (index === undefined) {
      index = this.code.names.push(name) - 1
      this.#names.set(name, index)
    }
    return index
  }
  local(name: string): number {
    const known = this.code.locals.indexOf(name)
    return known >= 0 ? known : this.code.locals.push(name) - 1
  }
  /** A cell's number: own cells first, then those of outer functions. */
  cell(name: string): number {
    const own = this.code.cells.indexOf(name)
    return own >= 0 ? own : this.code.cells.length + this.code.frees.indexOf(name)
  }
}
