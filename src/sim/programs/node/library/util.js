const inspection = internal.builtin('internal/inspect')
const { nodeError, invalidType } = internal.builtin('internal/errors')
const { custom } = internal.builtin('internal/timer-queue')

function promisify(original) {
  if (typeof original !== 'function') throw invalidType('original', 'of type function', original)
  if (original[custom]) return original[custom]
  return function (...args) {
    return new Promise((resolve, reject) => {
      original.call(this, ...args, (error, ...values) => (error ? reject(error) : resolve(values[0])))
    })
  }
}
promisify.custom = custom

function callbackify(original) {
  return function (...args) {
    const callback = args.pop()
    original.apply(this, args).then(
      (value) => process.nextTick(callback, null, value),
      (error) =>
        process.nextTick(
          callback,
          error ?? nodeError(Error, 'ERR_FALSY_VALUE_REJECTION', 'Promise was rejected with falsy value'),
        ),
    )
  }
}

const kind = (name) => (value) => Object.prototype.toString.call(value) === `[object ${name}]`
const types = {
  isPromise: (value) => value instanceof Promise,
  isMap: inspection.isMap,
  isSet: inspection.isSet,
  isDate: inspection.isDate,
  isRegExp: inspection.isRegExp,
  isTypedArray: (value) => ArrayBuffer.isView(value) && !(value instanceof DataView),
  isUint8Array: (value) => value instanceof Uint8Array,
  isArrayBuffer: (value) => value instanceof ArrayBuffer,
  isAnyArrayBuffer: (value) => value instanceof ArrayBuffer || value instanceof SharedArrayBuffer,
  isArrayBufferView: ArrayBuffer.isView,
  isNativeError: (value) => value instanceof Error,
  isAsyncFunction: kind('AsyncFunction'),
  isGeneratorFunction: (value) => kind('GeneratorFunction')(value) || kind('AsyncGeneratorFunction')(value),
  isGeneratorObject: kind('Generator'),
  isWeakMap: (value) => value instanceof WeakMap,
  isWeakSet: (value) => value instanceof WeakSet,
  isBoxedPrimitive: (value) => [Number, String, Boolean, BigInt, Symbol].some((type) => value instanceof type),
  isProxy: () => false,
}

function deprecate(fn, message, code) {
  let warned = false
  return function (...args) {
    if (!warned) process.emitWarning(message, 'DeprecationWarning', code)
    warned = true
    return new.target ? Reflect.construct(fn, args, new.target) : fn.apply(this, args)
  }
}

function parseArgs({ args = process.argv.slice(2), options = {}, allowPositionals = false, strict = true } = {}) {
  const values = Object.create(null)
  const positionals = []
  const longOf = (short) => Object.keys(options).find((name) => options[name].short === short)
  const set = (name, value) => {
    if (options[name]?.multiple) (values[name] ??= []).push(value)
    else values[name] = value
  }
  const list = [...args]
  while (list.length > 0) {
    const word = list.shift()
    if (word === '--') {
      positionals.push(...list)
      break
    }
    const match = /^(?:--([^=]+)(?:=(.*))?|-([^-].*))$/s.exec(word)
    if (!match) {
      if (strict && !allowPositionals)
        throw nodeError(
          TypeError,
          'ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL',
          `Unexpected argument '${word}'. This command does not take positional arguments`,
        )
      positionals.push(word)
      continue
    }
    const name = match[1] ?? longOf(match[3][0])
    const option = options[name]
    if (!option && strict)
      throw nodeError(
        TypeError,
        'ERR_PARSE_ARGS_UNKNOWN_OPTION',
        `Unknown option '${match[1] ? `--${match[1]}` : `-${match[3][0]}`}'`,
      )
    if (option?.type === 'string') set(name, match[2] ?? (match[3]?.slice(1) || list.shift()))
    else set(name, match[2] ?? true)
  }
  for (const [name, option] of Object.entries(options))
    if (option.default !== undefined) values[name] ??= option.default
  return { values, positionals }
}

const util = {
  inspect: inspection.inspect,
  format: inspection.format,
  formatWithOptions: inspection.formatWithOptions,
  stripVTControlCharacters: inspection.stripColors,
  promisify,
  callbackify,
  deprecate,
  types,
  parseArgs,
  inherits(constructor, above) {
    Object.defineProperty(constructor, 'super_', { value: above, writable: true, configurable: true })
    Object.setPrototypeOf(constructor.prototype, above.prototype)
  },
  debuglog: (name) => {
    const enabled = new RegExp(`\\b${name}\\b`, 'i').test(process.env.NODE_DEBUG ?? '')
    const log = (...values) =>
      enabled && internal.host.write(2, `${name.toUpperCase()} ${process.pid}: ${inspection.format(...values)}\n`)
    log.enabled = enabled
    return log
  },
  isDeepStrictEqual: (a, b) => internal.builtin('internal/equal').equal(a, b, true),
  styleText(format, text) {
    const codes = [format].flat().map((each) => inspection.inspect.colors[each])
    return codes.reduceRight((inner, [on, off]) => `\u001b[${on}m${inner}\u001b[${off}m`, text)
  },
  toUSVString: (text) => `${text}`.toWellFormed(),
  getSystemErrorName: (number) => internal.host.errorName(-number),
  isArray: Array.isArray,
  isString: (value) => typeof value === 'string',
  isFunction: (value) => typeof value === 'function',
  isObject: (value) => value !== null && typeof value === 'object',
  isUndefined: (value) => value === undefined,
  isError: (value) => value instanceof Error,
}
Object.defineProperties(util, {
  TextEncoder: { enumerable: true, get: () => globalThis.TextEncoder },
  TextDecoder: { enumerable: true, get: () => globalThis.TextDecoder },
})
util.debug = util.debuglog
module.exports = util
