/** MD5, SHA-1 and the SHA-2 family as hexadecimal texts. */

const rotateLeft = (x: number, n: number) => (x << n) | (x >>> (32 - n))
const rotateRight = (x: number, n: number) => (x >>> n) | (x << (32 - n))
const hex = (words: Iterable<number>) => [...words].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')

function padded(bytes: Uint8Array, block: 64 | 128, littleEndian: boolean): DataView {
  const lengthBytes = block / 8
  const size = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block
  const out = new Uint8Array(size)
  out.set(bytes)
  out[bytes.length] = 0x80
  const view = new DataView(out.buffer)
  const bits = BigInt(bytes.length) * 8n
  view.setBigUint64(size - 8, bits, littleEndian)
  return view
}

export function md5(bytes: Uint8Array): string {
  const shifts = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21]
  const k = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0)
  const view = padded(bytes, 64, true)
  let [a0, b0, c0, d0] = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476]
  for (let at = 0; at < view.byteLength; at += 64) {
    let [a, b, c, d] = [a0, b0, c0, d0]
    for (let i = 0; i < 64; i++) {
      const round = i >> 4
      const f =
        round === 0 ? (b & c) | (~b & d) : round === 1 ? (d & b) | (~d & c) : round === 2 ? b ^ c ^ d : c ^ (b | ~d)
      const g = round === 0 ? i : round === 1 ? (5 * i + 1) % 16 : round === 2 ? (3 * i + 5) % 16 : (7 * i) % 16
      const sum = (f + a + k[i]! + view.getInt32(at + g * 4, true)) | 0
      a = d
      d = c
      c = b
      b = (b + rotateLeft(sum, shifts[round * 4 + (i % 4)]!)) | 0
    }
    a0 = (a0 + a) | 0
    b0 = (b0 + b) | 0
    c0 = (c0 + c) | 0
    d0 = (d0 + d) | 0
  }
  const out = new DataView(new ArrayBuffer(16))
  for (const [i, word] of [a0, b0, c0, d0].entries()) out.setInt32(i * 4, word, true)
  return hex([0, 4, 8, 12].map((i) => out.getUint32(i, false)))
}

export function sha1(bytes: Uint8Array): string {
  const view = padded(bytes, 64, false)
  const h = [0x67452301, 0xefcdab89 | 0, 0x98badcfe | 0, 0x10325476, 0xc3d2e1f0 | 0]
  const w = new Int32Array(80)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4)
    for (let i = 16; i < 80; i++) w[i] = rotateLeft(w[i - 3]! ^ w[i - 8]! ^ w[i - 14]! ^ w[i - 16]!, 1)
    let [a, b, c, d, e] = h as [number, number, number, number, number]
    for (let i = 0; i < 80; i++) {
      const f = i < 20 ? (b & c) | (~b & d) : i < 40 || i >= 60 ? b ^ c ^ d : (b & c) | (b & d) | (c & d)
      const k = i < 20 ? 0x5a827999 : i < 40 ? 0x6ed9eba1 : i < 60 ? 0x8f1bbcdc : 0xca62c1d6
      const next = (rotateLeft(a, 5) + f + e + k + w[i]!) | 0
      e = d
      d = c
      c = rotateLeft(b, 30)
      b = a
      a = next
    }
    for (const [i, value] of [a, b, c, d, e].entries()) h[i] = (h[i]! + value) | 0
  }
  return hex(h)
}

function primes(count: number): number[] {
  const out: number[] = []
  for (let n = 2; out.length < count; n++) if (out.every((p) => n % p !== 0)) out.push(n)
  return out
}

/** The first 64 bits of the fraction of a root, exactly, by integer search. */
function rootFraction(prime: number, root: 2 | 3): bigint {
  const target = BigInt(prime) << BigInt(64 * root)
  let low = 0n
  let high = 1n << 72n
  while (low < high) {
    const middle = (low + high + 1n) >> 1n
    if (middle ** BigInt(root) <= target) low = middle
    else high = middle - 1n
  }
  return low & 0xffffffffffffffffn
}

let constants: { k: bigint[]; h: bigint[] } | undefined

function sha2Constants(): { k: bigint[]; h: bigint[] } {
  constants ??= { k: primes(80).map((p) => rootFraction(p, 3)), h: primes(8).map((p) => rootFraction(p, 2)) }
  return constants
}

export function sha256(bytes: Uint8Array): string {
  const table = sha2Constants()
  const k = table.k.slice(0, 64).map((each) => Number(each >> 32n) | 0)
  const h = table.h.map((each) => Number(each >> 32n) | 0)
  const view = padded(bytes, 64, false)
  const w = new Int32Array(64)
  for (let at = 0; at < view.byteLength; at += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(at + i * 4)
    for (let i = 16; i < 64; i++) {
      const s0 = rotateRight(w[i - 15]!, 7) ^ rotateRight(w[i - 15]!, 18) ^ (w[i - 15]! >>> 3)
      const s1 = rotateRight(w[i - 2]!, 17) ^ rotateRight(w[i - 2]!, 19) ^ (w[i - 2]! >>> 10)
      w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0
    }
    const v = [...h]
    for (let i = 0; i < 64; i++) {
      const [a, b, c, , e, f, g] = v as [number, number, number, number, number, number, number, number]
      const t1 =
        (v[7]! + (rotateRight(e, 6) ^ rotateRight(e, 11) ^ rotateRight(e, 25)) + ((e & f) ^ (~e & g)) + k[i]! + w[i]!) |
        0
      const t2 = ((rotateRight(a, 2) ^ rotateRight(a, 13) ^ rotateRight(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0
      v.pop()
      v.unshift((t1 + t2) | 0)
      v[4] = (v[4]! + t1) | 0
    }
    for (const [i, value] of v.entries()) h[i] = (h[i]! + value) | 0
  }
  return hex(h)
}

export function sha512(bytes: Uint8Array): string {
  const table = sha2Constants()
  const mask = 0xffffffffffffffffn
  const rotate = (x: bigint, n: bigint) => ((x >> n) | (x << (64n - n))) & mask
  const h = [...table.h]
  const view = padded(bytes, 128, false)
  const w: bigint[] = []
  for (let at = 0; at < view.byteLength; at += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(at + i * 8)
    for (let i = 16; i < 80; i++) {
      const [x, y] = [w[i - 15]!, w[i - 2]!]
      w[i] =
        (w[i - 16]! +
          (rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n)) +
          w[i - 7]! +
          (rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n))) &
        mask
    }
    const v = [...h]
    for (let i = 0; i < 80; i++) {
      const [a, b, c, , e, f, g] = v as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint]
      const t1 =
        v[7]! + (rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)) + ((e & f) ^ (~e & mask & g)) + table.k[i]! + w[i]!
      const t2 = (rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c))
      v.pop()
      v.unshift((t1 + t2) & mask)
      v[4] = (v[4]! + t1) & mask
    }
    for (const [i, value] of v.entries()) h[i] = (h[i]! + value) & mask
  }
  return h.map((each) => each.toString(16).padStart(16, '0')).join('')
}
