const fs = require('node:fs')
const path = require('node:path')

function parse(text) {
  const found = {}
  for (const match of `${text}`.matchAll(
    /^\s*(?:export\s+)?([\w.-]+)\s*[=:]\s*("(?:\\"|[^"])*"|'(?:\\'|[^'])*'|`[^`]*`|[^#\r\n]*)?\s*(?:#.*)?$/gm,
  )) {
    let value = (match[2] ?? '').trim()
    const quote = value[0]
    if (/^["'`]/.test(value)) value = value.slice(1, -1)
    if (quote === '"') value = value.replace(/\\n/g, '\n').replace(/\\r/g, '\r')
    found[match[1]] = value
  }
  return found
}
function config({ path: file = path.resolve(process.cwd(), '.env'), override = false, quiet = true } = {}) {
  try {
    const parsed = parse(fs.readFileSync(file, 'utf8'))
    for (const [name, value] of Object.entries(parsed))
      if (override || process.env[name] === undefined) process.env[name] = value
    void quiet
    return { parsed }
  } catch (error) {
    return { error, parsed: {} }
  }
}
module.exports = { config, parse }
