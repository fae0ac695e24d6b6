/** Whether a string has characters beyond the basic plane: then its units are not its characters. */
const WIDE = /[\ud800-\udbff]/

export const isWide = (text: string): boolean => WIDE.test(text)

/** How many characters a string has. */
export function length(text: string): number {
  if (!isWide(text)) return text.length
  let count = 0
  for (const _ of text) count++
  return count
}

const SPECIAL: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\' }

/** repr(str). */
export function quote(text: string): string {
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  const inside = text.replace(/[\\\n\r\t\x00-\x1f\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\ud800-\udfff'"]/gu, (c) => {
    if (c === mark) return `\\${c}`
    if (c === "'" || c === '"') return c
    const code = c.codePointAt(0)!
    return (
      SPECIAL[c] ??
      (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
    )
  })
  return mark + inside + mark
}

/** ascii(str). */
export const asciiOnly = (quoted: string): string =>
  quoted.replace(/[^\x00-\x7f]/gu, (c) => {
    const code = c.codePointAt(0)!
    if (code < 256) return `\\x${code.toString(16).padStart(2, '0')}`
    return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`
  })

/** repr(bytes). */
export function quoteBytes(data: Uint8Array): string {
  let text = ''
  for (const byte of data) {
    if (byte === 10) text += '\\n'
    else if (byte === 13) text += '\\r'
    else if (byte === 9) text += '\\t'
    else if (byte === 92) text += '\\\\'
    else if (byte < 32 || byte > 126) text += `\\x${byte.toString(16).padStart(2, '0')}`
    else text += String.fromCharCode(byte)
  }
  const mark = text.includes("'") && !text.includes('"') ? '"' : "'"
  return `b${mark}${mark === "'" ? text.replaceAll("'", "\\'") : text}${mark}`
}
