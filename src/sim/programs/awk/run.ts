import type { Process } from '../../linux/process.ts'
import { BoundedRegExp } from '../../linux/regexp/bounded-regexp.ts'
import { translate } from '../../linux/regexp/posix-regexp.ts'
import { formatPrintf } from '../../linux/shell/builtins/printf-format.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import { openInput } from '../applet/input.ts'
import { commandReader, commandSink, fileSink, RecordReader, type Sink } from './streams.ts'
import type { AwkFunction, AwkProgram, Expr, Redirect, Rule, Statement } from './syntax.ts'
import { compareValues, fromInput, StrNum, toBoolean, toNumber, toText, UNSET, type Value } from './value.ts'

const LONG_TEXT = 1024 * 1024
const MOST_MEMORY = 64 * LONG_TEXT
/** In one text: they are made without a rest. */
const MOST_SUBSTITUTIONS = 200_000
/** Bytes an element of an array takes. */
const ELEMENT = 32

type AwkArray = Map<string, Value>
type Cell = Value | AwkArray

class Jump extends Error {
  readonly kind: 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return'
  readonly value: Value | undefined
  constructor(kind: Jump['kind'], value?: Value) {
    super(kind)
    this.kind = kind
    this.value = value
  }
}

export class AwkError extends Error {}

export interface AwkHost {
  process: Process
  operands: readonly string[]
  /** Debian's awk: counts bytes, and prints whole numbers from 2³¹ on with %.6g. */
  mawk: boolean
  complain(text: string): Promise<void>
}

/** Runs an awk program over its input. */
export class AwkMachine {
  readonly #host: AwkHost
  readonly #program: AwkProgram
  readonly #globals = new Map<string, Cell>()
  readonly #sinks = new Map<string, Sink>()
  readonly #readers = new Map<string, RecordReader>()
  readonly #regexps = new Map<string, RegExp>()
  readonly #stdout: Sink
  readonly #integers: number
  #frames: Map<string, Cell>[] = []
  #record = ''
  #fields: string[] = []
  #split = true
  #fieldsChanged = false
  #input: RecordReader | undefined
  #operand = 0
  #steps = 0
  #seed = 0
  #status = 0
  #anyFile = false

  constructor(host: AwkHost, program: AwkProgram) {
    this.#host = host
    this.#integers = host.mawk ? 2_147_483_647 : 1e16
    this.#program = program
    this.#stdout = fileSink(host.process.stdout, false)
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

  async run(): Promise<number> {
    const { rules } = this.#program
    try {
      try {
        for (const rule of rules) if (rule.pattern === 'BEGIN') await this.#statement(rule.body!)
        if (rules.some((rule) => rule.pattern !== 'BEGIN'))
          await this.#main(rules.filter((rule) => rule.pattern === undefined))
      } catch (error) {
        if (!(error instanceof Jump) || error.kind !== 'exit') throw error
        this.#status = error.value === undefined ? this.#status : toNumber(error.value)
      }
      for (const rule of rules) if (rule.pattern === 'END') await this.#statement(rule.body!)
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'exit') throw error
      if (error.value !== undefined) this.#status = toNumber(error.value)
    }
    await this.#stdout.flush()
    for (const sink of this.#sinks.values()) await sink.close()
    return this.#status & 255
  }

  /** Output so far, before an error is told. */
  flush(): Promise<void> {
    return this.#stdout.flush()
  }

  async #main(rules: readonly Rule[]): Promise<void> {
    while (await this.#nextRecord()) {
      await this.#rest()
      try {
        for (const rule of rules) if (await this.#applies(rule)) await this.#perform(rule)
      } catch (error) {
        if (!(error instanceof Jump) || (error.kind !== 'next' && error.kind !== 'nextfile')) throw error
        if (error.kind === 'nextfile') this.#input = undefined
      }
      if (this.#host.process.stdin.stat().type !== 'file') await this.#flushIfTerminal()
    }
  }

  async #flushIfTerminal(): Promise<void> {
    if (this.#host.process.stdout.tty) await this.#stdout.flush()
  }

  /** Long texts and big arrays are memory that counts. */
  #hold(bytes: number): void {
    this.#host.process.setMemory(2 * (LONG_TEXT + bytes))
    if (bytes > MOST_MEMORY) throw new AwkError('out of memory')
  }

  #setElement(name: string, key: string, value: Value): void {
    const array = this.#array(name)
    array.set(key, value)
    if (array.size % 16_384 === 0) this.#hold(array.size * ELEMENT)
  }

