import type { ParseArgsConfig } from 'node:util'
import type { CliContext } from './context.ts'

/** One word of the command line. One file each in `commands/`, listed in `commands/index.ts`. */
export interface CliCommand {
  readonly usage: string
  /** One line for the list. */
  readonly summary: string
  /** Longer help, below the usage. */
  readonly help?: string
  readonly options?: NonNullable<ParseArgsConfig['options']>
  /** How many operands it takes. */
  readonly operands: readonly [min: number, max: number]
  /** Gives the exit status. */
  run(input: CommandInput, context: CliContext): Promise<number>
}

export interface CommandInput {
  operands: readonly string[]
  values: Readonly<Record<string, string | boolean | undefined>>
}

/** A mistake of the caller: told in one line, exit status 2. */
export class UsageError extends Error {}
