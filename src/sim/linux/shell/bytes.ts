/**
 * Texts that remember bytes which are not UTF-8: such a byte b (128 to 255) becomes U+F780 + (b - 128), a private
 * code point, and turns back on writing. So `$(cat photo)` and `printf '\xff'` keep their bytes.
 */
const BASE = 0xf780

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
const encoder = new TextEncoder()

export const isLoneByte = (code: number): boolean => code >= BASE && code < BASE + 128

/** One byte as text. */
export const byteText = (value: number): string => String.fromCharCode(value < 128 ? value : BASE + value - 128)

export function decodeText(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    return decodeDamaged(bytes)
  }
}

/** How many bytes a UTF-8 character has that begins with this one; 0 when none does. */
export function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  if (first < 0xc2) return 0
  if (first < 0xe0) return 2
  if (first < 0xf0) return 3
  return first < 0xf5 ? 4 : 0
}

function decodeDamaged(bytes: Uint8Array): string {
  let out = ''
  for (let i = 0; i < bytes.length; ) {
    const first = bytes[i]!
    const length = sequenceLength(first)
    let text: string | undefined
    if (length > 0 && i + length <= bytes.length) {
      try {
        text = strict.decode(bytes.subarray(i, i + length))
      } catch {
        text = undefined
      }
    }
    out += text ?? byteText(first)
    i += text === undefined ? 1 : length
  }
  return out
}

export function encodeText(text: string): Uint8Array {
  if (!/[\uf780-\uf7ff]/.test(text)) return encoder.encode(text)
  const parts: number[] = []
  for (const char of text) {
    const code = char.codePointAt(0)!
    if (isLoneByte(code)) parts.push(code - BASE + 128)
    else for (const byte of encoder.encode(char)) parts.push(byte)
  }
  return Uint8Array.from(parts)
}

/** Joins lone bytes that together are UTF-8 characters. */
export function mergeBytes(text: string): string {
  return /[\uf780-\uf7ff]/.test(text) ? decodeText(encodeText(text)) : text
}

export function concatBytes(chunks: readonly Uint8Array[]): Uint8Array {
  if (chunks.length === 1) return chunks[0]!
  const out = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0))
  let at = 0
  for (const chunk of chunks) {
    out.set(chunk, at)
    at += chunk.length
  }
  return out
}
