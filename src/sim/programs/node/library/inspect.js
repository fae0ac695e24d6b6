// util.inspect and util.format: values as Node shows them.
const { host } = internal
const custom = Symbol.for('nodejs.util.inspect.custom')
const defaults = {
  showHidden: false,
  depth: 2,
  colors: false,
  customInspect: true,
  showProxy: false,
  maxArrayLength: 100,
  maxStringLength: 10000,
  breakLength: 80,
  compact: 3,
  sorted: false,
  getters: false,
  numericSeparator: false,
}
const styles = {
  special: 'cyan',
  number: 'yellow',
  bigint: 'yellow',
  boolean: 'yellow',
  undefined: 'grey',
  null: 'bold',
  string: 'green',
  symbol: 'green',
  date: 'magenta',
  regexp: 'red',
  module: 'underline',
}
const colors = {
  reset: [0, 0],
  bold: [1, 22],
  dim: [2, 22],
  italic: [3, 23],
  underline: [4, 24],
  inverse: [7, 27],
  black: [30, 39],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
  white: [37, 39],
  gray: [90, 39],
  grey: [90, 39],
}

const stripColors = (text) => text.replace(/\u001b\[\d\d?m/g, '')
const widthOf = (ctx, text) => (ctx.colors ? stripColors(text) : text).length
const identifier = /^[a-zA-Z_][a-zA-Z_0-9]*$/

function inspect(value, options, ...legacy) {
  const ctx = { ...defaults, stylize: (text) => text, seen: [], indent: 0, level: 0, circular: undefined, budget: {} }
  if (typeof options === 'boolean') {
    ctx.showHidden = options
    if (legacy[0] !== undefined) ctx.depth = legacy[0]
    if (legacy[1] !== undefined) ctx.colors = legacy[1]
  } else Object.assign(ctx, options)
  ctx.given = options
  if (ctx.colors)
    ctx.stylize = (text, style) => {
      const color = colors[styles[style]]
      return color ? `\u001b[${color[0]}m${text}\u001b[${color[1]}m` : text
    }
  if (ctx.maxArrayLength === null) ctx.maxArrayLength = Infinity
  if (ctx.maxStringLength === null) ctx.maxStringLength = Infinity
  if (ctx.depth === null) ctx.depth = Infinity
  return formatValue(ctx, value, 0)
}
inspect.custom = custom
inspect.defaultOptions = defaults
inspect.colors = colors
inspect.styles = styles

const ESCAPES = { '\b': '\\b', '\t': '\\t', '\n': '\\n', '\f': '\\f', '\r': '\\r', '\\': '\\\\', '\u000b': '\\x0B' }
function quote(text) {
  let mark = "'"
  if (text.includes("'")) {
    if (!text.includes('"')) mark = '"'
    else if (!text.includes('`') && !text.includes('${')) mark = '`'
  }
  const escaped = text.replace(
    /[\x00-\x1f\x7f-\x9f\\]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g,
    (c) =>
      ESCAPES[c] ??
      (c.charCodeAt(0) > 255
        ? `\\u${c.charCodeAt(0).toString(16)}`
        : `\\x${c.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`),
  )
  return mark + (mark === "'" ? escaped.replaceAll("'", "\\'") : escaped) + mark
}

function formatNumber(ctx, value) {
  return ctx.stylize(Object.is(value, -0) ? '-0' : `${value}`, 'number')
}

function formatPrimitive(ctx, value) {
  switch (typeof value) {
    case 'string': {
      let more = ''
      let text = value
      if (text.length > ctx.maxStringLength) {
        const rest = text.length - ctx.maxStringLength
        text = text.slice(0, ctx.maxStringLength)
        more = `... ${rest} more character${rest > 1 ? 's' : ''}`
      }
      if (ctx.compact !== true && text.length > 16 && text.length > ctx.breakLength - ctx.indent - 4)
        return (
          text
            .split(/(?<=\n)/)
            .map((line) => ctx.stylize(quote(line), 'string'))
            .join(` +\n${' '.repeat(ctx.indent + 2)}`) + more
        )
      return ctx.stylize(quote(text), 'string') + more
    }
    case 'number':
      return formatNumber(ctx, value)
    case 'bigint':
      return ctx.stylize(`${value}n`, 'bigint')
    case 'boolean':
      return ctx.stylize(`${value}`, 'boolean')
    case 'undefined':
      return ctx.stylize('undefined', 'undefined')
    case 'symbol':
      return ctx.stylize(value.toString(), 'symbol')
  }
  return ctx.stylize('null', 'null')
}

const isObject = (value) => (typeof value === 'object' && value !== null) || typeof value === 'function'

function formatValue(ctx, value, depth, typed) {
  if (!isObject(value)) return formatPrimitive(ctx, value)
  const proxied = host.proxyTarget?.(value)
  if (ctx.customInspect && proxied === undefined) {
    const own = value[custom]
    if (typeof own === 'function' && own !== inspect && !(value.constructor && value.constructor.prototype === value)) {
      const left = ctx.depth === Infinity ? null : ctx.depth - depth
      const shown = own.call(value, left, { ...ctx.given, ...userOptions(ctx), depth: left }, inspect)
      if (shown !== value)
        return typeof shown === 'object'
          ? formatValue(ctx, shown, depth)
          : String(shown).replaceAll('\n', `\n${' '.repeat(ctx.indent)}`)
    }
  }
  if (ctx.seen.includes(value)) {
    ctx.circular ??= new Map()
    if (!ctx.circular.has(value)) ctx.circular.set(value, ctx.circular.size + 1)
    return ctx.stylize(`[Circular *${ctx.circular.get(value)}]`, 'special')
  }
  return formatRaw(ctx, value, depth, typed)
}

function userOptions(ctx) {
  const options = {}
  for (const key of Object.keys(defaults)) options[key] = ctx[key]
  options.stylize = ctx.stylize
  return options
}

/** The name of the class of a value; null without a prototype. */
function constructorName(value, ctx, depth) {
  let at = value
  let first
  while (at !== null && at !== undefined) {
    const own = Object.getOwnPropertyDescriptor(at, 'constructor')
    if (own !== undefined && typeof own.value === 'function' && own.value.name !== '' && isInstance(value, own.value))
      return own.value.name
    at = Object.getPrototypeOf(at)
    first ??= at
  }
  if (first === null || first === undefined) return null
  return `${first === Object.prototype ? 'Object' : 'Object'} <Complex prototype>`
}
function isInstance(value, of) {
  try {
    return value instanceof of
  } catch {
    return false
  }
}

function tagOf(value, name) {
  let tag
  try {
    tag = value[Symbol.toStringTag]
  } catch {}
  return typeof tag === 'string' && tag !== '' && tag !== name ? tag : ''
}

function prefix(name, tag, fallback, size = '') {
  if (name === null)
    return tag !== '' && fallback !== tag
      ? `[${fallback}${size}: null prototype] [${tag}] `
      : `[${fallback}${size}: null prototype] `
  return tag !== '' && name !== tag ? `${name}${size} [${tag}] ` : `${name}${size} `
}

function keysOf(ctx, value) {
  const symbols = Object.getOwnPropertySymbols(value)
  if (ctx.showHidden) return [...Object.getOwnPropertyNames(value), ...symbols]
  const keys = Object.keys(value)
  return [...keys, ...symbols.filter((key) => Object.prototype.propertyIsEnumerable.call(value, key))]
}
const namedKeys = (ctx, value) =>
  keysOf(ctx, value).filter((key) => typeof key === 'symbol' || !/^(?:0|[1-9]\d*)$/.test(key))

const brand = (getter) => (value) => {
  try {
    getter.call(value)
    return true
  } catch {
    return false
  }
}
const sizeOf = (type) => Object.getOwnPropertyDescriptor(type.prototype, 'size').get
const isMap = brand(sizeOf(Map))
const isSet = brand(sizeOf(Set))
const isArrayBuffer = brand(Object.getOwnPropertyDescriptor(ArrayBuffer.prototype, 'byteLength').get)
const isDate = brand(Date.prototype.getTime)
const isWeakMap = brand(function () {
  WeakMap.prototype.has.call(this, {})
})
const isWeakSet = brand(function () {
  WeakSet.prototype.has.call(this, {})
})
const isRegExp = (value) => {
  try {
    return value instanceof RegExp && typeof value.source === 'string'
  } catch {
    return false
  }
}
const typedTag = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag).get
const isTyped = (value) => typedTag.call(value) !== undefined
const isPromise = (value) => value instanceof Promise && host.isPromise(value)
const boxed = (value) => {
  for (const [type, name] of [
    [Number, 'Number'],
    [String, 'String'],
    [Boolean, 'Boolean'],
    [BigInt, 'BigInt'],
    [Symbol, 'Symbol'],
  ]) {
    if (!(value instanceof type)) continue
    try {
      return [name, type.prototype.valueOf.call(value)]
    } catch {}
  }
  return undefined
}

