import type { ParseArgsConfig } from 'node:util'
import { TOPOLOGIES, type Topology } from '../../sim/world/journal.ts'
import { type CommandInput, UsageError } from '../command.ts'

export const worldOptions = {
  topology: { type: 'string' },
  seed: { type: 'string' },
} satisfies ParseArgsConfig['options']

/** `--topology` and `--seed`, checked. */
export function readWorldOptions({ values }: CommandInput): { topology: Topology | undefined; seed: number } {
  const topology = values.topology as string | undefined
  if (topology !== undefined && !(TOPOLOGIES as readonly string[]).includes(topology)) {
    throw new UsageError(`no topology "${topology}"; known: ${TOPOLOGIES.join(', ')}`)
  }
  const seed = values.seed === undefined ? 1 : Number(values.seed)
  if (!Number.isSafeInteger(seed)) throw new UsageError(`--seed is a whole number, not "${values.seed}"`)
  return { topology: topology as Topology | undefined, seed }
}
