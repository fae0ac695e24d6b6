import { digestOf } from '../../containers/images/sha256.ts'

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

/** The sixteen characters kube-proxy names a chain by: base32 of the SHA-256. */
export function chainHash(text: string): string {
  const hex = digestOf(text).replace(/^sha256:/, '')
  let bits = 0
  let value = 0
  let out = ''
  for (let i = 0; out.length < 16; i += 2) {
    value = ((value << 8) | Number.parseInt(hex.slice(i, i + 2), 16)) & 0xffff
    bits += 8
    while (bits >= 5 && out.length < 16) {
      out += ALPHABET[(value >> (bits - 5)) & 31]
      bits -= 5
    }
  }
  return out
}
