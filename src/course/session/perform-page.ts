import type { World } from '../../sim/world/api.ts'
import type { LocalPage } from '../course.ts'
import type { RunBlock } from '../lesson/page.ts'
import { type TypedOutput, typeScript } from './typist.ts'

/** Virtual ms a reader takes before a command, unless the page says otherwise. */
const readingTime = 5000

/** Does what a page asks for, in order: writes its files, types its commands. Told what each command printed. */
export async function performPage(
  page: LocalPage,
  world: World,
  onRun: (block: RunBlock, output: TypedOutput) => void = () => {},
): Promise<void> {
  for (const block of page.en.blocks) {
    if (block.type === 'file') world.input({ type: 'write', path: block.name, content: block.content })
    if (block.type === 'predict' && block.question.run) await type(world, block.question.run)
    if (block.type !== 'run') continue
    await world.run({ until: world.now + (block.after ?? readingTime) })
    onRun(block, await type(world, block.script))
  }
}

async function type(world: World, script: string): Promise<TypedOutput> {
  const output = await typeScript(world, script)
  // A command that never ends (get -w, a server in the foreground) is left with Ctrl-C, as a reader would.
  if (!output.ended) {
    world.input({ type: 'type', text: '\x03' })
    await world.run({ until: world.now + 1000 })
  }
  return output
}
