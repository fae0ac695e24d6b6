// What is going on: ticks, and operations of the machine that have not ended.
const { host } = internal
const { uncaught, guarded, translate } = internal.builtin('internal/errors')

const ticks = []
const pending = new Map()
let nextId = 1
/** Operations and timers that keep the process alive. */
let references = 0

/** Begins an operation of the machine; `done(code, value)` is told its end. */
function begin(operation, args, done, { ref = true } = {}) {
  const id = nextId++
  const task = { done, ref }
  pending.set(id, task)
  if (ref) references++
  host.begin(operation, id, ...args)
  return {
    ref: () => {
      if (!task.ref && pending.has(id)) references++
      task.ref = true
    },
    unref: () => {
      if (task.ref && pending.has(id)) references--
      task.ref = false
    },
  }
}

function complete(id, error, value) {
  const task = pending.get(id)
  if (!task) return
  pending.delete(id)
  if (task.ref) references--
  task.done(error, value)
}

function nextTick(callback, ...args) {
  if (typeof callback !== 'function')
    throw internal.builtin('internal/errors').invalidType('callback', 'of type function', callback)
  ticks.push([callback, args])
}

/** True when a tick was run. */
function runTicks() {
  let ran = false
  while (ticks.length > 0) {
    const [callback, args] = ticks.shift()
    ran = true
    guarded(() => callback(...args))
  }
  return ran
}

const resolved = Promise.resolve()
const nativeThen = Promise.prototype.then
const queueMicrotask = {
  queueMicrotask(callback) {
    if (typeof callback !== 'function')
      throw internal.builtin('internal/errors').invalidType('callback', 'of type function', callback)
    nativeThen.call(resolved, () => guarded(() => callback()))
  },
}.queueMicrotask

module.exports = {
  begin,
  complete,
  nextTick,
  runTicks,
  queueMicrotask,
  guarded,
  uncaught,
  translate,
  hold: (by) => {
    references += by
  },
  /** `[anything left to wait for, ms until the next timer or -1, immediates waiting]` */
  state: () => {
    const { nextDue, hasImmediates } = internal.builtin('internal/timer-queue')
    return [references > 0 || ticks.length > 0, nextDue(), hasImmediates()]
  },
}
