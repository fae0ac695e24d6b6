// Which rejections nobody handles. The engine does not tell, so reasons are followed instead: one is pending from
// when a promise is rejected with it until a handler gets it.
const { translate, uncaught, nodeError } = internal.builtin('internal/errors')
const pending = []
const NativePromise = Promise
const nativeThen = Promise.prototype.then
const functionText = Function.prototype.toString

const rejecting = (reason) => {
  translate(reason)
  pending.push(reason)
  return reason
}
const handled = (reason) => {
  translate(reason)
  const at = pending.findIndex((each) => Object.is(each, reason))
  if (at >= 0) pending.splice(at, 1)
  return reason
}
/** The engine's own resolving functions pass a rejection on to another promise. */
const passes = (handler) => handler.name === '' && /\[native code\]/.test(functionText.call(handler))

/** A then whose handlers report; errors they throw reject the next promise. */
const method = (object, name, value) =>
  Object.defineProperty(object, name, { value, writable: true, configurable: true, enumerable: false })

const watched = (handler) => (value) => {
  try {
    return handler(value)
  } catch (error) {
    throw rejecting(error)
  }
}

const patched = {
  then(onFulfilled, onRejected) {
    const fulfilled = typeof onFulfilled === 'function' && !passes(onFulfilled) ? watched(onFulfilled) : onFulfilled
    const rejected =
      typeof onRejected === 'function' && !passes(onRejected)
        ? watched((reason) => onRejected(handled(reason)))
        : onRejected
    return nativeThen.call(this, fulfilled, rejected)
  },
  catch(onRejected) {
    return this.then(undefined, onRejected)
  },
  finally(action) {
    if (typeof action !== 'function') return this.then(action, action)
    return this.then(
      (value) => NativePromise.resolve(action()).then(() => value),
      (reason) =>
        NativePromise.resolve(action()).then(() => {
          throw reason
        }),
    )
  },
}
for (const [name, value] of Object.entries(patched)) method(NativePromise.prototype, name, value)

/** For `new Promise(…)` in a script. */
function executor(given) {
  if (typeof given !== 'function') return given
  return (resolve, reject) => {
    let settled = false
    const refuse = (reason) => {
      if (settled) return
      settled = true
      reject(rejecting(reason))
    }
    try {
      given((value) => {
        if (settled) return
        settled = true
        resolve(value)
      }, refuse)
    } catch (error) {
      refuse(error)
    }
  }
}

const made = (given) => new NativePromise(executor(given))
const each = (list, add) => {
  let index = 0
  for (const value of list) add(NativePromise.resolve(value), index++)
  return index
}
const statics = {
  reject: (reason) => made((_, reject) => reject(reason)),
  all: (list) =>
    made((resolve, reject) => {
      const results = []
      let left = 1
      const done = () => --left === 0 && resolve(results)
      each(list, (promise, index) => {
        left++
        promise.then((value) => {
          results[index] = value
          done()
        }, reject)
      })
      done()
    }),
  allSettled: (list) =>
    made((resolve) => {
      const results = []
      let left = 1
      const done = (index, result) => {
        if (result) results[index] = result
        if (--left === 0) resolve(results)
      }
      each(list, (promise, index) => {
        left++
        promise.then(
          (value) => done(index, { status: 'fulfilled', value }),
          (reason) => done(index, { status: 'rejected', reason }),
        )
      })
      done()
    }),
  any: (list) =>
    made((resolve, reject) => {
      const reasons = []
      let left = 1
      const done = () => --left === 0 && reject(new AggregateError(reasons, 'All promises were rejected'))
      each(list, (promise, index) => {
        left++
        promise.then(resolve, (reason) => {
          reasons[index] = reason
          done()
        })
      })
      done()
    }),
  race: (list) => made((resolve, reject) => each(list, (promise) => promise.then(resolve, reject)) && undefined),
  withResolvers: undefined,
}
for (const [name, value] of Object.entries(statics)) if (value) method(NativePromise, name, value)

/** After all reactions have run: reasons still pending have no handler. */
function reportUnhandled() {
  while (pending.length > 0) {
    const reason = pending.shift()
    if (process.listenerCount('unhandledRejection') > 0) {
      process.emit('unhandledRejection', reason, NativePromise.resolve())
      continue
    }
    if (reason instanceof Error) {
      uncaught(reason, true)
      continue
    }
    const { inspect } = internal.builtin('internal/inspect')
    const error = nodeError(
      Error,
      'ERR_UNHANDLED_REJECTION',
      `This error originated either by throwing inside of an async function without a catch block, or by rejecting a promise which was not handled with .catch(). The promise rejected with the reason "${typeof reason === 'string' ? reason : inspect(reason)}".`,
    )
    const major = Number(process.versions.node.split('.')[0])
    Object.defineProperty(error, 'name', {
      value: 'UnhandledPromiseRejection',
      configurable: true,
      writable: true,
      enumerable: false,
    })
    Object.defineProperty(error, 'stack', {
      value: `${error.name}: ${error.message}${major >= 20 ? '\n    at throwUnhandledRejectionsMode (node:internal/process/promises:389:7)\n    at processPromiseRejections (node:internal/process/promises:470:17)\n    at process.processTicksAndRejections (node:internal/process/task_queues:96:32)' : ''}`,
      configurable: true,
      writable: true,
      enumerable: false,
    })
    Object.defineProperty(error, internal.site, {
      value: 'node:internal/process/promises:389\n      new UnhandledPromiseRejection(reason);\n      ^',
    })
    uncaught(error, true)
  }
}

Object.defineProperty(globalThis, '__node__', {
  value: { caught: handled, rejecting, executor, meta: (url) => internal.builtin('internal/esm').meta(url) },
  enumerable: false,
})
module.exports = { reportUnhandled, handled, rejecting }
