import { sequenceLength } from '../../../linux/shell/bytes.ts'
import { error, notSimulated } from '../objects/errors.ts'

const normal = (name: string): string => name.toLowerCase().replace(/[_ ]/g, '-')

export function encodeText(text: string, encoding: string, errors: string): Uint8Array {
  switch (normal(encoding)) {
    case 'utf-8':
    case 'utf8':
      return new TextEncoder().encode(text)
    case 'ascii':
    case 'us-ascii':
      return narrow(text, 128, 'ascii', errors)
    case 'latin-1':
    case 'latin1':
    case 'iso-8859-1':
      return narrow(text, 256, 'latin-1', errors)
  }
  if (['idna', 'utf-16', 'utf-32', 'gbk', 'cp1252'].includes(normal(encoding)))
    throw notSimulated(`the encoding ${encoding}`)
  throw error('LookupError', `unknown encoding: ${encoding}`)
}

function narrow(text: string, limit: number, name: string, errors: string): Uint8Array {
  const bytes: number[] = []
  let at = 0
  for (const c of text) {
    const code = c.codePointAt(0)!
    if (code < limit) bytes.push(code)
    else if (errors === 'replace') bytes.push(63)
    else if (errors !== 'ignore') {
      const shown =
        code < 256
          ? `\\x${code.toString(16).padStart(2, '0')}`
          : code < 65536
            ? `\\u${code.toString(16).padStart(4, '0')}`
            : `\\U${code.toString(16).padStart(8, '0')}`
      throw error(
        'UnicodeEncodeError',
        `'${name}' codec can't encode character '${shown}' in position ${at}: ordinal not in range(${limit})`,
      )
    }
    at++
  }
  return Uint8Array.from(bytes)
}

export function decodeBytes(data: Uint8Array, encoding: string, errors: string): string {
  switch (normal(encoding)) {
    case 'utf-8':
    case 'utf8':
    case 'utf-8-sig':
      try {
        return new TextDecoder('utf-8', { fatal: errors === 'strict', ignoreBOM: true }).decode(data)
      } catch {
        const at = firstInvalid(data)
        throw error(
          'UnicodeDecodeError',
          `'utf-8' codec can't decode byte 0x${(data[at] ?? 0).toString(16).padStart(2, '0')} in position ${at}: invalid start byte`,
        )
      }
    case 'ascii':
    case 'us-ascii': {
      const at = data.findIndex((byte) => byte > 127)
      if (at >= 0 && errors === 'strict')
        throw error(
          'UnicodeDecodeError',
          `'ascii' codec can't decode byte 0x${data[at]!.toString(16)} in position ${at}: ordinal not in range(128)`,
        )
      return [...data]
        .map((byte) => (byte > 127 ? (errors === 'ignore' ? '' : '\ufffd') : String.fromCharCode(byte)))
        .join('')
    }
    case 'latin-1':
    case 'latin1':
    case 'iso-8859-1':
      return [...data].map((byte) => String.fromCharCode(byte)).join('')
  }
  if (['utf-16', 'utf-32', 'gbk', 'cp1252'].includes(normal(encoding))) throw notSimulated(`the encoding ${encoding}`)
  throw error('LookupError', `unknown encoding: ${encoding}`)
}

/** The first byte that is no UTF-8. */
function firstInvalid(data: Uint8Array): number {
  for (let i = 0; i < data.length; ) {
    const length = sequenceLength(data[i]!)
    if (length === 0) return i
    for (let k = 1; k < length; k++) if (((data[i + k] ?? 0) & 0xc0) !== 0x80) return i
    i += length
  }
  return 0
}
