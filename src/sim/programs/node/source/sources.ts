import type { Instrumented } from './instrument.ts'

/** A place in a script: lines and columns from 1. */
export interface Frame {
  name: string
  file: string
  line: number
  column: number
}

/** Name of the function around a CommonJS module; V8 calls it `Object.<anonymous>`. */
export const MODULE_FUNCTION = '__module__'

/** All scripts of a process, and stack traces in terms of what their authors wrote. */
export class Sources {
  readonly #files = new Map<string, Instrumented>()

  add(file: string, source: Instrumented): void {
    this.#files.set(file, source)
  }

  line(file: string, line: number): string | undefined {
    return this.#files.get(file)?.original.split('\n')[line - 1]?.replace(/\r$/, '')
  }

  original(file: string): string | undefined {
    return this.#files.get(file)?.original
  }

  /** Frames of scripts, without the library's. */
  frames(raw: string): Frame[] {
    const frames: Frame[] = []
    for (const text of raw.split('\n')) {
      const match = /^ {4}at (?:(.*) \()?(.*?):(\d+)(?::(\d+))?\)?$/.exec(text)
      if (!match || match[2]!.startsWith('node:')) continue
      const [, name = '', file, line, column = '1'] = match
      const source = this.#files.get(file!)
      if (!source) continue
      frames.push(this.#place(source, { name, file: file!, line: Number(line), column: Number(column) }))
    }
    return frames
  }

  #place(source: Instrumented, frame: Frame): Frame {
    const column = source.column(frame.line, frame.column)
    const text = this.line(frame.file, frame.line) ?? ''
    return { ...frame, column: pointAt(text, column) }
  }
}

/** The engine points at the bracket of a call or the dot before a name; V8 at the name, or at `new`. */
export function pointAt(text: string, column: number): number {
  const c = text[column - 1]
  if (c === '.') return column + (text[column] === '?' ? 2 : 1)
  if (c === '?' && text[column] === '.') return column + 2
  const before = text.slice(0, column - (c === '(' ? 1 : 0))
  if (c === '(') {
    const made = /\bnew\s+[\w$.]+\s*$/.exec(before)
    if (made) return made.index + 1
    const name = /#?[\w$]+\s*$/.exec(before)
    if (name) return name.index + 1
  }
  return column
}
