import type { Process } from '../../../sim/linux/process.ts'

/** The compose plugin. */
export async function compose(process: Process, argv: readonly string[]): Promise<number> {
  await process.printError(`not simulated: docker compose ${argv[0] ?? ''}\n`)
  return 1
}
