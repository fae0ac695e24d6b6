import type { Process } from '../../linux/process.ts'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { translate } from '../../linux/regexp/posix-regexp.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import { AwkError } from './awk-error.ts'
import { fromInput, toNumber, toText, UNSET, type Value } from './value.ts'

const LONG_TEXT = 1024 * 1024
const MOST_MEMORY = 64 * LONG_TEXT
/** Bytes an element of an array takes. */
const ELEMENT = 32

export type AwkArray = Map<string, Value>
export type Cell = Value | AwkArray

export interface AwkHost {
  process: Process
  operands: readonly string[]
  /** Debian's awk: counts bytes, and prints whole numbers from 2³¹ on with %.6g. */
  mawk: boolean
  complain(text: string): Promise<void>
}

/** What a running awk program knows: its variables, the record and its fields. */
export class AwkState {
  readonly #host: AwkHost
  readonly #globals = new Map<string, Cell>()
  readonly #regexps = new Map<string, RegExp>()
  readonly #integers: number
  /** Parameters of the calls that are under way. */
  frames: Map<string, Cell>[] = []
  /** Of `rand`. */
  seed = 0
  /** The exit status so far. */
  status = 0
  #record = ''
  #fields: string[] = []
  #split = true
  #fieldsChanged = false

  constructor(host: AwkHost) {
    this.#host = host
    this.#integers = host.mawk ? 2_147_483_647 : 1e16
    const usual: Record<string, Value> = {
      FS: ' ',
      OFS: ' ',
      ORS: '\n',
      RS: '\n',
      NR: 0,
      FNR: 0,
      SUBSEP: '\x1c',
      CONVFMT: '%.6g',
      OFMT: '%.6g',
      RSTART: 0,
      RLENGTH: -1,
      FILENAME: '',
    }
    for (const [name, value] of Object.entries(usual)) this.#globals.set(name, value)
    this.#globals.set('ENVIRON', new Map([...host.process.env].map(([name, text]) => [name, fromInput(text)])))
    this.#globals.set(
      'ARGV',
      new Map([
        ['0', 'awk'] as [string, Value],
        ...host.operands.map((text, i): [string, Value] => [String(i + 1), fromInput(text)]),
      ]),
    )
    this.#globals.set('ARGC', host.operands.length + 1)
  }

  setVariable(name: string, text: string): void {
    this.#globals.set(name, fromInput(text))
  }

  /** Long texts and big arrays are memory that counts. */
  #hold(bytes: number): void {
    this.#host.process.setMemory(2 * (LONG_TEXT + bytes))
    if (bytes > MOST_MEMORY) throw new AwkError('out of memory')
  }

  holdText(text: string): void {
    if (text.length > LONG_TEXT) this.#hold(text.length)
  }

  setElement(name: string, key: string, value: Value): void {
    const array = this.array(name)
    array.set(key, value)
    if (array.size % 16_384 === 0) this.#hold(array.size * ELEMENT)
  }

  bump(name: string): void {
    this.#globals.set(name, toNumber(this.#globals.get(name) as Value) + 1)
  }

  setRecord(text: string): void {
    this.#record = text
    this.#split = false
    this.#fieldsChanged = false
  }

  #splitRecord(): void {
    if (this.#split) return
    this.#split = true
    this.#fields = this.splitText(this.#record, this.text('FS'))
  }

  splitText(text: string, separator: string, isRegExp = false): string[] {
    if (text === '') return []
    if (separator === ' ' && !isRegExp)
      return text.trim() === '' ? [] : text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').split(/[ \t\n]+/)
    if (separator === '') return [...text]
    const more = this.text('RS') === '' ? '|\n' : ''
    if (separator.length === 1 && separator !== '\\' && !isRegExp) {
      if (more) return text.split(new RegExp(`${separator.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}${more}`))
      return text.split(separator)
    }
    return text
      .split(new BoundedRegExp(`(?:${translate(separator, true)})${more}`, 'u', { longest: true }))
      .filter((part) => part !== undefined)
  }

  currentRecord(): string {
    if (this.#fieldsChanged) {
      this.#record = this.#fields.join(this.text('OFS'))
      this.#fieldsChanged = false
    }
    return this.#record
  }

  text(name: string): string {
    const value = this.#globals.get(name)
    return value === undefined || value instanceof Map ? '' : this.asText(value)
  }

  asText(value: Value): string {
    if (typeof value !== 'number') return toText(value)
    const format = this.#globals.get('CONVFMT')
    return toText(value, typeof format === 'string' ? format : '%.6g', this.#integers)
  }

  scopeOf(name: string): Map<string, Cell> {
    const frame = this.frames.at(-1)
    return frame?.has(name) ? frame : this.#globals
  }

  variable(name: string): Value {
    if (name === 'NF') {
      this.#splitRecord()
      return this.#fields.length
    }
    const value = this.scopeOf(name).get(name)
    if (value instanceof Map) throw new AwkError(`attempt to use array \`${name}' in a scalar context`)
    return value ?? UNSET
  }

  array(name: string): AwkArray {
    const scope = this.scopeOf(name)
    let value = scope.get(name)
    if (value === undefined || value === UNSET) {
      value = new Map()
      scope.set(name, value)
    }
    if (!(value instanceof Map)) throw new AwkError(`attempt to use scalar \`${name}' as an array`)
    return value
  }

  field(index: number): Value {
    if (index === 0) return fromInput(this.currentRecord())
    if (index < 0) throw new AwkError(`attempt to access field ${index}`)
    this.#splitRecord()
    const text = this.#fields[index - 1]
    return text === undefined ? UNSET : fromInput(text)
  }

  setField(index: number, value: Value): void {
    const text = this.asText(value)
    if (index === 0) return this.setRecord(text)
    if (index < 0) throw new AwkError(`attempt to access field ${index}`)
    if (index > 1_000_000) throw new AwkError('out of memory')
    this.#splitRecord()
    while (this.#fields.length < index) this.#fields.push('')
    this.#fields[index - 1] = text
    this.#fieldsChanged = true
  }

  length(text: string): number {
    return this.#host.mawk ? encodeText(text).length : [...text].length
  }

  regexp(source: string, flags = 'u'): RegExp {
    const key = `${flags}/${source}`
    let found = this.#regexps.get(key)
    if (!found) {
      found = new BoundedRegExp(translate(source, true).replaceAll('[^\\n]', '[\\s\\S]'), flags, { longest: true })
      this.#regexps.set(key, found)
    }
    return found
  }

  setNumberOfFields(count: number): void {
    this.#splitRecord()
    while (this.#fields.length < count) this.#fields.push('')
    this.#fields.length = count
    this.#fieldsChanged = true
  }

  setGlobal(name: string, value: Value): void {
    this.#globals.set(name, value)
  }

  global(name: string): Cell | undefined {
    return this.#globals.get(name)
  }

  /** A number as `print` writes it. */
  printed(value: Value): string {
    return typeof value === 'number' ? toText(value, this.text('OFMT'), this.#integers) : toText(value)
  }

  /** Does something that reads a record, and answers that record; the current one stays. */
  async aside(read: () => Promise<boolean>): Promise<string | undefined> {
    const kept = [this.#record, this.#fields, this.#split] as const
    if (!(await read())) return undefined
    const text = this.#record
    ;[this.#record, this.#fields, this.#split] = kept
    return text
  }
}
