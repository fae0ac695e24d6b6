/** A text that is not in the exposition format; the message is Prometheus'. */
export class ExpositionError extends Error {}

export interface ExpositionSink {
  /** `series` is the text before the value; `time` in ms where the target gave one. */
  sample(series: string, value: number, time: number | undefined): void
  /** A comment line: `# TYPE …`, `# HELP …`. */
  comment?(line: string): void
}

/** Reads the text format line by line. Throws ExpositionError. */
export function parseExposition(text: string, sink: ExpositionSink): void {
  let from = 0
  while (from < text.length) {
    let to = text.indexOf('\n', from)
    if (to < 0) to = text.length
    if (to > from) line(text, from, to, sink)
    from = to + 1
  }
}

function line(text: string, from: number, to: number, sink: ExpositionSink): void {
  const first = text.charCodeAt(from)
  if (first === 35) {
    sink.comment?.(text.slice(from, to))
    return
  }
  const isStart = (first >= 97 && first <= 122) || (first >= 65 && first <= 90) || first === 95 || first === 58
  if (!isStart) {
    const whole = text.slice(from, to)
    if (whole.trim() === '') return
    throw new ExpositionError(`"INVALID" "${whole[0]}" is not a valid start token`)
  }
  let end = text.lastIndexOf('}', to)
  if (end > from) end++
  else {
    end = text.indexOf(' ', from)
    if (end < 0 || end > to) {
      const tab = text.indexOf('\t', from)
      end = tab > 0 && tab < to ? tab : to
    }
  }
  const rest = text.slice(end, to).trim()
  const space = rest.search(/[ \t]/)
  const valueText = space < 0 ? rest : rest.slice(0, space)
  if (valueText === '') throw new ExpositionError(`expected value after metric, got "MNAME"`)
  const value = toNumber(valueText)
  if (value === undefined)
    throw new ExpositionError(
      /^[\d.+-]/.test(valueText)
        ? `strconv.ParseFloat: parsing ${JSON.stringify(valueText)}: invalid syntax`
        : 'expected value after metric, got "INVALID"',
    )
  const time = space < 0 ? undefined : Number(rest.slice(space + 1).trim())
  if (time !== undefined && !Number.isInteger(time))
    throw new ExpositionError('expected timestamp or new record, got "INVALID"')
  sink.sample(text.slice(from, end).trimEnd(), value, time)
}

function toNumber(text: string): number | undefined {
  const value = Number(text)
  if (!Number.isNaN(value)) return value
  switch (text.toLowerCase()) {
    case 'nan':
      return Number.NaN
    case '+inf':
    case 'inf':
      return Number.POSITIVE_INFINITY
    case '-inf':
      return Number.NEGATIVE_INFINITY
    default:
      return undefined
  }
}

const PAIR = /\s*([a-zA-Z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"\s*,?/y

/** `name{a="b"}` as pairs, the name as `__name__`. Throws ExpositionError. */
export function parseSeries(text: string): [string, string][] {
  const brace = text.indexOf('{')
  const name = (brace < 0 ? text : text.slice(0, brace)).trim()
  const pairs: [string, string][] = [['__name__', name]]
  if (brace < 0) return pairs
  const end = text.length - 1
  PAIR.lastIndex = brace + 1
  while (PAIR.lastIndex < end) {
    const at = PAIR.lastIndex
    const m = PAIR.exec(text)
    if (!m) {
      if (text.slice(at, end).trim() === '') break
      throw new ExpositionError('expected label name, got "INVALID"')
    }
    pairs.push([m[1]!, m[2]!.includes('\\') ? m[2]!.replaceAll(/\\(.)/g, (_, c) => (c === 'n' ? '\n' : c)) : m[2]!])
  }
  return pairs
}
