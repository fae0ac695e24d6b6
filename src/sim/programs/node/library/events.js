const { invalidType, nodeError } = internal.builtin('internal/errors')

class EventEmitter {
  constructor(options) {
    if (!Object.hasOwn(this, '_events')) this._events = Object.create(null)
    this._eventsCount = 0
    this._maxListeners = undefined
    void options
  }
  setMaxListeners(count) {
    this._maxListeners = count
    return this
  }
  getMaxListeners() {
    return this._maxListeners ?? EventEmitter.defaultMaxListeners
  }
  emit(event, ...values) {
    const listeners = this._events?.[event]
    if (!listeners || listeners.length === 0) {
      if (event !== 'error') return false
      const [error] = values
      if (error instanceof Error) {
        if (!error[internal.site])
          Object.defineProperty(error, internal.site, {
            value: "node:events:502\n      throw er; // Unhandled 'error' event\n      ^",
            configurable: true,
          })
        throw error
      }
      const { inspect } = internal.builtin('internal/inspect')
      const unhandled = nodeError(
        Error,
        'ERR_UNHANDLED_ERROR',
        `Unhandled error. (${typeof error === 'string' ? `'${error}'` : inspect(error)})`,
      )
      unhandled.context = error
      throw unhandled
    }
    for (const { listener, once } of [...listeners]) {
      if (once) this.removeListener(event, listener)
      const result = Reflect.apply(listener, this, values)
      if (this._captureRejections && typeof result?.then === 'function')
        result.then(undefined, (error) => this.emit('error', error))
    }
    return true
  }
  #add(event, listener, once, first) {
    if (typeof listener !== 'function') throw invalidType('listener', 'of type function', listener)
    this._events ??= Object.create(null)
    if (this._events.newListener) this.emit('newListener', event, listener)
    const listeners = (this._events[event] ??= [])
    if (first) listeners.unshift({ listener, once })
    else listeners.push({ listener, once })
    this._eventsCount = Reflect.ownKeys(this._events).length
    this._listening?.(event)
    if (listeners.length === this.getMaxListeners() + 1 && this.getMaxListeners() > 0)
      globalThis.process?.emitWarning?.(
        `Possible EventEmitter memory leak detected. ${listeners.length} ${String(event)} listeners added to [${this.constructor.name}]. MaxListeners is ${this.getMaxListeners()}. Use emitter.setMaxListeners() to increase limit`,
        'MaxListenersExceededWarning',
      )
    return this
  }
  on(event, listener) {
    return this.#add(event, listener, false, false)
  }
  addListener(event, listener) {
    return this.#add(event, listener, false, false)
  }
  once(event, listener) {
    return this.#add(event, listener, true, false)
  }
  prependListener(event, listener) {
    return this.#add(event, listener, false, true)
  }
  prependOnceListener(event, listener) {
    return this.#add(event, listener, true, true)
  }
  removeListener(event, listener) {
    const listeners = this._events?.[event]
    if (!listeners) return this
    for (let i = listeners.length - 1; i >= 0; i--)
      if (listeners[i].listener === listener) {
        listeners.splice(i, 1)
        break
      }
    if (listeners.length === 0) delete this._events[event]
    this._eventsCount = Reflect.ownKeys(this._events).length
    this._ignoring?.(event)
    if (this._events.removeListener) this.emit('removeListener', event, listener)
    return this
  }
  off(event, listener) {
    return this.removeListener(event, listener)
  }
  removeAllListeners(event) {
    if (event === undefined) this._events = Object.create(null)
    else if (this._events) delete this._events[event]
    this._eventsCount = Reflect.ownKeys(this._events ?? {}).length
    return this
  }
  listeners(event) {
    return (this._events?.[event] ?? []).map(({ listener }) => listener)
  }
  rawListeners(event) {
    return this.listeners(event)
  }
  listenerCount(event) {
    return this._events?.[event]?.length ?? 0
  }
  eventNames() {
    return Reflect.ownKeys(this._events ?? {})
  }
}
const EventEmitterClass = EventEmitter

/** Callable without `new`, for `EventEmitter.call(this)` and `util.inherits`. */
function EventEmitterFunction(options) {
  if (new.target) return Reflect.construct(EventEmitterClass, [options], new.target)
  this._events ??= Object.create(null)
  this._eventsCount = 0
  this._maxListeners = undefined
  return undefined
}
Object.defineProperty(EventEmitterFunction, 'name', { value: 'EventEmitter' })
EventEmitterFunction.prototype = EventEmitterClass.prototype
for (const [name, own] of Object.entries(Object.getOwnPropertyDescriptors(EventEmitterClass.prototype)))
  if (name !== 'constructor') Object.defineProperty(EventEmitterClass.prototype, name, { ...own, enumerable: false })
Object.defineProperty(EventEmitterClass.prototype, 'constructor', {
  value: EventEmitterFunction,
  writable: true,
  configurable: true,
  enumerable: false,
})
EventEmitter.defaultMaxListeners = 10
Object.defineProperty(EventEmitterFunction, 'defaultMaxListeners', {
  get: () => EventEmitterClass.defaultMaxListeners,
  set: (count) => {
    EventEmitterClass.defaultMaxListeners = count
  },
  enumerable: true,
})

module.exports = Object.assign(EventEmitterFunction, {
  EventEmitter: EventEmitterFunction,
  errorMonitor: Symbol('events.errorMonitor'),
  captureRejectionSymbol: Symbol.for('nodejs.rejection'),
  once(emitter, event, { signal } = {}) {
    return new Promise((resolve, reject) => {
      const done = (...values) => {
        emitter.removeListener?.('error', failed)
        resolve(values)
      }
      const failed = (error) => {
        emitter.removeListener?.(event, done)
        reject(error)
      }
      if (emitter.addEventListener) return emitter.addEventListener(event, done, { once: true })
      emitter.once(event, done)
      if (event !== 'error') emitter.once('error', failed)
      signal?.addEventListener('abort', () => failed(signal.reason))
    })
  },
  async *on(emitter, event) {
    const queue = []
    let wake
    let failure
    emitter.on(event, (...values) => {
      queue.push(values)
      wake?.()
    })
    emitter.once('error', (error) => {
      failure = error
      wake?.()
    })
    for (;;) {
      while (queue.length > 0) yield queue.shift()
      if (failure) throw failure
      await new Promise((resolve) => {
        wake = resolve
      })
    }
  },
  getEventListeners: (emitter, event) => emitter.listeners(event),
  setMaxListeners(count, ...emitters) {
    for (const each of emitters) each.setMaxListeners(count)
  },
  listenerCount: (emitter, event) => emitter.listenerCount(event),
})
