import type { OpenFile } from '../../../linux/file.ts'
import { decodeBytes, encodeText } from '../builtins/encodings.ts'
import { error, typeError, valueError } from '../objects/errors.ts'
import { methods } from '../objects/native.ts'
import { asInt, toIndex } from '../objects/numbers.ts'
import { builtinClass, Obj, PyBytes, PyGetSet, PyList, typeName, type Value, Wait } from '../objects/value.ts'
import { valuesOf } from '../vm/iterate.ts'
import { repr } from '../vm/text.ts'

export const textFileClass = builtinClass('TextIOWrapper', undefined, '_io')
export const binaryFileClass = builtinClass('BufferedReader', undefined, '_io')

const BUFFER = 8192

/** A file object of Python: buffered in both directions. */
export class PyFile extends Obj {
  readonly handle: OpenFile
  readonly name: Value
  readonly mode: string
  readonly text: boolean
  readonly encoding: string
  readonly fileno: number
  /** When what is written goes on: at once, with each line, when the buffer is full. */
  buffering: 'none' | 'line' | 'full'
  closed = false
  #out: Uint8Array[] = []
  #outSize = 0
  #in = new Uint8Array(0)
  #ended = false
  #binary: PyFile | undefined

  constructor(
    handle: OpenFile,
    options: {
      name: Value
      mode: string
      text: boolean
      encoding?: string
      buffering?: PyFile['buffering']
      fileno: number
    },
  ) {
    super(options.text ? textFileClass : binaryFileClass)
    this.handle = handle
    this.name = options.name
    this.mode = options.mode
    this.text = options.text
    this.encoding = options.encoding ?? 'utf-8'
    this.fileno = options.fileno
    this.buffering = options.buffering ?? 'full'
  }

  get dirty(): boolean {
    return this.#outSize > 0
  }

