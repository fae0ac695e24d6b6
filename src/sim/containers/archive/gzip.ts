/** DEFLATE (RFC 1951) and gzip (RFC 1952): reading in full, writing with fixed codes and a small search window. */

const LENGTH_BASE = [
  3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
]
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145,
  8193, 12289, 16385, 24577,
]
const DISTANCE_EXTRA = [
  0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
]
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]
const FIXED_LENGTHS = Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))

/** Bytes that are packed without a rest. */
const BYTES_PER_STEP = 131_072

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b
}

/** Throws `unexpected EOF` or `gzip: invalid header`. */
export function gunzip(bytes: Uint8Array): Uint8Array {
  if (!isGzip(bytes) || bytes[2] !== 8) throw new Error('gzip: invalid header')
  const flags = bytes[3]!
  let at = 10
  if (flags & 4) at += 2 + (bytes[at]! | (bytes[at + 1]! << 8))
  for (const flag of [8, 16]) {
    if (!(flags & flag)) continue
    while (at < bytes.length && bytes[at] !== 0) at++
    at++
  }
  if (flags & 2) at += 2
  return inflate(bytes, at)
}

class Output {
  bytes = new Uint8Array(65_536)
  length = 0

  push(byte: number): void {
    if (this.length === this.bytes.length) {
      const grown = new Uint8Array(this.bytes.length * 2)
      grown.set(this.bytes)
      this.bytes = grown
    }
    this.bytes[this.length++] = byte
  }
}

interface Codes {
  counts: Uint16Array
  symbols: Uint16Array
}

function codesOf(lengths: readonly number[]): Codes {
  const counts = new Uint16Array(16)
  for (const length of lengths) if (length > 0) counts[length]!++
  const offsets = new Uint16Array(16)
  for (let i = 1; i < 16; i++) offsets[i] = offsets[i - 1]! + counts[i - 1]!
  const symbols = new Uint16Array(lengths.length)
  lengths.forEach((length, symbol) => {
    if (length > 0) symbols[offsets[length]!++] = symbol
  })
  return { counts, symbols }
}

function inflate(bytes: Uint8Array, start: number): Uint8Array {
  let at = start
  let hold = 0
  let held = 0
  const bits = (count: number): number => {
    while (held < count) {
      if (at >= bytes.length) throw new Error('unexpected EOF')
      hold |= bytes[at++]! << held
      held += 8
    }
    const value = hold & ((1 << count) - 1)
    hold >>>= count
    held -= count
    return value
  }
  const symbol = ({ counts, symbols }: Codes): number => {
    let code = 0
    let first = 0
    let index = 0
    for (let length = 1; length < 16; length++) {
      code |= bits(1)
      const count = counts[length]!
      if (code - count < first) return symbols[index + code - first]!
      index += count
      first = (first + count) << 1
      code <<= 1
    }
    throw new Error('flate: corrupt input')
  }
  const out = new Output()
  for (let last = false; !last; ) {
    last = bits(1) === 1
    const kind = bits(2)
    if (kind === 0) {
      hold = 0
      held = 0
      const length = bytes[at]! | (bytes[at + 1]! << 8)
      at += 4
      if (at + length > bytes.length) throw new Error('unexpected EOF')
      for (let i = 0; i < length; i++) out.push(bytes[at++]!)
      continue
    }
    if (kind === 3) throw new Error('flate: corrupt input')
    let literals = codesOf(FIXED_LENGTHS)
    let distances = codesOf(Array(30).fill(5))
    if (kind === 2) {
      const literalCount = bits(5) + 257
      const distanceCount = bits(5) + 1
      const codeCount = bits(4) + 4
      const codeLengths = Array<number>(19).fill(0)
      for (let i = 0; i < codeCount; i++) codeLengths[CODE_ORDER[i]!] = bits(3)
      const codes = codesOf(codeLengths)
      const lengths: number[] = []
      while (lengths.length < literalCount + distanceCount) {
        const next = symbol(codes)
        if (next < 16) lengths.push(next)
        else {
          const value = next === 16 ? lengths.at(-1)! : 0
          const repeat = next === 16 ? 3 + bits(2) : next === 17 ? 3 + bits(3) : 11 + bits(7)
          for (let i = 0; i < repeat; i++) lengths.push(value)
        }
      }
      literals = codesOf(lengths.slice(0, literalCount))
      distances = codesOf(lengths.slice(literalCount))
    }
    for (;;) {
      const next = symbol(literals)
      if (next === 256) break
      if (next < 256) {
        out.push(next)
        continue
      }
      const length = LENGTH_BASE[next - 257]! + bits(LENGTH_EXTRA[next - 257]!)
      const code = symbol(distances)
      const distance = DISTANCE_BASE[code]! + bits(DISTANCE_EXTRA[code]!)
      for (let i = 0; i < length; i++) out.push(out.bytes[out.length - distance]!)
    }
  }
  return out.bytes.subarray(0, out.length)
}

