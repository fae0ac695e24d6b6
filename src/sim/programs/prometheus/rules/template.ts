import { dateFields } from '../../../time/date.ts'
import { formatShort } from '../go-number.ts'
import type { Labels } from '../labels.ts'
import { milliTime } from '../log.ts'

export interface TemplateData {
  labels: Labels
  externalLabels: Labels
  value: number
  /** Runs a query for `query`, `first` and `value`. */
  query?: (text: string) => { labels: Labels; value: number }[]
}

/** Expands what alerts' texts use of Go's templates: labels, the value, pipes through Prometheus' functions. */
export function expandTemplate(text: string, data: TemplateData): string {
  try {
    return text.replaceAll(/\{\{-?\s*(.*?)\s*-?\}\}/gs, (_, inside: string) => show(pipeline(inside, data)))
  } catch (error) {
    return `<error expanding template: ${(error as Error).message}>`
  }
}

type Given = string | number | { labels: Labels; value: number }[] | { labels: Labels; value: number } | undefined

function show(value: Given): string {
  if (value === undefined) return '<no value>'
  if (typeof value === 'number') return formatShort(value)
  return typeof value === 'string' ? value : String(value)
}

function pipeline(text: string, data: TemplateData): Given {
  let piped: Given
  split(text, '|').forEach((part, i) => {
    const words = split(part.trim(), ' ').filter(Boolean)
    piped = command(words, i > 0 ? [piped] : [], data)
  })
  return piped
}

function split(text: string, mark: string): string[] {
  const parts = ['']
  let quoted = ''
  let depth = 0
  for (const c of text) {
    if (quoted) {
      if (c === quoted) quoted = ''
    } else if (c === '"' || c === '`') quoted = c
    else if (c === '(') depth++
    else if (c === ')') depth--
    if (c === mark && !quoted && depth === 0) parts.push('')
    else parts[parts.length - 1] += c
  }
  return parts
}

function operand(word: string, data: TemplateData): Given {
  if (/^["`]/.test(word)) return word[0] === '"' ? JSON.parse(word) : word.slice(1, -1)
  if (/^-?[\d.]/.test(word)) return Number(word)
  if (word.startsWith('(')) return pipeline(word.slice(1, -1), data)
  if (word === '$value' || word === '.Value') return data.value
  const label = /^(?:\$labels|\.Labels)\.(\w+)$/.exec(word)
  if (label) return data.labels.get(label[1]!)
  const external = /^(?:\$externalLabels|\.ExternalLabels)\.(\w+)$/.exec(word)
  if (external) return data.externalLabels.get(external[1]!)
  if (word === '$labels' || word === '.Labels')
    return `map[${[...data.labels].map(([name, value]) => `${name}:${value}`).join(' ')}]`
  throw new Error(`not simulated: template ${word}`)
}

function command(words: readonly string[], piped: readonly Given[], data: TemplateData): Given {
  const [name = '', ...rest] = words
  const run = FUNCTIONS[name]
  if (!run) return operand(name, data)
  return run([...rest.map((word) => operand(word, data)), ...piped], data)
}

const FUNCTIONS: Record<string, (args: readonly Given[], data: TemplateData) => Given> = {
  printf: ([format, ...args]) => printf(String(format), args),
  print: (args) => args.map(show).join(''),
  humanize: ([value]) => humanize(Number(value), 1000, ['', 'k', 'M', 'G', 'T', 'P', 'E', 'Z', 'Y']),
  humanize1024: ([value]) => humanize(Number(value), 1024, ['', 'ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei', 'Zi', 'Yi']),
  humanizePercentage: ([value]) => `${significant(Number(value) * 100)}%`,
  humanizeDuration: ([value]) => humanizeDuration(Number(value)),
  humanizeTimestamp: ([value]) =>
    milliTime(Number(value) * 1000)
      .replace('T', ' ')
      .replace('Z', ' +0000 UTC'),
  title: ([text]) => show(text).replaceAll(/\b[a-z]/g, (c) => c.toUpperCase()),
  toUpper: ([text]) => show(text).toUpperCase(),
  toLower: ([text]) => show(text).toLowerCase(),
  query: ([text], { query }) => query?.(show(text)) ?? [],
  first: ([list]) => {
    const [found] = list as { labels: Labels; value: number }[]
    if (!found) throw new Error('first() called on vector with no elements')
    return found
  },
  value: ([sample]) => (sample as { value: number }).value,
  label: ([name, sample]) => (sample as { labels: Labels }).labels.get(show(name)),
}

/** `%.4g` */
function significant(value: number): string {
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : Number.isNaN(value) ? 'NaN' : '-Inf'
  if (value === 0) return '0'
  const power = Math.floor(Math.log10(Math.abs(value)))
  if (power < -4 || power >= 4)
    return value
      .toExponential(3)
      .replace(/\.?0+e/, 'e')
      .replace(/e([+-])(\d)$/, 'e$10$2')
  return String(Number(value.toPrecision(4)))
}

function humanize(value: number, base: number, prefixes: readonly string[]): string {
  if (!Number.isFinite(value) || value === 0) return significant(value)
  let at = 0
  let left = value
  if (Math.abs(left) >= 1) {
    while (Math.abs(left) >= base && at < prefixes.length - 1) {
      left /= base
      at++
    }
    return `${significant(left)}${prefixes[at]}`
  }
  if (base === 1024) return significant(left)
  const small = ['', 'm', 'u', 'n', 'p', 'f', 'a', 'z', 'y']
  while (Math.abs(left) < 1 && at < small.length - 1) {
    left *= 1000
    at++
  }
  return `${significant(left)}${small[at]}`
}

function humanizeDuration(value: number): string {
  if (!Number.isFinite(value)) return significant(value)
  if (value === 0) return '0s'
  const sign = value < 0 ? '-' : ''
  const whole = Math.abs(value)
  if (whole < 1) return `${sign}${humanize(whole, 1000, [''])}s`
  const { second, minute, hour } = dateFields(Math.floor(whole) * 1000)
  const days = Math.floor(whole / 86_400)
  if (days > 0) return `${sign}${days}d ${hour}h ${minute}m ${second}s`
  if (hour > 0) return `${sign}${hour}h ${minute}m ${second}s`
  if (minute > 0) return `${sign}${minute}m ${second}s`
  return `${sign}${significant(whole)}s`
}

function printf(format: string, args: readonly Given[]): string {
  let at = 0
  return format.replaceAll(/%(\.(\d+))?([sdvfgq%])/g, (_, __, digits, verb) => {
    if (verb === '%') return '%'
    const value = args[at++]
    if (verb === 'f') return Number(value).toFixed(digits === undefined ? 6 : Number(digits))
    if (verb === 'g')
      return digits === undefined
        ? formatShort(Number(value))
        : String(Number(Number(value).toPrecision(Number(digits))))
    return verb === 'q' ? JSON.stringify(show(value)) : show(value)
  })
}
