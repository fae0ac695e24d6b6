/** What Go's JSON scanner says of the first wrong character; undefined for valid JSON. */
export function goJsonProblem(text: string): string | undefined {
  try {
    JSON.parse(text)
    return undefined
  } catch {
    return new Scanner(text).problem()
  }
}

const CUT_SHORT = 'unexpected end of JSON input'
const ESCAPES = new Set('"\\/bfnrt')

class Scanner {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  problem(): string {
    try {
      this.#value()
      this.#space()
      if (this.#at < this.#text.length) this.#wrong('after top-level value')
      return CUT_SHORT
    } catch (error) {
      if (error instanceof Wrong) return error.message
      throw error
    }
  }

  #peek(): string {
    if (this.#at >= this.#text.length) throw new Wrong(CUT_SHORT)
    return this.#text[this.#at]!
  }

  #wrong(where: string): never {
    const c = this.#peek()
    throw new Wrong(`invalid character ${c === "'" ? `'\\''` : c === '"' ? `'"'` : quoted(c)} ${where}`)
  }

  #space(): void {
    while (/^[ \t\r\n]$/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  /** Nesting is kept in a list, so that deep input cannot exhaust the stack. */
  #value(): void {
    const open: ('{' | '[')[] = []
    for (;;) {
      this.#space()
      const c = this.#peek()
      if (c === '{' || c === '[') {
        this.#at++
        this.#space()
        if (this.#peek() !== (c === '{' ? '}' : ']')) {
          open.push(c)
          if (c === '{') this.#key()
          continue
        }
        this.#at++
      } else this.#scalar(c)
      for (;;) {
        const inside = open.at(-1)
        if (!inside) return
        this.#space()
        const after = this.#peek()
        if (after === ',') {
          this.#at++
          if (inside === '{') this.#key()
          break
        }
        if (after !== (inside === '{' ? '}' : ']'))
          this.#wrong(inside === '{' ? 'after object key:value pair' : 'after array element')
        this.#at++
        open.pop()
      }
    }
  }

  #key(): void {
    this.#space()
    if (this.#peek() !== '"') this.#wrong('looking for beginning of object key string')
    this.#string()
    this.#space()
    if (this.#peek() !== ':') this.#wrong('after object key')
    this.#at++
  }

  #scalar(c: string): void {
    if (c === '"') return this.#string()
    if (c === '-' || /\d/.test(c)) return this.#number()
    for (const word of ['true', 'false', 'null']) {
      if (word[0] !== c) continue
      for (let i = 0; i < word.length; i++, this.#at++)
        if (this.#peek() !== word[i]) this.#wrong(`in literal ${word} (expecting '${word[i]}')`)
      return
    }
    this.#wrong('looking for beginning of value')
  }

  #string(): void {
    this.#at++
    for (;;) {
      const c = this.#peek()
      if (c < ' ') this.#wrong('in string literal')
      this.#at++
      if (c === '"') return
      if (c !== '\\') continue
      if (this.#peek() === 'u') {
        this.#at++
        for (let i = 0; i < 4; i++, this.#at++)
          if (!/[0-9a-f]/i.test(this.#peek())) this.#wrong('in \\u hexadecimal character escape')
      } else if (ESCAPES.has(this.#peek())) this.#at++
      else this.#wrong('in string escape code')
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at++
    if (!/\d/.test(this.#peek())) this.#wrong('in numeric literal')
    if (this.#peek() === '0') this.#at++
    else this.#digits()
    if (this.#text[this.#at] === '.') {
      this.#at++
      if (!/\d/.test(this.#peek())) this.#wrong('after decimal point in numeric literal')
      this.#digits()
    }
    if (!/[eE]/.test(this.#text[this.#at] ?? '')) return
    this.#at++
    if (/[+-]/.test(this.#peek())) this.#at++
    if (!/\d/.test(this.#peek())) this.#wrong('in exponent of numeric literal')
    this.#digits()
  }

  #digits(): void {
    while (/\d/.test(this.#text[this.#at] ?? '')) this.#at++
  }
}

class Wrong extends Error {}

/** As Go's strconv quotes a character. */
function quoted(c: string): string {
  const named: Record<string, string> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }
  if (named[c]) return `'${named[c]}'`
  if (c < ' ') return `'\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}'`
  return `'${c}'`
}
