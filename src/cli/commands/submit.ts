import { writeFileSync } from 'node:fs'
import { type CliCommand, UsageError } from '../command.ts'
import { formatJournal } from '../storage/journal-files.ts'

export const submit: CliCommand = {
  usage: 'submit LAB [-o FILE]',
  summary: 'your journal of that lab, to hand in',
  options: { output: { type: 'string', short: 'o' } },
  operands: [1, 1],
  async run({ operands, values }, context) {
    const lab = await context.lab(operands[0]!)
    const saved = context.journals.peek(`lab-${lab.id}`)
    if (!saved) throw new UsageError(`you have not begun the lab "${lab.id}" yet: kubebook lab ${lab.id}`)
    const text = formatJournal(saved)
    if (values.output === undefined) {
      process.stdout.write(text)
      return 0
    }
    writeFileSync(String(values.output), text)
    context.warn(`written: ${values.output}`)
    return 0
  },
}
