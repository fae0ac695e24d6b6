const { host } = internal
const EventEmitter = internal.builtin('events')
const { Duplex } = internal.builtin('stream')
const { Buffer } = internal.builtin('buffer')
const tasks = internal.builtin('internal/tasks')
const { nodeError, networkError, invalidType } = internal.builtin('internal/errors')

const isIPv4 = (text) => /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?!$)|$)){4}$/.test(text)
const isIPv6 = (text) => typeof text === 'string' && /^[\da-f:.]+(?:%.+)?$/i.test(text) && text.split(':').length > 2

class Socket extends Duplex {
  constructor(options = {}) {
    super({ allowHalfOpen: options.allowHalfOpen ?? false })
    Object.defineProperty(this, '_connection', { value: undefined, writable: true })
    Object.defineProperty(this, '_tasks', { value: new Set(), writable: true })
    this.connecting = false
    this.bytesRead = 0
    this.bytesWritten = 0
    this._reffed = true
  }
  _attach(connection, addresses) {
    this._connection = connection
    Object.assign(this, addresses)
    this.localFamily = this.remoteFamily = 'IPv4'
    this.connecting = false
    this._constructing = false
  }
  _track(task) {
    if (!this._reffed) task.unref()
    this._tasks.add(task)
    return task
  }
  _read() {
    if (this._connection === undefined) return
    const task = this._track(
      tasks.begin('socketRead', [this._connection], (error, bytes) => {
        this._tasks.delete(task)
        if (this.destroyed) return
        if (error) return this.destroy(networkError(error, 'read'))
        this.bytesRead += bytes.byteLength
        this._touch()
        this.push(bytes.byteLength === 0 ? null : Buffer.from(bytes))
      }),
    )
  }
  _write(chunk, encoding, done) {
    this.bytesWritten += chunk.length
    this._touch()
    tasks.begin('socketWrite', [this._connection, internal.bytes(chunk)], (error) =>
      done(error && !this.destroyed ? networkError(error, 'write') : undefined),
    )
  }
  _final(done) {
    if (this._connection !== undefined) host.socketFinish(this._connection)
    done()
  }
  _destroy(error, done) {
    if (this._connection !== undefined) host.socketClose(this._connection)
    for (const task of this._tasks) task.unref()
    this._clearTimeout()
    done(error)
  }
  connect(...args) {
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined
    let [options, address] = args
    if (typeof options !== 'object' || options === null) options = { port: options, host: address }
    if (options.path) throw internal.builtin('internal/errors').notSimulated('net.connect to a Unix socket')
    const port = Number(options.port)
    if (!(port >= 0 && port < 65536))
      throw nodeError(
        RangeError,
        'ERR_SOCKET_BAD_PORT',
        `Port should be >= 0 and < 65536. Received ${typeof options.port === 'number' ? `type number (${options.port})` : internal.builtin('internal/inspect').inspect(options.port)}.`,
      )
    if (callback) this.once('connect', callback)
    this.connecting = true
    this._constructing = true
    const name = options.host ?? 'localhost'
    this._track(
      tasks.begin('connect', [name, port, options.timeout ?? 0], (error, result) => {
        this._tasks.clear()
        if (this.destroyed) {
          if (!error) host.socketClose(result.id)
          return
        }
        if (error) {
          const [reason, at] = error.split(' ')
          this.connecting = false
          this._constructing = false
          return this.destroy(
            reason === 'ENOTFOUND' || reason === 'EAI_AGAIN'
              ? lookupError(reason, name)
              : networkError(reason, 'connect', at ?? name, port),
          )
        }
        this._attach(result.id, {
          localAddress: result.localAddress,
          localPort: result.localPort,
          remoteAddress: result.remoteAddress,
          remotePort: port,
        })
        this.emit('connect')
        this.emit('ready')
        this._read_again()
      }),
    )
    return this
  }
  _read_again() {
    this._readableState.reading = false
    if (this._readableState.flowing === true || this.listenerCount('readable') > 0) {
      this._readableState.reading = true
      this._read()
    }
    // Writes that waited for the connection.
    this.uncork()
  }
  setTimeout(ms, callback) {
    this.timeout = ms
    if (callback) this.once('timeout', callback)
    this._touch()
    return this
  }
  _touch() {
    this._clearTimeout()
    if (this.timeout > 0) {
      const timer = setTimeout(() => this.emit('timeout'), this.timeout)
      timer.unref()
      Object.defineProperty(this, '_timer', { value: timer, writable: true, configurable: true })
    }
  }
  _clearTimeout() {
    if (this._timer) clearTimeout(this._timer)
  }
  setKeepAlive() {
    return this
  }
  setNoDelay() {
    return this
  }
  address() {
    return this._connection === undefined ? {} : { address: this.localAddress, family: 'IPv4', port: this.localPort }
  }
  destroySoon() {
    if (this.writable) this.end()
    this.once('finish', () => this.destroy())
  }
  resetAndDestroy() {
    return this.destroy()
  }
  ref() {
    this._reffed = true
    for (const task of this._tasks) task.ref()
    return this
  }
  unref() {
    this._reffed = false
    for (const task of this._tasks) task.unref()
    return this
  }
  get readyState() {
    return this.connecting ? 'opening' : this._connection === undefined || this.destroyed ? 'closed' : 'open'
  }
  get pending() {
    return this._connection === undefined
  }
}

