/** What happened, as the Docker API tells it. */
export interface DockerEvent {
  status?: string
  id?: string
  from?: string
  Type: string
  Action: string
  Actor: { ID: string; Attributes: Record<string, string> }
  scope: 'local'
  /** Seconds since 1970. */
  time: number
  timeNano: number
}

const KEPT = 1024

/** The daemon's events: the last ones are kept, new ones told. */
export class Events {
  readonly #now: () => number
  readonly #listeners = new Set<(event: DockerEvent) => void>()
  #past: DockerEvent[] = []

  constructor(now: () => number) {
    this.#now = now
  }

  get past(): readonly DockerEvent[] {
    return this.#past
  }

  emit(type: string, action: string, id: string, attributes: Record<string, string>): void {
    const ms = this.#now()
    const legacy = type === 'container' || type === 'image'
    const sorted = Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)))
    const event: DockerEvent = {
      ...(legacy ? { status: action, id, ...(type === 'container' ? { from: attributes.image ?? '' } : {}) } : {}),
      Type: type,
      Action: action,
      Actor: { ID: id, Attributes: sorted },
      scope: 'local',
      time: Math.floor(ms / 1000),
      timeNano: Math.round(ms * 1e6),
    }
    this.#past.push(event)
    if (this.#past.length > KEPT) this.#past = this.#past.slice(-KEPT)
    for (const listener of [...this.#listeners]) listener(event)
  }

  on(listener: (event: DockerEvent) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }
}
