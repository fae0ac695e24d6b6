// The first file of the library that a process evaluates: makes the globals and returns what the event loop calls.
// Every other file is a module of its own, evaluated when it is first required.
const [host, shared] = [internal.host, new Float64Array(internal.shared)]
const modules = new Map()

/** A module of the library by its name, e.g. `fs/promises`. */
function builtin(name) {
  let module = modules.get(name)
  if (!module) {
    module = { exports: {} }
    modules.set(name, module)
    host.library(name)(module.exports, builtin, module, internal)
  }
  return module.exports
}

internal.builtin = builtin
/** Wall clock in ms, then ms since the process began; both move while the script works. Asking costs a little. */
internal.now = () => {
  shared[2]++
  return Math.floor(shared[0] + shared[2] * 0.01)
}
internal.uptime = () => {
  shared[2]++
  return shared[1] + shared[2] * 0.01
}

const hidden = (name, value) =>
  Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false })
const lazily = (from, ...names) => {
  for (const name of names)
    Object.defineProperty(globalThis, name, {
      configurable: true,
      enumerable: false,
      get: () => {
        const value = builtin(from)[name]
        hidden(name, value)
        return value
      },
      set: (value) => hidden(name, value),
    })
}

hidden('global', globalThis)
const errors = builtin('internal/errors')
builtin('internal/clock')
builtin('internal/json')
const tasks = builtin('internal/tasks')
builtin('internal/promises')
hidden('process', builtin('process'))
hidden('console', builtin('console'))
for (const [name, value] of Object.entries(builtin('timers'))) if (name !== 'promises') hidden(name, value)
hidden('queueMicrotask', tasks.queueMicrotask)
lazily('buffer', 'Buffer', 'Blob', 'atob', 'btoa')
lazily('internal/encoding', 'TextEncoder', 'TextDecoder')
lazily('internal/clone', 'structuredClone')
lazily('url', 'URL', 'URLSearchParams')
lazily('internal/event-target', 'Event', 'EventTarget', 'AbortController', 'AbortSignal')
lazily('internal/fetch', 'fetch', 'Headers', 'Request', 'Response')
lazily('perf_hooks', 'performance')
lazily('internal/web-crypto', 'crypto')
lazily('internal/intl', 'Intl')
hidden('WebAssembly', undefined)
builtin('internal/locale')
if (Number(process.versions.node.split('.')[0]) < 21) for (const type of [Object, Map]) delete type.groupBy

const main = builtin('internal/main')
module.exports = {
  start: (json) => tasks.guarded(() => main.start(JSON.parse(json))),
  complete: (id, error, value) => tasks.guarded(() => tasks.complete(id, error, value)),
  timer: () => tasks.guarded(() => builtin('internal/timer-queue').runOne(shared[1])),
  immediates: () => tasks.guarded(() => builtin('internal/timer-queue').runImmediates()),
  signal: (name, number) => tasks.guarded(() => process.emit(name, name, number)),
  ticks: () => tasks.runTicks(),
  rejections: () => errors.guarded(() => builtin('internal/promises').reportUnhandled()),
  /** When nothing is left to do: `beforeExit` may find more; then the status. */
  beforeExit: () => tasks.guarded(() => process.emit('beforeExit', process.exitCode ?? 0)),
  finish: () => tasks.guarded(() => process.reallyExit()),
  state: () => tasks.state(),
}
