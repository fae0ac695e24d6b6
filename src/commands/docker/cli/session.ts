import type { Process } from '../../../sim/linux/process.ts'
import type { EngineClient } from './engine-client.ts'
import type { FlagValues } from './flag-values.ts'

/** A running docker command: what it was given and what it talks to. */
export interface Session {
  readonly process: Process
  readonly client: EngineClient
  readonly flags: FlagValues
  readonly args: readonly string[]
  /** As it was called: `container run`. */
  readonly path: string
  print(text: string): Promise<void>
  printError(text: string): Promise<void>
}

/** Ends the command with an exit status; the message goes to standard error as it is. */
export class CommandError extends Error {
  readonly status: number

  constructor(message: string, status = 1) {
    super(message)
    this.status = status
  }
}
