import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import type { Connection } from '../../linux/socket.ts'
import { ByteReader } from '../http/reader.ts'
import { versionOf } from './info.ts'
import { decodeText, encodeCommand, encodeText, fromLatin1, type Reply, readReply, splitInline } from './resp.ts'

const PASSWORD_WARNING =
  "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe.\n"

interface Options {
  host: string
  port: number
  password: string | undefined
  database: number
  quiet: boolean
  raw: boolean | undefined
  repeat: number
  interval: number
  readLast: boolean
  words: string[]
}

/** redis-cli: one command, or a prompt (a list of commands when standard input is no terminal). */
export const redisCli: Program = async (process) => {
  const parsed = parse(process.argv.slice(1))
  if ('error' in parsed) {
    await process.printError(`${parsed.error}\n`)
    return 1
  }
  if ('version' in parsed) {
    await process.print(`redis-cli ${versionOf({ process })}\n`)
    return 0
  }
  const session = new Session(process, parsed)
  if (parsed.password !== undefined && !parsed.quiet) await process.printError(PASSWORD_WARNING)
  if (parsed.words.length > 0) {
    const words = parsed.readLast ? [...parsed.words, decoded(await readAll(process))] : parsed.words
    for (let i = 0; i < parsed.repeat; i++) {
      if (i > 0 && parsed.interval > 0) await process.sleep(parsed.interval * 1000)
      const status = await session.command(words.map(encodeText))
      if (status !== 0) return status
    }
    return 0
  }
  return session.prompt()
}

const decoded = (bytes: Uint8Array) => new TextDecoder().decode(bytes)

async function readAll(process: Process): Promise<Uint8Array> {
  const parts: number[] = []
  for (let piece = await process.stdin.read(); piece.length > 0; piece = await process.stdin.read())
    parts.push(...piece)
  return Uint8Array.from(parts)
}

function parse(args: readonly string[]): Options | { error: string } | { version: true } {
  const options: Options = {
    host: '127.0.0.1',
    port: 6379,
    password: undefined,
    database: 0,
    quiet: false,
    raw: undefined,
    repeat: 1,
    interval: 0,
    readLast: false,
    words: [],
  }
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (!arg.startsWith('-')) return { ...options, words: args.slice(i) }
    if (arg === '-h') options.host = args[++i] ?? ''
    else if (arg === '-p') options.port = Number(args[++i])
    else if (arg === '-a' || arg === '--pass') options.password = args[++i]
    else if (arg === '-n') options.database = Number(args[++i])
    else if (arg === '-r') options.repeat = Number(args[++i])
    else if (arg === '-i') options.interval = Number(args[++i])
    else if (arg === '-x') options.readLast = true
    else if (arg === '--raw') options.raw = true
    else if (arg === '--no-raw') options.raw = false
    else if (arg === '--no-auth-warning') options.quiet = true
    else if (arg === '--version' || arg === '-v') return { version: true }
    else return { error: `Unrecognized option or bad number of args for: '${arg}'` }
  }
  return options
}

class Session {
  readonly #process: Process
  readonly #options: Options
  #connection: Connection | undefined
  #reader: ByteReader | undefined
  #database: number

  constructor(process: Process, options: Options) {
    this.#process = process
    this.#options = options
    this.#database = options.database
  }

