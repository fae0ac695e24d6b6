/** A build that failed on the way: the message, and the exit status it gives the docker command. */
export class BuildError extends Error {
  readonly code: number

  constructor(message: string, code = 1) {
    super(message)
    this.name = 'BuildError'
    this.code = code
  }
}
