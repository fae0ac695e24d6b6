import { SystemError } from '../../linux/errors.ts'
import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import { concatBytes, decodeText, encodeText } from '../../linux/shell/bytes.ts'
import { AppletError } from './applet.ts'

const BLOCK = 65_536

/** Opens an operand: `-` is standard input. Knows /dev/stdin and /dev/fd/N of the process. */
export function openInput(process: Process, path: string): { file: OpenFile; close: () => void } {
  if (path === '-') return { file: process.stdin, close: () => {} }
  const file = process.files.open(path, { read: true })
  return { file, close: () => file.release() }
}

/** Bytes that a program can really hold; beyond it there is no memory. */
const MAX_DISTINCT = 64 * 1024 * 1024
const MAX_TOTAL = 1024 * 1024 * 1024

/**
 * Reads everything. With a process its memory grows with what it holds, so a cgroup's limit bites (`tail /dev/zero`).
 * Equal neighbouring blocks are kept once.
 */
export async function readToEnd(file: OpenFile, process?: Process): Promise<Uint8Array> {
  const held = new HeldBytes(process)
  for (;;) {
    const chunk = await file.read(BLOCK)
    if (chunk.length === 0) return held.take()
    held.push(chunk)
  }
}

/** What a program keeps of its input: memory of the process, with equal neighbouring blocks kept once. */
export class HeldBytes {
  readonly #process: Process | undefined
  readonly #chunks: Uint8Array[] = []
  #distinct = 0
  length = 0

  constructor(process?: Process) {
    this.#process = process
  }

  /** AppletError when it is more than there is memory for. */
  push(chunk: Uint8Array): void {
    const last = this.#chunks.at(-1)
    const same = last !== undefined && sameBytes(last, chunk)
    this.#chunks.push(same ? last : chunk)
    this.length += chunk.length
    if (!same) this.#distinct += chunk.length
    if (this.#process && this.length > 4 * 1024 * 1024) this.#process.setMemory(2 * 1024 * 1024 + this.length)
    if (this.#distinct > MAX_DISTINCT || this.length > MAX_TOTAL) throw new AppletError('memory exhausted', 2)
  }

  /** The oldest block. */
  get first(): Uint8Array | undefined {
    return this.#chunks[0]
  }

  /** Forgets the oldest block. */
  shift(): void {
    const first = this.#chunks.shift()
    this.length -= first?.length ?? 0
    if (first !== this.#chunks[0]) this.#distinct -= first?.length ?? 0
  }

  /** All of it, as one; nothing is held then. */
  take(): Uint8Array {
    const all = concatBytes(this.#chunks.splice(0))
    this.length = 0
    this.#distinct = 0
    return all
  }
}

function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length || a[0] !== b[0] || a[a.length >> 1] !== b[b.length >> 1]) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

export async function readInput(process: Process, path: string): Promise<Uint8Array> {
  const { file, close } = openInput(process, path)
  try {
    return await readToEnd(file, process)
  } finally {
    close()
  }
}

export async function readInputText(process: Process, path: string): Promise<string> {
  return decodeText(await readInput(process, path))
}

/** Bytes of one line. */
const MAX_LINE = 256 * 1024 * 1024

/** Lines with their newline (the last may lack it), as they arrive. */
export async function* linesOf(file: OpenFile, delimiter = '\n', process?: Process): AsyncGenerator<string> {
  const end = delimiter.charCodeAt(0)
  const rest = new HeldBytes(process)
  for (;;) {
    const chunk = await file.read(BLOCK)
    if (chunk.length === 0) break
    let start = 0
    for (let at = chunk.indexOf(end); at >= 0; at = chunk.indexOf(end, start)) {
      rest.push(chunk.subarray(start, at + 1))
      yield decodeText(rest.take())
      start = at + 1
    }
    if (start < chunk.length) {
      rest.push(chunk.slice(start))
      if (rest.length > MAX_LINE) throw new AppletError('memory exhausted', 2)
    }
  }
  if (rest.length > 0) yield decodeText(rest.take())
}

/** Lines of a whole text, without newlines. */
export function splitLines(text: string): string[] {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Gathers output and writes it in blocks; pays virtual time for the work. */
export class Output {
  readonly #process: Process
  readonly #file: OpenFile
  #text: string[] = []
  #length = 0

  constructor(process: Process, file: OpenFile = process.stdout) {
    this.#process = process
    this.#file = file
  }

  async write(text: string): Promise<void> {
    this.#text.push(text)
    this.#length += text.length
    if (this.#length > 16_384) await this.flush()
  }

  async flush(): Promise<void> {
    if (this.#length === 0) return
    const text = this.#text.join('')
    this.#text = []
    this.#length = 0
    await this.#file.write(encodeText(text))
    await this.#process.compute(text.length / 100_000)
  }
}

/** True when the path is a directory (reading it is EISDIR). */
export function isDirectory(process: Process, path: string): boolean {
  try {
    return process.files.stat(path).type === 'directory'
  } catch (error) {
    if (error instanceof SystemError) return false
    throw error
  }
}

export async function writeBytes(process: Process, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length; at += BLOCK) await process.stdout.write(bytes.subarray(at, at + BLOCK))
}
