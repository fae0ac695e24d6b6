import { AwkError } from './awk-error.ts'
import { AwkFiles } from './files.ts'
import { BUILTINS } from './functions/index.ts'
import { AwkInput } from './input.ts'
import { binary } from './operators.ts'
import { awkPrintf } from './printf.ts'
import { type AwkHost, AwkState, type Cell } from './state.ts'
import type { AwkFunction, AwkProgram, Expr, Rule, Statement } from './syntax.ts'
import { fromInput, toBoolean, toNumber, UNSET, type Value } from './value.ts'

class Jump extends Error {
  readonly kind: 'next' | 'nextfile' | 'break' | 'continue' | 'exit' | 'return'
  readonly value: Value | undefined
  constructor(kind: Jump['kind'], value?: Value) {
    super(kind)
    this.kind = kind
    this.value = value
  }
}

/** Runs an awk program over its input. */
export class AwkMachine {
  readonly #host: AwkHost
  readonly #program: AwkProgram
  readonly #state: AwkState
  readonly #files: AwkFiles
  readonly #input: AwkInput
  #steps = 0

  constructor(host: AwkHost, program: AwkProgram) {
    this.#host = host
    this.#program = program
    this.#state = new AwkState(host)
    this.#files = new AwkFiles(host.process)
    this.#input = new AwkInput(host, this.#state, this.#files)
  }

