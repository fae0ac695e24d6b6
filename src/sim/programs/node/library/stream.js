const EventEmitter = internal.builtin('events')
const { nodeError, invalidType } = internal.builtin('internal/errors')
const buffer = () => internal.builtin('buffer').Buffer

class Stream extends EventEmitter {
  pipe(target, { end = true } = {}) {
    this.on('data', (chunk) => {
      if (target.write(chunk) === false && this.pause) {
        this.pause()
        target.once('drain', () => this.resume())
      }
    })
    if (end && target !== process.stdout && target !== process.stderr) this.once('end', () => target.end())
    target.emit('pipe', this)
    return target
  }
}

const hide = (object, values) => {
  for (const [name, value] of Object.entries(values))
    Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false })
}

function initReadable(stream, options) {
  stream._readableState = {
    objectMode: Boolean(options.objectMode ?? options.readableObjectMode),
    highWaterMark: options.highWaterMark ?? (options.objectMode ? 16 : 65536),
    queue: [],
    length: 0,
    flowing: null,
    ended: false,
    endEmitted: false,
    reading: false,
    encoding: options.encoding,
    decoder: undefined,
    scheduled: false,
  }
  stream.readable = true
  if (options.read) stream._read = options.read
  if (options.destroy) stream._destroy = options.destroy
}

const readableMethods = {
  _read() {
    throw nodeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _read() method is not implemented')
  },
  push(chunk, encoding) {
    const state = this._readableState
    state.reading = false
    if (chunk === null) {
      state.ended = true
      flow(this)
      return false
    }
    if (state.ended) {
      this.destroy(nodeError(Error, 'ERR_STREAM_PUSH_AFTER_EOF', 'stream.push() after EOF'))
      return false
    }
    if (!state.objectMode && typeof chunk === 'string') chunk = buffer().from(chunk, encoding)
    else if (!state.objectMode && chunk instanceof Uint8Array && !buffer().isBuffer(chunk)) chunk = buffer().from(chunk)
    state.queue.push(chunk)
    state.length += state.objectMode ? 1 : chunk.length
    flow(this)
    return state.length < state.highWaterMark
  },
  unshift(chunk) {
    const state = this._readableState
    if (!state.objectMode && typeof chunk === 'string') chunk = buffer().from(chunk)
    state.queue.unshift(chunk)
    state.length += state.objectMode ? 1 : chunk.length
    flow(this)
  },
  read(size) {
    const state = this._readableState
    if (state.length === 0) {
      want(this)
      if (state.length === 0) {
        if (state.ended) finishReading(this)
        return null
      }
    }
    let chunk
    if (state.objectMode) chunk = state.queue.shift()
    else if (size !== undefined && size < state.length) {
      const all = buffer().concat(state.queue)
      chunk = all.subarray(0, size)
      state.queue = [all.subarray(size)]
    } else {
      if (size > state.length && !state.ended) return null
      chunk = state.queue.length === 1 ? state.queue[0] : buffer().concat(state.queue)
      state.queue = []
    }
    state.length -= state.objectMode ? 1 : chunk.length
    if (state.ended && state.length === 0) finishReading(this)
    else if (!state.ended) flow(this)
    return decode(state, chunk)
  },
  setEncoding(encoding) {
    this._readableState.encoding = encoding
    return this
  },
  resume() {
    const state = this._readableState
    if (state.flowing !== true) {
      state.flowing = true
      this.emit('resume')
    }
    flow(this)
    return this
  },
  pause() {
    if (this._readableState.flowing !== false) this.emit('pause')
    this._readableState.flowing = false
    return this
  },
  isPaused() {
    return this._readableState.flowing === false
  },
  unpipe() {
    this.removeAllListeners('data')
    return this
  },
  wrap(source) {
    source.on('data', (chunk) => this.push(chunk))
    source.on('end', () => this.push(null))
    return this
  },
  async *[Symbol.asyncIterator]() {
    const chunks = []
    let wake
    let failure
    let ended = false
    const go = () => {
      wake?.()
      wake = undefined
    }
    this.on('data', (chunk) => {
      chunks.push(chunk)
      this.pause()
      go()
    })
    this.once('end', () => {
      ended = true
      go()
    })
    this.once('close', () => {
      ended = true
      go()
    })
    this.on('error', (error) => {
      failure = error
      go()
    })
    try {
      for (;;) {
        while (chunks.length > 0) yield chunks.shift()
        if (failure) throw failure
        if (ended) return
        this.resume()
        if (chunks.length === 0 && !ended && !failure)
          await new Promise((resolve) => {
            wake = resolve
          })
      }
    } finally {
      this.destroy()
    }
  },
  async toArray() {
    const all = []
    for await (const each of this) all.push(each)
    return all
  },
  map(fn) {
    const source = this
    return Readable.from(
      (async function* () {
        for await (const each of source) yield await fn(each)
      })(),
    )
  },
  filter(fn) {
    const source = this
    return Readable.from(
      (async function* () {
        for await (const each of source) if (await fn(each)) yield each
      })(),
    )
  },
  async forEach(fn) {
    for await (const each of this) await fn(each)
  },
}

