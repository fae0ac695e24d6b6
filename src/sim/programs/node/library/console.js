const { host } = internal
const { inspect, formatWithOptions } = internal.builtin('internal/inspect')
const methods = {}
const counts = new Map()
const timers = new Map()

class Console {
  constructor(stdout, stderr) {
    if (stdout?.stdout) ({ stdout, stderr } = stdout)
    const state = { stdout, stderr: stderr ?? stdout, indent: '' }
    Object.defineProperty(this, '_state', { value: state, enumerable: false })
    for (const [name, method] of Object.entries(methods)) this[name] = method.bind(this)
    for (const name of Object.keys(methods)) Object.defineProperty(this[name], 'name', { value: name })
  }
}

function print(console, fd, values) {
  const { indent, stdout, stderr } = console._state
  const stream = fd === 1 ? stdout : stderr
  const colors = stream ? stream.isTTY === true : host.isTty(fd)
  let text = `${formatWithOptions({ colors }, ...values)}`
  if (indent !== '') text = indent + text.replaceAll('\n', `\n${indent}`)
  if (stream) stream.write(`${text}\n`)
  else host.write(fd, `${text}\n`)
}

function elapsed(ms) {
  if (ms >= 60000) {
    const minutes = Math.floor(ms / 60000)
    const seconds = (ms % 60000) / 1000
    return `${minutes}:${seconds.toFixed(3).padStart(6, '0')} (m:ss.mmm)`
  }
  return ms >= 1000 ? `${(ms / 1000).toFixed(3)}s` : `${Number(ms.toFixed(3))}ms`
}

function timeOf(label) {
  const started = timers.get(label)
  if (started === undefined) process.emitWarning?.(`No such label '${label}' for console.time()`)
  return started
}

Object.assign(methods, {
  log(...values) {
    print(this, 1, values)
  },
  warn(...values) {
    print(this, 2, values)
  },
  dir(value, options) {
    print(this, 1, [inspect(value, { customInspect: false, ...options })])
  },
  time(label = 'default') {
    timers.set(`${label}`, internal.uptime())
  },
  timeEnd(label = 'default') {
    const started = timeOf(`${label}`)
    if (started === undefined) return
    print(this, 1, [`${label}: ${elapsed(internal.uptime() - started)}`])
    timers.delete(`${label}`)
  },
  timeLog(label = 'default', ...values) {
    const started = timeOf(`${label}`)
    if (started !== undefined) print(this, 1, [`${label}: ${elapsed(internal.uptime() - started)}`, ...values])
  },
  trace(...values) {
    const error = { name: 'Trace', message: values.length > 0 ? formatWithOptions({}, ...values) : '' }
    Error.captureStackTrace(error)
    print(this, 2, [error.stack.replace(/^.*/, error.message === '' ? 'Trace' : `Trace: ${error.message}`)])
  },
  assert(condition, ...values) {
    if (condition) return
    if (typeof values[0] === 'string') values[0] = `Assertion failed: ${values[0]}`
    else values.unshift(values.length > 0 ? 'Assertion failed:' : 'Assertion failed')
    print(this, 2, values)
  },
  clear() {
    if (host.isTty(1)) host.write(1, '\u001b[1;1H\u001b[0J')
  },
  count(label = 'default') {
    const count = (counts.get(`${label}`) ?? 0) + 1
    counts.set(`${label}`, count)
    print(this, 1, [`${label}: ${count}`])
  },
  countReset(label = 'default') {
    counts.delete(`${label}`)
  },
  group(...values) {
    if (values.length > 0) print(this, 1, values)
    this._state.indent += '  '
  },
  groupEnd() {
    this._state.indent = this._state.indent.slice(2)
  },
  table(data, columns) {
    if (data === null || typeof data !== 'object') return print(this, 1, [data])
    print(this, 1, [table(data, columns)])
  },
})
methods.debug = methods.info = methods.dirxml = methods.log
methods.error = methods.warn
methods.groupCollapsed = methods.group

/** Rows and columns between box-drawing lines, cells centred. */
function table(data, wanted) {
  const rows =
    data instanceof Map
      ? [...data].map(([key, value], i) => [i, value, key])
      : data instanceof Set
        ? [...data].map((value, i) => [i, value])
        : Object.keys(data).map((key) => [key, data[key]])
  const keys = []
  let values = false
  for (const [, row] of rows) {
    if (row !== null && typeof row === 'object') {
      for (const key of wanted ?? Object.keys(row)) if (!keys.includes(key)) keys.push(key)
    } else values = true
  }
  const show = (value) =>
    inspect(value, {
      depth:
        value !== null && typeof value === 'object' && !Array.isArray(value) && Object.keys(value).length > 2 ? -1 : 0,
      maxArrayLength: 3,
      breakLength: Infinity,
    })
  const heads = [
    data instanceof Map || data instanceof Set ? '(iteration index)' : '(index)',
    ...(data instanceof Map ? ['Key'] : []),
    ...keys,
    ...(values ? ['Values'] : []),
  ]
  const lines = rows.map(([index, row, key]) => [
    `${index}`,
    ...(data instanceof Map ? [show(key)] : []),
    ...keys.map((name) => (row !== null && typeof row === 'object' && Object.hasOwn(row, name) ? show(row[name]) : '')),
    ...(values ? [row !== null && typeof row === 'object' ? '' : show(row)] : []),
  ])
  const left = Number(process.versions.node.split('.')[0]) >= 20
  const widths = heads.map((head, i) => Math.max(head.length, ...lines.map((line) => line[i].length)) + 2)
  const centre = (text, width) => {
    if (left) return ` ${text.padEnd(width - 1)}`
    const space = width - text.length
    return `${' '.repeat(Math.floor(space / 2))}${text}${' '.repeat(Math.ceil(space / 2))}`
  }
  const rule = (a, b, c) => `${a}${widths.map((width) => '─'.repeat(width)).join(b)}${c}`
  const row = (cells) => `│${cells.map((cell, i) => centre(cell, widths[i])).join('│')}│`
  return [rule('┌', '┬', '┐'), row(heads), rule('├', '┼', '┤'), ...lines.map(row), rule('└', '┴', '┘')].join('\n')
}

module.exports = new Console()
Object.defineProperty(module.exports, 'Console', {
  value: Console,
  writable: true,
  configurable: true,
  enumerable: true,
})
