import { SystemError } from '../../errors.ts'
import type { OpenFile } from '../../file.ts'
import { concatBytes, decodeText } from '../bytes.ts'
import { Interrupted } from '../control.ts'
import { arithmetic } from '../expansion/expand.ts'
import { assign } from '../expansion/lookup.ts'
import type { Shell } from '../shell.ts'
import { isName } from '../variables.ts'
import type { Builtin } from './builtin.ts'

const USAGE =
  'read: usage: read [-ers] [-a array] [-d delim] [-i text] [-n nchars] [-N nchars] [-p prompt] [-t timeout] [-u fd] [name ...]\n'

interface ReadOptions {
  raw: boolean
  silent: boolean
  array?: string
  delimiter: number
  count?: number
  exact?: boolean
  prompt?: string
  timeout?: number
  fd: number
  names: string[]
}

export const read: Builtin = async ({ shell, args }) => {
  const options = await parseOptions(shell, args)
  if (typeof options === 'number') return options
  const input = shell.process.fds.get(options.fd)
  if (!input) {
    await shell.complain(`${options.fd}: invalid file descriptor: Bad file descriptor`)
    return 1
  }
  if (options.prompt !== undefined && input.tty) await shell.process.printError(options.prompt)
  const echo = input.tty?.modes.echo
  if (options.silent && input.tty) input.tty.modes.echo = false
  try {
    const { text, ended, timedOut } = await readRecord(shell, input, options)
    store(shell, options, text)
    return timedOut ? 142 : ended ? 1 : 0
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await shell.complain(`read error: ${options.fd}: ${error.message}`)
    return 1
  } finally {
    if (options.silent && input.tty && echo !== undefined) input.tty.modes.echo = echo
  }
}

async function parseOptions(shell: Shell, args: readonly string[]): Promise<ReadOptions | number> {
  const options: ReadOptions = { raw: false, silent: false, delimiter: 10, fd: 0, names: [] }
  let i = 0
  for (; i < args.length && /^-./.test(args[i]!); i++) {
    if (args[i] === '--') {
      i++
      break
    }
    const letters = args[i]!.slice(1)
    for (let j = 0; j < letters.length; j++) {
      const letter = letters[j]!
      if (letter === 'r') options.raw = true
      else if (letter === 's') options.silent = true
      else if (letter === 'e') continue
      else if ('adnNptui'.includes(letter)) {
        const value = letters.slice(j + 1) || args[++i] || ''
        if (letter === 'a') options.array = value
        else if (letter === 'd') options.delimiter = value === '' ? 0 : new TextEncoder().encode(value)[0]!
        else if (letter === 'n' || letter === 'N') {
          options.count = Number(value)
          options.exact = letter === 'N'
        } else if (letter === 'p') options.prompt = value
        else if (letter === 't') options.timeout = Number(value) * 1000
        else if (letter === 'u') options.fd = Number(value)
        break
      } else {
        await shell.complain(shell.isBash ? `-${letter}: invalid option` : `illegal option -${letter}`)
        if (shell.isBash) await shell.process.printError(USAGE)
        return 2
      }
    }
  }
  options.names = args.slice(i)
  for (const name of options.names) {
    if (isName(name.replace(/\[.*\]$/, ''))) continue
    await shell.complain(shell.isBash ? `\`${name}': not a valid identifier` : `${name}: bad variable name`)
    return shell.isBash ? 1 : 2
  }
  return options
}

/** Reads bytes up to the delimiter; a backslash before a newline joins lines unless raw. Escapes stay in the text. */
async function readRecord(
  shell: Shell,
  input: OpenFile,
  options: ReadOptions,
): Promise<{ text: string; ended: boolean; timedOut: boolean }> {
  const chunks: Uint8Array[] = []
  let escaped = false
  let characters = 0
  const deadline = options.timeout === undefined ? undefined : shell.process.uptime() + options.timeout
  const result = (ended: boolean, timedOut = false) => ({ text: decodeText(concatBytes(chunks)), ended, timedOut })
  if (options.count === 0) return result(false)
  const ahead = new ReadAhead(shell, input)
  try {
    return await readBytes()
  } finally {
    ahead.giveBack()
  }

  async function readBytes() {
    for (;;) {
      const byte = (await ahead.next()) ?? (await nextByte(shell, input, deadline))
      if (byte === 'timeout') return result(true, true)
      if (byte === undefined) return result(true)
      const value = byte[0]!
      if (!options.raw && escaped) {
        escaped = false
        if (value === 10) {
          chunks.pop()
          continue
        }
      } else if (value === options.delimiter && !options.exact) return result(false)
      else if (value === 92 && !options.raw) escaped = true
      if (value !== 0) chunks.push(byte)
      if ((value & 0xc0) !== 0x80 && !escaped) characters++
      if (options.count !== undefined && characters >= options.count) return result(false)
    }
  }
}

/** Reads blocks where what was too much can be given back, or does not matter (/dev/zero). */
class ReadAhead {
  readonly #shell: Shell
  readonly #input: OpenFile
  readonly #type: string
  #block: Uint8Array = new Uint8Array()
  #at = 0

  constructor(shell: Shell, input: OpenFile) {
    this.#shell = shell
    this.#input = input
    this.#type = input.tty ? 'terminal' : input.stat().type
  }

