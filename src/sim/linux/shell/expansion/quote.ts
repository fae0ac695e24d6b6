import { byteText, mergeBytes } from '../bytes.ts'

/** How bash quotes a text so that it can be read back: `printf %q`, `${x@Q}`, `declare -p`, `set`. */

const CONTROL: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\t': '\\t',
  '\r': '\\r',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\v': '\\v',
  '\x1b': '\\E',
}

const hasControl = (text: string) => /[\x00-\x1f\x7f]/.test(text)

export function ansiQuote(text: string): string {
  const body = text.replace(/[\\'\x00-\x1f\x7f]/g, (char) => {
    if (char === '\\' || char === "'") return `\\${char}`
    return CONTROL[char] ?? `\\${char.charCodeAt(0).toString(8).padStart(3, '0')}`
  })
  return `$'${body}'`
}

/** `printf %q`: backslashes where needed. */
export function backslashQuote(text: string): string {
  if (text === '') return "''"
  if (hasControl(text)) return ansiQuote(text)
  return text
    .replace(/[^A-Za-z0-9_./:=@%^+,\u0080-\uffff-]/g, '\\$&')
    .replace(/^~/, '\\~')
    .replace(/\^/g, '\\^')
    .replace(/,/g, '\\,')
}

/** `${x@Q}`: single quotes. */
export function singleQuote(text: string): string {
  if (hasControl(text)) return ansiQuote(text)
  return `'${text.replace(/'/g, "'\\''")}'`
}

/** `declare -p`: double quotes. */
export function doubleQuote(text: string): string {
  if (hasControl(text)) return ansiQuote(text)
  return `"${text.replace(/[\\"$`]/g, '\\$&')}"`
}

/** As `set` and `xtrace` print a value: bare when it is safe. */
export function quoteIfNeeded(text: string): string {
  if (text === '') return "''"
  if (hasControl(text)) return ansiQuote(text)
  if (/^[A-Za-z0-9_./:=@%^+,\u0080-\uffff-]+$/.test(text)) return text
  return singleQuote(text)
}

/** Backslash escapes of `$'…'`, `echo -e` and `printf %b`. `stop` tells that `\c` ended the output. */
export function decodeEscapes(text: string, style: 'ansi' | 'echo' | 'printf'): { text: string; stop: boolean } {
  let out = ''
  for (let i = 0; i < text.length; i++) {
    if (text[i] !== '\\' || i + 1 >= text.length) {
      out += text[i]
      continue
    }
    const rest = text.slice(i + 1)
    const simple = (
      { a: '\x07', b: '\b', e: '\x1b', E: '\x1b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', '\\': '\\' } as Record<
        string,
        string
      >
    )[rest[0]!]
    const octal = (style === 'echo' ? /^0([0-7]{0,3})/ : style === 'printf' ? /^0?([0-7]{1,3})/ : /^([0-7]{1,3})/).exec(
      rest,
    )
    const hex = /^x([0-9a-fA-F]{1,2})/.exec(rest)
    const unicode = /^u([0-9a-fA-F]{1,4})|^U([0-9a-fA-F]{1,8})/.exec(rest)
    if (simple !== undefined) {
      out += simple
      i++
    } else if (rest[0] === 'c' && style !== 'ansi') return { text: out, stop: true }
    else if (octal) {
      out += byteText(Number.parseInt(octal[1] || '0', 8) & 255)
      i += octal[0].length
    } else if (hex) {
      out += byteText(Number.parseInt(hex[1]!, 16))
      i += hex[0].length
    } else if (unicode) {
      out += String.fromCodePoint(Number.parseInt((unicode[1] ?? unicode[2])!, 16))
      i += unicode[0].length
    } else if (style !== 'echo' && (rest[0] === "'" || rest[0] === '"' || rest[0] === '?')) {
      out += rest[0]
      i++
    } else out += '\\'
  }
  return { text: mergeBytes(out), stop: false }
}
