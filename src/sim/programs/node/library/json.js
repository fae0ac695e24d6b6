// JSON.parse with V8's words for what is wrong.
const { parse, stringify } = JSON

const withLine = () => Number(internal.host.facts().version.split('.')[0]) >= 22

/** `[what, position]` of the first thing that is no JSON; undefined `what` for a token that can't be there. */
function fault(text) {
  let at = 0
  const space = () => {
    while (at < text.length && ' \t\n\r'.includes(text[at])) at++
  }
  const stop = (what) => {
    throw [what, at]
  }
  const string = () => {
    at++
    for (;;) {
      if (at >= text.length) stop('Unterminated string')
      const c = text[at]
      if (c === '"') break
      if (c < ' ') stop('Bad control character in string literal')
      if (c === '\\') {
        at++
        if (text[at] === 'u') {
          for (let i = 1; i <= 4; i++)
            if (!/[\da-f]/i.test(text[at + i] ?? '')) {
              at += i
              stop(at >= text.length ? 'Unterminated string' : 'Bad Unicode escape')
            }
          at += 4
        } else if (at >= text.length) stop('Unterminated string')
        else if (!'"\\/bfnrt'.includes(text[at])) stop('Bad escaped character')
      }
      at++
    }
    at++
  }
  const value = () => {
    space()
    const c = text[at]
    if (c === undefined) stop('end')
    if (c === '"') return string()
    if (c === '{') return members('}')
    if (c === '[') return members(']')
    for (const word of ['true', 'false', 'null'])
      if (c === word[0]) {
        for (const letter of word) {
          if (text[at] !== letter) stop(at >= text.length ? 'end' : undefined)
          at++
        }
        return
      }
    if (c !== '-' && !/\d/.test(c)) stop(undefined)
    if (c === '-') at++
    if (!/\d/.test(text[at] ?? '')) stop('No number after minus sign')
    if (text[at] === '0') at++
    else while (/\d/.test(text[at] ?? '')) at++
    if (text[at] === '.') {
      at++
      if (!/\d/.test(text[at] ?? '')) stop('Unterminated fractional number')
      while (/\d/.test(text[at] ?? '')) at++
    }
    if (/[eE]/.test(text[at] ?? '')) {
      at++
      if (/[-+]/.test(text[at] ?? '')) at++
      if (!/\d/.test(text[at] ?? '')) stop('Exponent part is missing a number')
      while (/\d/.test(text[at] ?? '')) at++
    }
  }
  const members = (close) => {
    at++
    space()
    if (text[at] === close) {
      at++
      return
    }
    for (let first = true; ; first = false) {
      space()
      if (close === '}') {
        if (at >= text.length) stop('end')
        if (text[at] !== '"') stop(first ? "Expected property name or '}'" : 'Expected double-quoted property name')
        string()
        space()
        if (at >= text.length) stop('end')
        if (text[at] !== ':') stop("Expected ':' after property name")
        at++
      }
      value()
      space()
      if (at >= text.length) stop('end')
      if (text[at] === close) break
      if (text[at] !== ',')
        stop(close === '}' ? "Expected ',' or '}' after property value" : "Expected ',' or ']' after array element")
      at++
    }
    at++
  }
  try {
    value()
    space()
    if (at < text.length) stop('Unexpected non-whitespace character after JSON')
  } catch (found) {
    if (Array.isArray(found)) return found
    throw found
  }
  return undefined
}

function words(text, what, at) {
  if (what === 'end') return 'Unexpected end of JSON input'
  if (what === undefined) {
    const [from, to] = [Math.max(0, at - 10), Math.min(text.length, at + 10)]
    const shown =
      text.length <= 40
        ? `"${text}"`
        : `${from > 0 ? '...' : ''}"${text.slice(from, to)}"${to < text.length ? '...' : ''}`
    if (['undefined', '[object Object]'].includes(text)) return `"${text}" is not valid JSON`
    return `Unexpected token '${String.fromCodePoint(text.codePointAt(at))}', ${shown} is not valid JSON`
  }
  const lines = text.slice(0, at).split('\n')
  const line = withLine() ? ` (line ${lines.length} column ${lines.at(-1).length + 1})` : ''
  return `${what}${what.endsWith('JSON') ? '' : ' in JSON'} at position ${at}${line}`
}

const method = (name, value) =>
  Object.defineProperty(JSON, name, { value: { [name]: value }[name], writable: true, configurable: true })
method('parse', (text, reviver) => {
  try {
    return parse(text, reviver)
  } catch (error) {
    const found = error instanceof SyntaxError && fault(`${text}`)
    if (!found) throw error
    const better = new SyntaxError(words(`${text}`, ...found))
    throw better
  }
})
method('stringify', (value, replacer, space) => {
  try {
    return stringify(value, replacer, space)
  } catch (error) {
    if (!/circular/.test(error.message)) throw error
    throw new TypeError(`Converting circular structure to JSON${circle(value)}`)
  }
})

/** Which properties lead back. */
function circle(root) {
  const name = (value) => `object with constructor '${value.constructor?.name ?? 'Object'}'`
  const key = (each, owner) => (Array.isArray(owner) ? `index ${each}` : `property '${each}'`)
  const path = []
  const search = (value) => {
    for (const each of Object.keys(value)) {
      const next = value[each]
      if (next === null || typeof next !== 'object') continue
      const start = [...path, value].indexOf(next)
      path.push(value)
      keys.push(each)
      if (start >= 0) {
        const owners = path.slice(start)
        const names = keys.slice(start)
        const lines = [`\n    --> starting at ${name(next)}`]
        for (let i = 0; i < owners.length - 1; i++) {
          if (i > 0 && i < owners.length - 2) {
            if (i === 1) lines.push('\n    |     ...')
            continue
          }
          lines.push(`\n    |     ${key(names[i], owners[i])} -> ${name(owners[i + 1])}`)
        }
        lines.push(`\n    --- ${key(names.at(-1), owners.at(-1))} closes the circle`)
        return lines.join('')
      }
      const found = search(next)
      if (found) return found
      path.pop()
      keys.pop()
    }
    return undefined
  }
  const keys = []
  return search(root) ?? ''
}
