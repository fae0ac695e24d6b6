import { formatValue } from './format.ts'
import { BUILTINS, type TemplateFunction } from './functions.ts'
import { type Command, type Node, type Operand, type Pipe, show } from './node.ts'
import { type ParsedTemplate, parseTemplate } from './parser.ts'
import { GoNil, GoStruct, isMap, isNil, isTrue, sortedKeys, typeName } from './value.ts'

export { TemplateSyntaxError } from './parser.ts'

export interface TemplateOptions {
  /** As in error messages; docker's are nameless. */
  name?: string
  functions?: Readonly<Record<string, TemplateFunction>>
  /** What naming an absent key of a map does. */
  missingKey?: 'default' | 'error'
}

/** What was written before it stays written, as with Go's io.Writer. */
export class TemplateExecutionError extends Error {
  readonly output: string
  constructor(message: string, output: string) {
    super(message)
    this.output = output
  }
}

/** A parsed Go text/template. */
export class Template {
  readonly #parsed: ParsedTemplate
  readonly #functions: Readonly<Record<string, TemplateFunction>>
  readonly #missingKey: 'default' | 'error'

  /** Throws TemplateSyntaxError. */
  constructor(source: string, options: TemplateOptions = {}) {
    this.#functions = { ...BUILTINS, ...options.functions }
    this.#missingKey = options.missingKey ?? 'default'
    this.#parsed = parseTemplate(options.name ?? '', source, new Set(Object.keys(this.#functions)))
  }

  /** Throws TemplateExecutionError. */
  execute(data: unknown): string {
    const run = new Execution(this.#parsed, this.#functions, this.#missingKey, data)
    try {
      run.walk(this.#parsed.body, data)
    } catch (error) {
      if (error instanceof Failure) throw new TemplateExecutionError(error.message, run.output)
      throw error
    }
    return run.output
  }
}

class Failure extends Error {}
class LoopSignal {
  readonly kind: 'break' | 'continue'
  constructor(kind: 'break' | 'continue') {
    this.kind = kind
  }
}

interface Variable {
  name: string
  value: unknown
}

const NOTHING = Symbol('no final argument')
const MAX_DEPTH = 1000
const MAX_OUTPUT = 64 * 1024 * 1024

class Execution {
  output = ''
  readonly #template: ParsedTemplate
  readonly #functions: Readonly<Record<string, TemplateFunction>>
  readonly #missingKey: 'default' | 'error'
  #variables: Variable[]
  #depth = 0

  constructor(
    template: ParsedTemplate,
    functions: Readonly<Record<string, TemplateFunction>>,
    missingKey: 'default' | 'error',
    data: unknown,
  ) {
    this.#template = template
    this.#functions = functions
    this.#missingKey = missingKey
    this.#variables = [{ name: '$', value: data }]
  }

  walk(nodes: readonly Node[], dot: unknown): void {
    for (const node of nodes) {
      if (this.output.length > MAX_OUTPUT) throw new Failure('template output is too long')
      switch (node.kind) {
        case 'text':
          this.output += node.text
          break
        case 'action': {
          const value = this.#pipe(node.pipe, dot)
          if (node.pipe.declared.length === 0) this.output += formatValue(value)
          break
        }
        case 'if':
        case 'with': {
          const mark = this.#variables.length
          const value = this.#pipe(node.pipe, dot)
          if (isTrue(value)) this.walk(node.body, node.kind === 'with' ? value : dot)
          else if (node.otherwise) this.walk(node.otherwise, dot)
          this.#variables.length = mark
          break
        }
        case 'range':
          this.#range(node, dot)
          break
        case 'template': {
          const body = this.#template.defined.get(node.name)
          if (!body)
            throw this.#fail(
              `template ${JSON.stringify(node.name)} not defined`,
              node.at,
              `{{template ${JSON.stringify(node.name)}}}`,
            )
          if (++this.#depth > MAX_DEPTH) throw new Failure('exceeded maximum template depth (100000)')
          const value = node.pipe ? this.#pipe(node.pipe, dot) : undefined
          const outer = this.#variables
          this.#variables = [{ name: '$', value }]
          this.walk(body, value)
          this.#variables = outer
          this.#depth--
          break
        }
        default:
          throw new LoopSignal(node.kind)
      }
    }
  }

  #range(node: Extract<Node, { kind: 'if' | 'with' | 'range' }>, dot: unknown): void {
    const mark = this.#variables.length
    const value = this.#pipe({ ...node.pipe, declared: [] }, dot)
    const entries = this.#entries(value, node.pipe)
    for (const [key, item] of entries) {
      this.#variables.length = mark
      const names = node.pipe.declared
      const bind = (name: string | undefined, bound: unknown) => {
        if (name === undefined) return
        if (node.pipe.assign) this.#assign(name, bound)
        else this.#variables.push({ name, value: bound })
      }
      if (names.length === 1) bind(names[0], item)
      else {
        bind(names[0], key)
        bind(names[1], item)
      }
      try {
        this.walk(node.body, item)
      } catch (error) {
        if (!(error instanceof LoopSignal)) throw error
        if (error.kind === 'break') break
      }
    }
    this.#variables.length = mark
    if (entries.length === 0 && node.otherwise) this.walk(node.otherwise, dot)
  }

  #entries(value: unknown, pipe: Pipe): [unknown, unknown][] {
    if (isNil(value)) return []
    if (Array.isArray(value)) return value.map((item, i) => [i, item])
    if (isMap(value)) return sortedKeys(value).map((key) => [key, value[key]])
    if (typeof value === 'number' && Number.isInteger(value) && value < 1e6)
      return Array.from({ length: Math.max(0, value) }, (_, i) => [i, i])
    throw this.#fail(`range can't iterate over ${formatValue(value)}`, pipe.at, show(pipe))
  }

