import type { Bound, Node } from './node.ts'

export class JsonPathError extends Error {}

/** A template such as `{.items[*].metadata.name}{"\n"}`. */
export function parseTemplate(text: string): Node[] {
  return new Parser(text).template()
}

const TERMINATORS = new Set(['', '.', ',', '[', ']', '$', '@', '{', '}', ' ', '\t', '\n', '\r'])

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  template(): Node[] {
    const nodes: Node[] = []
    while (this.#at < this.#text.length) {
      const open = this.#text.indexOf('{', this.#at)
      const end = open < 0 ? this.#text.length : open
      if (end > this.#at) nodes.push({ type: 'text', text: this.#text.slice(this.#at, end) })
      if (open < 0) break
      this.#at = open + 1
      nodes.push({ type: 'list', nodes: this.#action(true) })
    }
    return nodes
  }

  /** What stands between braces; without them when `braced` is false. */
  action(): Node[] {
    return this.#action(false)
  }

  #action(braced: boolean): Node[] {
    const nodes: Node[] = []
    for (;;) {
      const rest = this.#text.slice(this.#at)
      const c = rest[0] ?? ''
      if (c === '}' && braced) {
        this.#at++
        return nodes
      }
      if (c === '' && !braced) return nodes
      if (c === '' || c === '\n' || c === '\r') throw new JsonPathError('unclosed action')
      if (rest.startsWith('[?(')) nodes.push(this.#filter())
      else if (rest.startsWith('..')) this.#recursive(nodes)
      else if (c === ' ' || c === '@' || c === '$') this.#at++
      else if (c === '[') nodes.push(...this.#array())
      else if (c === '"' || c === "'") nodes.push(this.#quote(c))
      else if (c === '.') this.#field(nodes)
      else if (/[-+\d]/.test(c)) nodes.push(this.#number())
      else if (/[\w\p{L}]/u.test(c)) nodes.push(this.#identifier())
      else {
        const code = c.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')
        throw new JsonPathError(`unrecognized character in action: U+${code} '${c}'`)
      }
    }
  }

  #recursive(nodes: Node[]): void {
    nodes.push({ type: 'recursive' })
    this.#at += 1
    if (/[\w\p{L}]/u.test(this.#text[this.#at + 1] ?? '')) this.#field(nodes)
    else this.#at++
  }

  #field(nodes: Node[]): void {
    this.#at++
    const name = this.#word()
    nodes.push(name === '*' ? { type: 'wildcard' } : { type: 'field', name: name.replaceAll('\\', '') })
  }

  #word(): string {
    const start = this.#at
    while (!TERMINATORS.has(this.#text[this.#at] ?? '')) this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    return this.#text.slice(start, this.#at)
  }

  #identifier(): Node {
    const name = this.#word()
    if (name === 'true' || name === 'false') return { type: 'bool', value: name === 'true' }
    return { type: 'identifier', name }
  }

  #number(): Node {
    const match = /^[-+]?[\d.]+/.exec(this.#text.slice(this.#at))
    const value = match ? Number(match[0]) : Number.NaN
    if (Number.isNaN(value)) throw new JsonPathError(`cannot parse number ${match?.[0] ?? this.#text[this.#at]}`)
    this.#at += match![0].length
    return { type: 'number', value }
  }

  #quote(mark: string): Node {
    let end = this.#at + 1
    while (end < this.#text.length && this.#text[end] !== mark) end += this.#text[end] === '\\' ? 2 : 1
    if (end >= this.#text.length) throw new JsonPathError('unterminated quoted string')
    const text = unescaped(this.#text.slice(this.#at + 1, end))
    this.#at = end + 1
    return { type: 'text', text }
  }

  #array(): Node[] {
    const close = this.#text.indexOf(']', this.#at)
    if (close < 0) throw new JsonPathError('unterminated array')
    let text = this.#text.slice(this.#at + 1, close)
    this.#at = close + 1
    if (text === '*') text = ':'
    const members = text.split(',')
    if (members.length > 1) {
      return [{ type: 'union', members: members.map((m) => new Parser(`[${m.trim()}]`).action()) }]
    }
    const key = /^'([^']*)'$/.exec(text)
    if (key) return new Parser(`.${key[1]}`).action()
    const slice = /^(-?\d*)(:-?\d*)?(:-?\d*)?$/.exec(text)
    if (!slice) throw new JsonPathError(`invalid array index ${text}`)
    return [arrayNode(slice[1] ?? '', slice[2], slice[3])]
  }

  #filter(): Node {
    const start = this.#at + 3
    let at = start
    let quote = ''
    for (; ; at++) {
      const c = this.#text[at] ?? ''
      if (c === '' || c === '\n') throw new JsonPathError('unterminated filter')
      if (quote) {
        if (c === quote && this.#text[at - 1] !== '\\') quote = ''
      } else if (c === '"' || c === "'") quote = c
      else if (c === ')') break
    }
    if (this.#text[at + 1] !== ']') throw new JsonPathError('unclosed array expect ]')
    const text = this.#text.slice(start, at)
    this.#at = at + 2
    const parts = /^([^!<>=]+)([!<>=]+)(.+?)$/.exec(text)
    if (!parts) return { type: 'filter', left: new Parser(text).action(), right: [], operator: 'exists' }
    return {
      type: 'filter',
      left: new Parser(parts[1]!).action(),
      right: new Parser(parts[3]!).action(),
      operator: parts[2]!,
    }
  }
}

function arrayNode(first: string, second: string | undefined, third: string | undefined): Node {
  const bound = (text: string | undefined): Bound =>
    text === undefined || text === '' || text === ':'
      ? { known: false, value: 0 }
      : { known: true, value: Number(text.replace(':', '')) }
  const start = bound(first)
  const end = second === undefined ? { known: true, value: start.value + 1, derived: true } : bound(second)
  return { type: 'array', start, end, step: bound(third) }
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }

function unescaped(text: string): string {
  return text.replace(/\\(u[\da-f]{4}|x[\da-f]{2}|[0-7]{3}|.)/gi, (_, code: string) => {
    if (/^[ux]/i.test(code) && code.length > 1) return String.fromCodePoint(Number.parseInt(code.slice(1), 16))
    if (/^[0-7]{3}$/.test(code)) return String.fromCodePoint(Number.parseInt(code, 8))
    return ESCAPES[code] ?? code
  })
}
