import { scalar, type Variable } from '../variables.ts'
import { doubleQuote, quoteIfNeeded, singleQuote } from './quote.ts'

/** The attributes as `declare -p` shows them, without the dash. */
export function attributeLetters(variable: Variable): string {
  return [
    variable.indexed && 'a',
    variable.associative && 'A',
    variable.integer && 'i',
    variable.lower && 'l',
    variable.reference && 'n',
    variable.readonly && 'r',
    variable.upper && 'u',
    variable.exported && 'x',
  ]
    .filter(Boolean)
    .join('')
}

const quoteKey = (key: string) => (/^[A-Za-z0-9_./:-]+$/.test(key) ? key : doubleQuote(key))

/** `declare -- x="1"`. With `short`, as `${x@A}` prints. */
export function declaration(name: string, variable: Variable, short = false): string {
  const letters = attributeLetters(variable)
  const pairs = variable.indexed
    ? [...variable.indexed].sort((a, b) => a[0] - b[0]).map(([key, text]) => `[${key}]=${doubleQuote(text)}`)
    : variable.associative && [...variable.associative].map(([key, text]) => `[${quoteKey(key)}]=${doubleQuote(text)}`)
  if (short && !letters) return `${name}=${singleQuote(scalar(variable) ?? '')}`
  const start = `declare -${letters || '-'} ${name}`
  if (pairs) return `${start}=(${pairs.join(' ')}${variable.associative && pairs.length > 0 ? ' ' : ''})`
  const text = scalar(variable)
  if (text === undefined) return start
  return `${start}=${short ? singleQuote(text) : doubleQuote(text)}`
}

/** `name=value` as `set` prints. */
export function setting(name: string, variable: Variable): string | undefined {
  if (variable.indexed || variable.associative) return declaration(name, variable).replace(/^declare -\S+ /, '')
  const text = scalar(variable)
  return text === undefined ? undefined : `${name}=${quoteIfNeeded(text)}`
}
