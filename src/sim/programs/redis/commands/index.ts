import { collections } from './collections.ts'
import type { CommandTable } from './command.ts'
import { keys } from './keys.ts'
import { server } from './server.ts'
import { sortedSets } from './sorted-sets.ts'
import { strings } from './strings.ts'

/** Every command but the transaction ones (the dispatcher's own). */
export const commands: CommandTable = { ...strings, ...collections, ...sortedSets, ...keys, ...server }
