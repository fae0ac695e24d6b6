const BOOLEANS = new Set(
  'y Y yes Yes YES on On ON n N no No NO off Off OFF true True TRUE false False FALSE'.split(' '),
)
const NULLS = new Set(['', '~', 'null', 'Null', 'NULL'])
const SPECIAL_FLOATS = /^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$/
const INTEGER = /^[-+]?(0|[1-9][\d_]*|0[0-7_]+|0x[\da-fA-F_]+|0b[01_]+|0o[0-7_]+)$/
const FLOAT = /^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$/
const BASE60 = /^[-+]?[0-9][0-9_]*(:[0-5]?[0-9])+(\.[0-9_]*)?$/
const TIMESTAMP = /^\d{4}-\d{1,2}-\d{1,2}([Tt\s].*)?$/

/** Whether the plain text would be read back as something other than this string. */
export function resolvesToOther(text: string): boolean {
  return (
    NULLS.has(text) ||
    BOOLEANS.has(text) ||
    text === '<<' ||
    SPECIAL_FLOATS.test(text) ||
    INTEGER.test(text) ||
    FLOAT.test(text.replaceAll('_', '')) ||
    BASE60.test(text) ||
    (TIMESTAMP.test(text) && timestamp(text))
  )
}

function timestamp(text: string): boolean {
  return (
    /^\d{4}-\d{1,2}-\d{1,2}$/.test(text) ||
    /^\d{4}-\d{1,2}-\d{1,2}([Tt]|\s+)\d{1,2}:\d\d:\d\d(\.\d+)?\s*(Z|[-+]\d\d(:?\d\d)?)?$/.test(text)
  )
}

/** Whether libyaml's emitter writes the text plain, as a block value or key. */
export function isPlain(text: string): boolean {
  if (text === '') return false
  if (/^(---|\.\.\.)/.test(text)) return false
  if (/^[#,[\]{}&*!|>'"%@`]/.test(text)) return false
  if (/^[-?:](\s|$)/.test(text)) return false
  if (/:(\s|$)/.test(text) || /\s#/.test(text)) return false
  if (/^ | $/.test(text)) return false
  return !special(text)
}

/** Undefined when single quotes cannot hold it. */
export function singleQuoted(text: string): string | undefined {
  if (special(text)) return undefined
  return `'${text.replaceAll("'", "''")}'`
}

function special(text: string): boolean {
  for (const c of text) {
    const code = c.codePointAt(0)!
    if (code < 0x20 || code === 0x7f || (code > 0x7e && code < 0xa0 && code !== 0x85) || code === 0xfeff) return true
    if (code >= 0xd800 && code <= 0xdfff) return true
    if (code === 0xfffe || code === 0xffff || code === 0x85 || code === 0x2028 || code === 0x2029) return true
  }
  return false
}

const ESCAPES: Record<string, string> = {
  '\0': '\\0',
  '\x07': '\\a',
  '\b': '\\b',
  '\t': '\\t',
  '\n': '\\n',
  '\v': '\\v',
  '\f': '\\f',
  '\r': '\\r',
  '\x1b': '\\e',
  '"': '\\"',
  '\\': '\\\\',
  '\x85': '\\N',
  '\u00a0': '\\_',
  '\u2028': '\\L',
  '\u2029': '\\P',
}

export function doubleQuoted(text: string): string {
  let out = ''
  for (const c of text) {
    const code = c.codePointAt(0)!
    const known = ESCAPES[c]
    if (known && c !== '\u00a0') out += known
    else if (special(c)) {
      if (code <= 0xff) out += `\\x${code.toString(16).toUpperCase().padStart(2, '0')}`
      else out += `\\u${code.toString(16).toUpperCase().padStart(4, '0')}`
    } else out += c
  }
  return `"${out}"`
}