  /** The same stream for bytes. */
  get binary(): PyFile {
    this.#binary ??= new PyFile(this.handle, {
      name: this.name,
      mode: `${this.mode}b`,
      text: false,
      fileno: this.fileno,
      buffering: this.buffering,
    })
    return this.#binary
  }

  // ---- writing

  write(text: string | Uint8Array): Wait | undefined {
    const bytes =
      typeof text === 'string' ? encodeText(text, this.encoding, this.fileno === 2 ? 'replace' : 'strict') : text
    if (bytes.length === 0) return undefined
    this.#out.push(bytes)
    this.#outSize += bytes.length
    const lineDone = this.buffering === 'line' && bytes.includes(10)
    return this.buffering === 'none' || lineDone || this.#outSize > BUFFER
      ? new Wait(this.flush().then(() => null))
      : undefined
  }

  async flush(): Promise<void> {
    if (this.#outSize === 0) return
    const whole = new Uint8Array(this.#outSize)
    let at = 0
    for (const part of this.#out) {
      whole.set(part, at)
      at += part.length
    }
    this.#out = []
    this.#outSize = 0
    await this.handle.write(whole)
  }

  async close(): Promise<void> {
    if (this.closed) return
    try {
      await this.flush()
    } finally {
      this.closed = true
      if (this.fileno > 2) this.handle.release()
    }
  }

  // ---- reading

  /** Bytes up to and with a newline that are here already; undefined when more must be read. */
  line(limit = Number.POSITIVE_INFINITY): Uint8Array | undefined {
    const newline = this.#in.indexOf(10)
    const end = Math.min(newline < 0 ? Number.POSITIVE_INFINITY : newline + 1, limit)
    if (end <= this.#in.length) return this.#take(end)
    return this.#ended ? this.#take(this.#in.length) : undefined
  }

  take(count: number): Uint8Array | undefined {
    return this.#in.length >= count || this.#ended ? this.#take(Math.min(count, this.#in.length)) : undefined
  }

  #take(count: number): Uint8Array {
    const taken = this.#in.slice(0, count)
    this.#in = this.#in.subarray(count)
    // A file may have grown when it is asked again.
    if (count === 0) this.#ended = false
    return taken
  }

  async fill(): Promise<void> {
    const more = await this.handle.read(65_536)
    if (more.length === 0) {
      this.#ended = true
      return
    }
    const joined = new Uint8Array(this.#in.length + more.length)
    joined.set(this.#in)
    joined.set(more, this.#in.length)
    this.#in = joined
  }

  #moved(): number {
    const waiting = this.#in.length
    this.#in = new Uint8Array(0)
    this.#ended = false
    return waiting
  }

  async seek(offset: number, whence: number): Promise<number> {
    await this.flush()
    const waiting = this.#moved()
    return this.handle.seek(
      whence === 1 ? offset - waiting : offset,
      whence === 0 ? 'start' : whence === 1 ? 'current' : 'end',
    )
  }

  async tell(): Promise<number> {
    await this.flush()
    return this.handle.seek(0, 'current') - this.#in.length
  }

  decode(bytes: Uint8Array): Value {
    if (!this.text) return new PyBytes(bytes)
    return decodeBytes(bytes, this.encoding, this.fileno === 0 ? 'replace' : 'strict').replaceAll('\r\n', '\n')
  }
}

function open(file: PyFile): PyFile {
  if (file.closed) throw valueError('I/O operation on closed file.')
  return file
}

function readable(file: PyFile): PyFile {
  open(file)
  if (/[wax]/.test(file.mode) && !file.mode.includes('+')) throw error(unsupported, 'not readable')
  return file
}

const unsupported = builtinClass('UnsupportedOperation', undefined, 'io')

/** Gives what `attempt` finds, reading on until it does. */
function eventually(file: PyFile, attempt: () => Uint8Array | undefined): Value | Wait {
  const now = attempt()
  if (now) return file.decode(now)
  const later = async (): Promise<Value> => {
    for (;;) {
      await file.fill()
      const found = attempt()
      if (found) return file.decode(found)
    }
  }
  return new Wait(later())
}

/** As an iterator: undefined at the end. */
function nextLine(file: PyFile): Value | Wait | undefined {
  const now = file.line()
  if (now) return now.length === 0 ? undefined : file.decode(now)
  const later = async (): Promise<Value | undefined> => {
    for (;;) {
      await file.fill()
      const found = file.line()
      if (found) return found.length === 0 ? undefined : file.decode(found)
    }
  }
  return new Wait(later() as Promise<Value>)
}

const finished = (promise: Promise<unknown>, value: Value = null): Wait => new Wait(promise.then(() => value))

async function readAll(file: PyFile): Promise<Uint8Array> {
  for (;;) {
    const all = file.take(Number.POSITIVE_INFINITY)
    if (all) return all
    await file.fill()
  }
}

import { PyIterator } from '../objects/value.ts'

for (const cls of [textFileClass, binaryFileClass])
  methods(cls, {
    'read(size?)': (_vm, self: PyFile, size?: Value) => {
      readable(self)
      const count = size === undefined || size === null || asInt(size)! < 0 ? undefined : toIndex(size)
      if (count === undefined) return new Wait(readAll(self).then((bytes) => self.decode(bytes)))
      return eventually(self, () => self.take(count))
    },
    'readline(size?)': (_vm, self: PyFile) => eventually(readable(self), () => self.line()),
    readlines: (_vm, self: PyFile) => {
      readable(self)
      return new Wait(
        readAll(self).then((bytes) => {
          const whole = self.decode(bytes)
          if (typeof whole !== 'string') return new PyList([whole])
          return new PyList(whole.match(/[^\n]*\n|[^\n]+$/g) ?? [])
        }),
      )
    },
    'write(text)': (_vm, self: PyFile, text: Value) => {
      open(self)
      if (self.mode.startsWith('r') && !self.mode.includes('+')) throw error(unsupported, 'not writable')
      if (self.text && typeof text !== 'string') throw typeError(`write() argument must be str, not ${typeName(text)}`)
      if (!self.text && !(text instanceof PyBytes))
        throw typeError(`a bytes-like object is required, not '${typeName(text)}'`)
      const data = text instanceof PyBytes ? text.data : (text as string)
      const wait = self.write(data)
      const count = typeof data === 'string' ? data.length : data.length
      return wait ? finished(wait.promise, count) : count
    },
    'writelines(lines!)': (vm, self: PyFile, lines: Value) => {
      open(self)
      let wait: Wait | undefined
      for (const line of valuesOf(vm, lines))
        wait = self.write(line instanceof PyBytes ? line.data : String(line)) ?? wait
      return wait ? finished(wait.promise) : null
    },
    flush: (_vm, self: PyFile) => (open(self).dirty ? finished(self.flush()) : null),
    close: (_vm, self: PyFile) => finished(self.close()),
    'seek(offset whence?)': (_vm, self: PyFile, offset: Value, whence?: Value) =>
      new Wait(open(self).seek(toIndex(offset), whence === undefined ? 0 : toIndex(whence))),
    tell: (_vm, self: PyFile) => new Wait(open(self).tell()),
    'truncate(size?)': (_vm, self: PyFile, size?: Value) =>
      new Wait(
        open(self)
          .tell()
          .then((at) => {
            const length = size === undefined || size === null ? at : toIndex(size)
            self.handle.truncate(length)
            return length
          }),
      ),
    fileno: (_vm, self: PyFile) => open(self).fileno,
    isatty: (_vm, self: PyFile) => open(self).handle.tty !== undefined,
    readable: (_vm, self: PyFile) => /[r+]/.test(self.mode),
    writable: (_vm, self: PyFile) => /[wax+]/.test(self.mode),
    seekable: (_vm, self: PyFile) => self.fileno > 2,
    'reconfigure(*none line_buffering? encoding? errors? write_through?)': (
      _vm,
      self: PyFile,
      _none: Value[],
      line?: Value,
    ) => {
      if (line === true) self.buffering = 'line'
      return null
    },
    __enter__: (_vm, self: PyFile) => open(self),
    '__exit__(*details)': (_vm, self: PyFile) => finished(self.close()),
    __iter__: (_vm, self: PyFile) => {
      readable(self)
      return new PyIterator(() => nextLine(self) as Value | undefined)
    },
    __next__: (_vm, self: PyFile) => {
      const line = nextLine(readable(self))
      if (line === undefined) throw error('StopIteration')
      if (!(line instanceof Wait)) return line
      return new Wait(
        line.promise.then((value) => {
          if (value === undefined) throw error('StopIteration')
          return value
        }),
      )
    },
    __repr__: (vm, self: PyFile) =>
      self.text
        ? `<_io.TextIOWrapper name=${repr(vm, self.name)} mode='${self.mode}' encoding='UTF-8'>`
        : `<_io.BufferedReader name=${repr(vm, self.name)}>`,
  })
for (const cls of [textFileClass, binaryFileClass]) {
  cls.dict.set('name', new PyGetSet((self: PyFile) => self.name))
  cls.dict.set('mode', new PyGetSet((self: PyFile) => self.mode))
  cls.dict.set('closed', new PyGetSet((self: PyFile) => self.closed))
  cls.dict.set('encoding', new PyGetSet((self: PyFile) => self.encoding))
  cls.dict.set('errors', new PyGetSet(() => 'strict'))
  cls.dict.set('buffer', new PyGetSet((self: PyFile) => self.binary))
}
