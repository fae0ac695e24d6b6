import { ShellError } from '../control.ts'

const LIMIT = 200_000

/** Brace expansion of a word's source text: `a{b,c}{1..3}`. Texts without braces come back as they are. */
export function expandBraces(text: string): string[] {
  const out: string[] = []
  expandInto(text, out)
  return out
}

function expandInto(text: string, out: string[]): void {
  for (let open = findOpen(text, 0); open >= 0; open = findOpen(text, open + 1)) {
    const group = parseGroup(text, open)
    if (!group) continue
    const prefix = text.slice(0, open)
    const suffixes = expandBraces(text.slice(group.end + 1))
    const middles = group.sequence ?? group.items!.flatMap(expandBraces)
    if (middles.length * suffixes.length + out.length > LIMIT) {
      throw new ShellError(
        `brace expansion: failed to allocate memory for ${middles.length * suffixes.length} elements`,
      )
    }
    for (const middle of middles) for (const suffix of suffixes) out.push(prefix + middle + suffix)
    return
  }
  out.push(text)
}

function findOpen(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    const skipped = skipQuoted(text, i)
    if (skipped > i) i = skipped - 1
    else if (text[i] === '{') return i
  }
  return -1
}

/** The index after a quoted string, an escape or a `$` expansion that starts at `i`; else `i`. */
function skipQuoted(text: string, i: number): number {
  const char = text[i]
  if (char === '\\') return i + 2
  if (char === "'") return text.indexOf("'", i + 1) < 0 ? text.length : text.indexOf("'", i + 1) + 1
  if (char === '"' || char === '`') {
    for (let j = i + 1; j < text.length; j++) {
      if (text[j] === '\\') j++
      else if (text[j] === char) return j + 1
    }
    return text.length
  }
  if (char === '$' && (text[i + 1] === '{' || text[i + 1] === '(')) {
    const open = text[i + 1]!
    const close = open === '{' ? '}' : ')'
    let depth = 0
    for (let j = i + 1; j < text.length; j++) {
      if (text[j] === '\\') j++
      else if (text[j] === open) depth++
      else if (text[j] === close && --depth === 0) return j + 1
    }
  }
  return i
}

interface Group {
  end: number
  items?: string[]
  sequence?: string[]
}

function parseGroup(text: string, open: number): Group | undefined {
  let depth = 0
  let start = open + 1
  const items: string[] = []
  for (let i = open; i < text.length; i++) {
    const skipped = skipQuoted(text, i)
    if (skipped > i) {
      i = skipped - 1
      continue
    }
    if (text[i] === '{') depth++
    else if (text[i] === ',' && depth === 1) {
      items.push(text.slice(start, i))
      start = i + 1
    } else if (text[i] === '}' && --depth === 0) {
      items.push(text.slice(start, i))
      if (items.length > 1) return { end: i, items }
      const sequence = expandSequence(items[0]!)
      return sequence && { end: i, sequence }
    }
  }
  return undefined
}

function expandSequence(body: string): string[] | undefined {
  const numeric = /^(-?\d+)\.\.(-?\d+)(?:\.\.(-?\d+))?$/.exec(body)
  const letters = /^([A-Za-z])\.\.([A-Za-z])(?:\.\.(-?\d+))?$/.exec(body)
  if (!numeric && !letters) return undefined
  const match = (numeric ?? letters)!
  const from = numeric ? Number(match[1]) : match[1]!.charCodeAt(0)
  const to = numeric ? Number(match[2]) : match[2]!.charCodeAt(0)
  const step = Math.max(1, Math.abs(Number(match[3] ?? 1)) || 1)
  const count = Math.floor(Math.abs(to - from) / step) + 1
  if (count > LIMIT) throw new ShellError(`brace expansion: failed to allocate memory for ${count} elements`)
  const padded = numeric && [match[1]!, match[2]!].some((text) => /^-?0\d/.test(text))
  const width = padded ? Math.max(match[1]!.length, match[2]!.length) : 0
  return Array.from({ length: count }, (_, i) => {
    const value = from <= to ? from + i * step : from - i * step
    if (!numeric) return String.fromCharCode(value)
    const digits = String(Math.abs(value)).padStart(value < 0 ? width - 1 : width, '0')
    return value < 0 ? `-${digits}` : digits
  })
}