function decode(state, chunk) {
  if (!state.encoding || typeof chunk === 'string' || state.objectMode) return chunk
  state.decoder ??= new (internal.builtin('string_decoder').StringDecoder)(state.encoding)
  return state.decoder.write(chunk)
}

function want(stream) {
  const state = stream._readableState
  if (state.reading || state.ended || stream.destroyed || state.length >= state.highWaterMark) return
  state.reading = true
  try {
    stream._read(state.highWaterMark)
  } catch (error) {
    stream.destroy(error)
  }
}

/** Hands on what there is, later in this turn. */
function flow(stream) {
  const state = stream._readableState
  if (state.scheduled) return
  state.scheduled = true
  process.nextTick(() => {
    state.scheduled = false
    if (stream.destroyed && state.queue.length === 0) return
    if (stream.listenerCount('readable') > 0 && (state.length > 0 || state.ended) && !state.endEmitted) {
      stream.emit('readable')
      if (state.ended && state.length === 0) finishReading(stream)
      return
    }
    while (state.flowing === true && state.queue.length > 0) {
      const chunk = state.queue.shift()
      state.length -= state.objectMode ? 1 : chunk.length
      stream.emit('data', decode(state, chunk))
    }
    if (state.ended && state.length === 0 && state.flowing !== false) {
      if (state.flowing) finishReading(stream)
    } else if (state.flowing === true || stream.listenerCount('readable') > 0) want(stream)
  })
}

function finishReading(stream) {
  const state = stream._readableState
  if (state.endEmitted) return
  state.endEmitted = true
  process.nextTick(() => {
    const rest = state.decoder?.end()
    if (rest) stream.emit('data', rest)
    stream.readable = false
    stream.readableEnded = true
    stream.emit('end')
    maybeClose(stream)
  })
}

function maybeClose(stream) {
  const doneReading = !stream._readableState || stream._readableState.endEmitted
  const doneWriting = !stream._writableState || stream._writableState.finished
  if (doneReading && doneWriting && stream._autoDestroy !== false) stream.destroy()
}

function initWritable(stream, options) {
  stream._writableState = {
    objectMode: Boolean(options.objectMode ?? options.writableObjectMode),
    highWaterMark: options.highWaterMark ?? (options.objectMode ? 16 : 16384),
    decodeStrings: options.decodeStrings !== false,
    queue: [],
    length: 0,
    writing: false,
    ending: false,
    finished: false,
    needDrain: false,
    corked: 0,
  }
  stream.writable = true
  if (options.write) stream._write = options.write
  if (options.writev) stream._writev = options.writev
  if (options.final) stream._final = options.final
  if (options.destroy) stream._destroy = options.destroy
}