  async #rest(): Promise<void> {
    if (++this.#steps % 2000 === 0) await this.#host.process.compute(10)
  }

  async #applies(rule: Rule): Promise<boolean> {
    if (!rule.from) return true
    if (!rule.to) return toBoolean(await this.#value(rule.from))
    if (!rule.active) {
      if (!toBoolean(await this.#value(rule.from))) return false
      rule.active = true
    }
    if (toBoolean(await this.#value(rule.to))) rule.active = false
    return true
  }

  async #perform(rule: Rule): Promise<void> {
    if (rule.body) await this.#statement(rule.body)
    else await this.#stdout.write(this.#currentRecord() + this.#text('ORS'))
  }

  // ---- input

  async #nextRecord(): Promise<boolean> {
    for (;;) {
      if (!this.#input && !(await this.#openNext())) return false
      const text = await this.#input!.next(this.#text('RS'))
      if (text === undefined) {
        await this.#input!.close()
        this.#input = undefined
        continue
      }
      this.#bump('NR')
      this.#bump('FNR')
      this.#setRecord(text)
      return true
    }
  }

  #bump(name: string): void {
    this.#globals.set(name, toNumber(this.#globals.get(name) as Value) + 1)
  }

  async #openNext(): Promise<boolean> {
    const { process } = this.#host
    const argv = this.#globals.get('ARGV') as AwkArray
    for (;;) {
      this.#operand++
      if (this.#operand >= toNumber(this.#globals.get('ARGC') as Value)) {
        if (this.#anyFile) return false
        this.#anyFile = true
        this.#input = new RecordReader(
          () => process.stdin.read(65_536),
          async () => {},
        )
        return true
      }
      const entry = argv.get(String(this.#operand))
      const operand = entry === undefined ? '' : toText(entry)
      if (operand === '') continue
      const assignment = /^([A-Za-z_]\w*)=([\s\S]*)$/.exec(operand)
      if (assignment) {
        this.setVariable(assignment[1]!, assignment[2]!)
        continue
      }
      this.#anyFile = true
      this.#globals.set('FILENAME', operand === '-' ? '' : operand)
      this.#globals.set('FNR', 0)
      try {
        const { file, close } = openInput(process, operand)
        this.#input = new RecordReader(
          () => file.read(65_536),
          async () => close(),
        )
        return true
      } catch (error) {
        await this.#stdout.flush()
        await this.#host.complain(`${operand}: ${(error as Error).message}`)
        this.#status = 2
      }
    }
  }

  #setRecord(text: string): void {
    this.#record = text
    this.#split = false
    this.#fieldsChanged = false
  }

  #splitRecord(): void {
    if (this.#split) return
    this.#split = true
    this.#fields = this.#splitText(this.#record, this.#text('FS'))
  }

  #splitText(text: string, separator: string, isRegExp = false): string[] {
    if (text === '') return []
    if (separator === ' ' && !isRegExp)
      return text.trim() === '' ? [] : text.replace(/^[ \t\n]+|[ \t\n]+$/g, '').split(/[ \t\n]+/)
    if (separator === '') return [...text]
    const more = this.#text('RS') === '' ? '|\n' : ''
    if (separator.length === 1 && separator !== '\\' && !isRegExp) {
      if (more) return text.split(new RegExp(`${separator.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')}${more}`))
      return text.split(separator)
    }
    return text
      .split(new BoundedRegExp(`(?:${this.#source(separator)})${more}`, 'u', { longest: true }))
      .filter((part) => part !== undefined)
  }

