import type { Assignment } from 'unbash'
import type { Shell } from '../shell.ts'

export interface BuiltinCall {
  readonly shell: Shell
  /** The name it was called by. */
  readonly name: string
  readonly args: readonly string[]
  /** Of declaration commands: the assignment an argument was written as, by argument index. */
  readonly assignments: readonly (Assignment | undefined)[]
}

/** A command that runs inside the shell. Returns its status. */
export type Builtin = (call: BuiltinCall) => Promise<number> | number
