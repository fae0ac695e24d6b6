import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import { AppletError } from '../applet/applet.ts'
import type { Address, SedCommand } from './parse.ts'

export interface SedOutput {
  write(text: string): Promise<void>
}

interface Line {
  text: string
  file: string
}

class Quit extends Error {
  readonly status: number
  readonly print: boolean
  constructor(status: number, print: boolean) {
    super('quit')
    this.status = status
    this.print = print
  }
}

const LONG = 1024 * 1024
const LONGEST = 32 * LONG

/** Runs a script over lines. */
export class SedMachine {
  readonly #process: Process
  readonly #commands: SedCommand[]
  readonly #output: SedOutput
  readonly #quiet: boolean
  readonly #delimiter: string
  readonly #files = new Map<string, OpenFile>()
  #lines!: AsyncGenerator<Line>
  #next: Line | undefined
  #pattern = ''
  #hold = ''
  #number = 0
  #file = '-'
  #newline = true
  #appended: (() => Promise<void>)[] = []
  #substituted = false
  #lastRegExp: RegExp | undefined
  #steps = 0

  constructor(process: Process, commands: SedCommand[], output: SedOutput, quiet: boolean, delimiter: string) {
    this.#process = process
    this.#commands = commands
    this.#output = output
    this.#quiet = quiet
    this.#delimiter = delimiter
  }

  async run(lines: AsyncGenerator<Line>): Promise<number> {
    this.#lines = lines
    await this.#fetch()
    let restart = false
    try {
      while (restart || this.#next) {
        if (!restart) await this.#advance()
        restart = false
        const outcome = await this.#block(this.#commands)
        if (outcome === 'restart') {
          restart = true
          await this.#flushAppended()
          continue
        }
        if (outcome !== 'delete' && !this.#quiet) await this.#print(this.#pattern)
        await this.#flushAppended()
      }
    } catch (error) {
      if (!(error instanceof Quit)) throw error
      if (error.print && !this.#quiet) await this.#print(this.#pattern)
      await this.#flushAppended()
      return error.status
    } finally {
      await lines.return(undefined)
    }
    return 0
  }

  async close(): Promise<void> {
    for (const file of this.#files.values()) file.release()
  }

  async #fetch(): Promise<void> {
    const { value, done } = await this.#lines.next()
    this.#next = done ? undefined : value
  }

  /** Takes the next line into the pattern space. */
  async #advance(append = false): Promise<boolean> {
    const line = this.#next
    if (!line) return false
    this.#newline = line.text.endsWith(this.#delimiter)
    const text = this.#newline ? line.text.slice(0, -1) : line.text
    this.#pattern = append ? `${this.#pattern}\n${text}` : text
    this.#file = line.file
    this.#number++
    await this.#fetch()
    return true
  }

  async #print(text: string): Promise<void> {
    await this.#output.write(text + (this.#newline || this.#next || text !== this.#pattern ? this.#delimiter : ''))
  }

  async #flushAppended(): Promise<void> {
    for (const action of this.#appended.splice(0)) await action()
  }

  /** Long pattern spaces cost more, and are memory of the process. */
  async #rest(): Promise<void> {
    const { length } = this.#pattern
    if (length > LONG) {
      this.#process.setMemory(2 * (LONG + length))
      if (length > LONGEST) throw new AppletError('memory exhausted', 4)
    }
    this.#steps += 1 + length / 1000
    if (this.#steps < 1000) return
    this.#steps = 0
    await this.#process.compute(1)
  }

