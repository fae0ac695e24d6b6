const timers = internal.builtin('internal/timer-queue')

function abortable(signal, start) {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason)
    const stop = start(resolve)
    signal?.addEventListener('abort', () => {
      stop()
      const error = new Error('The operation was aborted')
      error.name = 'AbortError'
      error.code = 'ABORT_ERR'
      reject(error)
    })
  })
}

module.exports = {
  setTimeout: (delay, value, options) =>
    abortable(options?.signal, (done) => {
      const timer = timers.setTimeout(() => done(value), delay)
      if (options?.ref === false) timer.unref()
      return () => timers.clearTimeout(timer)
    }),
  setImmediate: (value, options) =>
    abortable(options?.signal, (done) => {
      const immediate = timers.setImmediate(() => done(value))
      return () => timers.clearImmediate(immediate)
    }),
  async *setInterval(delay, value) {
    for (;;) {
      await module.exports.setTimeout(delay)
      yield value
    }
  },
  scheduler: { wait: (delay) => module.exports.setTimeout(delay), yield: () => module.exports.setImmediate() },
}
