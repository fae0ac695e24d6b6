import { SystemError } from '../errors.ts'
import { OP, type RegExpProgram } from './compile.ts'

export interface MatchOptions {
  ignoreCase: boolean
  multiline: boolean
  dotAll: boolean
  unicode: boolean
  /** The longest of the leftmost matches, as POSIX wants; else the first that is found. */
  longest: boolean
}

/** Steps one search may take; some thousand times what useful patterns need. */
const MOST_STEPS = 40_000_000
const MOST_STEPS_WITH_REFERENCES = 2_000_000
const PAGE = 10
const PAGE_SIZE = 1 << PAGE

/**
 * Runs a compiled pattern by backtracking that never tries a place twice, so the time grows with the length of the
 * text and of the pattern only. A pattern with references cannot be had so; it fails with ENOMEM when it takes too
 * long.
 */
export class Matcher {
  readonly #program: RegExpProgram
  readonly #options: MatchOptions
  readonly #sets: CharacterSet[]
  readonly #looks: Matcher[]
  readonly #first: CharacterSet | undefined
  /** Places tried, a bit each: by page of positions, then split, then position. */
  #tried: (Uint32Array | undefined)[] = []
  #spare: Uint32Array[] = []
  #steps = 0

  constructor(program: RegExpProgram, options: MatchOptions) {
    this.#program = program
    this.#options = options
    this.#sets = program.sets.map((source) => new CharacterSet(source, options))
    this.#looks = program.looks.map((look) => new Matcher(look, { ...options, longest: false }))
    this.#first = program.op[0] === OP.SET ? this.#sets[program.x[0]!] : undefined
  }