const writableMethods = {
  _write(chunk, encoding, done) {
    if (this._writev) return this._writev([{ chunk, encoding }], done)
    throw nodeError(Error, 'ERR_METHOD_NOT_IMPLEMENTED', 'The _write() method is not implemented')
  },
  write(chunk, encoding, callback) {
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
    const state = this._writableState
    if (chunk === null) throw nodeError(TypeError, 'ERR_STREAM_NULL_VALUES', 'May not write null values to stream')
    if (!state.objectMode && typeof chunk !== 'string' && !ArrayBuffer.isView(chunk))
      throw invalidType('chunk', 'of type string or an instance of Buffer, TypedArray, or DataView', chunk)
    if (state.ending) {
      const error = nodeError(Error, 'ERR_STREAM_WRITE_AFTER_END', 'write after end')
      process.nextTick(() => {
        callback?.(error)
        this.destroy(error)
      })
      return false
    }
    if (!state.objectMode && typeof chunk === 'string' && state.decodeStrings) {
      chunk = buffer().from(chunk, encoding)
      encoding = 'buffer'
    }
    state.length += state.objectMode ? 1 : chunk.length
    state.queue.push({ chunk, encoding: encoding ?? 'utf8', callback })
    const more = state.length < state.highWaterMark
    if (!more) state.needDrain = true
    pump(this)
    return more
  },
  end(chunk, encoding, callback) {
    if (typeof chunk === 'function') [chunk, callback] = [undefined, chunk]
    if (typeof encoding === 'function') [encoding, callback] = [undefined, encoding]
    if (chunk !== undefined && chunk !== null) this.write(chunk, encoding)
    const state = this._writableState
    if (callback) {
      if (state.finished) process.nextTick(callback)
      else this.once('finish', callback)
    }
    if (!state.ending) {
      state.ending = true
      this.writableEnded = true
      this.writable = false
      pump(this)
    }
    return this
  },
  cork() {
    this._writableState.corked++
  },
  uncork() {
    this._writableState.corked = Math.max(0, this._writableState.corked - 1)
    pump(this)
  },
  setDefaultEncoding() {
    return this
  },
}

function pump(stream) {
  const state = stream._writableState
  if (state.writing || state.corked > 0 || stream.destroyed || stream._constructing) return
  const next = state.queue.shift()
  if (next) {
    state.writing = true
    let sync = true
    const done = (error) => {
      const after = () => {
        state.writing = false
        state.length -= state.objectMode ? 1 : next.chunk.length
        next.callback?.(error)
        if (error) return stream.destroy(error)
        if (state.needDrain && state.length === 0 && !state.ending) {
          state.needDrain = false
          stream.emit('drain')
        }
        pump(stream)
      }
      if (sync) process.nextTick(after)
      else after()
    }
    try {
      stream._write(next.chunk, next.encoding, done)
    } catch (error) {
      done(error)
    }
    sync = false
    return
  }
  if (!state.ending || state.finished || state.finishing) return
  state.finishing = true
  const finish = (error) => {
    if (error) return stream.destroy(error)
    process.nextTick(() => {
      if (state.finished) return
      state.finished = true
      stream.writableFinished = true
      stream.emit('finish')
      maybeClose(stream)
    })
  }
  if (stream._final) stream._final(finish)
  else finish()
}

const commonMethods = {
  destroy(error) {
    if (this.destroyed) return this
    this.destroyed = true
    this.readable = this.writable = false
    const done = (failed) => {
      process.nextTick(() => {
        if (failed) {
          this.errored = failed
          this.emit('error', failed)
        }
        this.closed = true
        this.emit('close')
      })
    }
    if (this._destroy) this._destroy(error ?? null, (failed) => done(failed ?? error))
    else done(error)
    return this
  },
}

function common(stream) {
  hide(stream, { destroyed: false, closed: false, errored: null })
}

class Readable extends Stream {
  constructor(options = {}) {
    super()
    common(this)
    initReadable(this, options ?? {})
  }
  on(event, listener) {
    super.on(event, listener)
    if (event === 'data' && this._readableState?.flowing !== false) this.resume()
    else if (event === 'readable') flow(this)
    return this
  }
  addListener(event, listener) {
    return this.on(event, listener)
  }
  static from(source, options) {
    if (typeof source === 'string' || source instanceof Uint8Array) source = [source]
    const iterator = source[Symbol.asyncIterator]?.() ?? source[Symbol.iterator]()
    const stream = new Readable({
      objectMode: true,
      ...options,
      read() {
        Promise.resolve(iterator.next()).then(
          ({ done, value }) => stream.push(done ? null : value),
          (error) => stream.destroy(error),
        )
      },
    })
    return stream
  }
  get readableFlowing() {
    return this._readableState.flowing
  }
  get readableLength() {
    return this._readableState.length
  }
  get readableObjectMode() {
    return this._readableState.objectMode
  }
}
Object.defineProperties(Readable.prototype, descriptors({ ...readableMethods, ...commonMethods }))
Object.defineProperty(Readable.prototype, Symbol.asyncIterator, {
  value: readableMethods[Symbol.asyncIterator],
  writable: true,
  configurable: true,
})