  /** The next byte as an array of one; undefined where only single bytes can be read, and at the end. */
  async next(): Promise<Uint8Array | undefined> {
    if (this.#at === this.#block.length) {
      if (this.#type !== 'file' && this.#type !== 'character') return undefined
      this.#block = await this.#input.read(4096)
      this.#at = 0
      if (this.#type === 'character') {
        await this.#shell.process.compute(1)
        await this.#shell.tick()
      }
      if (this.#block.length === 0) return undefined
    }
    return this.#block.subarray(this.#at, ++this.#at)
  }

  giveBack(): void {
    const left = this.#block.length - this.#at
    if (left > 0 && this.#type === 'file') this.#input.seek(-left, 'current')
  }
}

async function nextByte(
  shell: Shell,
  input: OpenFile,
  deadline: number | undefined,
): Promise<Uint8Array | 'timeout' | undefined> {
  const arrival = shell.signalArrival()
  const waits: Promise<Uint8Array | 'timeout' | 'signal'>[] = [input.read(1), arrival]
  if (deadline !== undefined)
    waits.push(shell.process.sleep(Math.max(0, deadline - shell.process.uptime())).then(() => 'timeout' as const))
  const first = await Promise.race(waits)
  if (first === 'signal') {
    if (shell.interactive) {
      await shell.tick()
      throw new Interrupted()
    }
    await shell.runTraps()
    return nextByte(shell, input, deadline)
  }
  if (first === 'timeout') return 'timeout'
  return first.length === 0 ? undefined : first
}

function store(shell: Shell, options: ReadOptions, text: string): void {
  const set = (name: string, value: string) => {
    const match = /^(\w+)\[(.*)\]$/.exec(name)
    assign(shell, match?.[1] ?? name, value, {
      ...(match ? { index: match[2]! } : {}),
      number: (each) => Number(arithmetic(shell, each)),
    })
  }
  const plain = (value: string) => (options.raw ? value : value.replace(/\\([\s\S])/g, '$1'))
  if (options.array !== undefined) {
    const variable = shell.variables.ensure(options.array)
    variable.value = undefined
    variable.indexed = new Map(
      splitRecord(shell, text, Number.POSITIVE_INFINITY, options.raw).map((each, index) => [index, plain(each)]),
    )
    return
  }
  if (options.exact) {
    set(options.names[0] ?? 'REPLY', text)
    return
  }
  if (options.names.length === 0) {
    set('REPLY', plain(text))
    return
  }
  const fields = splitRecord(shell, text, options.names.length, options.raw)
  for (const [index, name] of options.names.entries()) set(name, plain(fields[index] ?? ''))
}

/** Splits by IFS into at most `limit` fields; the last takes the rest. */
function splitRecord(shell: Shell, text: string, limit: number, raw: boolean): string[] {
  const ifs = shell.variables.get('IFS') ?? ' \t\n'
  const white = (char: string | undefined) => char !== undefined && ifs.includes(char) && ' \t\n'.includes(char)
  const separator = (char: string | undefined) => char !== undefined && ifs.includes(char)
  if (ifs === '') return [text]
  let at = 0
  const skipWhite = () => {
    while (white(text[at])) at++
  }
  const fields: string[] = []
  skipWhite()
  while (at < text.length && fields.length < limit - 1) {
    let field = ''
    while (at < text.length && !separator(text[at])) {
      if (!raw && text[at] === '\\') field += text[at++]
      field += text[at++] ?? ''
    }
    fields.push(field)
    skipWhite()
    if (at < text.length && separator(text[at]) && !white(text[at])) {
      at++
      skipWhite()
    }
  }
  if (at < text.length || (fields.length === 0 && text === '')) {
    let rest = text.slice(at)
    let end = rest.length
    while (end > 0 && white(rest[end - 1]) && (raw || rest[end - 2] !== '\\')) end--
    rest = rest.slice(0, end)
    // One trailing separator after a single last field is dropped.
    const inner = rest.slice(0, -1)
    if (separator(rest.at(-1)) && ![...inner].some((char) => separator(char))) rest = inner
    fields.push(rest)
  }
  return fields
}

export const mapfile: Builtin = async ({ shell, args }) => {
  let trim = false
  let name = 'MAPFILE'
  let fd = 0
  let count = Number.POSITIVE_INFINITY
  let skip = 0
  let delimiter = '\n'
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word === '-t') trim = true
    else if (word === '-u') fd = Number(args[++i])
    else if (word === '-n') count = Number(args[++i]) || count
    else if (word === '-s') skip = Number(args[++i])
    else if (word === '-d') delimiter = args[++i] || '\0'
    else if (!word.startsWith('-')) name = word
  }
  const chunks: Uint8Array[] = []
  const input = shell.process.fds.get(fd)
  for (let chunk = await input?.read(); chunk && chunk.length > 0; chunk = await input?.read()) chunks.push(chunk)
  const text = decodeText(concatBytes(chunks))
  const lines = text.split(delimiter)
  if (lines.at(-1) === '') lines.pop()
  const kept = lines
    .slice(skip, skip + count)
    .map((line, index) =>
      trim || (index + skip === lines.length - 1 && !text.endsWith(delimiter)) ? line : line + delimiter,
    )
  const variable = shell.variables.ensure(name)
  variable.value = undefined
  variable.indexed = new Map(kept.map((line, index) => [index, line]))
  return 0
}
