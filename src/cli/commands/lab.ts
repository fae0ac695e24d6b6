import { proseLines } from '../../course/report/prose.ts'
import type { CliCommand } from '../command.ts'
import { openDesk } from '../desk.ts'
import { plainSession } from '../plain-session.ts'

export const lab: CliCommand = {
  usage: 'lab LAB [--seed N]',
  summary: 'straight into a lab (no terminal: commands from standard input)',
  help: '--seed N: with the values that N draws, where a lab has values that differ; not for a lab already begun.',
  options: { seed: { type: 'string' } },
  operands: [1, 1],
  async run({ operands, values }, context) {
    const { id } = await context.lab(operands[0]!)
    const variant = values.seed === undefined ? undefined : Number(values.seed)
    const desk = await openDesk(context, `lab:${id}`, variant)
    if (context.interactive) {
      const { openStudy } = await import('../../tui/open-study.tsx')
      await openStudy(desk, { speed: context.options.speed, color: context.options.color, home: false })
      return 0
    }
    await desk.go(desk.step)
    if (desk.step.type !== 'lab') return 2
    const found = desk.step.lab
    context.print(
      `${found.title[context.language]}\n\n${proseLines(found.task[context.language], 76, false).join('\n')}\n`,
    )
    const passed = await plainSession(desk, context)
    await desk.close()
    return passed ? 0 : 1
  },
}