  #assign(name: string, value: unknown): void {
    const variable = this.#variables.findLast((candidate) => candidate.name === name)
    if (variable) variable.value = value
  }

  #pipe(pipe: Pipe, dot: unknown): unknown {
    let value: unknown = NOTHING
    for (const command of pipe.commands) value = this.#command(command, dot, value)
    for (const name of pipe.declared) {
      if (pipe.assign) this.#assign(name, value)
      else this.#variables.push({ name, value })
    }
    return value
  }

  #command(command: Command, dot: unknown, final: unknown): unknown {
    const [first, ...rest] = command.operands as [Operand, ...Operand[]]
    if (first.kind === 'identifier') return this.#call(first.name, command, rest, dot, final)
    if (rest.length > 0 || final !== NOTHING) {
      const args = () => [...rest.map((operand) => this.#operand(operand, dot)), ...(final === NOTHING ? [] : [final])]
      if (first.kind === 'field' || first.kind === 'variable' || first.kind === 'chain') {
        const value = this.#operand(first, dot, args)
        return value
      }
      throw this.#fail(`can't give argument to non-function ${show(first)}`, first.at, show(first))
    }
    return this.#operand(first, dot)
  }

  #call(name: string, command: Command, rest: readonly Operand[], dot: unknown, final: unknown): unknown {
    if (name === 'and' || name === 'or') {
      let value: unknown
      for (const operand of rest) {
        value = this.#operand(operand, dot)
        if (isTrue(value) === (name === 'or')) return value
      }
      return final === NOTHING ? value : final
    }
    const args = rest.map((operand) => this.#operand(operand, dot))
    if (final !== NOTHING) args.push(final)
    const target = this.#functions[name]!
    const needed = target.length
    if (args.length < needed)
      throw this.#fail(
        `wrong number of args for ${name}: want ${name === 'printf' ? 'at least ' : ''}${needed} got ${args.length}`,
        command.operands[0]!.at,
        name,
      )
    try {
      return target(...args)
    } catch (error) {
      if (error instanceof Failure || error instanceof LoopSignal) throw error
      throw this.#fail(`error calling ${name}: ${(error as Error).message}`, command.at, show(command))
    }
  }

  #operand(operand: Operand, dot: unknown, args?: () => unknown[]): unknown {
    switch (operand.kind) {
      case 'dot':
        return dot
      case 'nil':
        throw this.#fail('nil is not a command', operand.at, 'nil')
      case 'bool':
      case 'number':
      case 'string':
        return operand.value
      case 'pipe': {
        const mark = this.#variables.length
        const value = this.#pipe(operand, dot)
        this.#variables.length = mark
        return value
      }
      case 'identifier':
        return this.#call(operand.name, { kind: 'command', operands: [operand], at: operand.at }, [], dot, NOTHING)
      case 'field':
        return this.#fields(dot, operand.names, operand, args)
      case 'variable': {
        const variable = this.#variables.findLast((candidate) => candidate.name === operand.name)
        return this.#fields(variable?.value, operand.names, operand, args)
      }
      case 'chain':
        return this.#fields(this.#operand(operand.of, dot), operand.names, operand, args)
    }
  }

  #fields(from: unknown, names: readonly string[], operand: Operand, args?: () => unknown[]): unknown {
    return names.reduce(
      (value, name, i) => this.#field(value, name, operand, i === names.length - 1 ? args : undefined),
      from,
    )
  }

  #field(receiver: unknown, name: string, operand: Operand, args?: () => unknown[]): unknown {
    const fail = (message: string) => this.#fail(message, operand.at, show(operand))
    if (receiver === undefined) {
      if (this.#missingKey === 'error') throw fail(`nil data; no entry for key ${JSON.stringify(name)}`)
      return undefined
    }
    if (receiver === null) throw fail(`nil pointer evaluating interface {}.${name}`)
    if (receiver instanceof GoNil) {
      if (receiver.kind === 'map') return undefined
      throw fail(
        receiver.kind === 'pointer'
          ? `nil pointer evaluating interface {}.${name}`
          : `can't evaluate field ${name} in type []string`,
      )
    }
    if (receiver instanceof GoStruct) {
      const value = receiver.fields[name]
      if (typeof value === 'function') return value(...(args?.() ?? []))
      if (!(name in receiver.fields)) throw fail(`can't evaluate field ${name} in type ${receiver.typeName}`)
      if (args) throw fail(`${name} has arguments but cannot be invoked as function`)
      return value ?? null
    }
    if (isMap(receiver)) {
      if (args) throw fail(`${name} is not a method but has arguments`)
      if (Object.hasOwn(receiver, name)) return receiver[name] ?? null
      if (this.#missingKey === 'error') throw fail(`map has no entry for key ${JSON.stringify(name)}`)
      return undefined
    }
    throw fail(`can't evaluate field ${name} in type ${typeName(receiver)}`)
  }

  #fail(message: string, at: number, context: string): Failure {
    const { name, source } = this.#template
    const before = source.slice(0, at)
    const line = before.split('\n').length
    const column = new TextEncoder().encode(before.slice(before.lastIndexOf('\n') + 1)).length
    return new Failure(
      `template: ${name}:${line}:${column}: executing ${JSON.stringify(name)} at <${context}>: ${message}`,
    )
  }
}
