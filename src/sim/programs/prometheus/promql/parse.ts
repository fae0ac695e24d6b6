import type { SyntaxNode } from '@lezer/common'
import { parser } from '@prometheus-io/lezer-promql'
import { parseDuration } from '../duration.ts'
import { parseFloatText } from '../go-number.ts'
import { type Matcher, type MatchOperator, makeMatcher } from '../matcher.ts'
import { check } from './check.ts'
import type { Aggregator, At, BinaryOperator, Expression, Matching, VectorSelector } from './expression.ts'
import { describeToken, parseError, type Token, tokenize } from './tokens.ts'

/** Parses and type-checks an expression. Throws ParseError with Prometheus' words. */
export function parseExpression(text: string): Expression {
  // What the server's own version calls it; the grammar knows only its later name.
  const source = withoutComments(text).replaceAll(/\bholt_winters(?=\s*\()/g, 'double_exponential_smoothing')
  const { tokens, error, errorAt = 0 } = tokenize(source)
  if (text.trim() === '') throw parseError(text, 0, 'no expression found in input')
  const tree = parser.parse(source)
  let first: SyntaxNode | undefined
  tree.iterate({
    enter(ref) {
      if (first) return false
      if (ref.type.isError) first = ref.node
      return undefined
    },
  })
  if (first && (!error || first.from < errorAt)) {
    const found = complain(source, first, tokens)
    if (found) throw found
  }
  if (error) throw error
  const expression = new Builder(source).expression(tree.topNode.firstChild!)
  check(expression, source)
  return expression
}

/** Comments become blanks, so that every place in the text stays where it is. */
const withoutComments = (text: string) =>
  text.replaceAll(
    /("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`)|#[^\n]*/g,
    (found, quoted) => quoted ?? ' '.repeat(found.length),
  )

/** Only the words: what stands where it should not, and in what. */
function complain(source: string, node: SyntaxNode, tokens: readonly Token[]): Error | undefined {
  const at = tokens.findIndex((token) => token.from >= node.from)
  const token = tokens[at]
  if (!token) return undefined
  const before = tokens[at - 1]
  if (token.text === '(' && before?.kind === 'identifier')
    return parseError(source, before.from, `unknown function with name ${JSON.stringify(before.text)}`)
  if (before?.text === 'offset') return unexpected(source, token, 'offset, expected duration')
  if (before?.text === '@') return unexpected(source, token, '@, expected timestamp')
  const context = enclosing(node)
  if (context === 'LabelMatchers') {
    const afterOperator = before?.kind === 'operator'
    const wanted = afterOperator
      ? 'string'
      : before?.kind === 'identifier'
        ? 'label matching operator'
        : before?.kind === 'string'
          ? '"," or "}"'
          : 'identifier or "}"'
    return unexpected(source, token, `label matching, expected ${wanted}`)
  }
  if ((before?.text === 'by' || before?.text === 'without') && token.text !== '(')
    return unexpected(source, token, 'grouping opts, expected "("')
  if (context === 'GroupingLabels')
    return unexpected(
      source,
      token,
      `grouping opts, expected ${before?.kind === 'identifier' ? '"," or ")"' : 'label'}`,
    )
  return parseError(source, token.from, `unexpected ${describeToken(token)}`)
}

const unexpected = (source: string, token: Token, rest: string) =>
  parseError(source, token.from, `unexpected ${describeToken(token)} in ${rest}`)

function enclosing(node: SyntaxNode): string | undefined {
  for (let at = node.parent; at; at = at.parent)
    if (['LabelMatchers', 'GroupingLabels', 'FunctionCallBody'].includes(at.name)) return at.name
  return undefined
}

/** From the grammar's tree to expressions. */
class Builder {
  readonly #source: string

  constructor(source: string) {
    this.#source = source
  }

  #text(node: SyntaxNode): string {
    return this.#source.slice(node.from, node.to)
  }

  expression(node: SyntaxNode): Expression {
    const { from } = node
    switch (node.name) {
      case 'ParenExpr':
        return { type: 'parentheses', expression: this.expression(node.firstChild!), from }
      case 'NumberDurationLiteral':
        return { type: 'number', value: this.#number(node), from }
      case 'StringLiteral':
        return { type: 'string', value: unquote(this.#text(node)), from }
      case 'VectorSelector':
        return this.#selector(node)
      case 'UnaryExpr': {
        const operator = this.#text(node.firstChild!) as '+' | '-'
        return { type: 'unary', operator, expression: this.expression(node.lastChild!), from }
      }
      case 'FunctionCall': {
        const name = this.#text(node.firstChild!)
        const known = name === 'double_exponential_smoothing' ? 'holt_winters' : name
        return { type: 'call', name: known, args: this.#body(node.lastChild!), from }
      }
      case 'AggregateExpr':
        return this.#aggregation(node)
      case 'BinaryExpr':
        return this.#binary(node)
      case 'MatrixSelector': {
        const range = this.#duration(node.getChild('DurationExpr')!)
        return innermost(this.expression(node.firstChild!), (inner) => {
          if (inner.type !== 'selector')
            throw parseError(
              this.#source,
              node.getChild('DurationExpr')!.from - 1,
              'ranges only allowed for vector selectors',
            )
          if (inner.offset !== 0) throw parseError(this.#source, inner.from, 'no offset modifiers allowed before range')
          if (inner.at !== undefined) throw parseError(this.#source, inner.from, 'no @ modifiers allowed before range')
          return { type: 'range', selector: inner, range, from: inner.from }
        })
      }
      case 'SubqueryExpr': {
        const [range, step] = node.getChildren('DurationExpr')
        return innermost(this.expression(node.firstChild!), (expression) => ({
          type: 'subquery',
          expression,
          range: this.#duration(range!),
          step: step ? this.#duration(step) : 0,
          offset: 0,
          at: undefined,
          from: expression.from,
        }))
      }
      case 'OffsetExpr': {
        const offset = this.#offset(node.lastChild!)
        return innermost(this.expression(node.firstChild!), (inner) =>
          this.#modify(inner, 'offset modifier', (selector) => {
            if (selector.offset !== 0)
              throw parseError(this.#source, inner.from, 'offset may not be set multiple times')
            return { ...selector, offset }
          }),
        )
      }
      case 'StepInvariantExpr': {
        const at = this.#at(node)
        return innermost(this.expression(node.firstChild!), (inner) =>
          this.#modify(inner, '@ modifier', (selector) => {
            if (selector.at !== undefined)
              throw parseError(this.#source, inner.from, '@ <timestamp> may not be set multiple times')
            return { ...selector, at }
          }),
        )
      }
      default:
        throw parseError(this.#source, from, `not simulated: ${node.name}`)
    }
  }

  #modify(
    inner: Expression,
    what: string,
    change: <T extends { offset: number; at: At | undefined }>(selector: T) => T,
  ): Expression {
    if (inner.type === 'selector' || inner.type === 'subquery') return change(inner)
    if (inner.type === 'range') return { ...inner, selector: change(inner.selector) }
    throw parseError(
      this.#source,
      inner.from,
      `${what} must be preceded by an instant vector selector or range vector selector or a subquery`,
    )
  }

  #number(node: SyntaxNode): number {
    const text = this.#text(node)
    const value = parseFloatText(text.replace(/^([+-])\s+/, '$1'))
    if (value === undefined)
      throw parseError(this.#source, node.from, `unexpected duration ${JSON.stringify(text.replace(/^[+-]\s*/, ''))}`)
    return value
  }

  #duration(node: SyntaxNode): number {
    const ms = parseDuration(this.#text(node))
    if (ms === undefined) throw parseError(this.#source, node.from, 'missing unit character in duration')
    if (ms === 0) throw parseError(this.#source, node.from, 'duration must be greater than 0')
    return ms
  }

  #offset(node: SyntaxNode): number {
    const text = this.#text(node).replaceAll(/\s/g, '')
    const ms = parseDuration(text.replace(/^[+-]/, ''))
    if (ms === undefined || text.replace(/^[+-]/, '') === '0')
      throw parseError(
        this.#source,
        node.from,
        `unexpected number ${JSON.stringify(text)} in offset, expected duration`,
      )
    return text.startsWith('-') ? -ms : ms
  }

  #at(node: SyntaxNode): At {
    const ends = node.getChild('AtModifierPreprocessors')
    if (ends) return this.#text(ends).startsWith('start') ? 'start' : 'end'
    const value = this.#number(node.getChildren('NumberDurationLiteral').at(-1)!)
    if (!Number.isFinite(value))
      throw parseError(this.#source, node.from, 'timestamp out of bounds for @ modifier: '.concat(String(value)))
    return Math.round(value * 1000)
  }

  #body(node: SyntaxNode): Expression[] {
    return children(node).map((child) => this.expression(child))
  }

  #selector(node: SyntaxNode): VectorSelector {
    const identifier = node.getChild('Identifier')
    const name = identifier && this.#text(identifier)
    const matchers: Matcher[] = []
    for (const child of children(node.getChild('LabelMatchers'))) {
      const operator = child.getChild('MatchOp')
      const label = child.getChild('LabelName')
      const value = child.getChild('StringLiteral')
      if (!operator || !label || !value)
        throw parseError(
          this.#source,
          child.from,
          `unexpected string ${JSON.stringify(this.#text(child.firstChild ?? child))} in label matching, expected identifier or "}"`,
        )
      try {
        matchers.push(makeMatcher(this.#text(label), this.#text(operator) as MatchOperator, unquote(this.#text(value))))
      } catch (error) {
        throw parseError(this.#source, label.from, (error as Error).message)
      }
    }
    if (name) {
      const twice = matchers.find((m) => m.name === '__name__' && m.operator === '=')
      if (twice)
        throw parseError(
          this.#source,
          node.from,
          `metric name must not be set twice: ${JSON.stringify(name)} or ${JSON.stringify(twice.value)}`,
        )
      matchers.push(makeMatcher('__name__', '=', name))
    }
    if (!matchers.some((m) => !m.test('')))
      throw parseError(this.#source, node.from, 'vector selector must contain at least one non-empty matcher')
    return { type: 'selector', name: name ?? undefined, matchers, offset: 0, at: undefined, from: node.from }
  }

  #labels(node: SyntaxNode | null): string[] {
    return children(node).map((child) => this.#text(child))
  }

  #aggregation(node: SyntaxNode): Expression {
    const operator = this.#text(node.getChild('AggregateOp')!).toLowerCase() as Aggregator
    const modifier = node.getChild('AggregateModifier')
    const args = this.#body(node.getChild('FunctionCallBody')!)
    if (args.length === 0) throw parseError(this.#source, node.from, 'no arguments for aggregate expression provided')
    const wanted = ['topk', 'bottomk', 'count_values', 'quantile'].includes(operator) ? 2 : 1
    if (args.length !== wanted)
      throw parseError(
        this.#source,
        node.from,
        `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${args.length}`,
      )
    return {
      type: 'aggregation',
      operator,
      expression: args.at(-1)!,
      parameter: wanted === 2 ? args[0] : undefined,
      modifier: modifier ? (modifier.getChild('By') ? 'by' : 'without') : undefined,
      labels: modifier ? this.#labels(modifier.getChild('GroupingLabels')) : [],
      from: node.from,
    }
  }

  #binary(node: SyntaxNode): Expression {
    const parts = children(node)
    const left = this.expression(parts[0]!)
    const right = this.expression(parts.at(-1)!)
    const operator = this.#text(parts[1]!).toLowerCase() as BinaryOperator
    const clause = node.getChild('MatchingModifierClause')
    let matching: Matching | undefined
    if (clause) {
      const [labels, include] = clause.getChildren('GroupingLabels')
      matching = {
        on: clause.getChild('On') !== null,
        labels: this.#labels(labels ?? null),
        group: clause.getChild('GroupLeft') ? 'left' : clause.getChild('GroupRight') ? 'right' : undefined,
        include: this.#labels(include ?? null),
      }
    }
    const bool = node.getChild('BoolModifier') !== null
    if (node.getChild('FillModifier') || operator === ('</' as string) || operator === ('>/' as string))
      throw parseError(this.#source, node.from, `not simulated: ${this.#text(parts[1]!)}`)
    // A sign belongs to the power, not to its base.
    if (operator === '^' && left.type === 'number' && /^[+-]/.test(this.#text(parts[0]!))) {
      const base: Expression = { type: 'number', value: Math.abs(left.value), from: left.from + 1 }
      const power: Expression = { type: 'binary', operator, left: base, right, bool, matching, from: base.from }
      return { type: 'unary', operator: left.value < 0 ? '-' : '+', expression: power, from: left.from }
    }
    return { type: 'binary', operator, left, right, bool, matching, from: node.from }
  }
}

/** The grammar leaves open how far a postfix reaches: only to the operand just before it. */
function innermost(expression: Expression, change: (inner: Expression) => Expression): Expression {
  if (expression.type === 'binary') return { ...expression, right: innermost(expression.right, change) }
  if (expression.type === 'unary') return { ...expression, expression: innermost(expression.expression, change) }
  return change(expression)
}

function children(node: SyntaxNode | null): SyntaxNode[] {
  const list: SyntaxNode[] = []
  for (let child = node?.firstChild ?? null; child; child = child.nextSibling) list.push(child)
  return list
}

const ESCAPES: Record<string, string> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '\\': '\\',
  '"': '"',
  "'": "'",
}

function unquote(text: string): string {
  if (text[0] === '`') return text.slice(1, -1)
  return text
    .slice(1, -1)
    .replaceAll(
      /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs,
      (_, hex, short, long, octal, plain) => {
        const code = hex ?? short ?? long
        if (code) return String.fromCodePoint(Number.parseInt(code, 16))
        if (octal) return String.fromCharCode(Number.parseInt(octal, 8))
        return ESCAPES[plain] ?? plain
      },
    )
}
