/** What client-go's EventCorrelator decides about one more event. */
export interface Correlation {
  /** The message to write: prefixed when similar events are combined. */
  message: string
  /** How often it was seen; above one an existing Event is updated. */
  count: number
  /** Of the Event to update. */
  name?: string
  firstTimestamp?: string
}

export interface EventKey {
  /** source component and host, and the object */
  source: string
  /** type, reason */
  what: string
  message: string
}

const BURST = 25
const REFILL_MS = 300_000
const SIMILAR_MAX = 10
const SIMILAR_WINDOW_MS = 600_000
const REMEMBERED = 4096

/**
 * Counts repeats, combines floods of similar events, and drops what comes faster than a burst of 25 and one in five
 * minutes an object and source.
 */
export class EventCorrelator {
  readonly #buckets = new Lru<{ tokens: number; at: number }>(REMEMBERED)
  readonly #similar = new Lru<{ messages: Set<string>; at: number }>(REMEMBERED)
  readonly #seen = new Lru<{ count: number; name: string; firstTimestamp: string }>(REMEMBERED)

  /** Undefined when the event is to be dropped. */
  correlate(
    key: EventKey,
    now: number,
  ): (Correlation & { remember(name: string, firstTimestamp: string): void }) | undefined {
    const { message, combined } = this.#aggregate(key, now)
    const id = `${key.source}|${key.what}|${combined ? '' : key.message}`
    const known = this.#seen.get(id)
    const count = (known?.count ?? 0) + 1
    if (!this.#allow(key.source, now)) {
      if (known) known.count = count
      return undefined
    }
    return {
      message,
      count,
      name: known?.name,
      firstTimestamp: known?.firstTimestamp,
      remember: (name, firstTimestamp) => this.#seen.set(id, { count, name, firstTimestamp }),
    }
  }

  #aggregate({ source, what, message }: EventKey, now: number): { message: string; combined: boolean } {
    const id = `${source}|${what}`
    let record = this.#similar.get(id)
    if (!record || now - record.at > SIMILAR_WINDOW_MS) record = { messages: new Set(), at: now }
    record.at = now
    record.messages.add(message)
    this.#similar.set(id, record)
    if (record.messages.size < SIMILAR_MAX) return { message, combined: false }
    record.messages.delete(record.messages.values().next().value!)
    return { message: `(combined from similar events): ${message}`, combined: true }
  }

  #allow(source: string, now: number): boolean {
    const bucket = this.#buckets.get(source) ?? { tokens: BURST, at: now }
    bucket.tokens = Math.min(BURST, bucket.tokens + (now - bucket.at) / REFILL_MS)
    bucket.at = now
    this.#buckets.set(source, bucket)
    if (bucket.tokens < 1) return false
    bucket.tokens -= 1
    return true
  }
}

/** A map that forgets what was set longest ago. */
export class Lru<V> {
  readonly #map = new Map<string, V>()
  readonly #limit: number

  constructor(limit: number) {
    this.#limit = limit
  }

  get(key: string): V | undefined {
    return this.#map.get(key)
  }

  set(key: string, value: V): void {
    this.#map.delete(key)
    this.#map.set(key, value)
    if (this.#map.size > this.#limit) this.#map.delete(this.#map.keys().next().value!)
  }

  delete(key: string): void {
    this.#map.delete(key)
  }
}
