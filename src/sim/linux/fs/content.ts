const CHUNK = 65_536

/**
 * The bytes of a file in chunks of 64 KiB. Zeros and repeated chunks cost nothing, and copies share their chunks until
 * one side writes, so that big files of a lab and thousands of equal root filesystems stay small in memory.
 */
export class FileContent {
  #size = 0
  #chunks: (Uint8Array | undefined)[] = []
  /** Indexes of chunks that only this content refers to. */
  #owned = new Set<number>()

  static of(content: string | Uint8Array): FileContent {
    const made = new FileContent()
    const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
    if (bytes.length <= CHUNK) {
      if (bytes.length > 0) made.#chunks.push(bytes)
      made.#size = bytes.length
    } else made.write(0, bytes)
    return made
  }

  get size(): number {
    return this.#size
  }

  /** Bytes of memory its own chunks take. */
  get allocated(): number {
    let sum = 0
    for (const index of this.#owned) sum += this.#chunks[index]?.length ?? 0
    return sum
  }

  /** A copy that shares the chunks until either side writes. */
  share(): FileContent {
    const copy = new FileContent()
    copy.#size = this.#size
    copy.#chunks = this.#chunks.slice()
    this.#owned.clear()
    return copy
  }

  read(offset: number, length: number): Uint8Array {
    const end = Math.min(this.#size, offset + length)
    if (end <= offset) return new Uint8Array(0)
    const out = new Uint8Array(end - offset)
    for (let at = offset; at < end; ) {
      const index = Math.floor(at / CHUNK)
      const within = at - index * CHUNK
      const step = Math.min(CHUNK - within, end - at)
      const chunk = this.#chunks[index]
      if (chunk && within < chunk.length) out.set(chunk.subarray(within, within + step), at - offset)
      at += step
    }
    return out
  }

  write(offset: number, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length; ) {
      const index = Math.floor((offset + at) / CHUNK)
      const within = offset + at - index * CHUNK
      const step = Math.min(CHUNK - within, bytes.length - at)
      this.#writeChunk(index, within, bytes.subarray(at, at + step))
      at += step
    }
    this.#size = Math.max(this.#size, offset + bytes.length)
  }

  truncate(size: number): void {
    if (size < this.#size) {
      const index = Math.floor(size / CHUNK)
      const within = size - index * CHUNK
      const last = this.#chunks[index]
      this.#chunks.length = Math.min(this.#chunks.length, within > 0 ? index + 1 : index)
      for (const owned of this.#owned) if (owned >= this.#chunks.length) this.#owned.delete(owned)
      if (last && within > 0 && within < last.length) {
        this.#chunks[index] = last.slice(0, within)
        this.#owned.add(index)
      }
    }
    this.#size = size
  }

  #writeChunk(index: number, within: number, part: Uint8Array): void {
    if (part.length === CHUNK) {
      const before = this.#chunks[index - 1]
      this.#owned.delete(index)
      if (isZero(part)) this.#chunks[index] = undefined
      else if (before && before.length === CHUNK && equal(before, part)) {
        this.#chunks[index] = before
        this.#owned.delete(index - 1)
      } else {
        this.#chunks[index] = part.slice()
        this.#owned.add(index)
      }
      return
    }
    const chunk = this.#chunks[index]
    const end = within + part.length
    if (chunk && this.#owned.has(index) && chunk.length >= end) {
      chunk.set(part, within)
      return
    }
    const used = chunk?.length ?? 0
    const capacity = end <= used ? used : Math.min(CHUNK, used === 0 ? end : Math.max(end, used * 2))
    const grown = new Uint8Array(capacity)
    if (chunk) grown.set(chunk)
    grown.set(part, within)
    this.#chunks[index] = grown
    this.#owned.add(index)
  }
}

/** Whole chunks are compared by words: endless streams of zeros and of `y` pass here. */
function words(bytes: Uint8Array): Uint32Array | Uint8Array {
  return bytes.byteOffset % 4 === 0 ? new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2) : bytes
}

function isZero(bytes: Uint8Array): boolean {
  const all = words(bytes)
  for (let i = 0; i < all.length; i++) if (all[i] !== 0) return false
  return true
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  const [left, right] = a.byteOffset % 4 === b.byteOffset % 4 ? [words(a), words(b)] : [a, b]
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false
  return true
}
