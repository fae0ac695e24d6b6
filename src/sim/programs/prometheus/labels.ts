/** A label set: names in order, no empty values. Instances are shared and never change, so what is derived from them is kept. */
export class Labels {
  readonly names: readonly string[]
  readonly values: readonly string[]
  /** Equal for equal sets. */
  readonly key: string
  #derived: Map<string, Labels> | undefined

  private constructor(names: readonly string[], values: readonly string[]) {
    this.names = names
    this.values = values
    let key = ''
    for (let i = 0; i < names.length; i++) key += `${names[i]}\xff${values[i]}\xfe`
    this.key = key
  }

  static readonly EMPTY = new Labels([], [])

  static from(pairs: Iterable<readonly [string, string]>): Labels {
    const sorted = [...new Map(pairs)].filter(([, value]) => value !== '').sort(([a], [b]) => (a < b ? -1 : 1))
    return new Labels(
      sorted.map(([name]) => name),
      sorted.map(([, value]) => value),
    )
  }

  /** Empty when it has none of that name. */
  get(name: string): string {
    const at = this.names.indexOf(name)
    return at < 0 ? '' : this.values[at]!
  }

  get size(): number {
    return this.names.length
  }

  *[Symbol.iterator](): Generator<readonly [string, string]> {
    for (let i = 0; i < this.names.length; i++) yield [this.names[i]!, this.values[i]!]
  }

  /** Without `__name__`. */
  get withoutName(): Labels {
    return this.names.includes('__name__')
      ? this.derive('-\0__name__', () => this.filter((n) => n !== '__name__'))
      : this
  }

  /** Only the named ones. */
  keep(names: readonly string[]): Labels {
    return this.derive(`+\0${names.join('\0')}`, () => this.filter((name) => names.includes(name)))
  }

  drop(names: readonly string[]): Labels {
    return this.derive(`-\0${names.join('\0')}`, () => this.filter((name) => !names.includes(name)))
  }

  filter(wanted: (name: string) => boolean): Labels {
    const at = this.names.map((_, i) => i).filter((i) => wanted(this.names[i]!))
    return at.length === this.names.length
      ? this
      : new Labels(
          at.map((i) => this.names[i]!),
          at.map((i) => this.values[i]!),
        )
  }

  /** An empty value takes the label away. */
  with(name: string, value: string): Labels {
    return this.get(name) === value ? this : Labels.from([...this, [name, value]])
  }

  derive(how: string, make: () => Labels): Labels {
    this.#derived ??= new Map()
    let found = this.#derived.get(how)
    if (!found) {
      found = make()
      this.#derived.set(how, found)
    }
    return found
  }

  toObject(): Record<string, string> {
    return Object.fromEntries(this)
  }

  /** `{job="node"}`, with the name before it where there is one and it is not to be shown inside the braces. */
  toString(): string {
    return `{${[...this].map(([name, value]) => `${name}=${quote(value)}`).join(', ')}}`
  }

  /** `up{job="node"}` */
  toSelector(): string {
    const name = this.get('__name__')
    const rest = this.withoutName
    return rest.size === 0 && name ? name : `${name}{${[...rest].map(([n, v]) => `${n}=${quote(v)}`).join(', ')}}`
  }
}

/** As Go's strconv.Quote for the usual characters. */
export const quote = (text: string): string => JSON.stringify(text)
