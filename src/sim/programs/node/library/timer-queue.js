// Timers by when they are due, and immediates.
const tasks = internal.builtin('internal/tasks')
const { invalidType } = internal.builtin('internal/errors')
const custom = Symbol.for('nodejs.util.promisify.custom')
const shownAs = Symbol.for('nodejs.util.inspect.custom')

let timers = []
let immediates = []
let order = 0
const byId = new Map()

class Timeout {
  constructor(callback, delay, args, repeat) {
    delay = Number(delay)
    this._idleTimeout = delay >= 1 && delay <= 2147483647 ? Math.trunc(delay) : 1
    this._onTimeout = callback
    this._args = args
    this._repeat = repeat ? this._idleTimeout : null
    this._destroyed = false
    hide(this, 'id', ++order)
    hide(this, 'counts', false)
    byId.set(this.id, this)
    schedule(this)
    this.ref()
  }
  ref() {
    if (!this.counts && !this._destroyed) tasks.hold(1)
    this.counts = !this._destroyed
    return this
  }
  unref() {
    if (this.counts) tasks.hold(-1)
    this.counts = false
    return this
  }
  hasRef() {
    return this.counts
  }
  refresh() {
    if (!this._destroyed) schedule(this)
    return this
  }
  close() {
    clear(this)
    return this
  }
  [Symbol.toPrimitive]() {
    return this.id
  }
}
class Immediate {
  constructor(callback, args) {
    this._onImmediate = callback
    this._args = args
    this._destroyed = false
    tasks.hold(1)
    immediates.push(this)
  }
  ref() {
    return this
  }
  unref() {
    return this
  }
  hasRef() {
    return true
  }
}
function hide(object, name, value) {
  Object.defineProperty(object, name, { value, writable: true, enumerable: false })
}

function schedule(timer) {
  hide(timer, 'due', internal.uptime() + timer._idleTimeout)
  hide(timer, 'order', ++order)
  timers = timers.filter((each) => each !== timer)
  let at = timers.length
  while (at > 0 && timers[at - 1].due > timer.due) at--
  timers.splice(at, 0, timer)
}

function clear(timer) {
  if (timer === undefined || timer === null) return
  if (timer instanceof Immediate) {
    if (!timer._destroyed) {
      timer._destroyed = true
      tasks.hold(-1)
    }
    return
  }
  const found = timer instanceof Timeout ? timer : byId.get(Number(timer))
  if (!found || found._destroyed) return
  found.unref()
  found._destroyed = true
  byId.delete(found.id)
  timers = timers.filter((each) => each !== found)
}

function callable(callback) {
  if (typeof callback !== 'function') throw invalidType('callback', 'of type function', callback)
}

module.exports = {
  /** Uptime of the next timer that keeps or wakes the process; -1 when there is none. */
  nextDue: () => timers[0]?.due ?? -1,
  hasImmediates: () => immediates.length > 0,
  /** Runs the first timer that is due; false when none is. */
  runOne(now) {
    const timer = timers[0]
    if (!timer || timer.due > now + 0.001) return false
    timers.shift()
    if (timer._repeat === null) {
      timer.unref()
      timer._destroyed = true
      byId.delete(timer.id)
    }
    try {
      timer._onTimeout(...(timer._args ?? []))
    } finally {
      if (timer._repeat !== null && !timer._destroyed) schedule(timer)
    }
    return true
  },
  runImmediates() {
    const now = immediates
    immediates = []
    for (const immediate of now) {
      if (immediate._destroyed) continue
      immediate._destroyed = true
      tasks.hold(-1)
      tasks.guarded(() => immediate._onImmediate(...immediate._args))
      internal.settle()
    }
  },
  setTimeout(callback, delay, ...args) {
    callable(callback)
    return new Timeout(callback, delay, args.length > 0 ? args : undefined, false)
  },
  setInterval(callback, delay, ...args) {
    callable(callback)
    return new Timeout(callback, delay, args.length > 0 ? args : undefined, true)
  },
  setImmediate(callback, ...args) {
    callable(callback)
    return new Immediate(callback, args)
  },
  clearTimeout: clear,
  clearInterval: clear,
  clearImmediate: clear,
  custom,
  shownAs,
}