  #currentRecord(): string {
    if (this.#fieldsChanged) {
      this.#record = this.#fields.join(this.#text('OFS'))
      this.#fieldsChanged = false
    }
    return this.#record
  }

  // ---- variables

  #text(name: string): string {
    const value = this.#globals.get(name)
    return value === undefined || value instanceof Map ? '' : this.#asText(value)
  }

  #asText(value: Value): string {
    if (typeof value !== 'number') return toText(value)
    const format = this.#globals.get('CONVFMT')
    return toText(value, typeof format === 'string' ? format : '%.6g', this.#integers)
  }

  #scopeOf(name: string): Map<string, Cell> {
    const frame = this.#frames.at(-1)
    return frame?.has(name) ? frame : this.#globals
  }

  #variable(name: string): Value {
    if (name === 'NF') {
      this.#splitRecord()
      return this.#fields.length
    }
    const value = this.#scopeOf(name).get(name)
    if (value instanceof Map) throw new AwkError(`attempt to use array \`${name}' in a scalar context`)
    return value ?? UNSET
  }

  #array(name: string): AwkArray {
    const scope = this.#scopeOf(name)
    let value = scope.get(name)
    if (value === undefined || value === UNSET) {
      value = new Map()
      scope.set(name, value)
    }
    if (!(value instanceof Map)) throw new AwkError(`attempt to use scalar \`${name}' as an array`)
    return value
  }

  async #key(keys: readonly Expr[]): Promise<string> {
    const parts: string[] = []
    for (const key of keys) parts.push(this.#asText(await this.#value(key)))
    return parts.join(keys.length > 1 ? this.#text('SUBSEP') : '')
  }

  #field(index: number): Value {
    if (index === 0) return fromInput(this.#currentRecord())
    if (index < 0) throw new AwkError(`attempt to access field ${index}`)
    this.#splitRecord()
    const text = this.#fields[index - 1]
    return text === undefined ? UNSET : fromInput(text)
  }

  #setField(index: number, value: Value): void {
    const text = this.#asText(value)
    if (index === 0) return this.#setRecord(text)
    if (index < 0) throw new AwkError(`attempt to access field ${index}`)
    if (index > 1_000_000) throw new AwkError('out of memory')
    this.#splitRecord()
    while (this.#fields.length < index) this.#fields.push('')
    this.#fields[index - 1] = text
    this.#fieldsChanged = true
  }

  async #assign(target: Expr, value: Value): Promise<Value> {
    if (target.kind === 'variable') {
      if (target.name === 'NF') {
        this.#splitRecord()
        const count = Math.max(0, Math.floor(toNumber(value)))
        while (this.#fields.length < count) this.#fields.push('')
        this.#fields.length = count
        this.#fieldsChanged = true
        return value
      }
      const scope = this.#scopeOf(target.name)
      if (scope.get(target.name) instanceof Map)
        throw new AwkError(`attempt to use array \`${target.name}' in a scalar context`)
      scope.set(target.name, value)
    } else if (target.kind === 'field') this.#setField(toNumber(await this.#value(target.index)), value)
    else if (target.kind === 'element') this.#setElement(target.name, await this.#key(target.keys), value)
    else if (target.kind === 'group') return this.#assign(target.inner, value)
    return value
  }

  // ---- expressions

  #length(text: string): number {
    return this.#host.mawk ? encodeText(text).length : [...text].length
  }

  #source(text: string): string {
    return translate(text, true)
  }

  #regexp(source: string, flags = 'u'): RegExp {
    const key = `${flags}/${source}`
    let found = this.#regexps.get(key)
    if (!found) {
      found = new BoundedRegExp(this.#source(source).replaceAll('[^\\n]', '[\\s\\S]'), flags, { longest: true })
      this.#regexps.set(key, found)
    }
    return found
  }

  async #pattern(node: Expr, flags = 'u'): Promise<RegExp> {
    return this.#regexp(node.kind === 'regexp' ? node.source : this.#asText(await this.#value(node)), flags)
  }

  async #value(node: Expr): Promise<Value> {
    switch (node.kind) {
      case 'number':
      case 'string':
        return node.value
      case 'regexp':
        return this.#regexp(node.source).test(this.#currentRecord()) ? 1 : 0
      case 'variable':
        return this.#variable(node.name)
      case 'group':
        return this.#value(node.inner)
      case 'field':
        return this.#field(Math.trunc(toNumber(await this.#value(node.index))))
      case 'element': {
        const array = this.#array(node.name)
        const key = await this.#key(node.keys)
        const found = array.get(key)
        if (found !== undefined) return found
        array.set(key, UNSET)
        return UNSET
      }
      case 'in':
        return this.#array(node.name).has(await this.#key(node.keys)) ? 1 : 0
      case 'unary': {
        const value = await this.#value(node.operand)
        if (node.operator === '!') return toBoolean(value) ? 0 : 1
        return node.operator === '-' ? -toNumber(value) : toNumber(value)
      }
      case 'step': {
        const before = toNumber(await this.#value(node.target))
        const after = node.operator === '++' ? before + 1 : before - 1
        await this.#assign(node.target, after)
        return node.prefix ? after : before
      }
      case 'binary':
        return this.#binary(node.operator, await this.#value(node.left), await this.#value(node.right))
      case 'match':
        return (await this.#pattern(node.right)).test(this.#asText(await this.#value(node.left))) !== node.negated
          ? 1
          : 0
      case 'concat': {
        const left = this.#asText(await this.#value(node.left))
        const text = left + this.#asText(await this.#value(node.right))
        if (text.length > LONG_TEXT) this.#hold(text.length)
        return text
      }
      case 'and':
        return toBoolean(await this.#value(node.left)) && toBoolean(await this.#value(node.right)) ? 1 : 0
      case 'or':
        return toBoolean(await this.#value(node.left)) || toBoolean(await this.#value(node.right)) ? 1 : 0
      case 'ternary':
        return this.#value(toBoolean(await this.#value(node.test)) ? node.then : node.otherwise)
      case 'assign': {
        const right = await this.#value(node.value)
        const value =
          node.operator === '=' ? right : this.#binary(node.operator[0]!, await this.#value(node.target), right)
        return this.#assign(node.target, value)
      }
      case 'call':
        return this.#call(node.name, node.args)
      case 'builtin':
        return this.#builtin(node.name, node.args)
      case 'getline':
        return this.#getline(node)
    }
  }

  #binary(operator: string, left: Value, right: Value): Value {
    switch (operator) {
      case '+':
        return toNumber(left) + toNumber(right)
      case '-':
        return toNumber(left) - toNumber(right)
      case '*':
        return toNumber(left) * toNumber(right)
      case '/':
        if (toNumber(right) === 0) throw new AwkError('division by zero')
        return toNumber(left) / toNumber(right)
      case '%':
        if (toNumber(right) === 0) throw new AwkError('division by zero in %')
        return toNumber(left) % toNumber(right)
      case '^':
        return toNumber(left) ** toNumber(right)
    }
    const order = compareValues(left, right)
    const holds = {
      '<': order < 0,
      '<=': order <= 0,
      '==': order === 0,
      '!=': order !== 0,
      '>': order > 0,
      '>=': order >= 0,
    }[operator]
    return holds ? 1 : 0
  }

  async #call(name: string, args: readonly Expr[]): Promise<Value> {
    const called: AwkFunction | undefined = this.#program.functions.get(name)
    if (!called) throw new AwkError(`function \`${name}' not defined`)
    if (this.#frames.length > 1000) throw new AwkError('function call nesting too deep')
    await this.#rest()
    const frame = new Map<string, Cell>()
    const shared: { param: string; name: string }[] = []
    for (const [index, param] of called.params.entries()) {
      const arg = args[index]
      if (arg?.kind === 'variable') {
        const cell = this.#scopeOf(arg.name).get(arg.name)
        if (cell instanceof Map) frame.set(param, cell)
        else {
          frame.set(param, arg.name === 'NF' ? this.#variable('NF') : (cell ?? UNSET))
          if (cell === undefined || cell === UNSET) shared.push({ param, name: arg.name })
        }
      } else frame.set(param, arg ? await this.#value(arg) : UNSET)
    }
    const caller = this.#frames
    this.#frames = [...caller, frame]
    let result: Value = UNSET
    try {
      await this.#statement(called.body)
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'return') throw error
      result = error.value ?? UNSET
    } finally {
      this.#frames = caller
    }
    // An unset argument that the function used as an array becomes one for the caller, too.
    for (const { param, name: outer } of shared) {
      const cell = frame.get(param)
      if (cell instanceof Map) this.#scopeOf(outer).set(outer, cell)
    }
    return result
  }

  async #builtin(name: string, args: readonly Expr[]): Promise<Value> {
    const value = (index: number) => (args[index] ? this.#value(args[index]!) : Promise.resolve(UNSET as Value))
    const text = async (index: number) => this.#asText(await value(index))
    const number = async (index: number) => toNumber(await value(index))
    switch (name) {
      case 'length': {
        const [arg] = args
        if (!arg) return this.#length(this.#currentRecord())
        if (arg.kind === 'variable' && this.#scopeOf(arg.name).get(arg.name) instanceof Map)
          return this.#array(arg.name).size
        return this.#length(await text(0))
      }
      case 'substr': {
        const chars = [...(await text(0))]
        const start = Math.round(await number(1))
        const end = args[2] ? start + Math.round(await number(2)) : Number.POSITIVE_INFINITY
        return chars.slice(Math.max(0, start - 1), Math.max(0, end - 1)).join('')
      }
      case 'index': {
        const [haystack, needle] = [await text(0), await text(1)]
        const at = haystack.indexOf(needle)
        return at < 0 ? 0 : [...haystack.slice(0, at)].length + 1
      }
      case 'split': {
        const source = await text(0)
        const arg = args[1]
        if (arg?.kind !== 'variable') throw new AwkError('split: second argument is not an array')
        const separator = args[2]
        const parts = !separator
          ? this.#splitText(source, this.#text('FS'))
          : separator.kind === 'regexp'
            ? this.#splitText(source, separator.source, true)
            : this.#splitText(source, await text(2))
        const array = this.#array(arg.name)
        array.clear()
        for (const [index, part] of parts.entries()) array.set(String(index + 1), fromInput(part))
        return parts.length
      }
      case 'sub':
      case 'gsub':
        return this.#substitute(args, name === 'gsub')
      case 'gensub':
        return this.#gensub(args)
      case 'match': {
        const subject = await text(0)
        const found = (await this.#pattern(args[1]!)).exec(subject)
        const start = found ? [...subject.slice(0, found.index)].length + 1 : 0
        this.#globals.set('RSTART', start)
        this.#globals.set('RLENGTH', found ? [...found[0]].length : -1)
        if (args[2]?.kind === 'variable') {
          const array = this.#array(args[2].name)
          array.clear()
          for (const [index, group] of (found ?? []).entries())
            if (group !== undefined) array.set(String(index), fromInput(group))
        }
        return start
      }
      case 'sprintf': {
        const values: string[] = []
        for (let i = 1; i < args.length; i++) values.push(this.#forPrintf(await value(i)))
        return this.#format(await text(0), await this.#values(args.slice(1)))
      }
      case 'sin':
        return Math.sin(await number(0))
      case 'cos':
        return Math.cos(await number(0))
      case 'atan2':
        return Math.atan2(await number(0), await number(1))
      case 'exp':
        return Math.exp(await number(0))
      case 'log':
        return Math.log(await number(0))
      case 'sqrt':
        return Math.sqrt(await number(0))
      case 'int':
        return Math.trunc(await number(0))
      case 'rand':
        this.#seed = (Math.imul(this.#seed, 1_103_515_245) + 12_345) & 0x7fffffff
        return this.#seed / 0x80000000
      case 'srand': {
        const before = this.#seed
        this.#seed = args[0] ? await number(0) : Math.floor(this.#host.process.wallClock() / 1000)
        return before
      }
      case 'tolower':
        return (await text(0)).toLowerCase()
      case 'toupper':
        return (await text(0)).toUpperCase()
      case 'system': {
        await this.#stdout.flush()
        const { process } = this.#host
        const status = await process.wait(
          process.spawn({ argv: ['sh', '-c', await text(0)], file: '/bin/sh', env: process.env }),
        )
        return status.code ?? 256
      }
      case 'close': {
        const target = await text(0)
        const sink = this.#sinks.get(target)
        const reader = this.#readers.get(target)
        this.#sinks.delete(target)
        this.#readers.delete(target)
        await reader?.close()
        return sink ? sink.close() : reader ? 0 : -1
      }
      case 'fflush':
        await this.#stdout.flush()
        for (const sink of this.#sinks.values()) await sink.flush()
        return 0
      case 'systime':
        return Math.floor(this.#host.process.wallClock() / 1000)
      case 'strftime':
        return dateText(
          args[0] ? await text(0) : '%a %b %e %H:%M:%S %Z %Y',
          args[1] ? (await number(1)) * 1000 : this.#host.process.wallClock(),
        )
      case 'and':
        return Number(BigInt(Math.trunc(await number(0))) & BigInt(Math.trunc(await number(1))))
      case 'or':
        return Number(BigInt(Math.trunc(await number(0))) | BigInt(Math.trunc(await number(1))))
      case 'xor':
        return Number(BigInt(Math.trunc(await number(0))) ^ BigInt(Math.trunc(await number(1))))
      case 'lshift':
        return (await number(0)) * 2 ** (await number(1))
      case 'rshift':
        return Math.floor((await number(0)) / 2 ** (await number(1)))
      case 'strtonum': {
        const source = await text(0)
        return /^0[xX]/.test(source)
          ? Number(source) || 0
          : /^0[0-7]+$/.test(source)
            ? Number.parseInt(source, 8)
            : toNumber(source)
      }
      default:
        throw new AwkError(`not simulated: ${name}()`)
    }
  }

  async #substitute(args: readonly Expr[], all: boolean): Promise<number> {
    const target = args[2] ?? ({ kind: 'field', index: { kind: 'number', value: 0 } } as const)
    const pattern = await this.#pattern(args[0]!, 'gu')
    const replacement = this.#asText(await this.#value(args[1]!))
    const subject = this.#asText(await this.#value(target))
    let count = 0
    let lastEnd = -1
    pattern.lastIndex = 0
    const result = subject.replace(pattern, (found, ...rest) => {
      const offset = rest.find((each) => typeof each === 'number') as number
      if (!all && count > 0) return found
      if (found === '' && offset === lastEnd) return found
      lastEnd = offset + found.length
      if (++count > MOST_SUBSTITUTIONS) throw new AwkError('out of memory')
      return replacement.replace(/\\\\&|\\&|&|\\\\/g, (mark) =>
        mark === '&' ? found : mark === '\\&' ? '&' : mark === '\\\\&' ? `\\${found}` : '\\',
      )
    })
    if (count > 1000) await this.#host.process.compute(count / 1000)
    if (count > 0) await this.#assign(target, result)
    return count
  }

  async #gensub(args: readonly Expr[]): Promise<string> {
    const how = args[2] ? this.#asText(await this.#value(args[2])) : '1'
    const pattern = await this.#pattern(args[0]!, 'gu')
    const replacement = this.#asText(await this.#value(args[1]!))
    const subject = args[3] ? this.#asText(await this.#value(args[3])) : this.#currentRecord()
    let count = 0
    return subject.replace(pattern, (found, ...groups) => {
      count++
      if (!/^[gG]/.test(how) && count !== (Number(how) || 1)) return found
      return replacement.replace(/\\(\d)|\\&|&/g, (mark, digit: string | undefined) =>
        digit !== undefined
          ? digit === '0'
            ? found
            : String(groups[Number(digit) - 1] ?? '')
          : mark === '&'
            ? found
            : '&',
      )
    })
  }

  async #getline(node: Extract<Expr, { kind: 'getline' }>): Promise<number> {
    const { process } = this.#host
    if (!node.source) {
      if (!node.target) return (await this.#nextRecord()) ? 1 : 0
      const kept = [this.#record, this.#fields, this.#split] as const
      if (!(await this.#nextRecord())) return 0
      const text = this.#record
      ;[this.#record, this.#fields, this.#split] = kept
      await this.#assign(node.target, fromInput(text))
      return 1
    }
    const name = this.#asText(await this.#value(node.source))
    let reader = this.#readers.get(name)
    if (!reader) {
      try {
        await this.#stdout.flush()
        if (node.command) reader = commandReader(process, name)
        else {
          const { file, close } = openInput(process, name)
          reader = new RecordReader(
            () => file.read(65_536),
            async () => close(),
          )
        }
      } catch {
        return -1
      }
      this.#readers.set(name, reader)
    }
    const text = await reader.next(this.#text('RS'))
    await this.#rest()
    if (text === undefined) return 0
    if (node.target) await this.#assign(node.target, fromInput(text))
    else this.#setRecord(text)
    if (node.command) this.#bump('NR')
    return 1
  }

  // ---- statements

  async #statement(node: Statement): Promise<void> {
    switch (node.kind) {
      case 'block':
        for (const each of node.body) await this.#statement(each)
        return
      case 'expression':
        await this.#value(node.value)
        return
      case 'print':
        return this.#print(node)
      case 'if':
        if (toBoolean(await this.#value(node.test))) await this.#statement(node.then)
        else if (node.otherwise) await this.#statement(node.otherwise)
        return
      case 'while':
        while (toBoolean(await this.#value(node.test))) if (!(await this.#loop(node.body))) return
        return
      case 'do':
        do if (!(await this.#loop(node.body))) return
        while (toBoolean(await this.#value(node.test)))
        return
      case 'for':
        if (node.first) await this.#statement(node.first)
        while (!node.test || toBoolean(await this.#value(node.test))) {
          if (!(await this.#loop(node.body))) return
          if (node.update) await this.#statement(node.update)
        }
        return
      case 'forIn':
        for (const key of orderedKeys(this.#array(node.name))) {
          await this.#assign({ kind: 'variable', name: node.variable }, fromInput(key))
          if (!(await this.#loop(node.body))) return
        }
        return
      case 'delete':
        if (node.keys) this.#array(node.name).delete(await this.#key(node.keys))
        else this.#array(node.name).clear()
        return
      case 'exit':
      case 'return':
        throw new Jump(node.kind, node.value && (await this.#value(node.value)))
      default:
        throw new Jump(node.kind)
    }
  }

  async #loop(body: Statement): Promise<boolean> {
    await this.#rest()
    try {
      await this.#statement(body)
    } catch (error) {
      if (!(error instanceof Jump)) throw error
      if (error.kind === 'break') return false
      if (error.kind !== 'continue') throw error
    }
    return true
  }

  async #values(args: readonly Expr[]): Promise<Value[]> {
    const out: Value[] = []
    for (const arg of args) out.push(await this.#value(arg))
    return out
  }

  #forPrintf(value: Value): string {
    return typeof value === 'number' ? (Number.isInteger(value) ? String(value) : String(value)) : toText(value)
  }

  /** awk's printf: `%c` of a number is a character, `%d` cuts fractions. */
  #format(format: string, values: readonly Value[]): string {
    let index = 0
    return format.replace(
      /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d*))?[hlLqjzt]*([a-zA-Z]))/g,
      (
        all,
        flags: string | undefined,
        width: string | undefined,
        precision: string | undefined,
        kind: string | undefined,
      ) => {
        if (all === '%%' || kind === undefined) return '%'
        const take = (): Value => values[index++] ?? UNSET
        const wide = width === '*' ? String(Math.trunc(toNumber(take()))) : (width ?? '')
        const exact = precision === undefined ? '' : `.${precision === '*' ? Math.trunc(toNumber(take())) : precision}`
        const value = take()
        const spec = (letter: string) => `%${flags ?? ''}${wide}${exact}${letter}`
        if (kind === 'c')
          return formatPrintf(spec('s'), [
            typeof value === 'number' || value instanceof StrNum
              ? String.fromCodePoint(Math.trunc(toNumber(value)) || 0)
              : ([...value][0] ?? ''),
          ]).text
        if (kind === 's') return formatPrintf(spec('s'), [this.#asText(value)]).text
        if ('di'.includes(kind)) {
          const number = Math.trunc(toNumber(value))
          return formatPrintf(spec('d'), [Number.isFinite(number) ? BigInt(number).toString() : '0']).text
        }
        if ('ouxX'.includes(kind))
          return formatPrintf(spec(kind), [BigInt(Math.trunc(toNumber(value)) || 0).toString()]).text
        return formatPrintf(spec(kind), [String(toNumber(value))]).text
      },
    )
  }

  async #print(node: Extract<Statement, { kind: 'print' }>): Promise<void> {
    await this.#rest()
    let text: string
    if (node.format) {
      const [format, ...args] = await this.#values(node.args)
      text = this.#format(this.#asText(format ?? ''), args)
    } else if (node.args.length === 0) text = this.#currentRecord() + this.#text('ORS')
    else {
      const format = this.#text('OFMT')
      const parts = (await this.#values(node.args)).map((value) =>
        typeof value === 'number' ? toText(value, format, this.#integers) : toText(value),
      )
      text = parts.join(this.#text('OFS')) + this.#text('ORS')
    }
    const sink = node.redirect ? await this.#sink(node.redirect) : this.#stdout
    await sink.write(text)
  }

  async #sink(redirect: Redirect): Promise<Sink> {
    const name = this.#asText(await this.#value(redirect.target))
    let sink = this.#sinks.get(name)
    if (sink) return sink
    const { process } = this.#host
    if (redirect.kind === '|') {
      await this.#stdout.flush()
      sink = commandSink(process, name)
    } else if (name === '/dev/stdout' || name === '-') sink = this.#stdout
    else if (name === '/dev/stderr') {
      await this.#stdout.flush()
      sink = { write: (text) => process.printError(text), flush: async () => {}, close: async () => 0 }
    } else
      sink = fileSink(
        process.files.open(name, {
          write: true,
          create: true,
          ...(redirect.kind === '>' ? { truncate: true } : { append: true }),
        }),
        true,
      )
    this.#sinks.set(name, sink)
    return sink
  }
}

/** The order real awks show for small arrays: numbers rising, then texts as they came. */
function orderedKeys(array: ReadonlyMap<string, Value>): string[] {
  const keys = [...array.keys()]
  return keys.every((key) => /^\d+$/.test(key)) ? keys.sort((a, b) => Number(a) - Number(b)) : keys
}
