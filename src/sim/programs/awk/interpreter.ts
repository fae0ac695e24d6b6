import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { posixRegex } from '../regex/posix-regex.ts'
import { callBuiltIn } from './built-ins.ts'
import { sprintf } from './format.ts'
import { Outputs, openInput, RecordReader } from './streams.ts'
import type { AwkProgram, Expr, Stmt } from './syntax.ts'
import { compare, fromInput, isTrue, toNumber, toText, type Value } from './value.ts'

type Cell = Value | Map<string, Value>

class Signal extends Error {
  readonly signal: 'next' | 'nextfile' | 'break' | 'continue'
  constructor(signal: Signal['signal']) {
    super(signal)
    this.signal = signal
  }
}
class ExitSignal extends Error {}
class ReturnSignal extends Error {
  readonly value: Value
  constructor(value: Value) {
    super('return')
    this.value = value
  }
}
/** Stops awk with a message. */
export class AwkError extends Error {}

/** Steps between two moments of CPU time, so that an endless loop can be interrupted. */
const STEPS = 20_000
const STEPS_COST = 2
const MAX_DEPTH = 400
/** Characters one string may have. */
const MAX_TEXT = 32 * 1024 * 1024

export class Interpreter {
  readonly process: Process
  readonly outputs: Outputs
  readonly #program: AwkProgram
  readonly #globals = new Map<string, Cell>()
  #frames: Map<string, Cell>[] = []
  #record = ''
  #fields: string[] | undefined
  #fieldCount = 0
  #recordStale = false
  #operands: string[]
  #operand = 0
  #input: RecordReader | undefined
  #inputEnded = false
  readonly #readers = new Map<string, { reader: RecordReader; child: Process | undefined }>()
  readonly #regexes = new Map<string, RegExp>()
  #steps = 0
  #status = 0
  #failed = false
  seed = 0

