import { createInterface } from 'node:readline'
import { beginWorld } from '../../course/session/begin-world.ts'
import { typeLine } from '../../course/session/typist.ts'
import type { CliCommand } from '../command.ts'
import { worldSource } from '../world-source.ts'
import { readWorldOptions, worldOptions } from './world-options.ts'

export const shell: CliCommand = {
  usage: 'shell [--topology T] [--seed N]',
  summary: 'only the computer, in your own terminal',
  help: 'Ctrl-D or exit leaves. Nothing is kept.',
  options: worldOptions,
  operands: [0, 0],
  async run(input, context) {
    const { topology = 'two-node', seed } = readWorldOptions(input)
    const { world } = await beginWorld(await worldSource(), { topology }, seed)
    if (context.interactive) {
      const { rawTerminal } = await import('../raw-terminal.ts')
      return await rawTerminal(world, context.options.speed ?? 1)
    }
    await world.run({ until: world.now + 1000 })
    for await (const line of createInterface({ input: process.stdin })) {
      context.print(`$ ${line}`)
      process.stdout.write((await typeLine(world, line)).text)
    }
    return 0
  },
}
