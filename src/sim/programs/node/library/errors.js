// Errors: stack texts as V8 writes them, V8's words for what the engine says in its own, and the end by an error
// that nobody caught.
const { host } = internal
const NativeError = Error
const describe = NativeError.prototype.toString

/** Puts a lazily written stack on an error. `raw` is the engine's. */
function attachStack(error, raw, frames, above) {
  let text
  const get = () => {
    if (text === undefined) {
      const header = describe.call(error)
      const trace = [frames, host.trace(raw, 'text', above).text].filter(Boolean).join('\n')
      text =
        trace === ''
          ? header
          : `${header}\n${trace
              .split('\n')
              .slice(0, globalThis.Error.stackTraceLimit ?? 10)
              .join('\n')}`
    }
    return text
  }
  Object.defineProperty(error, 'stack', {
    configurable: true,
    enumerable: false,
    get,
    set: (value) => {
      Object.defineProperty(error, 'stack', { value, writable: true, configurable: true, enumerable: false })
    },
  })
  Object.defineProperty(get, 'raw', { value: raw })
  return error
}

function wrap(Native) {
  const name = Native.name
  const constructors = {
    [name]: function (message, options) {
      const given = message === undefined ? [] : [message]
      if (options !== undefined) given[1] = options
      const error = Reflect.construct(Native, given, new.target ?? Wrapped)
      return attachStack(error, error.stack, undefined, new.target?.name)
    },
  }
  const Wrapped = constructors[name]
  Object.defineProperty(Wrapped, 'length', { value: 1, configurable: true })
  Object.defineProperty(Wrapped, 'prototype', { value: Native.prototype, writable: false })
  Object.defineProperty(Native.prototype, 'constructor', {
    value: Wrapped,
    writable: true,
    configurable: true,
    enumerable: false,
  })
  Object.defineProperty(globalThis, name, { value: Wrapped, writable: true, configurable: true, enumerable: false })
  return Wrapped
}

const Wrapped = wrap(NativeError)
for (const Native of [EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError])
  Object.setPrototypeOf(wrap(Native), Wrapped)
Wrapped.stackTraceLimit = 10
Wrapped.captureStackTrace = (target, above) => {
  attachStack(target, new NativeError().stack, undefined, above?.name)
}

const NativeAggregate = AggregateError
function AggregateErrorWrapped(list, message, options) {
  const error = Reflect.construct(NativeAggregate, [list, message, options], new.target ?? AggregateErrorWrapped)
  return attachStack(error, error.stack)
}
Object.defineProperty(AggregateErrorWrapped, 'name', { value: 'AggregateError' })
AggregateErrorWrapped.prototype = NativeAggregate.prototype
Object.defineProperty(NativeAggregate.prototype, 'constructor', {
  value: AggregateErrorWrapped,
  writable: true,
  configurable: true,
})
Object.defineProperty(globalThis, 'AggregateError', {
  value: AggregateErrorWrapped,
  writable: true,
  configurable: true,
})
Object.setPrototypeOf(AggregateErrorWrapped, Wrapped)

const setMessage = (error, message) =>
  Object.defineProperty(error, 'message', { value: message, writable: true, configurable: true, enumerable: false })

