const EventEmitter = internal.builtin('events')

class Interface extends EventEmitter {
  constructor(input, output) {
    super()
    const options = input?.input ? input : { input, output }
    this.input = options.input
    this.output = options.output
    this.terminal = options.terminal ?? this.output?.isTTY === true
    this.closed = false
    this.line = ''
    Object.defineProperty(this, '_state', {
      value: { rest: '', prompt: options.prompt ?? '> ', question: undefined, lines: [] },
      enumerable: false,
    })
    const decoder = new (internal.builtin('string_decoder').StringDecoder)('utf8')
    this.input?.on('data', (chunk) => {
      if (this.closed) return
      const lines = (this._state.rest + (typeof chunk === 'string' ? chunk : decoder.write(chunk))).split(/\r\n|\n|\r/)
      this._state.rest = lines.pop()
      for (const line of lines) this._line(line)
    })
    this.input?.on('end', () => {
      if (this._state.rest !== '') this._line(this._state.rest)
      this.close()
    })
    this.input?.resume?.()
  }
  _line(line) {
    if (this.closed) return
    const { question } = this._state
    if (question) {
      this._state.question = undefined
      question(line)
    } else this.emit('line', line)
  }
  question(text, options, callback = options) {
    this.output?.write(text)
    this._state.question = callback
    options?.signal?.addEventListener('abort', () => {
      this._state.question = undefined
    })
  }
  setPrompt(prompt) {
    this._state.prompt = prompt
  }
  getPrompt() {
    return this._state.prompt
  }
  prompt() {
    this.output?.write(this._state.prompt)
  }
  write(text) {
    this.output?.write(text)
  }
  pause() {
    this.input?.pause()
    this.emit('pause')
    return this
  }
  resume() {
    this.input?.resume()
    this.emit('resume')
    return this
  }
  close() {
    if (this.closed) return
    this.closed = true
    this.input?.pause?.()
    this.emit('close')
  }
  async *[Symbol.asyncIterator]() {
    const lines = []
    let wake
    this.on('line', (line) => {
      lines.push(line)
      wake?.()
    })
    this.once('close', () => wake?.())
    for (;;) {
      while (lines.length > 0) yield lines.shift()
      if (this.closed) return
      await new Promise((resolve) => {
        wake = resolve
      })
    }
  }
}
class PromisesInterface extends Interface {
  question(text, options) {
    return new Promise((resolve) => super.question(text, options ?? {}, resolve))
  }
}
const stream =
  (name) =>
  (out, ...args) =>
    out[name]?.(...args)
module.exports = {
  Interface,
  createInterface: (input, output) => new Interface(input, output),
  clearLine: stream('clearLine'),
  cursorTo: stream('cursorTo'),
  moveCursor: stream('moveCursor'),
  clearScreenDown: stream('clearScreenDown'),
  emitKeypressEvents() {},
  promises: { Interface: PromisesInterface, createInterface: (input, output) => new PromisesInterface(input, output) },
}
