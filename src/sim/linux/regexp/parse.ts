/** The parts of a regular expression in JavaScript's syntax. */
export type RegExpNode =
  | { type: 'character'; source: string }
  | { type: 'assertion'; source: '^' | '$' | '\\b' | '\\B' }
  | { type: 'sequence'; parts: readonly RegExpNode[] }
  | { type: 'choice'; branches: readonly RegExpNode[] }
  /** `index` counts capturing groups from 1; a group that captures nothing has none. */
  | { type: 'group'; index: number | undefined; body: RegExpNode }
  | { type: 'repeat'; min: number; max: number; greedy: boolean; body: RegExpNode }
  | { type: 'look'; behind: boolean; negative: boolean; body: RegExpNode }
  | { type: 'reference'; to: number | string }

export interface ParsedRegExp {
  node: RegExpNode
  /** Capturing groups. */
  groups: number
  names: ReadonlyMap<string, number>
}

/** Reads a pattern that the host has found to be well formed. */
export function parseRegExp(source: string, unicode: boolean): ParsedRegExp {
  const parser = new Parser(source, unicode)
  const node = parser.choice()
  return { node, groups: parser.groups, names: parser.names }
}

class Parser {
  readonly #source: string
  readonly #unicode: boolean
  #at = 0
  groups = 0
  readonly names = new Map<string, number>()

  constructor(source: string, unicode: boolean) {
    this.#source = source
    this.#unicode = unicode
  }

  choice(): RegExpNode {
    const branches = [this.#sequence()]
    while (this.#source[this.#at] === '|') {
      this.#at++
      branches.push(this.#sequence())
    }
    return branches.length === 1 ? branches[0]! : { type: 'choice', branches }
  }

  #sequence(): RegExpNode {
    const parts: RegExpNode[] = []
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at]!)) {
      const atom = this.#atom()
      parts.push(this.#repeated(atom))
    }
    return parts.length === 1 ? parts[0]! : { type: 'sequence', parts }
  }

  #repeated(body: RegExpNode): RegExpNode {
    const rest = this.#source.slice(this.#at, this.#at + 24)
    const found = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})(\?)?/.exec(rest)
    if (!found) return body
    this.#at += found[0].length
    const [, sign, least, comma, most, lazy] = found
    const min = sign ? (sign === '+' ? 1 : 0) : Number(least)
    const max = sign
      ? sign === '?'
        ? 1
        : Number.POSITIVE_INFINITY
      : comma
        ? most
          ? Number(most)
          : Number.POSITIVE_INFINITY
        : min
    return { type: 'repeat', min, max, greedy: !lazy, body }
  }

  #atom(): RegExpNode {
    const char = this.#source[this.#at]!
    if (char === '(') return this.#group()
    if (char === '^' || char === '$') {
      this.#at++
      return { type: 'assertion', source: char }
    }
    if (char === '[') return this.#take(this.#classEnd())
    if (char === '\\') return this.#escape()
    const code = this.#source.codePointAt(this.#at)!
    return this.#take(this.#at + (this.#unicode && code > 0xffff ? 2 : 1))
  }

  #take(end: number): RegExpNode {
    const source = this.#source.slice(this.#at, end)
    this.#at = end
    // A brace that repeats nothing stands for itself.
    return { type: 'character', source: source === '{' || source === '}' ? `\\${source}` : source }
  }

  #classEnd(): number {
    let i = this.#at + 1
    while (i < this.#source.length && this.#source[i] !== ']') i += this.#source[i] === '\\' ? 2 : 1
    return i + 1
  }

  #escape(): RegExpNode {
    const rest = this.#source.slice(this.#at)
    if (/^\\[bB]/.test(rest)) {
      this.#at += 2
      return { type: 'assertion', source: rest.slice(0, 2) as '\\b' | '\\B' }
    }
    const number = /^\\([1-9]\d*)/.exec(rest)
    if (number && Number(number[1]) <= this.#groupsInAll) {
      this.#at += number[0].length
      return { type: 'reference', to: Number(number[1]) }
    }
    const name = /^\\k<([^>]+)>/.exec(rest)
    if (name && (this.#unicode || this.#source.includes('(?<'))) {
      this.#at += name[0].length
      return { type: 'reference', to: name[1]! }
    }
    const long =
      /^\\(?:u\{[0-9a-fA-F]+\}|u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|c[A-Za-z]|[pP]\{[^}]*\}|[0-7]{1,3})/.exec(
        rest,
      )
    return this.#take(this.#at + (long ? long[0].length : 2))
  }

  #allGroups: number | undefined
  get #groupsInAll(): number {
    this.#allGroups ??= new RegExp(`${this.#source}|`, this.#unicode ? 'u' : '').exec('')!.length - 1
    return this.#allGroups
  }

  #group(): RegExpNode {
    const rest = this.#source.slice(this.#at)
    const look = /^\(\?(<)?([=!])/.exec(rest)
    const name = /^\(\?<([^=!>][^>]*)>/.exec(rest)
    let index: number | undefined
    if (look) this.#at += look[0].length
    else if (rest.startsWith('(?:')) this.#at += 3
    else {
      index = ++this.groups
      if (name) this.names.set(name[1]!, index)
      this.#at += name ? name[0].length : 1
    }
    const body = this.choice()
    this.#at++
    if (!look) return { type: 'group', index, body }
    return { type: 'look', behind: look[1] !== undefined, negative: look[2] === '!', body }
  }
}
