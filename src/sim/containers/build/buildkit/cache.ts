import type { Random } from '../../../time/random.ts'
import type { Image } from '../../images/image.ts'
import type { Layer } from '../../images/layer.ts'

/** The outcome of one step, kept for builds to come. */
export interface CacheRecord {
  readonly id: string
  readonly type: 'regular' | 'source.local' | 'exec.cachemount'
  readonly description: string
  readonly size: number
  readonly layer: Layer | undefined
  /** ms since 1970 */
  readonly createdAt: number
  lastUsedAt: number
  usageCount: number
}

/** What BuildKit has kept of earlier builds on one machine. */
export class BuildCache {
  readonly #random: Random
  readonly #now: () => number
  readonly #records = new Map<string, CacheRecord>()
  /** Base images that came from a registry for a build; `docker images` does not show them. */
  readonly images = new Map<string, Image>()
  /** Sums of the files that earlier build contexts had: they need not be sent again. */
  readonly known = new Set<string>()

  constructor(random: Random, now: () => number) {
    this.#random = random
    this.#now = now
  }

  list(): CacheRecord[] {
    return [...this.#records.values()]
  }

  /** Finds a step's outcome and counts the use. */
  use(key: string): CacheRecord | undefined {
    const record = this.#records.get(key)
    if (record) {
      record.lastUsedAt = this.#now()
      record.usageCount++
    }
    return record
  }

  keep(key: string, record: Pick<CacheRecord, 'type' | 'description' | 'size' | 'layer'>): void {
    const now = this.#now()
    const id = this.#random.text(25, 'abcdefghijklmnopqrstuvwxyz0123456789')
    this.#records.set(key, { ...record, id, createdAt: now, lastUsedAt: now, usageCount: 1 })
  }

  /** Forgets what no image uses (`all`: everything); what went, oldest first. */
  prune(inUse: (record: CacheRecord) => boolean, all: boolean): CacheRecord[] {
    const gone: CacheRecord[] = []
    for (const [key, record] of [...this.#records]) {
      if (!all && inUse(record)) continue
      this.#records.delete(key)
      gone.push(record)
    }
    if (all) {
      this.images.clear()
      this.known.clear()
    }
    return gone
  }
}
