import { arithmetic } from './arithmetic.ts'
import type { Builtin } from './builtin.ts'
import { patterns } from './patterns.ts'
import { system } from './system.ts'
import { text } from './text.ts'

/** The functions that awk brings along, by name. */
export const BUILTINS: ReadonlyMap<string, Builtin> = new Map(
  Object.entries({ ...text, ...patterns, ...arithmetic, ...system }),
)