/** The engine's words, and V8's. `trace` tells where. */
const WORDS = [
  [/^cannot read property 'Symbol\.iterator' of (undefined|null)$/, (m) => `${m[1]} is not iterable`],
  [
    /^cannot read property '(.*)' of (undefined|null)$/s,
    (m) => `Cannot read properties of ${m[2]} (reading '${m[1]}')`,
  ],
  [/^cannot set property '(.*)' of (undefined|null)$/s, (m) => `Cannot set properties of ${m[2]} (setting '${m[1]}')`],
  [/^'(.*)' is not defined$/, (m) => `${m[1]} is not defined`],
  [/^(.*) is not initialized$/, (m) => `Cannot access '${m[1].replace(/^'|'$/g, '')}' before initialization`],
  [/^lexical variable is not initialized$/, () => 'Cannot access variable before initialization'],
  [
    /^'(.*)' is read-only$/,
    (m, e, trace) =>
      trace.constant?.includes(m[1]) === false
        ? `Cannot assign to read only property '${m[1]}' of object '#<Object>'`
        : 'Assignment to constant variable.',
  ],
  [/^not a function$/, (m, e, trace) => `${trace.callee || '(intermediate value)'} is not a function`],
  [/^not a constructor$/, (m, e, trace) => `${trace.callee || '(intermediate value)'} is not a constructor`],
  [/^(?:value|object) is not iterable$/, (m, e, trace) => `${trace.operand || 'object'} is not iterable`],
  [/^stack overflow$|^Maximum call stack size exceeded$/, () => 'Maximum call stack size exceeded'],
  [/^invalid array length$/i, () => 'Invalid array length'],
  [/^empty array$/, () => 'Reduce of empty array with no initial value'],
  [/^cannot read property of (undefined|null)$/, (m) => `Cannot read properties of ${m[1]}`],
  [/^circular reference$/, () => 'Converting circular structure to JSON'],
  [
    /^class constructors must be invoked with 'new'$/,
    (m, e, trace) => `Class constructor ${trace.callee} cannot be invoked without 'new'`,
  ],
  [/^cannot convert to object$/, () => 'Cannot convert undefined or null to object'],
  [/^cannot convert symbol to string$/, () => 'Cannot convert a Symbol value to a string'],
  [
    /^cannot convert bigint to number$|^cannot mix .*[bB]ig[iI]nt/,
    () => 'Cannot mix BigInt and other types, use explicit conversions',
  ],
  [/^object is not extensible$/, () => 'Cannot add property, object is not extensible'],
  [/^invalid 'in' operand$/, () => "Cannot use 'in' operator to search for a key in a primitive"],
  [/^invalid 'instanceof' right operand$/, () => "Right-hand side of 'instanceof' is not callable"],
  [
    /^operand 'prototype' property is not an object$/,
    () => "Function has non-object prototype 'undefined' in instanceof check",
  ],
  [/^invalid date$|^Date value is NaN$/i, () => 'Invalid time value'],
  [
    /^this is not initialized$/,
    () => "Must call super constructor in derived class before accessing 'this' or returning from derived constructor",
  ],
  [
    /^unexpected token in expression: ''$|^unexpected end of string|^expecting '.*'$/,
    (m, e, trace) =>
      trace.atEnd
        ? 'Unexpected end of input'
        : /'(.)'/.exec(e.message) && trace.token
          ? /^\w/.test(trace.token)
            ? `Unexpected identifier '${trace.token}'`
            : `Unexpected token '${trace.token}'`
          : 'Invalid or unexpected token',
  ],
  [/^unexpected token in expression: '(.*)'$/s, (m) => `Unexpected token '${m[1]}'`],
  [
    /^missing formal parameter$|^unexpected token/,
    (m, e, trace) => (trace.token ? `Unexpected token '${trace.token}'` : 'Invalid or unexpected token'),
  ],
  [/^await is only valid/i, () => 'await is only valid in async functions and the top level bodies of modules'],
  [/^missing initializer for const variable$/, () => 'Missing initializer in const declaration'],
  [
    /^(?:invalid redefinition of .*|redeclaration of '(.*)')$/,
    (m, e, trace) => `Identifier '${m[1] ?? trace.token}' has already been declared`,
  ],
  [/^out of memory$/, () => 'Array buffer allocation failed'],
]

/** Rewrites an error that the engine made. Anything else stays as it is. */
function translate(error) {
  if (error === null || typeof error !== 'object' || !(error instanceof NativeError)) return error
  const stack = Object.getOwnPropertyDescriptor(error, 'stack')
  if (!stack || typeof stack.value !== 'string' || !/^(?: {4}at |$)/.test(stack.value)) return error
  const raw = stack.value
  for (const [pattern, words] of WORDS) {
    const match = pattern.exec(error.message)
    if (!match) continue
    if (error.message === 'stack overflow' || error.message === 'Maximum call stack size exceeded')
      Object.setPrototypeOf(error, RangeError.prototype)
    else if (error.message === 'out of memory') Object.setPrototypeOf(error, RangeError.prototype)
    setMessage(error, words(match, error, host.trace(raw)))
    break
  }
  for (const name of ['fileName', 'lineNumber', 'columnNumber']) delete error[name]
  return attachStack(error, raw)
}

/** An error of Node's own, with a code: `TypeError [ERR_INVALID_ARG_TYPE]: …`. */
function nodeError(Base, code, message) {
  const error = new Base(message)
  const raw = Object.getOwnPropertyDescriptor(error, 'stack').get.raw
  Object.defineProperty(error, 'name', {
    value: `${Base.name} [${code}]`,
    writable: true,
    configurable: true,
    enumerable: false,
  })
  attachStack(error, raw)
  void error.stack
  delete error.name
  error.code = code
  return error
}