  get #where(): string {
    return `${this.#options.host}:${this.#options.port}`
  }

  async #connect(): Promise<boolean> {
    if (this.#connection) return true
    const { host, port, password } = this.#options
    try {
      const addresses = host === 'localhost' ? ['127.0.0.1'] : await this.#process.net.resolve(host)
      if (addresses.length === 0) {
        await this.#process.printError(`Could not connect to Redis at ${this.#where}: Name or service not known\n`)
        return false
      }
      this.#connection = await this.#process.net.connect({ address: addresses[0]!, port })
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      const words =
        error.code === 'ETIMEDOUT' && !/^[\d.]+$/.test(host) && !this.#connection
          ? 'Temporary failure in name resolution'
          : error.message
      await this.#process.printError(`Could not connect to Redis at ${this.#where}: ${words}\n`)
      return false
    }
    this.#reader = new ByteReader(this.#connection)
    if (password !== undefined) {
      const reply = await this.#ask(['AUTH', encodeText(password)])
      if (reply?.kind === 'error') await this.#process.printError(`AUTH failed: ${reply.text}\n`)
    }
    if (this.#database !== 0) await this.#ask(['SELECT', String(this.#database)])
    return true
  }

  async #ask(words: readonly string[]): Promise<Reply | undefined> {
    await this.#connection!.write(fromLatin1(encodeCommand(words)))
    return readReply(this.#reader!)
  }

  #drop(): void {
    this.#connection?.close()
    this.#connection = undefined
  }

  /** Words are byte strings. */
  async command(words: readonly string[]): Promise<number> {
    if (!(await this.#connect())) return 1
    const raw = this.#options.raw ?? this.#process.stdout.tty === undefined
    const asText = isReport(words)
    let reply: Reply | undefined
    try {
      reply = await this.#ask(words)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
    }
    const name = words[0]!.toLowerCase()
    if (!reply) {
      this.#drop()
      if (name === 'shutdown' || name === 'quit') return 0
      await this.#process.printError('Error: Server closed the connection\n')
      return 1
    }
    if (name === 'select' && reply.kind === 'status') this.#database = Number(words[1])
    if (raw) await this.#process.print(`${rawText(reply)}\n`)
    else await this.#process.print(asText && reply.kind !== 'error' ? rawText(reply) : formatted(reply, ''))
    while (name === 'subscribe' || name === 'psubscribe' || name === 'monitor') {
      const next = await readReply(this.#reader!)
      if (!next) break
      await this.#process.print(raw ? `${rawText(next)}\n` : formatted(next, ''))
    }
    return reply.kind === 'error' && raw ? 0 : 0
  }

  async prompt(): Promise<number> {
    const interactive = this.#process.stdin.tty !== undefined
    const reader = new ByteReader({ read: (limit) => this.#process.stdin.read(limit) })
    if (interactive) await this.#connect()
    for (;;) {
      if (interactive) {
        const database = this.#database === 0 ? '' : `[${this.#database}]`
        await this.#process.print(this.#connection ? `${this.#where}${database}> ` : 'not connected> ')
      }
      const line = await reader.line()
      if (line === undefined) return 0
      const words = splitInline(encodeText(line.trim()))
      if (!words) {
        await this.#process.print('Invalid argument(s)\n')
        continue
      }
      if (words.length === 0) continue
      const name = words[0]!.toLowerCase()
      if (name === 'exit' || name === 'quit') return 0
      if (name === 'clear' && interactive) {
        await this.#process.print('\x1b[H\x1b[2J')
        continue
      }
      const before = this.#process.wallClock()
      await this.command(words)
      const seconds = (this.#process.wallClock() - before) / 1000
      const raw = this.#options.raw ?? this.#process.stdout.tty === undefined
      // Whoever had to wait is told how long.
      if (seconds >= 0.5 && !raw) await this.#process.print(`(${seconds.toFixed(2)}s)\n`)
    }
  }
}

/** Answers that are pages of text are shown as they are, whatever the output. */
const isReport = ([name = '', action = '']: readonly string[]) =>
  /^(info|lolwut)$/i.test(name) ||
  (/^client$/i.test(name) && /^(list|info)$/i.test(action)) ||
  (/^(memory|latency)$/i.test(name) && /^doctor$/i.test(action))

/** For pipes: values as they are, a line each. */
function rawText(reply: Reply): string {
  switch (reply.kind) {
    case 'status':
      return reply.text
    case 'error':
      return `${reply.text}\n`
    case 'integer':
      return String(reply.value)
    case 'bulk':
      return decodeText(reply.text ?? '')
    case 'array':
      return (reply.items ?? []).map(rawText).join('\n')
  }
}

/** For people: quoted, numbered. */
function formatted(reply: Reply, prefix: string): string {
  switch (reply.kind) {
    case 'status':
      return `${reply.text}\n`
    case 'error':
      return `(error) ${reply.text}\n`
    case 'integer':
      return `(integer) ${reply.value}\n`
    case 'bulk':
      return reply.text === undefined ? '(nil)\n' : `${quote(reply.text)}\n`
    case 'array': {
      if (reply.items === undefined) return '(nil)\n'
      if (reply.items.length === 0) return '(empty array)\n'
      const width = String(reply.items.length).length
      return reply.items
        .map((item, i) => {
          const label = `${String(i + 1).padStart(width)}) `
          return (i === 0 ? '' : prefix) + label + formatted(item, prefix + ' '.repeat(label.length))
        })
        .join('')
    }
  }
}

function quote(text: string): string {
  let out = '"'
  for (const c of text) {
    const code = c.charCodeAt(0)
    const named = { '\\': '\\\\', '"': '\\"', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\x07': '\\a', '\b': '\\b' }[c]
    out += named ?? (code < 32 || code > 126 ? `\\x${code.toString(16).padStart(2, '0')}` : c)
  }
  return `${out}"`
}
