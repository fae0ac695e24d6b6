import type { ParsedRegExp, RegExpNode } from './parse.ts'

/** What the matcher performs; `x` and `y` mean what each says. */
export const OP = {
  /** One character of set x. */
  SET: 0,
  /** Goes on at x and, should that fail, at y. `split` numbers these instructions. */
  SPLIT: 1,
  JUMP: 2,
  /** Notes the position in slot x. */
  SAVE: 3,
  /** x: 0 start, 1 end, 2 word boundary, 3 none */
  ASSERT: 4,
  MATCH: 5,
  /** The program x must match here (y bit 0: must not; bit 1: must end here). */
  LOOK: 6,
  /** What group x caught, again. */
  REFERENCE: 7,
  /** Fails where nothing was matched since slot x was noted: else an empty round would be repeated for ever. */
  PROGRESS: 8,
} as const

export interface RegExpProgram {
  op: number[]
  x: number[]
  y: number[]
  /** The number of a SPLIT among its kind. */
  split: number[]
  splits: number
  /** Sources of sets of characters, each one character long in the host's syntax. */
  sets: string[]
  looks: RegExpProgram[]
  /** Positions kept: two a group with the whole match first, then those of loops. */
  slots: number
  groups: number
  /** Has references: the same place can then mean different things. */
  refers: boolean
}

const MOST_INSTRUCTIONS = 40_000

/** A pattern that takes more room than any real program would give it. */
export class RegExpTooBig extends Error {
  constructor() {
    super('Regular expression too big')
  }
}

const ASSERTIONS = { '^': 0, $: 1, '\\b': 2, '\\B': 3 } as const

export function compileRegExp(parsed: ParsedRegExp): RegExpProgram {
  return new Compiler(parsed).program
}

class Compiler {
  readonly program: RegExpProgram
  readonly #parsed: ParsedRegExp
  readonly #sets = new Map<string, number>()

  constructor(parsed: ParsedRegExp, node = parsed.node, slots = 2 * (parsed.groups + 1)) {
    this.#parsed = parsed
    this.program = {
      op: [],
      x: [],
      y: [],
      split: [],
      splits: 0,
      sets: [],
      looks: [],
      slots,
      groups: parsed.groups,
      refers: false,
    }
    this.#node(node)
    this.#emit(OP.MATCH)
  }

  #emit(op: number, x = 0, y = 0): number {
    const { program } = this
    if (program.op.length > MOST_INSTRUCTIONS) throw new RegExpTooBig()
    program.x.push(x)
    program.y.push(y)
    program.split.push(op === OP.SPLIT ? program.splits++ : 0)
    return program.op.push(op) - 1
  }

  get #here(): number {
    return this.program.op.length
  }

  #node(node: RegExpNode): void {
    const { program } = this
    switch (node.type) {
      case 'character': {
        let set = this.#sets.get(node.source)
        if (set === undefined) {
          set = program.sets.push(node.source) - 1
          this.#sets.set(node.source, set)
        }
        this.#emit(OP.SET, set)
        return
      }
      case 'assertion':
        this.#emit(OP.ASSERT, ASSERTIONS[node.source])
        return
      case 'sequence':
        for (const part of node.parts) this.#node(part)
        return
      case 'choice':
        this.#choice(node.branches)
        return
      case 'group':
        if (node.index !== undefined) this.#emit(OP.SAVE, 2 * node.index)
        this.#node(node.body)
        if (node.index !== undefined) this.#emit(OP.SAVE, 2 * node.index + 1)
        return
      case 'repeat':
        this.#repeat(node)
        return
      case 'look': {
        const inner = new Compiler(this.#parsed, node.body, program.slots).program
        program.slots = inner.slots
        program.refers ||= inner.refers
        const look = program.looks.push(inner) - 1
        this.#emit(OP.LOOK, look, (node.negative ? 1 : 0) | (node.behind ? 2 : 0))
        return
      }
      case 'reference': {
        const to = typeof node.to === 'number' ? node.to : (this.#parsed.names.get(node.to) ?? 0)
        program.refers = true
        this.#emit(OP.REFERENCE, to)
      }
    }
  }

  #choice(branches: readonly RegExpNode[]): void {
    const { program } = this
    const ends: number[] = []
    for (const [index, branch] of branches.entries()) {
      if (index === branches.length - 1) {
        this.#node(branch)
        break
      }
      const split = this.#emit(OP.SPLIT)
      program.x[split] = this.#here
      this.#node(branch)
      ends.push(this.#emit(OP.JUMP))
      program.y[split] = this.#here
    }
    for (const end of ends) program.x[end] = this.#here
  }

  #repeat({ min, max, greedy, body }: RegExpNode & { type: 'repeat' }): void {
    const { program } = this
    if (min > 65_535 || (max !== Number.POSITIVE_INFINITY && max > 65_535)) throw new RegExpTooBig()
    for (let i = 0; i < min; i++) this.#node(body)
    if (max === Number.POSITIVE_INFINITY) {
      const split = this.#emit(OP.SPLIT)
      const inside = this.#here
      const empty = canBeEmpty(body)
      const slot = empty ? program.slots++ : 0
      if (empty) this.#emit(OP.SAVE, slot)
      this.#node(body)
      if (empty) this.#emit(OP.PROGRESS, slot)
      this.#emit(OP.JUMP, split)
      this.#branch(split, greedy, inside, this.#here)
      return
    }
    const splits: number[] = []
    const slot = canBeEmpty(body) && max > min ? program.slots++ : undefined
    for (let i = min; i < max; i++) {
      splits.push(this.#emit(OP.SPLIT))
      if (slot !== undefined) this.#emit(OP.SAVE, slot)
      this.#node(body)
      if (slot !== undefined) this.#emit(OP.PROGRESS, slot)
    }
    for (const split of splits) this.#branch(split, greedy, split + 1, this.#here)
  }

  #branch(split: number, greedy: boolean, inside: number, after: number): void {
    this.program.x[split] = greedy ? inside : after
    this.program.y[split] = greedy ? after : inside
  }
}

function canBeEmpty(node: RegExpNode): boolean {
  switch (node.type) {
    case 'character':
      return false
    case 'sequence':
      return node.parts.every(canBeEmpty)
    case 'choice':
      return node.branches.some(canBeEmpty)
    case 'group':
      return canBeEmpty(node.body)
    case 'repeat':
      return node.min === 0 || canBeEmpty(node.body)
    default:
      return true
  }
}
