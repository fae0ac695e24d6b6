import { type Labels, quote } from './labels.ts'

export type MatchOperator = '=' | '!=' | '=~' | '!~'

/** A test on one label's value; the value of a label that is not there is empty. */
export interface Matcher {
  readonly name: string
  readonly operator: MatchOperator
  readonly value: string
  test(value: string): boolean
}

/** Throws an Error in Go's words when the expression is wrong. */
export function makeMatcher(name: string, operator: MatchOperator, value: string): Matcher {
  if (operator === '=') return { name, operator, value, test: (v) => v === value }
  if (operator === '!=') return { name, operator, value, test: (v) => v !== value }
  const pattern = anchored(value)
  const seen = new Map<string, boolean>()
  const wanted = operator === '=~'
  return {
    name,
    operator,
    value,
    test(text) {
      let result = seen.get(text)
      if (result === undefined) {
        result = pattern.test(text) === wanted
        if (seen.size > 10_000) seen.clear()
        seen.set(text, result)
      }
      return result
    },
  }
}

/** An RE2 expression that must match the whole text. */
export function anchored(source: string): RegExp {
  let flags = ''
  const plain = source
    .replace(/^\(\?([is]+)\)/, (_, given: string) => {
      flags = given
      return ''
    })
    .replaceAll('(?P<', '(?<')
    .replaceAll(/\\A/g, '^')
    .replaceAll(/\\z/g, '$')
  try {
    return new RegExp(`^(?:${plain})$`, flags)
  } catch {
    throw new Error(`error parsing regexp: ${complaint(source)}`)
  }
}

/** Go's words for the usual mistakes. */
function complaint(source: string): string {
  const repeated = /^[*+?]/.exec(source) ?? /[(|][*+?]/.exec(source)?.[0]?.slice(1)
  if (repeated)
    return `missing argument to repetition operator: \`${typeof repeated === 'string' ? repeated : repeated[0]}\``
  const bare = source.replaceAll(/\\./g, '')
  const nested = /[*+?][*+]/.exec(bare)?.[0]
  if (nested) return `invalid nested repetition operator: \`${nested}\``
  if (/\[[^\]]*$/.test(bare)) return `missing closing ]: \`${source.slice(source.lastIndexOf('['))})$\``
  const open = bare.split('(').length - bare.split(')').length
  if (open > 0) return `missing closing ): \`^(?:${source})$\``
  if (open < 0) return `unexpected ): \`^(?:${source})$\``
  return `invalid or unsupported Perl syntax: \`${source}\``
}

export const matchesAll = (labels: Labels, matchers: readonly Matcher[]): boolean =>
  matchers.every((m) => m.test(labels.get(m.name)))

export const matcherText = ({ name, operator, value }: Matcher): string => `${name}${operator}${quote(value)}`