  setVariable(name: string, text: string): void {
    this.#state.setVariable(name, text)
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
        if (error.value !== undefined) this.#state.status = toNumber(error.value)
      }
      for (const rule of rules) if (rule.pattern === 'END') await this.#statement(rule.body!)
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'exit') throw error
      if (error.value !== undefined) this.#state.status = toNumber(error.value)
    }
    await this.#files.end()
    return this.#state.status & 255
  }

  /** Output so far, before an error is told. */
  flush(): Promise<void> {
    return this.#files.stdout.flush()
  }

  async #main(rules: readonly Rule[]): Promise<void> {
    while (await this.#input.next()) {
      await this.#rest()
      try {
        for (const rule of rules) if (await this.#applies(rule)) await this.#perform(rule)
      } catch (error) {
        if (!(error instanceof Jump) || (error.kind !== 'next' && error.kind !== 'nextfile')) throw error
        if (error.kind === 'nextfile') this.#input.skipFile()
      }
      if (this.#host.process.stdin.stat().type !== 'file') await this.#flushIfTerminal()
    }
  }

  async #flushIfTerminal(): Promise<void> {
    if (this.#host.process.stdout.tty) await this.#files.stdout.flush()
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
    else await this.#files.stdout.write(this.#state.currentRecord() + this.#state.text('ORS'))
  }

  async #assign(target: Expr, value: Value): Promise<Value> {
    if (target.kind === 'variable') {
      if (target.name === 'NF') {
        this.#state.setNumberOfFields(Math.max(0, Math.floor(toNumber(value))))
        return value
      }
      const scope = this.#state.scopeOf(target.name)
      if (scope.get(target.name) instanceof Map)
        throw new AwkError(`attempt to use array \`${target.name}' in a scalar context`)
      scope.set(target.name, value)
    } else if (target.kind === 'field') this.#state.setField(toNumber(await this.#value(target.index)), value)
    else if (target.kind === 'element') this.#state.setElement(target.name, await this.#key(target.keys), value)
    else if (target.kind === 'group') return this.#assign(target.inner, value)
    return value
  }

  async #key(keys: readonly Expr[]): Promise<string> {
    const parts: string[] = []
    for (const key of keys) parts.push(this.#state.asText(await this.#value(key)))
    return parts.join(keys.length > 1 ? this.#state.text('SUBSEP') : '')
  }

  async #pattern(node: Expr, flags = 'u'): Promise<RegExp> {
    return this.#state.regexp(node.kind === 'regexp' ? node.source : this.#state.asText(await this.#value(node)), flags)
  }

  async #value(node: Expr): Promise<Value> {
    switch (node.kind) {
      case 'number':
      case 'string':
        return node.value
      case 'regexp':
        return this.#state.regexp(node.source).test(this.#state.currentRecord()) ? 1 : 0
      case 'variable':
        return this.#state.variable(node.name)
      case 'group':
        return this.#value(node.inner)
      case 'field':
        return this.#state.field(Math.trunc(toNumber(await this.#value(node.index))))
      case 'element': {
        const array = this.#state.array(node.name)
        const key = await this.#key(node.keys)
        const found = array.get(key)
        if (found !== undefined) return found
        array.set(key, UNSET)
        return UNSET
      }
      case 'in':
        return this.#state.array(node.name).has(await this.#key(node.keys)) ? 1 : 0
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
        return binary(node.operator, await this.#value(node.left), await this.#value(node.right))
      case 'match':
        return (await this.#pattern(node.right)).test(this.#state.asText(await this.#value(node.left))) !== node.negated
          ? 1
          : 0
      case 'concat': {
        const left = this.#state.asText(await this.#value(node.left))
        const text = left + this.#state.asText(await this.#value(node.right))
        this.#state.holdText(text)
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
        const value = node.operator === '=' ? right : binary(node.operator[0]!, await this.#value(node.target), right)
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

  async #call(name: string, args: readonly Expr[]): Promise<Value> {
    const called: AwkFunction | undefined = this.#program.functions.get(name)
    if (!called) throw new AwkError(`function \`${name}' not defined`)
    if (this.#state.frames.length > 1000) throw new AwkError('function call nesting too deep')
    await this.#rest()
    const frame = new Map<string, Cell>()
    const shared: { param: string; name: string }[] = []
    for (const [index, param] of called.params.entries()) {
      const arg = args[index]
      if (arg?.kind === 'variable') {
        const cell = this.#state.scopeOf(arg.name).get(arg.name)
        if (cell instanceof Map) frame.set(param, cell)
        else {
          frame.set(param, arg.name === 'NF' ? this.#state.variable('NF') : (cell ?? UNSET))
          if (cell === undefined || cell === UNSET) shared.push({ param, name: arg.name })
        }
      } else frame.set(param, arg ? await this.#value(arg) : UNSET)
    }
    const caller = this.#state.frames
    this.#state.frames = [...caller, frame]
    let result: Value = UNSET
    try {
      await this.#statement(called.body)
    } catch (error) {
      if (!(error instanceof Jump) || error.kind !== 'return') throw error
      result = error.value ?? UNSET
    } finally {
      this.#state.frames = caller
    }
    // An unset argument that the function used as an array becomes one for the caller, too.
    for (const { param, name: outer } of shared) {
      const cell = frame.get(param)
      if (cell instanceof Map) this.#state.scopeOf(outer).set(outer, cell)
    }
    return result
  }

  #builtin(name: string, args: readonly Expr[]): Value | Promise<Value> {
    const builtin = BUILTINS.get(name)
    if (!builtin) throw new AwkError(`not simulated: ${name}()`)
    const value = async (index: number): Promise<Value> => (args[index] ? this.#value(args[index]) : UNSET)
    return builtin({
      args,
      state: this.#state,
      files: this.#files,
      process: this.#host.process,
      value,
      text: async (index) => this.#state.asText(await value(index)),
      number: async (index) => toNumber(await value(index)),
      pattern: (index, flags) => this.#pattern(args[index]!, flags),
      assign: (target, to) => this.#assign(target, to),
    })
  }

  async #getline(node: Extract<Expr, { kind: 'getline' }>): Promise<number> {
    const state = this.#state
    if (!node.source) {
      if (!node.target) return (await this.#input.next()) ? 1 : 0
      const text = await state.aside(() => this.#input.next())
      if (text === undefined) return 0
      await this.#assign(node.target, fromInput(text))
      return 1
    }
    const reader = await this.#files.reader(state.asText(await this.#value(node.source)), node.command)
    if (!reader) return -1
    const text = await reader.next(state.text('RS'))
    await this.#rest()
    if (text === undefined) return 0
    if (node.target) await this.#assign(node.target, fromInput(text))
    else state.setRecord(text)
    if (node.command) state.bump('NR')
    return 1
  }

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
        for (const key of orderedKeys(this.#state.array(node.name))) {
          await this.#assign({ kind: 'variable', name: node.variable }, fromInput(key))
          if (!(await this.#loop(node.body))) return
        }
        return
      case 'delete':
        if (node.keys) this.#state.array(node.name).delete(await this.#key(node.keys))
        else this.#state.array(node.name).clear()
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

  async #print(node: Extract<Statement, { kind: 'print' }>): Promise<void> {
    await this.#rest()
    const state = this.#state
    const [first, ...others] = await this.#values(node.args)
    const text = node.format
      ? awkPrintf(state.asText(first ?? ''), others, (value) => state.asText(value))
      : node.args.length === 0
        ? state.currentRecord() + state.text('ORS')
        : [first!, ...others].map((value) => state.printed(value)).join(state.text('OFS')) + state.text('ORS')
    const { redirect } = node
    const sink = redirect
      ? await this.#files.sink(redirect.kind, state.asText(await this.#value(redirect.target)))
      : this.#files.stdout
    await sink.write(text)
  }
}

/** The order real awks show for small arrays: numbers rising, then texts as they came. */
function orderedKeys(array: ReadonlyMap<string, Value>): string[] {
  const keys = [...array.keys()]
  return keys.every((key) => /^\d+$/.test(key)) ? keys.sort((a, b) => Number(a) - Number(b)) : keys
}