  /** The slots of the leftmost match at or after `from` (only at it when `sticky`). */
  search(text: string, from: number, sticky: boolean): number[] | undefined {
    this.#steps = 0
    try {
      for (let start = from; start <= text.length; start++) {
        if (this.#first && !sticky) {
          while (start < text.length && !this.#first.has(this.#codeAt(text, start))) start++
          if (start === text.length) return undefined
        }
        const slots = new Array<number>(this.#program.slots).fill(-1)
        slots[0] = start
        if (this.#run(text, start, slots, this.#options.longest, -1)) return slots
        if (sticky) return undefined
        if (this.#options.unicode && isPair(text, start)) start++
      }
      return undefined
    } finally {
      this.#forget()
    }
  }

  /** Whether the pattern matches from `start` (to `end`, unless that is -1); fills in the slots. */
  #run(text: string, start: number, slots: number[], longest: boolean, end: number): boolean {
    const { op, x, y, split, refers } = this.#program
    const stack: number[] = []
    let best: number[] | undefined
    let pc = 0
    let at = start
    let steps = this.#steps
    const most = refers ? MOST_STEPS_WITH_REFERENCES : MOST_STEPS
    for (;;) {
      let failed = false
      if (++steps > most) throw new SystemError('ENOMEM')
      switch (op[pc]) {
        case OP.SET: {
          if (at >= text.length) failed = true
          else {
            const code = this.#codeAt(text, at)
            if (this.#sets[x[pc]!]!.has(code)) {
              at += code > 0xffff ? 2 : 1
              pc++
            } else failed = true
          }
          break
        }
        case OP.SPLIT:
          if (!refers && this.#seen(split[pc]!, at)) failed = true
          else {
            stack.push(y[pc]!, at)
            pc = x[pc]!
          }
          break
        case OP.JUMP:
          pc = x[pc]!
          break
        case OP.SAVE: {
          const slot = x[pc]!
          stack.push(-1 - slot, slots[slot]!)
          slots[slot] = at
          pc++
          break
        }
        case OP.ASSERT:
          if (this.#holds(x[pc]!, text, at)) pc++
          else failed = true
          break
        case OP.LOOK: {
          const saved = slots.slice()
          const look = this.#looks[x[pc]!]!
          const found = (y[pc]! & 2) === 0 ? look.#ahead(text, at, slots) : look.#behind(text, at, slots)
          if (found !== ((y[pc]! & 1) === 0)) failed = true
          else pc++
          if (failed || (y[pc - 1]! & 1) === 1) for (let i = 0; i < saved.length; i++) slots[i] = saved[i]!
          break
        }
        case OP.REFERENCE: {
          const from = slots[2 * x[pc]!]!
          const to = slots[2 * x[pc]! + 1]!
          const wanted = from < 0 || to < from ? '' : text.slice(from, to)
          const here = text.slice(at, at + wanted.length)
          if (here === wanted || (this.#options.ignoreCase && here.toLowerCase() === wanted.toLowerCase())) {
            at += wanted.length
            pc++
          } else failed = true
          break
        }
        case OP.PROGRESS:
          if (at === slots[x[pc]!]) failed = true
          else pc++
          break
        default:
          if (end >= 0 && at !== end) {
            failed = true
            break
          }
          slots[1] = at
          if (!longest || at === text.length) {
            this.#steps = steps
            return true
          }
          if (!best || at > best[1]!) best = slots.slice()
          failed = true
      }
      if (!failed) continue
      for (;;) {
        if (stack.length === 0) {
          this.#steps = steps
          if (!best) return false
          for (let i = 0; i < best.length; i++) slots[i] = best[i]!
          return true
        }
        const value = stack.pop()!
        const what = stack.pop()!
        if (what < 0) slots[-1 - what] = value
        else {
          pc = what
          at = value
          break
        }
      }
    }
  }

  #ahead(text: string, at: number, slots: number[]): boolean {
    const [start, end] = slots
    this.#steps = 0
    const found = this.#run(text, at, slots, false, -1)
    slots[0] = start!
    slots[1] = end!
    this.#forget()
    return found
  }

  #behind(text: string, at: number, slots: number[]): boolean {
    const [start, end] = slots
    this.#steps = 0
    let found = false
    for (let from = at; from >= 0 && !found; from--) {
      found = this.#run(text, from, slots, false, at)
      this.#forget()
    }
    slots[0] = start!
    slots[1] = end!
    return found
  }

  #codeAt(text: string, at: number): number {
    return this.#options.unicode ? text.codePointAt(at)! : text.charCodeAt(at)
  }

  #holds(kind: number, text: string, at: number): boolean {
    if (kind === 0) return at === 0 || (this.#options.multiline && isNewline(text.charCodeAt(at - 1)))
    if (kind === 1) return at === text.length || (this.#options.multiline && isNewline(text.charCodeAt(at)))
    const boundary = isWord(text.charCodeAt(at - 1)) !== isWord(text.charCodeAt(at))
    return boundary === (kind === 2)
  }

  #seen(split: number, at: number): boolean {
    const number = at >> PAGE
    let page = this.#tried[number]
    if (!page) {
      page = this.#spare.pop() ?? new Uint32Array((this.#program.splits * PAGE_SIZE) / 32)
      this.#tried[number] = page
    }
    const bit = split * PAGE_SIZE + (at & (PAGE_SIZE - 1))
    const mask = 1 << (bit & 31)
    if ((page[bit >> 5]! & mask) !== 0) return true
    page[bit >> 5]! |= mask
    return false
  }

  #forget(): void {
    if (this.#tried.length === 0) return
    for (const page of this.#tried) {
      if (!page || this.#spare.length > 3) continue
      page.fill(0)
      this.#spare.push(page)
    }
    this.#tried = []
  }
}

/** The characters one part of a pattern stands for; the host knows which. */
class CharacterSet {
  readonly #pattern: RegExp
  /** Of the first 256 characters: 1 in, 2 out, 0 not asked yet. */
  readonly #known = new Uint8Array(256)
  readonly #unicode: boolean

  constructor(source: string, { ignoreCase, dotAll, unicode }: MatchOptions) {
    this.#unicode = unicode
    this.#pattern = new RegExp(`^${source}$`, `${ignoreCase ? 'i' : ''}${dotAll ? 's' : ''}${unicode ? 'u' : ''}`)
  }

  has(code: number): boolean {
    if (code > 255) return this.#test(code)
    let known = this.#known[code]!
    if (known === 0) {
      known = this.#test(code) ? 1 : 2
      this.#known[code] = known
    }
    return known === 1
  }

  #test(code: number): boolean {
    return this.#pattern.test(this.#unicode ? String.fromCodePoint(code) : String.fromCharCode(code))
  }
}

const isPair = (text: string, at: number) => (text.codePointAt(at) ?? 0) > 0xffff
const isNewline = (code: number) => code === 10 || code === 13 || code === 0x2028 || code === 0x2029
const isWord = (code: number) =>
  (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122)
