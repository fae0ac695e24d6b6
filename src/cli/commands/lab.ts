import { proseLines } from '../../course/report/prose.ts'
import type { CliCommand } from '../command.ts'
import { openDesk } from '../desk.ts'
import { plainSession } from '../plain-session.ts'

export const lab: CliCommand = {
  usage: 'lab LAB',
  summary: 'straight into a lab (no terminal: commands from standard input)',
  operands: [1, 1],
  async run({ operands }, context) {
    const found = await context.lab(operands[0]!)
    const desk = await openDesk(context, `lab:${found.id}`)
    if (context.interactive) {
      const { openStudy } = await import('../../tui/open-study.tsx')
      await openStudy(desk, { speed: context.options.speed ?? 1, color: context.options.color, home: false })
      return 0
    }
    await desk.go(desk.step)
    context.print(
      `${found.title[context.language]}\n\n${proseLines(found.task[context.language], 76, false).join('\n')}\n`,
    )
    const passed = await plainSession(desk, context)
    await desk.close()
    return passed ? 0 : 1
  },
}
