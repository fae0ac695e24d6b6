import { encodeText } from '../../linux/shell/bytes.ts'
import { JqError, type Json, print, typeOf } from './value.ts'

const COMPACT = { indent: 0, sortKeys: false, color: false, ascii: false } as const

export const compactText = (value: Json): string => print(value, COMPACT)
export const text = (value: Json): string => (typeof value === 'string' ? value : compactText(value))

/** `@base64`, `@csv` and the like. */
export function formatAs(name: string, value: Json): string {
  const row = (cell: (item: Json) => string, separator: string) => {
    if (!Array.isArray(value))
      throw new JqError(
        `${typeOf(value)} (${compactText(value)}) cannot be ${name.slice(1)}-formatted, only an array can be`,
      )
    return value.map(cell).join(separator)
  }
  switch (name) {
    case '@text':
      return text(value)
    case '@json':
      return compactText(value)
    case '@base64':
      return btoa(String.fromCharCode(...encodeText(text(value))))
    case '@base64d':
      try {
        return new TextDecoder().decode(
          Uint8Array.from(atob(text(value).replace(/=+$/, '')), (char) => char.charCodeAt(0)),
        )
      } catch {
        throw new JqError(`string (${compactText(value)}) is not valid base64 data`)
      }
    case '@uri':
      return encodeURIComponent(text(value)).replace(
        /[!'()*]/g,
        (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
      )
    case '@html':
      return text(value).replace(
        /[<>&'"]/g,
        (char) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', "'": '&#39;', '"': '&quot;' })[char]!,
      )
    case '@sh':
      return (Array.isArray(value) ? value : [value])
        .map((item) => (typeof item === 'string' ? `'${item.replace(/'/g, "'\\''")}'` : compactText(item)))
        .join(' ')
    case '@csv':
      return row(
        (item) => (typeof item === 'string' ? `"${item.replace(/"/g, '""')}"` : item === null ? '' : text(item)),
        ',',
      )
    case '@tsv':
      return row(
        (item) =>
          item === null
            ? ''
            : text(item).replace(/\\/g, '\\\\').replace(/\t/g, '\\t').replace(/\n/g, '\\n').replace(/\r/g, '\\r'),
        '\t',
      )
    default:
      throw new JqError(`${name.slice(1)} is not a valid format`)
  }
}
