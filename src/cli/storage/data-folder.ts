import { mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where the learner's progress and journals are: KUBEBOOK_HOME, or the user's XDG data folder. Made when missing. */
export function dataFolder(env: NodeJS.ProcessEnv, part?: string): string {
  const base = env.KUBEBOOK_HOME || join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'kubebook')
  const folder = part ? join(base, part) : base
  mkdirSync(join(folder, 'journals'), { recursive: true })
  return folder
}
