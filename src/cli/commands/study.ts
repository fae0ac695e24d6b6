import type { CliCommand } from '../command.ts'
import { openDesk } from '../desk.ts'
import { printContents } from './list.ts'

export const study: CliCommand = {
  usage: '',
  summary: 'the study session, where you left off',
  operands: [0, 0],
  async run(_input, context) {
    if (!context.interactive) {
      await printContents(context)
      context.print('')
      const { demo } = await import('./demo.ts')
      await demo.run({ operands: [], values: {} }, context)
      return 0
    }
    const desk = await openDesk(context, context.progress.value.at)
    const { openStudy } = await import('../../tui/open-study.tsx')
    await openStudy(desk, { speed: context.options.speed, color: context.options.color, home: true })
    return 0
  },
}
