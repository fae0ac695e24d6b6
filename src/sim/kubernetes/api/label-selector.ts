import type { LabelSelector } from './client.ts'

export type LabelOperator = 'in' | 'notin' | '=' | '!=' | 'exists' | '!' | 'gt' | 'lt'

export interface Requirement {
  key: string
  operator: LabelOperator
  values: string[]
}

type Labels = Readonly<Record<string, string>> | undefined

export function matchesRequirements(requirements: readonly Requirement[], labels: Labels): boolean {
  return requirements.every((r) => matchesRequirement(r, labels))
}

function matchesRequirement({ key, operator, values }: Requirement, labels: Labels): boolean {
  const has = labels !== undefined && Object.hasOwn(labels, key)
  const value = has ? labels[key]! : ''
  switch (operator) {
    case '=':
    case 'in':
      return has && values.includes(value)
    case '!=':
    case 'notin':
      return !has || !values.includes(value)
    case 'exists':
      return has
    case '!':
      return !has
    case 'gt':
      return has && /^[+-]?\d+$/.test(value) && Number(value) > Number(values[0])
    case 'lt':
      return has && /^[+-]?\d+$/.test(value) && Number(value) < Number(values[0])
  }
}

/** The API's object form. An empty selector selects everything; the caller decides what an absent one means. */
export function selectorRequirements(selector: LabelSelector): Requirement[] {
  const out: Requirement[] = Object.entries(selector.matchLabels ?? {}).map(([key, value]) => ({
    key,
    operator: '=',
    values: [value],
  }))
  const operators: Record<string, LabelOperator> = { In: 'in', NotIn: 'notin', Exists: 'exists', DoesNotExist: '!' }
  for (const e of selector.matchExpressions ?? [])
    out.push({ key: e.key, operator: operators[e.operator] ?? 'in', values: e.values ?? [] })
  return out
}

/** True when an absent selector is given nothing, and an empty one everything, as LabelSelectorAsSelector does. */
export function matchesSelector(selector: LabelSelector | undefined, labels: Labels): boolean {
  return selector !== undefined && matchesRequirements(selectorRequirements(selector), labels)
}

/** `app=web,tier in (a,b)`, keys sorted, as selectors are printed. Empty for one that selects everything. */
export function formatSelector(selector: LabelSelector | undefined): string {
  if (!selector) return ''
  const texts = selectorRequirements(selector)
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(formatRequirement)
  return texts.join(',')
}

export function formatRequirement({ key, operator, values }: Requirement): string {
  switch (operator) {
    case '=':
    case '!=':
      return `${key}${operator}${values[0] ?? ''}`
    case 'in':
    case 'notin':
      return `${key} ${operator} (${[...values].sort().join(',')})`
    case 'exists':
      return key
    case '!':
      return `!${key}`
    case 'gt':
      return `${key}>${values[0] ?? ''}`
    case 'lt':
      return `${key}<${values[0] ?? ''}`
  }
}

/** The text form of a selector. Throws SelectorError with apimachinery's words. */
export function parseSelector(text: string): Requirement[] {
  return new Parser(text).parse()
}

export class SelectorError extends Error {}

interface Token {
  kind: 'identifier' | 'end' | ',' | '(' | ')' | '=' | '==' | '!=' | '!' | '>' | '<' | 'in' | 'notin'
  text: string
}

const SPECIAL = '=!(),><'

function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let i = 0
  while (i < text.length) {
    const c = text[i]!
    if (/\s/.test(c)) {
      i++
    } else if (SPECIAL.includes(c)) {
      const two = text.slice(i, i + 2)
      const symbol = two === '==' || two === '!=' ? two : c
      tokens.push({ kind: symbol as Token['kind'], text: symbol })
      i += symbol.length
    } else {
      let end = i
      while (end < text.length && !SPECIAL.includes(text[end]!) && !/\s/.test(text[end]!)) end++
      const word = text.slice(i, end)
      tokens.push({ kind: word === 'in' || word === 'notin' ? word : 'identifier', text: word })
      i = end
    }
  }
  tokens.push({ kind: 'end', text: '' })
  return tokens
}

class Parser {
  readonly #tokens: Token[]
  #at = 0

  constructor(text: string) {
    this.#tokens = tokenize(text)
  }