function descriptors(methods) {
  return Object.fromEntries(
    Object.entries(methods).map(([name, value]) => [
      name,
      { value, writable: true, configurable: true, enumerable: false },
    ]),
  )
}

class Writable extends Stream {
  constructor(options = {}) {
    super()
    common(this)
    initWritable(this, options ?? {})
  }
  get writableLength() {
    return this._writableState.length
  }
  get writableNeedDrain() {
    return this._writableState.needDrain
  }
}
Object.defineProperties(Writable.prototype, descriptors({ ...writableMethods, ...commonMethods }))

class Duplex extends Readable {
  constructor(options = {}) {
    super(options)
    initWritable(this, options ?? {})
    if (options?.allowHalfOpen === false)
      this.once('end', () => {
        this.end()
      })
  }
  get writableLength() {
    return this._writableState.length
  }
  get writableNeedDrain() {
    return this._writableState.needDrain
  }
}
Object.defineProperties(Duplex.prototype, descriptors(writableMethods))
Object.defineProperty(Writable, Symbol.hasInstance, {
  value(object) {
    return Function.prototype[Symbol.hasInstance].call(this, object) || (this === Writable && object instanceof Duplex)
  },
})

class Transform extends Duplex {
  constructor(options = {}) {
    super(options)
    if (options?.transform) this._transform = options.transform
    if (options?.flush) this._flush = options.flush
  }
  _read() {}
  _write(chunk, encoding, done) {
    this._transform(chunk, encoding, (error, result) => {
      if (result !== undefined && result !== null) this.push(result)
      done(error)
    })
  }
  _final(done) {
    if (!this._flush) {
      this.push(null)
      return done()
    }
    this._flush((error, result) => {
      if (result !== undefined && result !== null) this.push(result)
      this.push(null)
      done(error)
    })
  }
}
class PassThrough extends Transform {
  _transform(chunk, encoding, done) {
    done(null, chunk)
  }
}

function finished(stream, options, callback) {
  if (typeof options === 'function') callback = options
  let called = false
  const done = (error) => {
    if (called) return
    called = true
    callback(error)
  }
  stream.on('error', done)
  stream.on('end', () => !stream._writableState && done())
  stream.on('finish', () => (!stream._readableState || stream._readableState.endEmitted) && done())
  stream.on('close', () => done(stream.errored ?? undefined))
  return () => {
    called = true
  }
}

function pipeline(...streams) {
  const callback = typeof streams.at(-1) === 'function' && streams.length > 1 ? streams.pop() : () => {}
  const list = streams
    .flat()
    .map((each, i) => (i === 0 && typeof each !== 'function' && !each.pipe ? Readable.from(each) : each))
  let ended = false
  const done = (error) => {
    if (ended) return
    ended = true
    if (error) for (const each of list) each.destroy?.()
    callback(error)
  }
  let at = list[0]
  for (const next of list.slice(1)) {
    at.on('error', done)
    at = typeof next === 'function' ? Readable.from(next(at)) : at.pipe(next)
  }
  at.on('error', done)
  at.on('finish', () => done())
  if (!at._writableState) at.on('end', () => done())
  if (typeof list.at(-1) === 'function') at.resume()
  return at
}

Object.assign(Stream, { Stream, Readable, Writable, Duplex, Transform, PassThrough, finished, pipeline })
Object.defineProperty(Stream, 'promises', { enumerable: true, get: () => internal.builtin('stream/promises') })
module.exports = Stream
