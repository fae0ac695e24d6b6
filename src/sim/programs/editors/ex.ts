import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { posixRegExp, RegExpError } from '../../linux/regexp/posix-regexp.ts'
import type { Buffer } from './buffer.ts'

export interface ExState {
  buffer: Buffer
  process: Process
  numbers: boolean
  lastPattern: string
}

/** What a line after `:` did: something to say, or the end. */
export interface ExResult {
  message?: string
  quit?: boolean
}

const MODIFIED = 'E37: No write since last change (add ! to override)'

/** Runs one line after `:`. */
export function runEx(state: ExState, text: string): ExResult {
  const { buffer } = state
  const range = /^\s*(%|(?:[.$]|\d+|'<)?(?:[-+]\d+)?(?:,(?:[.$]|\d+|'>)?(?:[-+]\d+)?)?)\s*(.*)$/.exec(text)!
  const command = range[2]!
  const [from, to] = lineRange(buffer, range[1]!)
  if (command === '') {
    if (range[1] !== '') buffer.cursor = { line: Math.max(0, Math.min(to, buffer.lines.length - 1)), column: 0 }
    return {}
  }
  const substitute = /^s(?:ubstitute)?([^\w\s])(.*)$/.exec(command)
  if (substitute) return replace(state, from, to, substitute[1]!, substitute[2]!)
  const [, name = '', bang, argument = ''] = /^(\w+|[<>]|!)(!?)\s*(.*)$/.exec(command) ?? []
  try {
    if (/^(w|write|wq|x|xit|wqa|wa|xa|up|update)$/.test(name)) return write(state, name, bang === '!', argument)
    if (/^(q|quit|qa|qall|cq)$/.test(name))
      return buffer.modified && bang !== '!' && name !== 'cq' ? { message: MODIFIED } : { quit: true }
    if (/^(e|edit)$/.test(name)) {
      if (buffer.modified && bang !== '!') return { message: MODIFIED }
      const error = buffer.load(state.process, argument || buffer.path || '')
      return { message: error ?? `"${buffer.path}"${buffer.isNew ? ' [New]' : ` ${buffer.lines.length}L`}` }
    }
    if (/^(r|read)$/.test(name)) {
      const lines = state.process.files.readText(argument).replace(/\n$/, '').split('\n')
      buffer.mark()
      buffer.lines.splice(buffer.cursor.line + 1, 0, ...lines)
      return { message: `"${argument}" ${lines.length}L` }
    }
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    return {
      message:
        error.code === 'EACCES' || error.code === 'EROFS'
          ? `E212: Can't open file for writing`
          : `E484: Can't open file ${argument}`,
    }
  }
  if (/^(d|delete)$/.test(name)) {
    buffer.mark()
    buffer.lines.splice(from, to - from + 1)
    buffer.cursor = { line: from, column: 0 }
    return {}
  }
  if (name === 'set' || name === 'se') return set(state, argument)
  if (/^(noh|nohlsearch|syntax|syn|filetype)$/.test(name)) return {}
  if (name === '!' || name === 'help' || name === 'sh') return { message: `not simulated: :${name}` }
  return { message: `E492: Not an editor command: ${command}` }
}

function lineRange({ cursor, lines }: Buffer, text: string): [number, number] {
  if (text === '%') return [0, lines.length - 1]
  const one = (part: string): number => {
    const match = /^([.$]|\d+)?([-+]\d+)?$/.exec(part)
    const base =
      match?.[1] === '$' ? lines.length - 1 : match?.[1] && match[1] !== '.' ? Number(match[1]) - 1 : cursor.line
    return Math.max(0, Math.min(lines.length - 1, base + Number(match?.[2] ?? 0)))
  }
  const [first = '', second] = text.split(',')
  const from = one(first)
  return [from, second === undefined ? from : one(second)]
}

function write({ buffer, process }: ExState, name: string, force: boolean, argument: string): ExResult {
  const path = argument || buffer.path
  const quit = /q|x/.test(name)
  if (path === undefined) return { message: 'E32: No file name' }
  if (/^x/.test(name) && !buffer.modified) return { quit: true }
  if (argument && argument !== buffer.path && !force && process.files.exists(argument))
    return { message: 'E13: File exists (add ! to override)' }
  const fresh = !process.files.exists(path)
  const done = buffer.save(process, path)
  return { message: `"${path}" ${fresh ? '[New] ' : ''}${done.lines}L, ${done.bytes}B written`, quit }
}

function replace(state: ExState, from: number, to: number, mark: string, rest: string): ExResult {
  const parts: string[] = []
  let part = ''
  for (let i = 0; i < rest.length; i++) {
    if (rest[i] === '\\') {
      i++
      part += rest[i] === mark ? mark : `\\${rest[i] ?? ''}`
    } else if (rest[i] === mark && parts.length < 2) {
      parts.push(part)
      part = ''
    } else part += rest[i]
  }
  parts.push(part)
  const [pattern = '', replacement = '', flags = ''] = parts
  if (pattern !== '') state.lastPattern = pattern
  let regexp: RegExp
  try {
    regexp = posixRegExp(state.lastPattern, {
      extended: false,
      ignoreCase: flags.includes('i'),
      flags: flags.includes('g') ? 'g' : '',
    })
  } catch (error) {
    if (!(error instanceof RegExpError)) throw error
    return { message: `E486: Pattern not found: ${state.lastPattern}` }
  }
  const { buffer } = state
  buffer.mark()
  let count = 0
  for (let line = to; line >= from; line--) {
    const before = buffer.lines[line]!
    const after = before.replace(regexp, (...match: unknown[]) => {
      count++
      return replacement.replace(/\\(.)|&/g, (piece, escaped?: string) =>
        piece === '&'
          ? String(match[0])
          : escaped === 'n' || escaped === 'r'
            ? '\n'
            : escaped === 't'
              ? '\t'
              : /\d/.test(escaped!)
                ? escaped === '0'
                  ? String(match[0])
                  : String(match[Number(escaped)] ?? '')
                : escaped!,
      )
    })
    if (after !== before) {
      buffer.lines.splice(line, 1, ...after.split('\n'))
      buffer.cursor = { line: Math.max(buffer.cursor.line, line), column: 0 }
    }
  }
  return count === 0
    ? { message: `E486: Pattern not found: ${state.lastPattern}` }
    : count > 2
      ? { message: `${count} substitutions` }
      : {}
}

function set(state: ExState, argument: string): ExResult {
  if (/^(nu|number)$/.test(argument)) state.numbers = true
  else if (/^(nonu|nonumber)$/.test(argument)) state.numbers = false
  else if (
    !/^(no)?(paste|ai|autoindent|et|expandtab|hls|hlsearch|ic|ignorecase|list|wrap|is|incsearch|ruler|(ts|sw|sts|tabstop|shiftwidth|softtabstop|ff|fileformat|fileencoding|encoding)=\w+)( |$)/.test(
      argument,
    )
  )
    return { message: `E518: Unknown option: ${argument}` }
  return {}
}
