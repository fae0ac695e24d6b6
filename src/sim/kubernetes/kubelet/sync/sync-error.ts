/** Why one step of a Pod's sync failed. `reason` becomes the container's waiting reason. */
export class SyncError extends Error {
  readonly reason: string
  /** Milliseconds until a retry makes sense. */
  readonly retryAfter: number | undefined

  constructor(reason: string, message: string, retryAfter?: number) {
    super(message)
    this.name = 'SyncError'
    this.reason = reason
    this.retryAfter = retryAfter
  }
}
