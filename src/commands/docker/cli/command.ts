import type { Flag } from './flag.ts'
import type { Check } from './flag-values.ts'
import type { Session } from './session.ts'

/** One subcommand of docker. */
export interface DockerCommand {
  /** Where it can be called: `container run`, `run`. The first is what aliases are listed under. */
  readonly paths: readonly string[]
  /** What follows the path in usage lines: `[OPTIONS] IMAGE [COMMAND] [ARG...]`; more lines where there are more forms. */
  readonly usage: string
  readonly summary: string
  /** What its own help says, where it is more than the summary. */
  readonly description?: string
  /** The whole list as help prints it, when it has one. */
  readonly aliases?: string
  readonly flags: readonly Flag[]
  readonly checks?: Readonly<Record<string, Check>>
  readonly args: { readonly min: number; readonly max?: number }
  /** Flags after the first argument belong to what is run. */
  readonly passesArguments?: boolean
  /** Printed before anything else. */
  readonly preamble?: (session: Session) => Promise<void>
  run(session: Session): Promise<number>
}

/** `docker container`: a name for a group of commands. */
export interface CommandGroup {
  readonly path: string
  readonly summary: string
  /** The usage line of its errors, where it differs. */
  readonly errorUsage?: string
  /** Names and summaries, as help lists them. */
  readonly commands: readonly (readonly [name: string, summary: string])[]
}