  async #block(commands: SedCommand[]): Promise<'end' | 'delete' | 'restart' | { label: string }> {
    for (let i = 0; i < commands.length; i++) {
      const command = commands[i]!
      await this.#rest()
      if (this.#selected(command) === command.negated) continue
      let outcome = await this.#execute(command)
      if (typeof outcome === 'object') {
        if (outcome.label === '') return commands === this.#commands ? 'end' : outcome
        const { label } = outcome
        const at = commands.findIndex((each) => each.name === ':' && each.text === label)
        if (at < 0) {
          const inside = commands.findIndex((each) => each.block && holdsLabel(each.block, label))
          if (inside < 0 || commands !== this.#commands) return outcome
          outcome = await this.#block(commands[inside]!.block!)
          i = inside
        } else {
          i = at
          continue
        }
      }
      if (outcome !== 'next') {
        // A branch inside a block that was jumped into: look again from here.
        if (typeof outcome === 'object') return outcome
        if (outcome === 'end' && command.block) continue
        return outcome
      }
    }
    return 'end'
  }

  #selected(command: SedCommand): boolean {
    const { from, to } = command
    if (!from) return true
    if (!to) return this.#matches(from)
    if (command.active) {
      if (to.kind === 'line') {
        if (this.#number >= to.line) command.active = false
        return this.#number <= to.line || false
      }
      if (to.kind === 'plus' || to.kind === 'multiple') {
        if (this.#number >= command.endLine) command.active = false
        return true
      }
      if (this.#matches(to)) command.active = false
      return true
    }
    const zero = from.kind === 'line' && from.line === 0 && to.kind === 'regexp'
    if (zero && this.#number === 1) {
      command.active = !this.#matches(to)
      return true
    }
    if (!this.#matches(from)) return false
    if (to.kind === 'plus') command.endLine = this.#number + to.count
    if (to.kind === 'multiple') command.endLine = to.of === 0 ? this.#number : Math.ceil(this.#number / to.of) * to.of
    if (to.kind === 'plus' || to.kind === 'multiple') command.active = command.endLine > this.#number
    else command.active = !(to.kind === 'line' && to.line <= this.#number) && !(to.kind === 'last' && !this.#next)
    return true
  }

  #matches(address: Address): boolean {
    switch (address.kind) {
      case 'line':
        return this.#number === address.line
      case 'last':
        return !this.#next
      case 'step':
        return address.step === 0
          ? this.#number === address.first
          : this.#number >= address.first && (this.#number - address.first) % address.step === 0
      case 'regexp': {
        const pattern = address.pattern ?? this.#lastRegExp
        if (!pattern) return false
        this.#lastRegExp = pattern
        pattern.lastIndex = 0
        return pattern.test(this.#pattern)
      }
      default:
        return false
    }
  }

  async #execute(command: SedCommand): Promise<'next' | 'end' | 'delete' | 'restart' | { label: string }> {
    switch (command.name) {
      case '{':
        return this.#runBlock(command.block!)
      case 's':
        await this.#substitute(command)
        break
      case 'y':
        this.#pattern = [...this.#pattern].map((char) => command.map!.get(char) ?? char).join('')
        break
      case 'p':
        await this.#output.write(this.#pattern + this.#delimiter)
        break
      case 'P':
        await this.#output.write(`${this.#pattern.split('\n')[0]}\n`)
        break
      case 'd':
        return 'delete'
      case 'D': {
        const at = this.#pattern.indexOf('\n')
        if (at < 0) return 'delete'
        this.#pattern = this.#pattern.slice(at + 1)
        return 'restart'
      }
      case 'n':
        if (!this.#next) throw new Quit(0, true)
        if (!this.#quiet) await this.#print(this.#pattern)
        await this.#flushAppended()
        await this.#advance()
        break
      case 'N':
        if (!this.#next) throw new Quit(0, true)
        await this.#flushAppended()
        await this.#advance(true)
        break
      case 'g':
        this.#pattern = this.#hold
        break
      case 'G':
        this.#pattern += `\n${this.#hold}`
        break
      case 'h':
        this.#hold = this.#pattern
        break
      case 'H':
        this.#hold += `\n${this.#pattern}`
        break
      case 'x':
        ;[this.#pattern, this.#hold] = [this.#hold, this.#pattern]
        break
      case 'z':
        this.#pattern = ''
        break
      case '=':
        await this.#output.write(`${this.#number}\n`)
        break
      case 'F':
        await this.#output.write(`${this.#file}\n`)
        break
      case 'l':
        await this.#output.write(`${unambiguous(this.#pattern)}$\n`)
        break
      case 'a':
        this.#appended.push(() => this.#output.write(this.#missingNewline() + command.text))
        break
      case 'i':
        await this.#output.write(command.text)
        break
      case 'c':
        if (!command.to || command.negated || !command.active) await this.#output.write(command.text)
        return 'delete'
      case 'q':
        throw new Quit(Number(command.text) || 0, true)
      case 'Q':
        throw new Quit(Number(command.text) || 0, false)
      case 'b':
        return { label: command.text }
      case 't':
        if (!this.#substituted) break
        this.#substituted = false
        return { label: command.text }
      case 'T':
        if (this.#substituted) {
          this.#substituted = false
          break
        }
        return { label: command.text }
      case 'r':
        this.#appended.push(async () => {
          try {
            await this.#output.write(decodeText(this.#process.files.readBytes(command.text)))
          } catch {
            // A file that cannot be read is as if empty.
          }
        })
        break
      case 'w':
        await this.#writeTo(command.text, `${this.#pattern}\n`)
        break
    }
    return 'next'
  }

  /** A last line without newline gets one before text is appended to it. */
  #missingNewline(): string {
    const missing = !this.#newline && !this.#next
    this.#newline = true
    return missing ? '\n' : ''
  }

  async #runBlock(commands: SedCommand[]): Promise<'next' | 'end' | 'delete' | 'restart' | { label: string }> {
    const outcome = await this.#block(commands)
    return outcome === 'end' ? 'next' : outcome
  }

  async #substitute(command: SedCommand): Promise<void> {
    const how = command.substitution!
    const pattern = how.pattern ?? this.#lastRegExp
    if (!pattern) return
    this.#lastRegExp = pattern
    const text = this.#pattern
    let out = ''
    let at = 0
    let count = 0
    pattern.lastIndex = 0
    this.#lastEnd = -1
    for (let match = pattern.exec(text); match; match = pattern.exec(text)) {
      count++
      if (match[0] === '') pattern.lastIndex += (text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1
      // An empty match right after the last one does not count.
      if (match[0] === '' && match.index === this.#lastEnd) {
        count--
        continue
      }
      this.#lastEnd = match.index + match[0].length
      if (count < how.nth) continue
      out += text.slice(at, match.index) + substituted(how.replacement, match)
      at = match.index + match[0].length
      this.#substituted = true
      if (!how.global) break
      if (pattern.lastIndex > text.length) break
    }
    if (count < how.nth) return
    this.#pattern = out + text.slice(at)
    if (how.print) await this.#output.write(this.#pattern + this.#delimiter)
    if (how.file !== undefined) await this.#writeTo(how.file, `${this.#pattern}\n`)
  }

  #lastEnd = -1

  async #writeTo(path: string, text: string): Promise<void> {
    if (path === '/dev/stdout') return this.#output.write(text)
    if (path === '/dev/stderr') return this.#process.printError(text)
    let file = this.#files.get(path)
    if (!file) {
      file = this.#process.files.open(path, { write: true, create: true, truncate: true })
      this.#files.set(path, file)
    }
    await file.write(encodeText(text))
  }
}

function holdsLabel(commands: readonly SedCommand[], label: string): boolean {
  return commands.some(
    (each) => (each.name === ':' && each.text === label) || (each.block !== undefined && holdsLabel(each.block, label)),
  )
}

/** Replacement text: `&`, `\1`, `\n`, and GNU's \U \L \u \l \E. */
function substituted(replacement: string, match: RegExpExecArray): string {
  let out = ''
  let mode: 'U' | 'L' | '' = ''
  let once: 'u' | 'l' | '' = ''
  const add = (text: string) => {
    let piece = mode === 'U' ? text.toUpperCase() : mode === 'L' ? text.toLowerCase() : text
    if (once && piece !== '') {
      piece = (once === 'u' ? piece[0]!.toUpperCase() : piece[0]!.toLowerCase()) + piece.slice(1)
      once = ''
    }
    out += piece
  }
  for (let i = 0; i < replacement.length; i++) {
    const char = replacement[i]!
    if (char === '&') add(match[0])
    else if (char !== '\\' || i + 1 >= replacement.length) add(char)
    else {
      const next = replacement[++i]!
      if (/\d/.test(next)) add(next === '0' ? match[0] : (match[Number(next)] ?? ''))
      else if (next === 'n') add('\n')
      else if (next === 't') add('\t')
      else if (next === 'r') add('\r')
      else if (next === 'U' || next === 'L') mode = next
      else if (next === 'E') mode = ''
      else if (next === 'u' || next === 'l') once = next
      else add(next)
    }
  }
  return out
}

function unambiguous(text: string): string {
  const names: Readonly<Record<string, string>> = {
    '\\': '\\\\',
    '\n': '\\n',
    '\t': '\\t',
    '\r': '\\r',
    '\x07': '\\a',
    '\b': '\\b',
    '\f': '\\f',
    '\v': '\\v',
  }
  return text.replace(
    /[\\\x00-\x1f\x7f]/g,
    (char) => names[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`,
  )
}
