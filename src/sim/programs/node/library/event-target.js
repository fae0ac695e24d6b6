const { nodeError } = internal.builtin('internal/errors')

class Event {
  #stopped = false
  constructor(type, { cancelable = false, bubbles = false } = {}) {
    Object.assign(this, {
      type,
      cancelable,
      bubbles,
      defaultPrevented: false,
      target: null,
      currentTarget: null,
      timeStamp: internal.uptime(),
    })
  }
  preventDefault() {
    if (this.cancelable) this.defaultPrevented = true
  }
  stopImmediatePropagation() {
    this.#stopped = true
  }
  stopPropagation() {}
  get stopped() {
    return this.#stopped
  }
}

class EventTarget {
  #listeners = new Map()
  addEventListener(type, listener, options) {
    const once = typeof options === 'object' && options?.once
    const list = this.#listeners.get(type) ?? []
    if (!list.some((each) => each.listener === listener)) list.push({ listener, once })
    this.#listeners.set(type, list)
  }
  removeEventListener(type, listener) {
    this.#listeners.set(
      type,
      (this.#listeners.get(type) ?? []).filter((each) => each.listener !== listener),
    )
  }
  dispatchEvent(event) {
    event.target = event.currentTarget = this
    const handler = this[`on${event.type}`]
    if (typeof handler === 'function') handler.call(this, event)
    for (const { listener, once } of [...(this.#listeners.get(event.type) ?? [])]) {
      if (once) this.removeEventListener(event.type, listener)
      if (typeof listener === 'function') listener.call(this, event)
      else listener.handleEvent(event)
      if (event.stopped) break
    }
    return !event.defaultPrevented
  }
}

const aborted = (name, message, code) => {
  const error = new Error(message)
  Object.defineProperty(error, 'name', { value: name, configurable: true, writable: true })
  Object.defineProperty(error, 'code', { value: code, configurable: true, writable: true })
  return error
}

class AbortSignal extends EventTarget {
  aborted = false
  reason = undefined
  onabort = null
  throwIfAborted() {
    if (this.aborted) throw this.reason
  }
  static abort(reason) {
    const signal = new AbortSignal()
    stop(signal, reason)
    return signal
  }
  static timeout(ms) {
    const signal = new AbortSignal()
    setTimeout(() => stop(signal, aborted('TimeoutError', 'The operation was aborted due to timeout', 23)), ms).unref()
    return signal
  }
  static any(signals) {
    const signal = new AbortSignal()
    for (const each of signals) {
      if (each.aborted) stop(signal, each.reason)
      else each.addEventListener('abort', () => stop(signal, each.reason))
    }
    return signal
  }
}
function stop(signal, reason = aborted('AbortError', 'This operation was aborted', 20)) {
  if (signal.aborted) return
  signal.aborted = true
  signal.reason = reason
  signal.dispatchEvent(new Event('abort'))
}
class AbortController {
  signal = new AbortSignal()
  abort(reason) {
    stop(this.signal, reason)
  }
}
module.exports = { Event, EventTarget, AbortController, AbortSignal, nodeError }
