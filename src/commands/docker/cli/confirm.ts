import { CommandError, type Session } from './session.ts'

/** Asks before something is deleted, unless `--force` was given. */
export async function confirm(session: Session, warning: string): Promise<boolean> {
  if (session.flags.bool('force')) return true
  await session.print(`WARNING! ${warning}\nAre you sure you want to continue? [y/N] `)
  const bytes = await session.process.stdin.read()
  const answer = new TextDecoder().decode(bytes).trim().toLowerCase()
  if (answer === 'y') return true
  throw new CommandError(`${session.path} has been cancelled`)
}
