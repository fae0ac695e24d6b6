import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, words } from '../applet/applet.ts'
import { readInput, readToEnd } from '../applet/input.ts'
import { Break, type Env, JqExhausted, run } from './evaluate.ts'
import { compactText } from './formats.ts'
import { JqHalt, library } from './library.ts'
import { parseJq } from './parser.ts'
import { type Filter, JqSyntaxError } from './syntax.ts'
import { JqError, type Json, type PrintOptions, print, truthy } from './value.ts'

/** Steps between two outputs. */
const BUDGET = 500_000

interface JqOptions {
  flags: Set<string>
  indent: number | '\t'
  variables: Map<string, Json>
  positional: Json[]
  filter: string | undefined
  files: string[]
}

const LONG: Readonly<Record<string, string>> = {
  'raw-output': 'r',
  'compact-output': 'c',
  'null-input': 'n',
  slurp: 's',
  'sort-keys': 'S',
  'exit-status': 'e',
  'join-output': 'j',
  'raw-input': 'R',
  'ascii-output': 'a',
  'color-output': 'C',
  'monochrome-output': 'M',
  tab: 'tab',
  'from-file': 'f',
  'raw-output0': 'raw0',
  seq: 'seq',
  stream: 'stream',
  unbuffered: 'unbuffered',
}

/** jq 1.6 and 1.7's language; 1.6's words. */
export const jq: Applet = async (call) => {
  const { process, args } = call
  const options = await parseArguments(call.process.files.readText.bind(call.process.files), args)
  if (options.flags.has('version')) {
    await process.print('jq-1.6\n')
    return 0
  }
  let source = options.filter
  if (options.flags.has('f')) {
    if (source !== undefined) source = process.files.readText(source)
  }
  if (source === undefined) {
    if (process.stdin.tty && process.stdout.tty)
      throw new AppletError('', 2, 'Usage:\tjq [OPTIONS] FILTER [FILES...]\n')
    source = '.'
  }
  let filter: Filter
  try {
    filter = parseJq(source)
  } catch (error) {
    if (!(error instanceof JqSyntaxError)) throw error
    throw new AppletError(
      '',
      3,
      `jq: error: ${error.message} (Unix shell quoting issues?) at <top-level>, line 1:\n${source}\njq: 1 compile error\n`,
    )
  }
  const { inputs, failure } = await readInputs(call, options)
  const queue = [...inputs]
  const named: Json = Object.fromEntries(options.variables)
  const variables = new Map<string, Json>([
    ...options.variables,
    ['ENV', Object.fromEntries(process.env)],
    ['ARGS', { positional: options.positional, named }],
    ['__prog_args', []],
    ['*now', process.wallClock() / 1000],
    ['*input', (() => queue.shift()) as unknown as Json],
  ])
  const env: Env = { parent: undefined, variables, functions: new Map(), library, budget: { left: BUDGET } }
  const color = options.flags.has('C') || (process.stdout.tty !== undefined && !options.flags.has('M'))
  const how: PrintOptions = {
    indent: options.flags.has('c') ? 0 : options.indent,
    sortKeys: options.flags.has('S'),
    color,
    ascii: options.flags.has('a'),
  }
  let status = 0
  let last: Json | undefined
  const emit = async (value: Json) => {
    last = value
    const raw =
      (options.flags.has('r') || options.flags.has('j') || options.flags.has('raw0')) && typeof value === 'string'
    const end = options.flags.has('j') ? '' : options.flags.has('raw0') ? '\0' : '\n'
    await process.stdout.write(encodeText((raw ? value : print(value, how)) + end))
  }
  const one = async (input: Json) => {
    let steps = 0
    try {
      env.budget.left = BUDGET
      for (const value of run(filter, input, env)) {
        env.budget.left = BUDGET
        await emit(value)
        if (++steps % 100 === 0) await process.compute(0.5)
      }
    } catch (error) {
      if (error instanceof JqHalt) throw error
      if (error instanceof RangeError && !error.message.startsWith('Invalid ')) {
        await process.printError('jq: error: stack overflow\n')
        status = 5
      } else if (error instanceof JqExhausted || error instanceof RangeError) {
        await process.printError('jq: error: cannot allocate memory\n')
        status = 5
      } else if (error instanceof Break) {
        await process.printError('jq: error (at <unknown>): break\n')
        status = 5
      } else if (!(error instanceof JqError)) throw error
      else if (/ is not defined$/.test(error.message) && /^[\w$]+(\/\d+)? is not defined$/.test(error.message)) {
        await process.printError(
          `jq: error: ${error.message} at <top-level>, line 1:\n${source}\njq: 1 compile error\n`,
        )
        status = 3
      } else {
        const place =
          inputs.length > 0 && !options.flags.has('n') ? `(at <stdin>:${linesBefore(input, inputs)})` : '(at <unknown>)'
        await process.printError(
          `jq: error ${place}${typeof error.value === 'string' || error.value === null ? `: ${error.message}` : ` (not a string): ${compactText(error.value)}`}\n`,
        )
        status = 5
      }
    }
  }
  try {
    if (options.flags.has('n')) await one(null)
    else {
      while (queue.length > 0) {
        await one(queue.shift()!)
        if (status === 3) return 3
      }
    }
  } catch (error) {
    if (!(error instanceof JqHalt)) throw error
    if (error.value !== undefined)
      await process.printError(typeof error.value === 'string' ? error.value : `${compactText(error.value)}\n`)
    return error.status
  }
  if (failure) {
    await process.printError(`jq: ${failure}\n`)
    return 2
  }
  if (options.flags.has('e') && status === 0) return last === undefined ? 4 : truthy(last) ? 0 : 1
  return status
}

