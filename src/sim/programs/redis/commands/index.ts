import { bits } from './bits.ts'
import { blockingLists } from './blocking-lists.ts'
import { collections } from './collections.ts'
import type { CommandTable } from './command.ts'
import { geo } from './geo.ts'
import { hyperLogLog } from './hyperloglog.ts'
import { keys } from './keys.ts'
import { server } from './server.ts'
import { sortedSets } from './sorted-sets.ts'
import { streams } from './streams.ts'
import { strings } from './strings.ts'

/** Every command but the transaction ones (the dispatcher's own). */
export const commands: CommandTable = {
  ...strings,
  ...bits,
  ...hyperLogLog,
  ...collections,
  ...blockingLists,
  ...sortedSets,
  ...geo,
  ...streams,
  ...keys,
  ...server,
}