function formatRaw(ctx, value, depth, typed) {
  const name = constructorName(value, ctx, depth)
  const tag = tagOf(value, name)
  let keys = keysOf(ctx, value)
  let base = ''
  let braces = ['{', '}']
  let entries = () => []
  let array = false
  const call = (formatter) => {
    entries = () => formatter(ctx, value, depth)
  }
  if (Array.isArray(value)) {
    keys = namedKeys(ctx, value)
    braces = [`${name !== 'Array' || tag !== '' ? prefix(name, tag, 'Array', `(${value.length})`) : ''}[`, ']']
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`
    array = true
    call(formatArray)
  } else if (isSet(value)) {
    const shown = prefix(name, tag, 'Set', `(${value.size})`)
    braces = [`${shown}{`, '}']
    if (value.size === 0 && keys.length === 0) return `${shown}{}`
    call(formatSet)
  } else if (isMap(value)) {
    const shown = prefix(name, tag, 'Map', `(${value.size})`)
    braces = [`${shown}{`, '}']
    if (value.size === 0 && keys.length === 0) return `${shown}{}`
    call(formatMap)
  } else if (isTyped(value)) {
    keys = namedKeys(ctx, value)
    braces = [`${prefix(name, tag, typedTag.call(value), `(${value.length})`)}[`, ']']
    if (value.length === 0 && keys.length === 0) return `${braces[0]}]`
    array = true
    call(formatTyped)
  } else if (/^\[object (Map|Set) Iterator\]$/.test(Object.prototype.toString.call(value))) {
    braces = [`[${Object.prototype.toString.call(value).slice(8, -1)}] {`, '}']
    call(() => [ctx.stylize('<items unknown>', 'special')])
  } else if (Object.prototype.toString.call(value) === '[object Arguments]') {
    braces[0] = '[Arguments] {'
  } else if (typeof value === 'function') {
    base = functionBase(value, name, tag)
    if (keys.length === 0) return ctx.stylize(base, 'special')
  } else if (isRegExp(value)) {
    base = RegExp.prototype.toString.call(value)
    const shown = prefix(name, tag, 'RegExp')
    if (shown !== 'RegExp ') base = `${shown}${base}`
    if (keys.length === 0 || depth > ctx.depth) return ctx.stylize(base, 'regexp')
  } else if (isDate(value)) {
    base = Number.isNaN(value.getTime()) ? 'Invalid Date' : Date.prototype.toISOString.call(value)
    const shown = prefix(name, tag, 'Date')
    if (shown !== 'Date ') base = `${shown}${base}`
    if (keys.length === 0) return ctx.stylize(base, 'date')
  } else if (value instanceof Error) {
    base = errorBase(ctx, value)
    keys = keys.filter((key) => !(['name', 'message', 'stack'].includes(key) && base.includes(String(value[key]))))
    if ('cause' in value && Object.hasOwn(value, 'cause') && !keys.includes('cause')) keys.push('cause')
    if (Array.isArray(value.errors) && Object.hasOwn(value, 'errors') && !keys.includes('errors')) keys.push('errors')
    if (keys.length === 0) return base
  } else if (isArrayBuffer(value)) {
    braces[0] = `${prefix(name, tag, 'ArrayBuffer')}{`
    keys = ['byteLength', ...keys]
    call((inner, buffer) => {
      const bytes = [...new Uint8Array(buffer).subarray(0, Math.min(50, inner.maxArrayLength))]
        .map((each) => each.toString(16).padStart(2, '0'))
        .join(' ')
      const rest = buffer.byteLength - Math.min(50, inner.maxArrayLength)
      return [`[Uint8Contents]: <${bytes}${rest > 0 ? ` ... ${rest} more byte${rest > 1 ? 's' : ''}` : ''}>`]
    })
  } else if (value instanceof DataView) {
    braces[0] = `${prefix(name, tag, 'DataView')}{`
    keys = ['byteLength', 'byteOffset', 'buffer', ...keys]
  } else if (isPromise(value)) {
    braces[0] = `${prefix(name, tag, 'Promise')}{`
    call(formatPromise)
  } else if (value instanceof WeakSet && isWeakSet(value)) {
    braces[0] = `${prefix(name, tag, 'WeakSet')}{`
    call(() => [ctx.stylize('<items unknown>', 'special')])
  } else if (value instanceof WeakMap && isWeakMap(value)) {
    braces[0] = `${prefix(name, tag, 'WeakMap')}{`
    call(() => [ctx.stylize('<items unknown>', 'special')])
  } else if (tag === 'Module' && name === null) {
    braces[0] = '[Module: null prototype] {'
  } else if (tag === 'Generator' || tag === 'AsyncGenerator') {
    braces[0] = `Object [${tag}] {`
  } else {
    const box = boxed(value)
    if (box) {
      const shown = ctx.stylize(formatPrimitive({ ...ctx, stylize: (text) => text }, box[1]), box[0].toLowerCase())
      base = `[${box[0]}${name !== null && name !== box[0] ? ` (${name})` : ''}: ${stripColors(shown)}]`
      if (box[0] === 'String') keys = keys.filter((key) => typeof key === 'symbol' || !/^\d+$/.test(key))
      if (keys.length === 0) return ctx.stylize(base, box[0].toLowerCase())
    } else {
      if (keys.length === 0) return `${shownClass(name, tag)}{}`
      braces[0] = `${shownClass(name, tag)}{`
    }
  }
  if (/Generator$/.test(tag) && keys.length === 0) return `${braces[0]}}`
  if (depth > ctx.depth) {
    const shown = prefix(name, tag, Array.isArray(value) ? 'Array' : 'Object').slice(0, -1)
    return ctx.stylize(name !== null ? `[${shown}]` : `[${shown}]`, 'special')
  }
  ctx.seen.push(value)
  ctx.level = depth
  const output = [
    ...entries(),
    ...keys.map((key) => formatProperty(ctx, value, depth, key, array ? 'extra' : 'object')),
  ]
  ctx.seen.pop()
  if (ctx.circular?.has(value)) {
    const reference = ctx.stylize(`<ref *${ctx.circular.get(value)}>`, 'special')
    if (ctx.compact !== true) base = base === '' ? reference : `${reference} ${base}`
    else braces[0] = `${reference} ${braces[0]}`
  }
  if (ctx.sorted && !array) output.sort(typeof ctx.sorted === 'function' ? ctx.sorted : undefined)
  return assemble(ctx, output, base, braces, array, depth, value)
}

function shownClass(name, tag) {
  if (name === null) return tag === '' ? '[Object: null prototype] ' : `[Object: null prototype] [${tag}] `
  if (name === 'Object' && tag === '') return ''
  return prefix(name, tag, 'Object')
}

function functionBase(value, name, tag) {
  const source = Function.prototype.toString.call(value)
  if (/^class[\s{]/.test(source)) {
    const own = Object.hasOwn(value, 'name') && value.name !== '' ? `class ${value.name}` : 'class (anonymous)'
    const above = Object.getPrototypeOf(value)
    const more = name !== 'Function' && name !== null ? ` [${name}]` : ''
    return `[${own}${more}${above?.name ? ` extends ${above.name}` : above === null ? ' extends null' : ''}]`
  }
  const kind = /^\[object (.*)\]$/.exec(Object.prototype.toString.call(value))[1]
  let base = `[${/Function$/.test(kind) ? kind : 'Function'}${name === null ? ' (null prototype)' : ''}`
  base += typeof value.name !== 'string' || value.name === '' ? ' (anonymous)' : `: ${value.name}`
  base += ']'
  if (name !== null && !/Function$/.test(name)) base += ` ${name}`
  if (tag !== '' && tag !== name && !/Function$/.test(tag)) base += ` [${tag}]`
  return base
}

const stackOf = (error) => {
  let stack
  try {
    stack = error.stack
  } catch {}
  return typeof stack === 'string' && stack !== '' ? stack : Error.prototype.toString.call(error)
}

function errorBase(ctx, error) {
  const name = error.name == null ? 'Error' : String(error.name)
  let stack = withoutCauseFrames(error, stackOf(error))
  // A class whose errors keep a built-in name is shown by its own.
  const shown = constructorName(error, ctx, 0)
  if (
    shown !== null &&
    shown !== name &&
    /Error$/.test(name) &&
    stack.startsWith(name) &&
    /^(?:$|[:\n])/.test(stack.slice(name.length))
  )
    stack = (shown.includes(name) ? shown : `${shown} [${name}]`) + stack.slice(name.length)
  const message = String(error.message)
  const from = stack.indexOf(
    '\n    at',
    message && stack.includes(message) ? stack.indexOf(message) + message.length : 0,
  )
  if (from < 0) stack = `[${stack}]`
  return ctx.indent > 0 ? stack.replaceAll('\n', `\n${' '.repeat(ctx.indent)}`) : stack
}

/** Frames that the cause will show again are counted only. */
function withoutCauseFrames(error, stack) {
  const { cause } = error
  if (!(cause instanceof Error)) return stack
  const frames = stack.split('\n')
  const others = stackOf(cause)
    .split('\n')
    .filter((line) => line.startsWith('    at'))
  let best = { length: 0, at: 0 }
  for (let i = 0; i < frames.length; i++)
    for (let j = 0; j < others.length; j++) {
      let length = 0
      while (i + length < frames.length && frames[i + length] === others[j + length]) length++
      if (length > best.length) best = { length, at: i }
    }
  if (best.length > 3)
    frames.splice(best.at + 1, best.length - 2, `    ... ${best.length - 2} lines matching cause stack trace ...`)
  return frames.join('\n')
}

function formatArray(ctx, value, depth) {
  const output = []
  const length = Math.min(Math.max(0, ctx.maxArrayLength), value.length)
  let shown = 0
  let index = 0
  for (; index < value.length && shown < length; index++, shown++) {
    if (!Object.hasOwn(value, index)) {
      let holes = 1
      while (index + 1 < value.length && !Object.hasOwn(value, index + 1)) {
        holes++
        index++
      }
      output.push(ctx.stylize(`<${holes} empty item${holes > 1 ? 's' : ''}>`, 'undefined'))
    } else output.push(formatProperty(ctx, value, depth, index, 'array'))
  }
  const rest = value.length - index
  if (rest > 0) output.push(`... ${rest} more item${rest > 1 ? 's' : ''}`)
  return output
}

function formatTyped(ctx, value) {
  const length = Math.min(Math.max(0, ctx.maxArrayLength), value.length)
  const output = []
  for (let i = 0; i < length; i++) output.push(formatPrimitive(ctx, value[i]))
  const rest = value.length - length
  if (rest > 0) output.push(`... ${rest} more item${rest > 1 ? 's' : ''}`)
  return output
}

function formatSet(ctx, value, depth) {
  ctx.indent += 2
  const output = limited(ctx, [...Set.prototype.values.call(value)], (each) => formatValue(ctx, each, depth + 1))
  ctx.indent -= 2
  return output
}

function formatMap(ctx, value, depth) {
  ctx.indent += 2
  const output = limited(
    ctx,
    [...Map.prototype.entries.call(value)],
    ([key, each]) => `${formatValue(ctx, key, depth + 1)} => ${formatValue(ctx, each, depth + 1)}`,
  )
  ctx.indent -= 2
  return output
}

function limited(ctx, values, show) {
  const output = values.slice(0, ctx.maxArrayLength).map(show)
  const rest = values.length - output.length
  if (rest > 0) output.push(`... ${rest} more item${rest > 1 ? 's' : ''}`)
  return output
}

function formatPromise(ctx, value, depth) {
  const state = host.promiseState(value, (result) => {
    ctx.promised = result
  })
  if (state === 'pending') return [ctx.stylize('<pending>', 'special')]
  ctx.indent += 2
  const text = formatValue(ctx, ctx.promised, depth + 1)
  ctx.indent -= 2
  return [state === 'rejected' ? `${ctx.stylize('<rejected>', 'special')} ${text}` : text]
}

function formatProperty(ctx, value, depth, key, kind) {
  const own = Object.getOwnPropertyDescriptor(value, key) ?? { value: value[key], enumerable: true }
  let text
  if (own.value !== undefined || (!own.get && !own.set)) {
    const by = ctx.compact !== true || kind !== 'object' ? 2 : 3
    ctx.indent += by
    text = formatValue(ctx, own.value, depth + 1)
    if (by === 3 && ctx.breakLength < widthOf(ctx, text)) text = `\n${' '.repeat(ctx.indent)}${text}`
    ctx.indent -= by
  } else if (own.get) {
    text = ctx.stylize(own.set ? '[Getter/Setter]' : '[Getter]', 'special')
    if (ctx.getters) text = `${text.slice(0, -1)}: ${formatValue(ctx, own.get.call(value), depth + 1)}]`
  } else text = ctx.stylize('[Setter]', 'special')
  if (kind === 'array') return text
  let name
  if (typeof key === 'symbol') name = `[${ctx.stylize(key.toString(), 'symbol')}]`
  else if (key === '__proto__') name = "['__proto__']"
  else if (own.enumerable === false) name = `[${key}]`
  else if (identifier.test(key)) name = ctx.stylize(key, 'name')
  else name = ctx.stylize(quote(key), 'string')
  return `${name}: ${text}`
}

/** On one line where that is short, else one entry a line; long arrays of short entries in columns. */
function assemble(ctx, output, base, braces, array, depth, value) {
  if (typeof ctx.compact === 'number') {
    const entries = output.length
    const lines = array && entries > 6 ? inColumns(ctx, output, value) : output
    if (ctx.level - depth < ctx.compact && entries === lines.length) {
      const start = lines.length + ctx.indent + braces[0].length + base.length + 10
      if (fits(ctx, lines, start, base)) {
        const joined = lines.join(', ')
        if (!joined.includes('\n')) return `${base ? `${base} ` : ''}${braces[0]} ${joined} ${braces[1]}`
      }
    }
    const indentation = `\n${' '.repeat(ctx.indent)}`
    return `${base ? `${base} ` : ''}${braces[0]}${indentation}  ${lines.join(`,${indentation}  `)}${indentation}${braces[1]}`
  }
  if (ctx.compact === true && fits(ctx, output, 0, base))
    return `${braces[0]}${base ? ` ${base}` : ''} ${output.join(', ')} ${braces[1]}`
  const indentation = ctx.compact === false ? `\n${' '.repeat(ctx.indent)}` : `\n${' '.repeat(ctx.indent)}`
  return `${base ? `${base} ` : ''}${braces[0]}${indentation}  ${output.join(`,${indentation}  `)}${ctx.compact === false ? indentation : ' '}${braces[1]}`
}

function fits(ctx, output, start, base) {
  let total = output.length + start
  if (total + output.length > ctx.breakLength) return false
  for (const each of output) {
    total += widthOf(ctx, each)
    if (total > ctx.breakLength) return false
  }
  return base === '' || !base.includes('\n')
}

function inColumns(ctx, output, value) {
  const more = ctx.maxArrayLength < output.length ? 1 : 0
  const count = output.length - more
  const widths = output.slice(0, count).map((each) => widthOf(ctx, each) + 2)
  const total = widths.reduce((sum, each) => sum + each, 0)
  const widest = Math.max(...widths)
  if (widest * 3 + ctx.indent >= ctx.breakLength || !(total / widest > 5 || widest <= 8)) return output
  const bias = Math.sqrt(widest - total / output.length)
  const biased = Math.max(widest - 3 - bias, 1)
  const columns = Math.min(
    Math.round(Math.sqrt(2.5 * biased * count) / biased),
    Math.floor((ctx.breakLength - ctx.indent) / widest),
    ctx.compact * 4,
    15,
  )
  if (columns <= 1) return output
  const columnWidths = []
  for (let i = 0; i < columns; i++) {
    let width = 0
    for (let j = i; j < count; j += columns) width = Math.max(width, widths[j] - 2)
    columnWidths.push(width + 2)
  }
  const right =
    value === undefined ||
    [...Array(output.length).keys()].every((i) => typeof value[i] === 'number' || typeof value[i] === 'bigint')
  const lines = []
  for (let i = 0; i < count; i += columns) {
    const end = Math.min(i + columns, count)
    let line = ''
    for (let j = i; j < end; j++) {
      const last = j === end - 1
      const text = last ? output[j] : `${output[j]}, `
      const colored = output[j].length - (widths[j] - 2)
      const width = columnWidths[j - i] + colored - (last ? 2 : 0)
      line += right ? text.padStart(width) : last ? text : text.padEnd(width)
    }
    lines.push(line)
  }
  if (more) lines.push(output[count])
  return lines
}

/** %s of a value that is no string. */
function shortly(value) {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : `${value}`
  if (typeof value === 'bigint') return `${value}n`
  if (!isObject(value)) return String(value)
  if (typeof value === 'function' || hasOwnToString(value)) return String(value)
  return inspect(value, { depth: 0, colors: false, compact: 3 })
}
function hasOwnToString(value) {
  if (value instanceof Error || value instanceof Date) return true
  if (typeof value.toString !== 'function') return false
  if (Object.hasOwn(value, 'toString')) return true
  let at = value
  do at = Object.getPrototypeOf(at)
  while (at && !Object.hasOwn(at, 'toString'))
  return (
    at !== null &&
    at !== Object.prototype &&
    at !== Array.prototype &&
    ![Map, Set, Promise].includes(at.constructor) &&
    !/\[native code\]/.test(Function.prototype.toString.call(at.constructor))
  )
}

function formatWithOptions(options, ...args) {
  const [first, ...rest] = args
  let text = ''
  let next = 0
  if (typeof first === 'string') {
    if (rest.length === 0) return first
    text = first.replace(/%([sdifjoOc%])/g, (whole, letter) => {
      if (letter === '%') return '%'
      if (next >= rest.length) return whole
      const value = rest[next++]
      switch (letter) {
        case 's':
          return typeof value === 'string' ? value : shortly(value)
        case 'd':
          return typeof value === 'bigint'
            ? `${value}n`
            : typeof value === 'symbol'
              ? 'NaN'
              : Object.is(Number(value), -0)
                ? '-0'
                : isObject(value)
                  ? `${Number(value)}`
                  : `${Number(value)}`
        case 'i':
          return typeof value === 'bigint'
            ? `${value}n`
            : isObject(value) || typeof value === 'symbol'
              ? 'NaN'
              : `${Number.parseInt(value)}`
        case 'f':
          return typeof value === 'symbol' ? 'NaN' : `${Number.parseFloat(value)}`
        case 'j':
          try {
            return JSON.stringify(value)
          } catch (error) {
            if (/circular/i.test(error.message)) return '[Circular]'
            throw error
          }
        case 'o':
          return inspect(value, { ...options, showHidden: true, showProxy: true, depth: 4 })
        case 'O':
          return inspect(value, options)
      }
      return ''
    })
  } else {
    rest.unshift(first)
    if (args.length === 0) return ''
    next = 0
  }
  const others = rest
    .slice(next)
    .map((value) =>
      typeof value === 'string'
        ? value
        : inspect(value, { ...options, compact: 3, colors: options.colors ?? false, depth: options.depth ?? 2 }),
    )
  return typeof first === 'string' ? [text, ...others].join(' ') : others.join(' ')
}

module.exports = {
  inspect,
  format: (...args) => formatWithOptions({}, ...args),
  formatWithOptions,
  stripColors,
  isPromise,
  isMap,
  isSet,
  isDate,
  isRegExp,
  isTyped,
  isArrayBuffer,
  custom,
}