const linesBefore = (input: Json, inputs: readonly Json[]) =>
  Math.max(0, inputs.indexOf(input)) + (inputs.length > 0 ? 1 : 0)

async function parseArguments(readText: (path: string) => string, args: readonly string[]): Promise<JqOptions> {
  const out: JqOptions = {
    flags: new Set(),
    indent: 2,
    variables: new Map(),
    positional: [],
    filter: undefined,
    files: [],
  }
  let rest: 'files' | 'args' | 'jsonargs' = 'files'
  const operand = (word: string) => {
    if (out.filter === undefined) out.filter = word
    else if (rest === 'files') out.files.push(word)
    else out.positional.push(rest === 'args' ? word : (JSON.parse(word) as Json))
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word === '--') {
      for (const each of args.slice(i + 1)) operand(each)
      break
    }
    if (!word.startsWith('-') || word === '-') {
      operand(word)
      continue
    }
    if (!word.startsWith('--')) {
      for (const letter of word.slice(1)) {
        if (!'rcnsSejRaCMfhVL'.includes(letter))
          throw new AppletError(
            '',
            2,
            `jq: Unknown arguments\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n`,
          )
        out.flags.add(letter === 'V' ? 'version' : letter)
      }
      continue
    }
    const name = word.slice(2)
    if (name === 'arg') out.variables.set(args[++i]!, args[++i]!)
    else if (name === 'argjson') {
      const [key, text] = [args[++i]!, args[++i]!]
      try {
        out.variables.set(key, JSON.parse(text) as Json)
      } catch {
        throw new AppletError(
          `Invalid JSON text passed to --argjson`,
          2,
          'Use jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n',
        )
      }
    } else if (name === 'slurpfile' || name === 'rawfile') {
      const [key, path] = [args[++i]!, args[++i]!]
      const text = readText(path)
      out.variables.set(key, name === 'rawfile' ? text : documents(text).values)
    } else if (name === 'args' || name === 'jsonargs') rest = name
    else if (name === 'indent') out.indent = Number(args[++i])
    else if (name === 'tab') out.indent = '\t'
    else if (name === 'version') out.flags.add('version')
    else if (LONG[name]) out.flags.add(LONG[name])
    else
      throw new AppletError(
        '',
        2,
        `jq: Unknown arguments\nUse jq --help for help with command-line options,\nor see the jq manpage, or online docs  at https://stedolan.github.io/jq\n`,
      )
  }
  return out
}

async function readInputs(
  call: Parameters<Applet>[0],
  options: JqOptions,
): Promise<{ inputs: Json[]; failure: string | undefined }> {
  let content = ''
  let failure: string | undefined
  if (options.files.length === 0)
    content = options.flags.has('n') && call.process.stdin.tty ? '' : decodeText(await readToEnd(call.process.stdin))
  for (const path of options.files) {
    try {
      content += decodeText(await readInput(call.process, path))
    } catch (error) {
      failure = `error: Could not open ${path}: ${words(error)}`
    }
  }
  if (options.flags.has('R')) {
    if (options.flags.has('s')) return { inputs: [content], failure }
    const lines = content.split('\n')
    if (lines.at(-1) === '') lines.pop()
    return { inputs: lines, failure }
  }
  const { values, error } = documents(content)
  if (options.flags.has('s')) return { inputs: error ? [] : [values], failure: error ?? failure }
  return { inputs: values, failure: error ?? failure }
}

/** The JSON values of a text, one after the other. */
function documents(text: string): { values: Json[]; error?: string } {
  try {
    if (text.trim() === '') return { values: [] }
    return { values: [JSON.parse(text) as Json] }
  } catch {
    return severalDocuments(text)
  }
}

function severalDocuments(text: string): { values: Json[]; error?: string } {
  const values: Json[] = []
  let at = 0
  while (at < text.length) {
    while (/\s/.test(text[at] ?? '')) at++
    if (at >= text.length) break
    const end = endOfValue(text, at)
    try {
      values.push(JSON.parse(text.slice(at, end)) as Json)
    } catch {
      const line = text.slice(0, end).split('\n').length
      const column = end - (text.lastIndexOf('\n', end - 1) + 1)
      return {
        values,
        error: `parse error: ${/^[A-Za-z_]/.test(text.slice(at)) ? 'Invalid literal' : end >= text.length ? 'Unfinished JSON term' : 'Invalid numeric literal'} at ${end >= text.length ? 'EOF at ' : ''}line ${line}, column ${column}`,
      }
    }
    at = end
  }
  return { values }
}

function endOfValue(text: string, start: number): number {
  const first = text[start]!
  if (first !== '{' && first !== '[' && first !== '"') {
    let at = start
    while (at < text.length && !/[\s,[\]{}]/.test(text[at]!)) at++
    return Math.max(at, start + 1)
  }
  let depth = 0
  let quoted = false
  for (let at = start; at < text.length; at++) {
    const char = text[at]!
    if (quoted) {
      if (char === '\\') at++
      else if (char === '"') {
        quoted = false
        if (depth === 0) return at + 1
      }
    } else if (char === '"') quoted = true
    else if (char === '{' || char === '[') depth++
    else if ((char === '}' || char === ']') && --depth === 0) return at + 1
  }
  return text.length
}
