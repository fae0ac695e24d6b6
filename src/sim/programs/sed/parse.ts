import { posixRegExp } from '../../linux/regexp/posix-regexp.ts'

export type Address =
  | { kind: 'line'; line: number }
  | { kind: 'last' }
  | { kind: 'regexp'; pattern: RegExp | undefined }
  | { kind: 'step'; first: number; step: number }
  | { kind: 'plus'; count: number }
  | { kind: 'multiple'; of: number }

export interface SedCommand {
  name: string
  from: Address | undefined
  to: Address | undefined
  negated: boolean
  /** Text of a, i, c; label of b, t, T; file of r, w; number of q. */
  text: string
  substitution?: {
    pattern: RegExp | undefined
    replacement: string
    global: boolean
    print: boolean
    nth: number
    evaluate: boolean
    file: string | undefined
    multiline: boolean
  }
  map?: Map<string, string>
  block?: SedCommand[]
  /** State of a range. */
  active: boolean
  endLine: number
}

/** What a letter after a backslash stands for in the text of a, i and c (GNU). */
const ESCAPES: Record<string, string> = { n: '\n', t: '\t', f: '\f', v: '\v', r: '\r', a: '\x07' }

/** A mistake in a script; the message lacks `-e expression #1, `. */
export class SedSyntaxError extends Error {
  readonly at: number
  constructor(message: string, at: number) {
    super(message)
    this.at = at
  }
}

/**
 * GNU's `\x41`, `\o101`, `\d065`: a character by its number, anywhere in a script. One that would end a pattern or
 * mean something in a replacement stands for itself; in a pattern `\x2e` means what a dot means, as with GNU sed 4.9.
 */