  parse(): Requirement[] {
    const out: Requirement[] = []
    for (;;) {
      const token = this.#peek()
      if (token.kind === 'identifier' || token.kind === '!' || token.kind === 'in' || token.kind === 'notin') {
        out.push(this.#requirement())
        const next = this.#next()
        if (next.kind === 'end') break
        if (next.kind !== ',') throw new SelectorError(`found '${next.text}', expected: ',' or 'end of string'`)
        const after = this.#peek()
        if (after.kind !== 'identifier' && after.kind !== '!' && after.kind !== 'in' && after.kind !== 'notin')
          throw new SelectorError(`found '${after.text}', expected: identifier after ','`)
      } else if (token.kind === 'end') {
        break
      } else {
        throw new SelectorError(`found '${token.text}', expected: !, identifier, or 'end of string'`)
      }
    }
    return out.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
  }

  #peek(): Token {
    return this.#tokens[Math.min(this.#at, this.#tokens.length - 1)]!
  }

  #next(): Token {
    const token = this.#peek()
    this.#at++
    return token
  }

  #requirement(): Requirement {
    const negated = this.#peek().kind === '!'
    if (negated) this.#next()
    const keyToken = this.#next()
    if (keyToken.kind === 'end' || SPECIAL.includes(keyToken.kind))
      throw new SelectorError(`found '${keyToken.text}', expected: identifier`)
    const key = keyToken.text
    checkKey(key)
    if (negated) return { key, operator: '!', values: [] }
    const next = this.#peek()
    if (next.kind === 'end' || next.kind === ',') return { key, operator: 'exists', values: [] }
    this.#next()
    switch (next.kind) {
      case '=':
      case '==':
      case '!=': {
        const value = this.#exactValue()
        checkValue(key, value)
        return { key, operator: next.kind === '!=' ? '!=' : '=', values: [value] }
      }
      case '>':
      case '<': {
        const value = this.#exactValue()
        if (!/^[+-]?\d+$/.test(value))
          throw new SelectorError(
            `values[0][${key}]: Invalid value: "${value}": for 'Gt', 'Lt' operators, the value must be an integer`,
          )
        return { key, operator: next.kind === '>' ? 'gt' : 'lt', values: [value] }
      }
      case 'in':
      case 'notin':
        return { key, operator: next.kind, values: this.#values(key) }
      default:
        throw new SelectorError(`found '${next.text}', expected: in, notin, =, ==, !=, gt, lt`)
    }
  }

  #exactValue(): string {
    const token = this.#peek()
    if (token.kind === 'end' || token.kind === ',') return ''
    this.#next()
    if (token.kind === 'identifier' || token.kind === 'in' || token.kind === 'notin') return token.text
    throw new SelectorError(`found '${token.text}', expected: identifier`)
  }

  #values(key: string): string[] {
    const open = this.#next()
    if (open.kind !== '(') throw new SelectorError(`found '${open.text}' expected: '('`)
    const values: string[] = []
    for (;;) {
      const token = this.#next()
      if (token.kind === ')') {
        if (values.length === 0) values.push('')
        break
      }
      if (token.kind === ',') {
        if (values.length === 0) values.push('')
        const after = this.#peek()
        if (after.kind === ',' || after.kind === ')') values.push('')
        continue
      }
      if (token.kind === 'end' || SPECIAL.includes(token.kind))
        throw new SelectorError(`found '${token.text}', expected: ',', ')' or identifier`)
      values.push(token.text)
    }
    for (const value of values) checkValue(key, value)
    return [...new Set(values)].sort()
  }
}

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/
const DNS = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const NAME_WORDS = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`

function checkKey(key: string): void {
  const slash = key.indexOf('/')
  const name = slash < 0 ? key : key.slice(slash + 1)
  const problems: string[] = []
  if (slash >= 0 && !DNS.test(key.slice(0, slash)))
    problems.push(
      `prefix part a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
    )
  if (!NAME.test(name)) problems.push(NAME_WORDS)
  if (name.length > 63) problems.push('name part must be no more than 63 bytes')
  if (problems.length > 0) throw new SelectorError(`key: Invalid value: ${JSON.stringify(key)}: ${problems.join('; ')}`)
}

function checkValue(key: string, value: string): void {
  const problems: string[] = []
  if (value.length > 63) problems.push('must be no more than 63 bytes')
  if (value !== '' && !NAME.test(value))
    problems.push(
      `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')`,
    )
  if (problems.length > 0)
    throw new SelectorError(`values[0][${key}]: Invalid value: ${JSON.stringify(value)}: ${problems.join('; ')}`)
}
