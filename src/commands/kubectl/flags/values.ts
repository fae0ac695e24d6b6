import { parseDuration } from './duration.ts'
import type { FlagSpec } from './flag.ts'

/** The flags of one call, after parsing. */
export class FlagValues {
  readonly #specs: ReadonlyMap<string, FlagSpec>
  readonly #given = new Map<string, string[]>()

  constructor(specs: ReadonlyMap<string, FlagSpec>) {
    this.#specs = specs
  }

  set(name: string, value: string): void {
    const given = this.#given.get(name)
    if (given) given.push(value)
    else this.#given.set(name, [value])
  }

  has(name: string): boolean {
    return this.#specs.has(name)
  }

  /** The same without some flags: as if they had not been given. */
  without(names: readonly string[]): FlagValues {
    const other = new FlagValues(this.#specs)
    for (const [name, values] of this.#given) if (!names.includes(name)) other.#given.set(name, values)
    return other
  }

  /** What stood on the command line, by name. */
  given(): [name: string, value: string][] {
    return [...this.#given].map(([name, values]) => [name, values.join(',')] as [string, string]).sort()
  }

  /** Whether it stood on the command line. */
  changed(name: string): boolean {
    return this.#given.has(name)
  }

  string(name: string): string {
    const given = this.#given.get(name)
    return given?.[given.length - 1] ?? this.#specs.get(name)?.default ?? ''
  }

  bool(name: string): boolean {
    return ['1', 't', 'T', 'true', 'TRUE', 'True'].includes(this.string(name))
  }

  int(name: string): number {
    return Number(this.string(name) || 0)
  }

  /** Milliseconds. */
  duration(name: string): number {
    return parseDuration(this.string(name)) ?? 0
  }

  /** All values: `list` flags split at commas (with quotes as CSV), `array` flags as given. */
  list(name: string): string[] {
    const given = this.#given.get(name)
    if (!given) {
      const fallback = this.#specs.get(name)?.default
      return fallback ? splitCsv(fallback) : []
    }
    return this.#specs.get(name)?.type === 'array' ? [...given] : given.flatMap(splitCsv)
  }
}

/** One CSV record, as pflag's string slices read it. */
export function splitCsv(text: string): string[] {
  if (text === '') return []
  if (!text.includes('"')) return text.split(',')
  const out: string[] = []
  let field = ''
  let quoted = false
  for (let i = 0; i < text.length; i++) {
    const c = text[i]!
    if (quoted) {
      if (c === '"' && text[i + 1] === '"') {
        field += '"'
        i++
      } else if (c === '"') quoted = false
      else field += c
    } else if (c === '"' && field === '') quoted = true
    else if (c === ',') {
      out.push(field)
      field = ''
    } else field += c
  }
  out.push(field)
  return out
}
