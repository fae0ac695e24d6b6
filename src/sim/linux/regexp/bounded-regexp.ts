import { compileRegExp } from './compile.ts'
import { Matcher } from './match.ts'
import { parseRegExp, type RegExpNode } from './parse.ts'

export interface BoundedOptions {
  /** The longest of the leftmost matches, as POSIX wants. */
  longest?: boolean
}

/** What the host's own matcher may take for one search, in its worst case: steps. */
const HOST_STEPS = 2_000_000

/**
 * A regular expression that others wrote: whatever it is, a search ends in a time that grows with the text's length
 * only. It is the host's own where that is sure to be quick, and else matched by ours. Throws SyntaxError.
 */
export class BoundedRegExp extends RegExp {
  readonly #longest: boolean
  readonly #names: ReadonlyMap<string, number>
  readonly #groups: number
  readonly #complexity: Complexity
  readonly #parsed: ReturnType<typeof parseRegExp>
  #matcher: Matcher | undefined

  /** The host's `split` and `matchAll` make copies: those keep our options. */
  constructor(source: string | RegExp, flags = '', options: BoundedOptions = {}) {
    super(source, flags)
    this.#longest = source instanceof BoundedRegExp ? source.#longest : (options.longest ?? false)
    this.#parsed = parseRegExp(this.source, this.unicode)
    this.#names = this.#parsed.names
    this.#groups = this.#parsed.groups
    this.#complexity = complexityOf(this.#parsed.node)
  }

  override exec(text: string): RegExpExecArray | null {
    if (this.#hostIsQuick(text.length)) return super.exec(text)
    const moving = this.global || this.sticky
    const from = moving ? this.lastIndex : 0
    const slots = from > text.length ? undefined : this.#ours.search(text, from, this.sticky)
    if (!slots) {
      if (moving) this.lastIndex = 0
      return null
    }
    if (moving) this.lastIndex = slots[1]!
    const found = [text.slice(slots[0], slots[1])] as RegExpExecArray
    for (let group = 1; group <= this.#groups; group++) {
      const [start, end] = [slots[2 * group]!, slots[2 * group + 1]!]
      found[group] = (start < 0 || end < start ? undefined : text.slice(start, end)) as string
    }
    if (this.hasIndices) found.indices = indicesOf(slots, this.#groups)
    found.index = slots[0]!
    found.input = text
    if (this.#names.size > 0) {
      found.groups = Object.fromEntries([...this.#names].map(([name, index]) => [name, found[index]!]))
    }
    return found
  }

  #hostIsQuick(length: number): boolean {
    const { repeats, nested, choices, refers } = this.#complexity
    if (nested || refers) return false
    if (this.#longest && choices) return false
    return (length + 1) ** (repeats + 1) <= HOST_STEPS || repeats === 0
  }

  get #ours(): Matcher {
    this.#matcher ??= new Matcher(compileRegExp(this.#parsed), {
      ignoreCase: this.ignoreCase,
      multiline: this.multiline,
      dotAll: this.dotAll,
      unicode: this.unicode,
      longest: this.#longest,
    })
    return this.#matcher
  }
}

function indicesOf(slots: readonly number[], groups: number): RegExpIndicesArray {
  const indices = Array.from({ length: groups + 1 }, (_, group) => {
    const [start, end] = [slots[2 * group]!, slots[2 * group + 1]!]
    return start < 0 || end < start ? undefined : [start, end]
  })
  return indices as unknown as RegExpIndicesArray
}

interface Complexity {
  /** Parts that can match in more than one way. */
  repeats: number
  /** A repeated part holds another, or a choice. */
  nested: boolean
  choices: boolean
  refers: boolean
}

function complexityOf(node: RegExpNode): Complexity {
  switch (node.type) {
    case 'sequence':
      return sum(node.parts.map(complexityOf))
    case 'choice':
      return several(node.branches.map(complexityOf))
    case 'group':
      return complexityOf(node.body)
    case 'look': {
      const inside = complexityOf(node.body)
      return { ...inside, nested: inside.nested || inside.repeats > 0 }
    }
    case 'repeat': {
      const inside = complexityOf(node.body)
      const varies = node.min !== node.max
      const nested = inside.nested || inside.repeats > 0 || inside.choices
      return {
        ...inside,
        nested: nested || (node.max > 1000 && node.max !== Number.POSITIVE_INFINITY),
        repeats: inside.repeats + (varies ? 1 : 0),
      }
    }
    default:
      return { repeats: 0, nested: false, choices: false, refers: node.type === 'reference' }
  }
}

function several(branches: readonly Complexity[]): Complexity {
  const inside = sum(branches)
  return { ...inside, repeats: inside.repeats + 1, choices: true }
}

const sum = (all: readonly Complexity[]): Complexity => ({
  repeats: all.reduce((total, one) => total + one.repeats, 0),
  nested: all.some((one) => one.nested),
  choices: all.some((one) => one.choices),
  refers: all.some((one) => one.refers),
})
