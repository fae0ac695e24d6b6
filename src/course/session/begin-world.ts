import type { World } from '../../sim/world/api.ts'
import type { LabStart } from '../lab.ts'
import type { WorldSource } from './study-session.ts'

/** A new world after a start's files and commands. `since` is when the learner comes. */
export async function beginWorld(
  worlds: WorldSource,
  start: LabStart,
  seed: number,
): Promise<{ world: World; since: number }> {
  const world = await worlds.create({ seed, topology: start.topology })
  for (const [path, content] of Object.entries(start.files ?? {})) world.input({ type: 'write', path, content })
  if (start.commands) await world.script(start.commands)
  return { world, since: world.now }
}
