import type { WorldSource } from '../course/session/study-session.ts'

/** Worlds as the command line and the study session use them. Heavy: loaded when the first world is wanted. */
export async function worldSource(): Promise<WorldSource> {
  const { makeWorldSource } = await import('./simulated-worlds.ts')
  return makeWorldSource(() => new Promise((done) => setImmediate(done)))
}
