/** Seeded random numbers. The only source of chance in a world. */
export class Random {
  #state: [number, number, number, number]

  /** Equal seeds give equal sequences. `stream` separates independent users of one seed. */
  constructor(seed: number | string, stream = '') {
    let h = 1779033703 ^ stream.length
    const text = `${seed}/${stream}`
    for (let i = 0; i < text.length; i++) {
      h = Math.imul(h ^ text.charCodeAt(i), 3432918353)
      h = (h << 13) | (h >>> 19)
    }
    const next = () => {
      h = Math.imul(h ^ (h >>> 16), 2246822507)
      h = Math.imul(h ^ (h >>> 13), 3266489909)
      h ^= h >>> 16
      return h >>> 0
    }
    this.#state = [next(), next(), next(), next()]
  }

  /** A 32-bit unsigned integer (sfc32). */
  uint32(): number {
    const s = this.#state
    const t = (((s[0] + s[1]) | 0) + s[3]) | 0
    s[3] = (s[3] + 1) | 0
    s[0] = s[1] ^ (s[1] >>> 9)
    s[1] = (s[2] + (s[2] << 3)) | 0
    s[2] = (s[2] << 21) | (s[2] >>> 11)
    s[2] = (s[2] + t) | 0
    return t >>> 0
  }

  /** In [0, 1). */
  float(): number {
    return this.uint32() / 4294967296
  }

  /** An integer in [min, max]. */
  int(min: number, max: number): number {
    return min + Math.floor(this.float() * (max - min + 1))
  }

  pick<T>(items: readonly T[]): T {
    return items[this.int(0, items.length - 1)]!
  }

  /** `length` characters of `alphabet`. */
  text(length: number, alphabet: string): string {
    let out = ''
    for (let i = 0; i < length; i++) out += alphabet[this.int(0, alphabet.length - 1)]
    return out
  }

  hex(length: number): string {
    return this.text(length, '0123456789abcdef')
  }

  /** A version 4 UUID, as Kubernetes uses for metadata.uid. */
  uuid(): string {
    const h = this.hex(30)
    const variant = '89ab'[this.int(0, 3)]
    return `${h.slice(0, 8)}-${h.slice(8, 12)}-4${h.slice(12, 15)}-${variant}${h.slice(15, 18)}-${h.slice(18, 30)}`
  }

  /** The suffix Kubernetes adds for generateName: five characters without vowels or look-alikes. */
  nameSuffix(length = 5): string {
    return this.text(length, 'bcdfghjklmnpqrstvwxz2456789')
  }

  /** An independent generator, for a part that must not shift the others' sequences. */
  fork(stream: string): Random {
    return new Random(this.uint32(), stream)
  }
}