/** A failed system call. `reason` is its code, e.g. ENOENT. */
function systemError(reason, syscall, path, dest) {
  const [number, words] = host.errno(reason)
  const error = new Wrapped(
    `${reason}: ${words}, ${syscall}${path === undefined ? '' : ` '${path}'`}${dest === undefined ? '' : ` -> '${dest}'`}`,
  )
  error.errno = -number
  error.code = reason
  error.syscall = syscall
  if (path !== undefined) error.path = path
  if (dest !== undefined) error.dest = dest
  return error
}

/** connect ECONNREFUSED 127.0.0.1:80 */
function networkError(reason, syscall, address, port) {
  const words = syscall === 'listen' ? `: ${host.errno(reason)[1].toLowerCase()}` : ''
  const place = address === undefined ? '' : ` ${address}${port === undefined ? '' : `:${port}`}`
  const error = new Wrapped(`${syscall} ${reason}${words}${place}`)
  const number = -host.errno(reason)[0]
  if (syscall === 'listen') Object.assign(error, { code: reason, errno: number, syscall })
  else Object.assign(error, { errno: number, code: reason, syscall })
  if (address !== undefined) error.address = address
  if (port !== undefined) error.port = port
  return error
}

const notSimulated = (what) => new Wrapped(`not simulated: ${what}`)

/** Describes what was received, as Node's argument errors do. */
function received(value) {
  if (value == null) return ` Received ${value}`
  if (typeof value === 'function') return ` Received function ${value.name}`
  if (typeof value === 'object') {
    if (value.constructor?.name) return ` Received an instance of ${value.constructor.name}`
    return ` Received ${internal.builtin('internal/inspect').inspect(value, { depth: -1 })}`
  }
  let shown = internal.builtin('internal/inspect').inspect(value, { colors: false })
  if (shown.length > 28) shown = `${shown.slice(0, 25)}...`
  return ` Received type ${typeof value} (${shown})`
}

const invalidType = (name, expected, value) =>
  nodeError(
    TypeError,
    'ERR_INVALID_ARG_TYPE',
    `The ${name.includes('.') ? `"${name}" property` : `"${name}" argument`} must be ${expected}.${received(value)}`,
  )

const rawOf = (error) => Object.getOwnPropertyDescriptor(error, 'stack')?.get?.raw

/** Where it was thrown, the source line and a caret, then the error; as Node does before it ends with status 1. */
function reportUncaught(error, fromPromise) {
  const { inspect } = internal.builtin('internal/inspect')
  const isError = error instanceof NativeError
  let site = ''
  if (isError && error[internal.site]) site = `${error[internal.site]}\n\n`
  else if (isError && rawOf(error) !== undefined) {
    const trace = host.trace(
      rawOf(error),
      fromPromise ? 'created' : 'thrown',
      describe.call(error).startsWith('SyntaxError'),
    )
    if (trace.source !== undefined) site = `${trace.file}:${trace.line}\n${trace.source}\n${trace.caret}\n\n`
  } else if (!fromPromise) site = 'Uncaught:\n'
  const text = isError
    ? inspect(error)
    : `${typeof error === 'object' || typeof error === 'function' ? inspect(error) : String(error)}\n(Use \`node --trace-uncaught ...\` to show where the exception was thrown)`
  host.write(2, `${site}${text}\n\nNode.js ${process.version}\n`)
}

/** Ends the process by an error, unless somebody listens for it. */
function uncaught(error, fromPromise = false) {
  translate(error)
  const { process } = globalThis
  if (process.listenerCount('uncaughtException') > 0) {
    try {
      process.emit('uncaughtException', error, fromPromise ? 'unhandledRejection' : 'uncaughtException')
      return
    } catch (again) {
      error = translate(again)
    }
  }
  reportUncaught(error, fromPromise)
  try {
    process.exitCode = 1
    process.emit('exit', 1)
  } catch {}
  host.exit(process.exitCode ?? 1)
}

function guarded(action) {
  try {
    return action()
  } catch (error) {
    uncaught(error)
  }
}

internal.site = Symbol('site')
module.exports = {
  attachStack,
  translate,
  nodeError,
  systemError,
  networkError,
  notSimulated,
  invalidType,
  received,
  uncaught,
  guarded,
  rawOf,
}
