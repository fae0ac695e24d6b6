import { DaemonError } from './engine-client.ts'
import type { Session } from './session.ts'

/**
 * Does one thing for each argument: prints its name when it worked, the daemon's words when not. Status 1 when any
 * failed.
 */
export async function forEach(
  session: Session,
  names: readonly string[],
  action: (name: string) => Promise<string | undefined>,
): Promise<number> {
  let status = 0
  for (const name of names) {
    try {
      const shown = await action(name)
      if (shown !== undefined) await session.print(`${shown}\n`)
    } catch (error) {
      if (!(error instanceof DaemonError)) throw error
      await session.printError(`${error.text}\n`)
      status = 1
    }
  }
  return status
}
