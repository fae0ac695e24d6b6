import type { FlagSpec } from './flags/flag.ts'
import type { Session } from './session.ts'

/** One kubectl command: how it is called, what its help says, what it does. */
export interface Command {
  name: string
  aliases?: readonly string[]
  short: string
  /** Paragraphs shown above the rest of the help; `short` when absent. */
  long?: string
  examples?: string
  /** Usage line after `kubectl …`, e.g. `get [(-o|--output=)json|…] (TYPE …) [flags]`. */
  use?: string
  flags?: readonly FlagSpec[]
  subcommands?: readonly Command[]
  hidden?: boolean
  /** Everything after the command's name is given unparsed (`plugin`). */
  run?(session: Session): Promise<void> | void
}
