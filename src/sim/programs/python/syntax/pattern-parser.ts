import type { Expr, Pattern } from './ast.ts'
import type { ExpressionParser } from './expression-parser.ts'

/** The patterns of `case`. */
export class PatternParser {
  readonly #parser: ExpressionParser

  constructor(parser: ExpressionParser) {
    this.#parser = parser
  }

  top(): Pattern {
    const p = this.#parser
    const start = p.peek
    const first = this.#as()
    if (!p.at(',')) return first
    const patterns = [first]
    while (p.accept(',')) {
      if (p.at(':') || p.at('if')) break
      patterns.push(this.#as())
    }
    return { ...p.spanFrom(start), kind: 'Sequence', patterns }
  }

  #as(): Pattern {
    const p = this.#parser
    const start = p.peek
    if (p.accept('*')) {
      const name = p.name()
      return { ...p.spanFrom(start), kind: 'Star', name: name === '_' ? undefined : name }
    }
    const patterns = [this.#closed()]
    while (p.accept('|')) patterns.push(this.#closed())
    const pattern: Pattern = patterns.length === 1 ? patterns[0]! : { ...p.spanFrom(start), kind: 'Or', patterns }
    return p.accept('as') ? { ...p.spanFrom(start), kind: 'Capture', name: p.name(), pattern } : pattern
  }

  #closed(): Pattern {
    const p = this.#parser
    const start = p.peek
    if (p.accept('[')) return this.#sequence(']', start)
    if (p.accept('(')) {
      const before = p.position
      const one = this.#as()
      if (p.accept(')')) return one
      p.position = before
      return this.#sequence(')', start)
    }
    if (p.accept('{')) {
      const items: [Expr, Pattern][] = []
      let rest: string | undefined
      while (!p.at('}')) {
        if (p.accept('**')) rest = p.name()
        else {
          const key = p.expression()
          p.expect(':')
          items.push([key, this.#as()])
        }
        if (!p.accept(',')) break
      }
      p.expect('}')
      return { ...p.spanFrom(start), kind: 'Mapping', items, rest }
    }
    if (start.type === 'name' && !['None', 'True', 'False'].includes(start.text)) {
      p.next()
      let value: Expr = { ...p.spanFrom(start), kind: 'Name', name: start.text }
      while (p.accept('.')) {
        const nameSpan = p.peek
        value = { ...p.spanFrom(start), kind: 'Attribute', value, name: p.name(), nameSpan }
      }
      if (p.accept('(')) {
        const patterns: Pattern[] = []
        const keywords: [string, Pattern][] = []
        while (!p.at(')')) {
          if (p.peek.type === 'name' && p.peekAt(1).text === '=') {
            const name = p.name()
            p.expect('=')
            keywords.push([name, this.#as()])
          } else patterns.push(this.#as())
          if (!p.accept(',')) break
        }
        p.expect(')')
        return { ...p.spanFrom(start), kind: 'Class', cls: value, patterns, keywords }
      }
      if (value.kind === 'Attribute') return { ...p.spanFrom(start), kind: 'Value', value }
      return {
        ...p.spanFrom(start),
        kind: 'Capture',
        name: start.text === '_' ? undefined : start.text,
        pattern: undefined,
      }
    }
    const value = p.sum()
    return { ...p.spanFrom(start), kind: 'Value', value }
  }

  #sequence(close: string, start: Pattern | ExpressionParser['peek']): Pattern {
    const p = this.#parser
    const patterns: Pattern[] = []
    while (!p.at(close)) {
      patterns.push(this.#as())
      if (!p.accept(',')) break
    }
    p.expect(close)
    return { ...p.spanFrom(start), kind: 'Sequence', patterns }
  }
}