/** A gzip file without name or time. */
export function gzip(bytes: Uint8Array): Uint8Array {
  const steps = gzipInSteps(bytes)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same with a rest after every so many bytes, for whoever must not be kept long. */
export function* gzipInSteps(bytes: Uint8Array): Generator<void, Uint8Array> {
  const out = new Output()
  for (const byte of [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]) out.push(byte)
  yield* deflateFixed(bytes, out)
  const tail = new DataView(new ArrayBuffer(8))
  tail.setUint32(0, crc32(bytes), true)
  tail.setUint32(4, bytes.length >>> 0, true)
  for (let i = 0; i < 8; i++) out.push(tail.getUint8(i))
  return out.bytes.slice(0, out.length)
}

function* deflateFixed(bytes: Uint8Array, out: Output): Generator<void> {
  let hold = 0
  let held = 0
  const put = (value: number, count: number) => {
    hold |= value << held
    held += count
    while (held >= 8) {
      out.push(hold & 255)
      hold >>>= 8
      held -= 8
    }
  }
  const putCode = (code: number, length: number) => {
    let reversed = 0
    for (let i = 0; i < length; i++) reversed |= ((code >> i) & 1) << (length - 1 - i)
    put(reversed, length)
  }
  const literal = (symbol: number) => {
    if (symbol < 144) putCode(0x30 + symbol, 8)
    else if (symbol < 256) putCode(0x190 + symbol - 144, 9)
    else if (symbol < 280) putCode(symbol - 256, 7)
    else putCode(0xc0 + symbol - 280, 8)
  }
  const last = new Int32Array(32_768).fill(-1)
  put(1, 1)
  put(1, 2)
  let rest = BYTES_PER_STEP
  for (let at = 0; at < bytes.length; ) {
    if (at >= rest) {
      rest = at + BYTES_PER_STEP
      yield
    }
    let length = 0
    let distance = 0
    if (at + 3 < bytes.length) {
      const key = ((bytes[at]! << 10) ^ (bytes[at + 1]! << 5) ^ bytes[at + 2]!) & 32_767
      const from = last[key]!
      last[key] = at
      if (from >= 0 && at - from <= 32_768) {
        while (length < 258 && at + length < bytes.length && bytes[from + length] === bytes[at + length]) length++
        distance = at - from
      }
    }
    if (length < 3) {
      literal(bytes[at++]!)
      continue
    }
    const code = LENGTH_BASE.findLastIndex((base) => base <= length)
    literal(257 + code)
    put(length - LENGTH_BASE[code]!, LENGTH_EXTRA[code]!)
    const far = DISTANCE_BASE.findLastIndex((base) => base <= distance)
    putCode(far, 5)
    put(distance - DISTANCE_BASE[far]!, DISTANCE_EXTRA[far]!)
    at += length
  }
  literal(256)
  if (held > 0) out.push(hold & 255)
}

let table: Uint32Array | undefined

export function crc32(bytes: Uint8Array): number {
  if (!table) {
    table = new Uint32Array(256)
    for (let n = 0; n < 256; n++) {
      let c = n
      for (let k = 0; k < 8; k++) c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1
      table[n] = c >>> 0
    }
  }
  let crc = 0xffffffff
  for (const byte of bytes) crc = table[(crc ^ byte) & 255]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
