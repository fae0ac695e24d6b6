import type { Process } from '../../../sim/linux/process.ts'
import type { Command } from '../command.ts'

/** Placeholder until preferences are read. */
export async function applyPreferences(_process: Process, _root: Command, argv: string[]): Promise<string[]> {
  return argv
}
