const escape = (text) => encodeURIComponent(text).replace(/[']/g, '%27').replace(/%27/g, "'")
const unescape = (text) => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
const text = (value) =>
  typeof value === 'string' ? value : ['number', 'boolean', 'bigint'].includes(typeof value) ? `${value}` : ''

const querystring = {
  escape,
  unescape,
  parse(query, separator = '&', equals = '=', { maxKeys = 1000 } = {}) {
    const found = Object.create(null)
    if (typeof query !== 'string' || query === '') return found
    for (const part of query.split(separator).slice(0, maxKeys || undefined)) {
      if (part === '') continue
      const at = part.indexOf(equals)
      const [name, value] = (at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + equals.length)]).map((each) =>
        querystring.unescape(each.replaceAll('+', ' ')),
      )
      if (name in found) found[name] = [found[name], value].flat()
      else found[name] = value
    }
    return found
  },
  stringify(values, separator = '&', equals = '=') {
    return Object.entries(values ?? {})
      .flatMap(([name, value]) =>
        [value].flat().map((each) => `${querystring.escape(name)}${equals}${querystring.escape(text(each))}`),
      )
      .join(separator)
  },
}
querystring.decode = querystring.parse
querystring.encode = querystring.stringify
module.exports = querystring