  constructor(process: Process, program: AwkProgram, operands: readonly string[], separator: string | undefined) {
    this.process = process
    this.outputs = new Outputs(process)
    this.#program = program
    this.#operands = [...operands]
    const set = (name: string, value: Value) => this.#globals.set(name, value)
    set('FS', separator ?? ' ')
    set('OFS', ' ')
    set('ORS', '\n')
    set('RS', '\n')
    set('NR', 0)
    set('FNR', 0)
    set('NF', 0)
    set('SUBSEP', '\x1c')
    set('CONVFMT', '%.6g')
    set('OFMT', '%.6g')
    set('RSTART', 0)
    set('RLENGTH', -1)
    set('FILENAME', '')
    set('ARGC', operands.length + 1)
    this.#globals.set(
      'ARGV',
      new Map<string, Value>([['0', 'awk'], ...operands.map((o, i) => [String(i + 1), o] as const)]),
    )
    this.#globals.set('ENVIRON', new Map([...process.env].map(([k, v]) => [k, fromInput(v)])))
  }

  assign(name: string, text: string): void {
    this.#globals.set(name, fromInput(text))
  }

  /** Runs the whole program; its exit status. */
  async run(): Promise<number> {
    const rules = this.#program.rules
    let exited = false
    try {
      for (const rule of rules) if (rule.pattern === 'BEGIN' && rule.body) await this.#execute(rule.body)
      if (rules.some((r) => r.pattern !== 'BEGIN')) await this.#records()
    } catch (error) {
      if (!(error instanceof ExitSignal)) throw error
      exited = true
    }
    try {
      for (const rule of rules) if (rule.pattern === 'END' && rule.body) await this.#execute(rule.body)
    } catch (error) {
      if (!(error instanceof ExitSignal)) throw error
    }
    await this.outputs.closeAll()
    return this.#status || (this.#failed && !exited ? 2 : this.#status)
  }

  async #records(): Promise<void> {
    while (await this.#nextRecord()) {
      try {
        for (const rule of this.#program.rules) {
          if (rule.pattern === 'BEGIN' || rule.pattern === 'END') continue
          if (rule.pattern !== undefined) {
            const { from, to } = rule.pattern
            if (to === undefined) {
              if (!isTrue(await this.#value(from))) continue
            } else {
              if (!rule.inRange) {
                if (!isTrue(await this.#value(from))) continue
                rule.inRange = true
              }
              if (isTrue(await this.#value(to))) rule.inRange = false
            }
          }
          if (rule.body) await this.#execute(rule.body)
          else await this.outputs.print(this.record + this.text('ORS'))
        }
      } catch (error) {
        if (!(error instanceof Signal) || (error.signal !== 'next' && error.signal !== 'nextfile')) throw error
        if (error.signal === 'nextfile') this.#closeInput()
      }
    }
  }

  #closeInput(): void {
    this.#input?.close()
    this.#input = undefined
  }

  /** Reads the next record of the main input into $0; false at the end of all. */
  async #nextRecord(): Promise<boolean> {
    const record = await this.#mainRecord()
    if (record === undefined) return false
    this.setRecord(record)
    return true
  }

  async #mainRecord(): Promise<string | undefined> {
    for (;;) {
      if (!this.#input) {
        if (this.#inputEnded) return undefined
        if (!this.#openNext()) return undefined
        if (!this.#input) continue
      }
      const record = await this.#input!.next(this.#recordSeparator())
      if (record !== undefined) {
        this.#globals.set('NR', toNumber(this.#scalar('NR')) + 1)
        this.#globals.set('FNR', toNumber(this.#scalar('FNR')) + 1)
        return record
      }
      this.#closeInput()
    }
  }

  /** Moves to the next operand: false when there is none left. Assignments among them are carried out. */
  #openNext(): boolean {
    const argv = this.#globals.get('ARGV') as Map<string, Value>
    const count = toNumber(this.#scalar('ARGC'))
    this.#operands = Array.from({ length: Math.max(0, count - 1) }, (_, i) => toText(argv.get(String(i + 1)) ?? ''))
    while (this.#operand < this.#operands.length) {
      const operand = this.#operands[this.#operand++]!
      if (operand === '') continue
      const assignment = /^([A-Za-z_]\w*)=(.*)$/s.exec(operand)
      if (assignment) {
        this.assign(assignment[1]!, assignment[2]!)
        continue
      }
      this.#sawFile = true
      const file = openInput(this.process, operand)
      if (typeof file === 'string') {
        this.#failed = true
        this.#complaints.push(`awk: ${operand}: ${file}\n`)
        continue
      }
      this.#startInput(file, operand)
      return true
    }
    this.#inputEnded = true
    if (this.#sawFile) return false
    this.process.stdin.retain()
    this.#startInput(this.process.stdin, '')
    return true
  }

  #sawFile = false
  readonly #complaints: string[] = []

  #startInput(file: ConstructorParameters<typeof RecordReader>[0], name: string): void {
    this.#input = new RecordReader(file)
    this.#globals.set('FILENAME', name)
    this.#globals.set('FNR', 0)
  }

  #recordSeparator(): string | RegExp {
    const rs = this.text('RS')
    return rs.length <= 1 ? rs : this.regex(rs)
  }

  // ---- records and fields

  get record(): string {
    if (this.#recordStale) {
      this.#record = this.#splitFields().join(this.text('OFS'))
      this.#recordStale = false
    }
    return this.#record
  }

  setRecord(text: string): void {
    this.#record = text
    this.#fields = undefined
    this.#recordStale = false
  }

  #splitFields(): string[] {
    if (!this.#fields) {
      this.#fields = this.split(this.#record, this.text('FS'))
      this.#fieldCount = this.#fields.length
    }
    return this.#fields
  }

  get fieldCount(): number {
    this.#splitFields()
    return this.#fieldCount
  }

  set fieldCount(count: number) {
    const fields = this.#splitFields()
    const wanted = Math.max(0, Math.min(100_000, Math.trunc(count)))
    while (fields.length < wanted) fields.push('')
    fields.length = wanted
    this.#fieldCount = wanted
    this.#recordStale = true
  }

  field(index: number): Value {
    if (index < 0) throw new AwkError('access to negative field')
    if (index === 0) return fromInput(this.record)
    const text = this.#splitFields()[index - 1]
    return text === undefined ? '' : fromInput(text)
  }

  #setField(index: number, text: string): void {
    if (index === 0) {
      this.setRecord(text)
      return
    }
    if (index < 0 || index > 100_000) throw new AwkError('access to negative field')
    if (index > this.fieldCount) this.fieldCount = index
    this.#splitFields()[index - 1] = text
    this.#recordStale = true
  }

  split(text: string, separator: string): string[] {
    if (text === '') return []
    if (separator === ' ') {
      const trimmed = text.replace(/^[ \t\n]+|[ \t\n]+$/g, '')
      return trimmed === '' ? [] : trimmed.split(/[ \t\n]+/)
    }
    if (separator === '') return [...text]
    if (separator.length === 1 && separator !== '\\') return text.split(separator)
    return this.splitByRegex(text, this.regex(separator))
  }

  splitByRegex(text: string, pattern: RegExp): string[] {
    const parts: string[] = []
    let from = 0
    for (const m of text.matchAll(new RegExp(pattern.source, 'gs'))) {
      if (m[0] === '') continue
      parts.push(text.slice(from, m.index))
      from = m.index + m[0].length
    }
    parts.push(text.slice(from))
    return parts
  }

  regex(source: string): RegExp {
    let regex = this.#regexes.get(source)
    if (!regex) {
      regex = posixRegex(source)
      this.#regexes.set(source, regex)
    }
    return regex
  }

  // ---- variables

  #scalar(name: string): Value {
    if (name === 'NF') return this.fieldCount
    const frame = this.#frames.at(-1)
    const cell = frame?.has(name) ? frame.get(name) : this.#globals.get(name)
    if (cell instanceof Map) throw new AwkError(`attempt to use array \`${name}' in a scalar context`)
    return cell ?? ''
  }

  text(name: string): string {
    return toText(this.#scalar(name))
  }

  setVariable(name: string, value: Value): void {
    if (name === 'NF') {
      this.fieldCount = toNumber(value)
      return
    }
    const frame = this.#frames.at(-1)
    const where = frame?.has(name) ? frame : this.#globals
    if (where.get(name) instanceof Map) throw new AwkError(`attempt to use array \`${name}' in a scalar context`)
    where.set(name, value)
  }

  array(name: string): Map<string, Value> {
    const frame = this.#frames.at(-1)
    const where = frame?.has(name) ? frame : this.#globals
    const cell = where.get(name)
    if (cell instanceof Map) return cell
    if (cell !== undefined && cell !== '') throw new AwkError(`attempt to use scalar \`${name}' as an array`)
    const made = new Map<string, Value>()
    where.set(name, made)
    return made
  }

  async #index(index: readonly Expr[]): Promise<string> {
    if (index.length === 1) return toText(await this.#value(index[0]!), this.text('CONVFMT'))
    const parts: string[] = []
    for (const part of index) parts.push(toText(await this.#value(part), this.text('CONVFMT')))
    return parts.join(this.text('SUBSEP'))
  }

  async assignTo(target: Expr, value: Value): Promise<void> {
    if (target.kind === 'variable') this.setVariable(target.name, value)
    else if (target.kind === 'field')
      this.#setField(Math.trunc(toNumber(await this.#value(target.index))), toText(value))
    else if (target.kind === 'element') this.array(target.array).set(await this.#index(target.index), value)
    else if (target.kind === 'group' && target.items.length === 1) await this.assignTo(target.items[0]!, value)
    else throw new AwkError('assignment to something that holds no value')
  }

  // ---- statements

  async #tick(): Promise<void> {
    if (++this.#steps < STEPS) return
    this.#steps = 0
    await this.process.compute(STEPS_COST)
  }

  async #execute(statement: Stmt): Promise<void> {
    await this.#tick()
    switch (statement.kind) {
      case 'block':
        for (const inner of statement.body) await this.#execute(inner)
        return
      case 'expr':
        await this.#value(statement.expr)
        return
      case 'print':
        return this.#print(statement)
      case 'if':
        if (isTrue(await this.#value(statement.test))) await this.#execute(statement.yes)
        else if (statement.no) await this.#execute(statement.no)
        return
      case 'while':
        while (isTrue(await this.#value(statement.test))) if (!(await this.#loopBody(statement.body))) return
        return
      case 'do':
        do if (!(await this.#loopBody(statement.body))) return
        while (isTrue(await this.#value(statement.test)))
        return
      case 'for':
        if (statement.init) await this.#execute(statement.init)
        while (!statement.test || isTrue(await this.#value(statement.test))) {
          if (!(await this.#loopBody(statement.body))) return
          if (statement.step) await this.#execute(statement.step)
        }
        return
      case 'for-in':
        for (const key of [...this.array(statement.array).keys()]) {
          if (!this.array(statement.array).has(key)) continue
          this.setVariable(statement.variable, fromInput(key))
          if (!(await this.#loopBody(statement.body))) return
        }
        return
      case 'delete':
        if (statement.index) this.array(statement.array).delete(await this.#index(statement.index))
        else this.array(statement.array).clear()
        return
      case 'exit':
        if (statement.value) this.#status = Math.trunc(toNumber(await this.#value(statement.value))) & 255
        throw new ExitSignal()
      case 'return':
        throw new ReturnSignal(statement.value ? await this.#value(statement.value) : '')
      default:
        throw new Signal(statement.kind)
    }
  }

  /** False: the loop is left. */
  async #loopBody(body: Stmt): Promise<boolean> {
    try {
      await this.#execute(body)
      return true
    } catch (error) {
      if (error instanceof Signal && error.signal === 'break') return false
      if (error instanceof Signal && error.signal === 'continue') return true
      throw error
    }
  }

  async #print(statement: Extract<Stmt, { kind: 'print' }>): Promise<void> {
    const values: Value[] = []
    for (const arg of statement.args) values.push(await this.#value(arg))
    const ofmt = this.text('OFMT')
    const text = statement.format
      ? sprintf(toText(values[0] ?? ''), values.slice(1))
      : (values.length === 0 ? this.record : values.map((v) => toText(v, ofmt)).join(this.text('OFS'))) +
        this.text('ORS')
    if (!statement.to) return this.outputs.print(text)
    const where = toText(await this.#value(statement.to.where))
    try {
      await this.outputs.printTo(statement.to.how, where, text)
    } catch (error) {
      if (error instanceof SystemError) throw new AwkError(`can't redirect to \`${where}' (${error.message})`)
      throw error
    }
  }

  // ---- expressions

  async value(expr: Expr): Promise<Value> {
    return this.#value(expr)
  }

  async #value(expr: Expr): Promise<Value> {
    switch (expr.kind) {
      case 'number':
        return expr.value
      case 'string':
        return expr.text
      case 'regex':
        return this.regex(expr.text).test(this.record) ? 1 : 0
      case 'variable':
        return this.#scalar(expr.name)
      case 'field':
        return this.field(Math.trunc(toNumber(await this.#value(expr.index))))
      case 'element': {
        const array = this.array(expr.array)
        const key = await this.#index(expr.index)
        const found = array.get(key)
        if (found === undefined) array.set(key, '')
        return found ?? ''
      }
      case 'group':
        return this.#value(expr.items.at(-1)!)
      case 'assign':
        return this.#assign(expr)
      case 'conditional':
        return isTrue(await this.#value(expr.test)) ? this.#value(expr.yes) : this.#value(expr.no)
      case 'and':
        return isTrue(await this.#value(expr.left)) && isTrue(await this.#value(expr.right)) ? 1 : 0
      case 'or':
        return isTrue(await this.#value(expr.left)) || isTrue(await this.#value(expr.right)) ? 1 : 0
      case 'match': {
        const text = toText(await this.#value(expr.left))
        return (await this.pattern(expr.right)).test(text) !== expr.negate ? 1 : 0
      }
      case 'in':
        return this.array(expr.array).has(await this.#index(expr.index)) ? 1 : 0
      case 'concat': {
        const format = this.text('CONVFMT')
        const text = toText(await this.#value(expr.left), format) + toText(await this.#value(expr.right), format)
        if (text.length > MAX_TEXT) throw new AwkError('out of memory')
        return text
      }
      case 'unary': {
        const value = await this.#value(expr.operand)
        if (expr.op === '!') return isTrue(value) ? 0 : 1
        return expr.op === '-' ? -toNumber(value) : toNumber(value)
      }
      case 'increment': {
        const before = toNumber(await this.#value(expr.target))
        await this.assignTo(expr.target, before + expr.by)
        return expr.prefix ? before + expr.by : before
      }
      case 'binary':
        return this.#binary(expr.op, await this.#value(expr.left), await this.#value(expr.right))
      case 'getline':
        return this.#getline(expr)
      case 'call':
        return this.#call(expr.name, expr.args)
    }
  }

  /** A regular expression from a literal or from text. */
  async pattern(expr: Expr): Promise<RegExp> {
    if (expr.kind === 'regex') return this.regex(expr.text)
    return this.regex(toText(await this.#value(expr)))
  }

  async #assign(expr: Extract<Expr, { kind: 'assign' }>): Promise<Value> {
    const value = await this.#value(expr.value)
    const result = expr.op === '=' ? value : this.#binary(expr.op[0]!, await this.#value(expr.target), value)
    await this.assignTo(expr.target, result)
    return result
  }

  #binary(op: string, left: Value, right: Value): Value {
    switch (op) {
      case '+':
        return toNumber(left) + toNumber(right)
      case '-':
        return toNumber(left) - toNumber(right)
      case '*':
        return toNumber(left) * toNumber(right)
      case '/':
      case '%': {
        const divisor = toNumber(right)
        if (divisor === 0) throw new AwkError(op === '/' ? 'division by zero' : 'division by zero in %')
        return op === '/' ? toNumber(left) / divisor : toNumber(left) % divisor
      }
      case '^':
        return toNumber(left) ** toNumber(right)
      default: {
        const order = compare(left, right)
        const holds = {
          '<': order < 0,
          '<=': order <= 0,
          '==': order === 0,
          '!=': order !== 0,
          '>': order > 0,
          '>=': order >= 0,
        }[op]
        return holds ? 1 : 0
      }
    }
  }

  async #getline(expr: Extract<Expr, { kind: 'getline' }>): Promise<Value> {
    let record: string | undefined
    if (expr.from === 'input') {
      record = await this.#mainRecord()
      if (record === undefined) return 0
    } else {
      const source = toText(await this.#value(expr.source!))
      const reader = this.#readerOf(source, expr.from)
      if (!reader) return -1
      record = await reader.next(this.#recordSeparator())
      if (record === undefined) return 0
      if (expr.from === 'command') this.#globals.set('NR', toNumber(this.#scalar('NR')) + 1)
    }
    if (expr.target) await this.assignTo(expr.target, fromInput(record))
    else this.setRecord(record)
    return 1
  }

  #readerOf(source: string, from: 'file' | 'command'): RecordReader | undefined {
    const known = this.#readers.get(source)
    if (known) return known.reader
    if (from === 'file') {
      const file = openInput(this.process, source)
      if (typeof file === 'string') return undefined
      const reader = new RecordReader(file)
      this.#readers.set(source, { reader, child: undefined })
      return reader
    }
    const { read, write } = this.process.pipe()
    const child = this.process.spawn({ argv: ['sh', '-c', source], fds: new Map([[1, write]]) })
    write.release()
    const reader = new RecordReader(read)
    this.#readers.set(source, { reader, child })
    return reader
  }

  async close(name: string): Promise<number> {
    const input = this.#readers.get(name)
    if (!input) return this.outputs.close(name)
    this.#readers.delete(name)
    input.reader.close()
    return input.child ? ((await this.process.wait(input.child)).code ?? 256) : 0
  }

  /** What could not be opened, for standard error. */
  get complaints(): readonly string[] {
    return this.#complaints
  }

  async #call(name: string, args: readonly Expr[]): Promise<Value> {
    const fn = this.#program.functions.get(name)
    if (!fn) {
      const result = await callBuiltIn(this, name, args)
      if (result === undefined) throw new AwkError(`function \`${name}' not defined`)
      return result
    }
    if (args.length > fn.params.length)
      throw new AwkError(`function \`${name}' called with more arguments than declared`)
    if (this.#frames.length >= MAX_DEPTH) throw new AwkError('function call nesting too deep')
    const frame = new Map<string, Cell>()
    const caller = this.#frames.at(-1)
    /** Untyped arguments become arrays when the function uses them as such. */
    const untyped: [string, Map<string, Cell>, string][] = []
    for (const [i, param] of fn.params.entries()) {
      const arg = args[i]
      if (arg === undefined) frame.set(param, '')
      else if (arg.kind === 'variable') {
        const where = caller?.has(arg.name) ? caller : this.#globals
        const cell = arg.name === 'NF' ? this.fieldCount : where.get(arg.name)
        frame.set(param, cell ?? '')
        if (cell === undefined || cell === '') untyped.push([param, where, arg.name])
      } else frame.set(param, await this.#value(arg))
    }
    this.#frames.push(frame)
    try {
      await this.#execute(fn.body)
      return ''
    } catch (error) {
      if (error instanceof ReturnSignal) return error.value
      throw error
    } finally {
      this.#frames.pop()
      for (const [param, where, name_] of untyped) {
        const cell = frame.get(param)
        if (cell instanceof Map) where.set(name_, cell)
      }
    }
  }
}
