import { SystemError } from '../../linux/errors.ts'
import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'

const encoder = new TextEncoder()

/** Reads records from one file, pipe or terminal. */
export class RecordReader {
  readonly #file: OpenFile
  readonly #decoder = new TextDecoder()
  #buffer = ''
  #ended = false

  constructor(file: OpenFile) {
    this.#file = file
  }

  close(): void {
    this.#file.release()
  }

  /** The next record and what separated it; undefined at the end. `separator` '' means paragraphs. */
  async next(separator: string | RegExp): Promise<string | undefined> {
    if (separator === '') {
      while (/^\n*$/.test(this.#buffer) && (await this.#fill())) {}
      this.#buffer = this.#buffer.replace(/^\n+/, '')
    }
    for (;;) {
      const [at, length] = this.#find(separator)
      if (at >= 0 && (this.#ended || at + length < this.#buffer.length || typeof separator === 'string')) {
        const record = this.#buffer.slice(0, at)
        this.#buffer = this.#buffer.slice(at + length)
        return record
      }
      if (!(await this.#fill())) {
        if (this.#buffer === '') return undefined
        const record = separator === '' ? this.#buffer.replace(/\n+$/, '') : this.#buffer
        this.#buffer = ''
        return record
      }
    }
  }

  #find(separator: string | RegExp): [number, number] {
    if (typeof separator !== 'string') {
      const m = separator.exec(this.#buffer)
      return m && m[0].length > 0 ? [m.index, m[0].length] : [-1, 0]
    }
    if (separator !== '') return [this.#buffer.indexOf(separator), separator.length]
    const m = /\n\n+/.exec(this.#buffer)
    return m ? [m.index, m[0].length] : [-1, 0]
  }

  async #fill(): Promise<boolean> {
    if (this.#ended) return false
    const bytes = await this.#file.read(65_536)
    if (bytes.length === 0) {
      this.#ended = true
      this.#buffer += this.#decoder.decode()
      return false
    }
    this.#buffer += this.#decoder.decode(bytes, { stream: true })
    return true
  }
}

interface Output {
  file: OpenFile
  child: Process | undefined
  text: string
}

/** Standard output and the files and commands that print writes to; small writes are gathered. */
export class Outputs {
  readonly #process: Process
  readonly #open = new Map<string, Output>()
  #stdout = ''

  constructor(process: Process) {
    this.#process = process
  }

  async print(text: string): Promise<void> {
    this.#stdout += text
    if (this.#stdout.length > 16_384 || this.#process.stdout.tty) await this.flush()
  }

  async printTo(how: '>' | '>>' | '|', where: string, text: string): Promise<void> {
    if (how === '|') await this.flush()
    let output = this.#open.get(where)
    if (!output) {
      output =
        how === '|' ? this.#startCommand(where) : { file: this.#openFile(where, how), child: undefined, text: '' }
      this.#open.set(where, output)
    }
    await output.file.write(encoder.encode(text))
  }

  #openFile(path: string, how: '>' | '>>'): OpenFile {
    if (path === '/dev/stdout' || path === '-') {
      this.#process.stdout.retain()
      return this.#process.stdout
    }
    if (path === '/dev/stderr') {
      this.#process.stderr.retain()
      return this.#process.stderr
    }
    return this.#process.files.open(path, { write: true, create: true, truncate: how === '>', append: how === '>>' })
  }

  #startCommand(command: string): Output {
    const { read, write } = this.#process.pipe()
    const child = this.#process.spawn({ argv: ['sh', '-c', command], fds: new Map([[0, read]]) })
    read.release()
    return { file: write, child, text: '' }
  }

  async flush(): Promise<void> {
    const text = this.#stdout
    this.#stdout = ''
    if (text !== '') await this.#process.stdout.write(encoder.encode(text))
  }

  /** 0 or the command's status; -1 when it was not open. */
  async close(where: string): Promise<number> {
    const output = this.#open.get(where)
    if (!output) return -1
    this.#open.delete(where)
    output.file.release()
    if (!output.child) return 0
    const status = await this.#process.wait(output.child)
    return status.code ?? 256
  }

  async closeAll(): Promise<void> {
    await this.flush()
    for (const where of [...this.#open.keys()]) await this.close(where)
  }
}

/** Opens an input file; a message in awk's words when it cannot. */
export function openInput(process: Process, path: string): OpenFile | string {
  if (path === '-' || path === '/dev/stdin') {
    process.stdin.retain()
    return process.stdin
  }
  try {
    return process.files.open(path, { read: true })
  } catch (error) {
    if (error instanceof SystemError) return error.message
    throw error
  }
}