const numbered = (script: string) =>
  script.replace(/\\(?:x([\da-fA-F]{1,2})|o([0-7]{1,3})|d(\d{1,3})|[\s\S])/g, (all, hex, octal, decimal) => {
    if ((hex ?? octal ?? decimal) === undefined) return all
    const code = hex ? Number.parseInt(hex, 16) : octal ? Number.parseInt(octal, 8) : Number(decimal)
    const char = String.fromCharCode(code & 0xff)
    return char === '\n' ? '\\n' : /[&\\/,:#@%!]/.test(char) ? `\\${char}` : char
  })

export function parseSed(script: string, extended: boolean, gnu: boolean): SedCommand[] {
  const parser = new Parser(gnu ? numbered(script) : script, extended)
  return parser.commands(false)
}

class Parser {
  readonly #text: string
  readonly #extended: boolean
  #at = 0

  constructor(text: string, extended: boolean) {
    this.#text = text
    this.#extended = extended
  }

  commands(inBlock: boolean): SedCommand[] {
    const out: SedCommand[] = []
    for (;;) {
      while (/[\s;]/.test(this.#text[this.#at] ?? '')) this.#at++
      if (this.#at >= this.#text.length) {
        if (inBlock) throw new SedSyntaxError("unmatched `{'", 0)
        return out
      }
      if (this.#text[this.#at] === '}') {
        if (!inBlock) throw new SedSyntaxError("unexpected `}'", this.#at + 1)
        this.#at++
        return out
      }
      if (this.#text[this.#at] === '#') {
        const end = this.#text.indexOf('\n', this.#at)
        this.#at = end < 0 ? this.#text.length : end
        continue
      }
      out.push(this.#command())
    }
  }

  #command(): SedCommand {
    const from = this.#address()
    let to: Address | undefined
    this.#blanks()
    if (from && this.#text[this.#at] === ',') {
      this.#at++
      this.#blanks()
      to = this.#address(true)
      if (!to) throw new SedSyntaxError("unexpected `,'", this.#at)
    }
    this.#blanks()
    let negated = false
    while (this.#text[this.#at] === '!') {
      negated = true
      this.#at++
      this.#blanks()
    }
    const name = this.#text[this.#at++]
    if (name === undefined) throw new SedSyntaxError('missing command', this.#at - 1)
    const command: SedCommand = { name, from, to, negated, text: '', active: false, endLine: 0 }
    switch (name) {
      case '{':
        command.block = this.commands(true)
        break
      case 's':
        this.#substitution(command)
        break
      case 'y':
        this.#transliteration(command)
        break
      case 'a':
      case 'i':
      case 'c':
        command.text = this.#freeText()
        break
      case 'b':
      case 't':
      case 'T':
      case ':':
        command.text = this.#word(name === ':')
        if (name === ':' && command.text === '') throw new SedSyntaxError('":" lacks a label', this.#at)
        break
      case 'r':
      case 'R':
      case 'w':
      case 'W':
        command.text = this.#restOfLine()
        break
      case 'q':
      case 'Q':
      case 'l':
      case 'L':
        command.text = this.#word(false)
        break
      case 'd':
      case 'D':
      case 'g':
      case 'G':
      case 'h':
      case 'H':
      case 'n':
      case 'N':
      case 'p':
      case 'P':
      case 'x':
      case '=':
      case 'z':
      case 'F':
      case 'e':
        this.#end()
        break
      default:
        throw new SedSyntaxError(`unknown command: \`${name}'`, this.#at)
    }
    return command
  }

  #end(): void {
    this.#blanks()
    const next = this.#text[this.#at]
    if (next !== undefined && !/[;\n}#]/.test(next))
      throw new SedSyntaxError('extra characters after command', this.#at + 1)
  }

  #blanks(): void {
    while (/[ \t]/.test(this.#text[this.#at] ?? '')) this.#at++
  }

  #address(second = false): Address | undefined {
    const rest = this.#text.slice(this.#at)
    const number = /^(\d+)(?:~(\d+))?/.exec(rest)
    if (number) {
      this.#at += number[0].length
      return number[2] === undefined
        ? { kind: 'line', line: Number(number[1]) }
        : { kind: 'step', first: Number(number[1]), step: Number(number[2]) }
    }
    const relative = second ? /^([+~])(\d+)/.exec(rest) : null
    if (relative) {
      this.#at += relative[0].length
      return relative[1] === '+'
        ? { kind: 'plus', count: Number(relative[2]) }
        : { kind: 'multiple', of: Number(relative[2]) }
    }
    if (rest[0] === '$') {
      this.#at++
      return { kind: 'last' }
    }
    if (rest[0] === '/' || rest[0] === '\\') {
      this.#at += rest[0] === '\\' ? 1 : 0
      const delimiter = this.#text[this.#at++]!
      const source = this.#delimited(delimiter, true)
      if (source === undefined) throw new SedSyntaxError('unterminated address regex', this.#text.length)
      let flags = ''
      while (/[IM]/.test(this.#text[this.#at] ?? '')) flags += this.#text[this.#at++]
      return {
        kind: 'regexp',
        pattern: source === '' ? undefined : this.#regexp(source, flags.includes('I'), flags.includes('M')),
      }
    }
    return undefined
  }

  #regexp(source: string, ignoreCase: boolean, multiline = false): RegExp {
    return posixRegExp(source, { extended: this.#extended, ignoreCase, flags: `gd${multiline ? 'm' : ''}` })
  }

  /** Text up to an unescaped delimiter; undefined when there is none. */
  #delimited(delimiter: string, regexp: boolean): string | undefined {
    let out = ''
    let bracket = false
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!
      if (char === '\\' && this.#at + 1 < this.#text.length && !bracket) {
        const next = this.#text[++this.#at]!
        out +=
          next === delimiter
            ? regexp && /[.*[\]^$+?(){}|]/.test(delimiter)
              ? `\\${next}`
              : regexp
                ? next
                : /[&\d]/.test(next)
                  ? `\\${next}`
                  : next
            : `\\${next}`
        continue
      }
      if (regexp && char === '[' && !bracket) {
        const close = this.#text.slice(this.#at + 1).search(/^\^?\]?[^\]]*\]/)
        if (close === 0 && delimiter !== '[') bracket = true
        out += char
        const head = /^\^?\]?/.exec(this.#text.slice(this.#at + 1))![0]
        if (bracket) {
          out += head
          this.#at += head.length
        }
        continue
      }
      if (bracket && char === '[' && this.#text[this.#at + 1] === ':') {
        const end = this.#text.indexOf(':]', this.#at)
        if (end > 0) {
          out += this.#text.slice(this.#at, end + 2)
          this.#at = end + 1
          continue
        }
      }
      if (bracket && char === ']') bracket = false
      if (char === delimiter && !bracket) {
        this.#at++
        return out
      }
      out += char
    }
    return undefined
  }

  #substitution(command: SedCommand): void {
    const start = this.#at
    const delimiter = this.#text[this.#at++]
    const source = delimiter === undefined ? undefined : this.#delimited(delimiter, true)
    const replacement = source === undefined ? undefined : this.#delimited(delimiter!, false)
    if (source === undefined || replacement === undefined)
      throw new SedSyntaxError("unterminated `s' command", Math.max(start, this.#text.length))
    const flags = /^[gpiIeMm\d]*/.exec(this.#text.slice(this.#at))![0]
    this.#at += flags.length
    let file: string | undefined
    if (this.#text[this.#at] === 'w') {
      this.#at++
      file = this.#restOfLine()
    } else {
      this.#blanks()
      const next = this.#text[this.#at]
      if (next !== undefined && !/[;\n}#]/.test(next)) throw new SedSyntaxError("unknown option to `s'", this.#at + 1)
    }
    const multiline = /[mM]/.test(flags)
    command.substitution = {
      pattern: source === '' ? undefined : this.#regexp(source, /[iI]/.test(flags), multiline),
      replacement,
      global: flags.includes('g'),
      print: flags.includes('p'),
      nth: Number(/\d+/.exec(flags)?.[0] ?? 1),
      evaluate: flags.includes('e'),
      file,
      multiline,
    }
    const groups = source === '' ? 9 : new RegExp(`${command.substitution.pattern!.source}|`, 'u').exec('')!.length - 1
    const reference = Math.max(
      0,
      ...[...replacement.matchAll(/\\(?:\\|([1-9]))/g)].map((match) => Number(match[1] ?? 0)),
    )
    if (reference > groups) throw new SedSyntaxError(`invalid reference \\${reference} on \`s' command's RHS`, this.#at)
  }

  #transliteration(command: SedCommand): void {
    const delimiter = this.#text[this.#at++]!
    const from = this.#delimited(delimiter, false)
    const to = from === undefined ? undefined : this.#delimited(delimiter, false)
    if (from === undefined || to === undefined) throw new SedSyntaxError("unterminated `y' command", this.#text.length)
    const list = (text: string) => [...text.replace(/\\n/g, '\n').replace(/\\\\/g, '\\')]
    const [a, b] = [list(from), list(to)]
    if (a.length !== b.length) throw new SedSyntaxError("strings for `y' command are different lengths", this.#at)
    command.map = new Map(a.map((char, i) => [char, b[i]!]))
    this.#end()
  }

  /** The text of a, i and c: one-liners, or after a backslash and newline. */
  #freeText(): string {
    this.#blanks()
    const continued = this.#text[this.#at] === '\\'
    if (continued) {
      this.#at++
      const after = /^[ \t]*\n/.exec(this.#text.slice(this.#at))
      if (after) this.#at += after[0].length
    }
    let out = ''
    for (; this.#at < this.#text.length; this.#at++) {
      const char = this.#text[this.#at]!
      if (char === '\\' && this.#at + 1 < this.#text.length) {
        const next = this.#text[++this.#at]!
        out += ESCAPES[next] ?? next
      } else if (char === '\n') break
      else if (char !== '\\') out += char
    }
    if (out === '' && this.#at >= this.#text.length) {
      if (continued) return ''
      throw new SedSyntaxError("expected \\ after `a', `c' or `i'", this.#at)
    }
    return `${out}\n`
  }

  #word(label: boolean): string {
    this.#blanks()
    const match = (label ? /^[^\s;]*/ : /^[^\s;}]*/).exec(this.#text.slice(this.#at))!
    this.#at += match[0].length
    return match[0]
  }

  #restOfLine(): string {
    this.#blanks()
    const end = this.#text.indexOf('\n', this.#at)
    const text = this.#text.slice(this.#at, end < 0 ? undefined : end)
    this.#at = end < 0 ? this.#text.length : end
    return text
  }
}
