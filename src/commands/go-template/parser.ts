import { quote, type Token, type TokenType, tokenize } from './lexer.ts'
import type { Command, Node, Operand, Pipe } from './node.ts'

/** `message` is Go's: `template: NAME:LINE: what`. */
export class TemplateSyntaxError extends Error {}

export interface ParsedTemplate {
  name: string
  source: string
  body: Node[]
  defined: Map<string, Node[]>
}

/** Parses a template; `functions` are the names that may be called. */
export function parseTemplate(name: string, source: string, functions: ReadonlySet<string>): ParsedTemplate {
  const parser = new Parser(name, source, functions)
  const body = parser.top()
  return { name, source, body, defined: parser.defined }
}

class Parser {
  readonly defined = new Map<string, Node[]>()
  readonly #name: string
  readonly #tokens: Token[]
  readonly #functions: ReadonlySet<string>
  #position = 0
  #variables: string[] = ['$']
  #rangeDepth = 0

  constructor(name: string, source: string, functions: ReadonlySet<string>) {
    this.#name = name
    this.#tokens = tokenize(source)
    this.#functions = functions
  }

  top(): Node[] {
    const { nodes, end } = this.#list()
    if (end) throw this.#error(`unexpected {{${end}}}`)
    return nodes
  }

  #error(message: string, token = this.#tokens[Math.min(this.#position, this.#tokens.length) - 1]): Error {
    return new TemplateSyntaxError(`template: ${this.#name}:${token?.line ?? 1}: ${message}`)
  }

  #next(): Token {
    const token = this.#tokens[Math.min(this.#position, this.#tokens.length - 1)]!
    this.#position++
    return token
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#position, this.#tokens.length - 1)]!
  }

  #nextSolid(): Token {
    let token = this.#next()
    while (token.type === 'space') token = this.#next()
    return token
  }

  #peekSolid(): Token {
    while (this.#peek().type === 'space') this.#position++
    return this.#peek()
  }

  #unexpected(token: Token, context: string): Error {
    if (token.type === 'error') {
      if (token.text === 'unclosed action' && token.line > 1) return this.#error(token.text, token)
      return this.#error(token.text, token)
    }
    return this.#error(`unexpected ${describe(token)} in ${context}`, token)
  }

  #list(inner = false): { nodes: Node[]; end?: string } {
    const nodes: Node[] = []
    for (;;) {
      const token = this.#next()
      if (token.type === 'eof') {
        if (inner) throw this.#error('unexpected EOF', token)
        return { nodes }
      }
      if (token.type === 'error') throw this.#error(token.text, token)
      if (token.type === 'text') {
        nodes.push({ kind: 'text', text: token.text, at: token.at })
        continue
      }
      const first = this.#peekSolid()
      if (first.type === 'keyword') {
        if (first.text === 'end' || first.text === 'else') {
          this.#nextSolid()
          if (first.text === 'end') this.#close('end')
          return { nodes, end: first.text }
        }
        const node = this.#control(this.#nextSolid())
        if (node) nodes.push(node)
        continue
      }
      const at = first.at
      nodes.push({ kind: 'action', pipe: this.#pipe('command', 'right'), at })
    }
  }

  #close(context: string): void {
    const token = this.#nextSolid()
    if (token.type !== 'right') throw this.#unexpected(token, context)
  }

  #control(keyword: Token): Node | undefined {
    const at = keyword.at
    switch (keyword.text) {
      case 'if':
      case 'with':
      case 'range':
        return this.#branch(keyword.text, at)
      case 'break':
      case 'continue': {
        this.#close(`{{${keyword.text}}}`)
        if (this.#rangeDepth === 0) throw this.#error(`{{${keyword.text}}} outside {{range}}`, keyword)
        return { kind: keyword.text, at }
      }
      case 'define': {
        const name = this.#templateName('define clause')
        this.#close('define clause')
        const outer = this.#variables
        this.#variables = ['$']
        const { nodes, end } = this.#list(true)
        if (end !== 'end') throw this.#error(`unexpected {{${end}}} in define clause`)
        this.#variables = outer
        this.defined.set(name, nodes)
        return undefined
      }
      case 'block': {
        const name = this.#templateName('block clause')
        const pipe = this.#pipe('block clause', 'right')
        const outer = this.#variables
        this.#variables = ['$']
        this.defined.set(name, this.#list(true).nodes)
        this.#variables = outer
        return { kind: 'template', name, pipe, at }
      }
      case 'template': {
        const name = this.#templateName('template clause')
        if (this.#peekSolid().type === 'right') {
          this.#close('template clause')
          return { kind: 'template', name, at }
        }
        return { kind: 'template', name, pipe: this.#pipe('template clause', 'right'), at }
      }
      default:
        throw this.#unexpected(keyword, 'command')
    }
  }

  #templateName(context: string): string {
    const token = this.#nextSolid()
    if (token.type !== 'string' && token.type !== 'raw') throw this.#unexpected(token, context)
    return unquote(token.text)
  }

  #branch(kind: 'if' | 'with' | 'range', at: number): Node {
    const scope = this.#variables.length
    const pipe = this.#pipe(kind, 'right')
    if (kind === 'range') this.#rangeDepth++
    const { nodes: body, end } = this.#list(true)
    if (kind === 'range') this.#rangeDepth--
    let otherwise: Node[] | undefined
    if (end === 'else') {
      const next = this.#peekSolid()
      if (next.type === 'keyword' && (next.text === 'if' || next.text === 'with') && next.text === kind) {
        this.#nextSolid()
        otherwise = [this.#branch(kind, next.at)]
      } else {
        this.#close('else')
        const rest = this.#list(true)
        if (rest.end !== 'end') throw this.#error('expected end; found {{else}}')
        otherwise = rest.nodes
      }
    }
    this.#variables.length = scope
    return { kind, pipe, body, otherwise, at }
  }

  #pipe(context: string, end: TokenType): Pipe {
    const start = this.#peekSolid()
    const pipe: Pipe = { kind: 'pipe', declared: [], assign: false, commands: [], at: start.at }
    this.#declarations(pipe, context)
    for (;;) {
      const token = this.#nextSolid()
      if (token.type === end) {
        if (pipe.commands.length === 0) throw this.#error(`missing value for ${context}`, token)
        pipe.commands.slice(1).forEach((command, i) => {
          const first = command.operands[0]!
          if (['bool', 'dot', 'nil', 'number', 'string'].includes(first.kind))
            throw this.#error(`non executable command in pipeline stage ${i + 2}`, token)
        })
        return pipe
      }
      this.#position--
      pipe.commands.push(this.#command())
    }
  }

  #declarations(pipe: Pipe, context: string): void {
    const mark = this.#position
    const names: string[] = []
    for (;;) {
      const name = this.#peekSolid()
      if (name.type !== 'variable') break
      this.#nextSolid()
      const after = this.#peekSolid()
      if (after.type === 'declare' || after.type === 'assign') {
        this.#nextSolid()
        pipe.declared = [...names, name.text]
        pipe.assign = after.type === 'assign'
        if (!pipe.assign) this.#variables.push(...pipe.declared)
        else
          for (const used of pipe.declared)
            if (!this.#variables.includes(used)) throw this.#error(`undefined variable "${used}"`, name)
        return
      }
      if (after.type === 'comma' && context === 'range' && names.length === 0) {
        this.#nextSolid()
        names.push(name.text)
        continue
      }
      break
    }
    this.#position = mark
  }

  #command(): Command {
    const first = this.#peekSolid()
    const command: Command = { kind: 'command', operands: [], at: first.at }
    for (;;) {
      this.#peekSolid()
      const operand = this.#operand()
      if (operand) command.operands.push(operand)
      const token = this.#next()
      if (token.type === 'space') continue
      if (token.type === 'right' || token.type === ')') {
        this.#position--
        break
      }
      if (token.type === 'pipe') {
        const after = this.#peekSolid()
        if (after.type === 'right') throw this.#error('missing value for command', after)
        break
      }
      throw this.#unexpected(token, 'operand')
    }
    if (command.operands.length === 0) throw this.#error('empty command')
    return command
  }

  #operand(): Operand | undefined {
    const node = this.#term()
    if (!node) return undefined
    if (this.#peek().type !== 'field') return node
    const at = this.#peek().at
    const names: string[] = []
    while (this.#peek().type === 'field') names.push(this.#next().text.slice(1))
    if (node.kind === 'field') return { kind: 'field', names: [...node.names, ...names], at }
    if (node.kind === 'variable') return { ...node, names: [...node.names, ...names], at }
    if (['bool', 'string', 'number', 'nil', 'dot'].includes(node.kind))
      throw this.#error(
        `unexpected . after term ${quote(node.kind === 'dot' ? '.' : String((node as { text?: string }).text ?? node.kind))}`,
      )
    return { kind: 'chain', of: node, names, at }
  }

  #term(): Operand | undefined {
    const token = this.#nextSolid()
    const at = token.at
    switch (token.type) {
      case 'identifier':
        if (!this.#functions.has(token.text)) throw this.#error(`function "${token.text}" not defined`, token)
        return { kind: 'identifier', name: token.text, at }
      case 'dot':
        return { kind: 'dot', at }
      case 'nil':
        return { kind: 'nil', at }
      case 'variable':
        if (!this.#variables.includes(token.text)) throw this.#error(`undefined variable "${token.text}"`, token)
        return { kind: 'variable', name: token.text, names: [], at }
      case 'field':
        return { kind: 'field', names: [token.text.slice(1)], at }
      case 'bool':
        return { kind: 'bool', value: token.text === 'true', at }
      case 'number':
        return { kind: 'number', text: token.text, value: Number(token.text.replace(/_/g, '')), at }
      case 'char':
        return {
          kind: 'number',
          text: token.text,
          value: unquote(`"${token.text.slice(1, -1)}"`).codePointAt(0) ?? 0,
          at,
        }
      case 'string':
      case 'raw':
        return { kind: 'string', text: token.text, value: unquote(token.text), at }
      case '(':
        return this.#pipe('parenthesized pipeline', ')')
      default:
        this.#position--
        return undefined
    }
  }
}

function describe(token: Token): string {
  if (token.type === 'eof') return 'EOF'
  if (token.type === 'keyword') return `<${token.text}>`
  if (token.type === 'right') return quote(token.text.trimStart())
  return token.text.length > 10 ? `${quote(token.text.slice(0, 10))}...` : quote(token.text)
}

function unquote(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1)
  return text
    .slice(1, -1)
    .replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/g, (_, x, u, long, octal, c) => {
      if (x || u || long) return String.fromCodePoint(Number.parseInt(x ?? u ?? long, 16))
      if (octal) return String.fromCodePoint(Number.parseInt(octal, 8))
      return ({ n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' } as Record<string, string>)[c] ?? c
    })
}