function lookupError(reason, name) {
  const error = new Error(`getaddrinfo ${reason} ${name}`)
  return Object.assign(error, {
    errno: reason === 'ENOTFOUND' ? -3008 : -3001,
    code: reason,
    syscall: 'getaddrinfo',
    hostname: name,
  })
}

class Server extends EventEmitter {
  constructor(options, listener) {
    super()
    if (typeof options === 'function') listener = options
    if (listener) this.on('connection', listener)
    Object.defineProperty(this, '_listener', { value: undefined, writable: true })
    Object.defineProperty(this, '_sockets', { value: new Set() })
    this.listening = false
  }
  listen(...args) {
    const callback = typeof args.at(-1) === 'function' ? args.pop() : undefined
    let [port, address] = args
    if (port !== null && typeof port === 'object') ({ port, host: address } = port)
    else if (typeof address === 'number') address = undefined
    if (typeof port === 'string' && !/^\s*\d+\s*$/.test(port))
      throw internal.builtin('internal/errors').notSimulated('listening on a Unix socket')
    port = port === undefined || port === null ? 0 : Number(port)
    if (!(port >= 0 && port < 65536))
      throw nodeError(
        RangeError,
        'ERR_SOCKET_BAD_PORT',
        `options.port should be >= 0 and < 65536. Received type number (${port}).`,
      )
    if (this._listener !== undefined)
      throw nodeError(
        Error,
        'ERR_SERVER_ALREADY_LISTEN',
        'Listen method has been called more than once without closing.',
      )
    if (callback) this.once('listening', callback)
    const fail = (reason, at) => {
      const error = networkError(reason, 'listen', at, port)
      process.nextTick(() => this.emit('error', error))
    }
    const open = (at) => {
      let opened
      try {
        opened = host.listen(at, port)
      } catch (reason) {
        return fail(reason, address === undefined ? '::' : at)
      }
      this._listener = opened.id
      Object.defineProperty(this, '_address', {
        value: {
          address: address === undefined || at === '::' ? '::' : at,
          family: address === undefined || at === '::' ? 'IPv6' : 'IPv4',
          port: opened.port,
        },
        writable: true,
        configurable: true,
      })
      this.listening = true
      this._accept()
      process.nextTick(() => this.listening && this.emit('listening'))
    }
    if (address === undefined || address === '' || isIPv6(address)) open('::')
    else if (isIPv4(address)) open(address)
    else
      tasks.begin('lookup', [address], (error, found) => {
        if (error) this.emit('error', lookupError(error, address))
        else open(found[0])
      })
    return this
  }
  _accept() {
    const listener = this._listener
    this._task = tasks.begin('accept', [listener], (error, result) => {
      if (error || this._listener !== listener) {
        if (result) host.socketClose(result.id)
        return
      }
      this._accept()
      const socket = new Socket({ allowHalfOpen: this._allowHalfOpen })
      socket._attach(result.id, result.addresses)
      socket.server = this
      this._sockets.add(socket)
      socket.once('close', () => {
        this._sockets.delete(socket)
        this._maybeClosed()
      })
      this.emit('connection', socket)
    })
    Object.defineProperty(this, '_task', { enumerable: false })
    if (this._unreffed) this._task.unref()
  }
  close(callback) {
    if (callback) {
      if (this.listening) this.once('close', callback)
      else this.once('close', () => callback(nodeError(Error, 'ERR_SERVER_NOT_RUNNING', 'Server is not running.')))
    }
    if (this._listener !== undefined) host.closeListener(this._listener)
    this._task?.unref()
    this._listener = undefined
    this.listening = false
    this._closing = true
    this._maybeClosed()
    return this
  }
  _maybeClosed() {
    if (!this._closing || this._sockets.size > 0) return
    this._closing = false
    process.nextTick(() => this.emit('close'))
  }
  address() {
    return this.listening ? this._address : null
  }
  getConnections(callback) {
    process.nextTick(callback, null, this._sockets.size)
  }
  ref() {
    this._unreffed = false
    this._task?.ref()
    return this
  }
  unref() {
    this._unreffed = true
    this._task?.unref()
    return this
  }
  async [Symbol.asyncDispose ?? Symbol('asyncDispose')]() {
    await new Promise((resolve) => this.close(resolve))
  }
}

const connect = (...args) => new Socket(typeof args[0] === 'object' ? args[0] : {}).connect(...args)
module.exports = {
  Socket,
  Stream: Socket,
  Server,
  createServer: (options, listener) => new Server(options, listener),
  connect,
  createConnection: connect,
  isIP: (text) => (isIPv4(text) ? 4 : isIPv6(text) ? 6 : 0),
  isIPv4,
  isIPv6,
  lookupError,
  invalidType,
}
for (const name of ['lookupError', 'invalidType']) Object.defineProperty(module.exports, name, { enumerable: false })
