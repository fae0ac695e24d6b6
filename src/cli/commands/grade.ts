import { readFileSync } from 'node:fs'
import { grade as gradeWorld } from '../../course/grade.ts'
import type { Lab } from '../../course/lab.ts'
import { jsonReport } from '../../course/report/json.ts'
import { junitReport } from '../../course/report/junit.ts'
import { verdictLines } from '../../course/report/verdict.ts'
import { beginWorld } from '../../course/session/begin-world.ts'
import type { SavedJournal } from '../../course/session/journal-store.ts'
import { journalFitsLab } from '../../course/submission.ts'
import { type CliCommand, type CommandInput, UsageError } from '../command.ts'
import type { CliContext } from '../context.ts'
import { parseJournal } from '../storage/journal-files.ts'
import { worldSource } from '../world-source.ts'

export const grade: CliCommand = {
  usage: 'grade LAB [--script FILE | --submission FILE] [--format text|json|junit]',
  summary: 'grades a script, a submission, or your own work',
  help: 'Exit status: 0 all checks passed, 1 not all, 2 could not grade.\nA submission is a journal: it is replayed, and nothing else is trusted.',
  options: {
    script: { type: 'string' },
    submission: { type: 'string' },
    format: { type: 'string' },
    seed: { type: 'string' },
  },
  operands: [1, 1],
  async run(input, context) {
    const lab = await context.lab(input.operands[0]!)
    const format = String(input.values.format ?? 'text')
    if (!['text', 'json', 'junit'].includes(format))
      throw new UsageError(`--format is text, json or junit, not "${format}"`)
    const { world, since } = await worldToGrade(lab, input, context)
    const result = await gradeWorld(world, lab.grader, since)
    const { language } = context
    if (format === 'json') context.print(jsonReport(lab, result, language))
    else if (format === 'junit') context.print(junitReport(lab, result, language))
    else context.print(verdictLines(result, language, context.style).join('\n'))
    return result.passed ? 0 : 1
  },
}

async function worldToGrade(lab: Lab, { values }: CommandInput, context: CliContext) {
  if (values.script !== undefined && values.submission !== undefined) {
    throw new UsageError('--script and --submission exclude each other')
  }
  const worlds = await worldSource()
  if (values.script !== undefined) {
    const script = readText(String(values.script))
    const begun = await beginWorld(worlds, lab.start, Number(values.seed ?? 1))
    await begun.world.script(script)
    return begun
  }
  const saved =
    values.submission === undefined
      ? context.journals.peek(`lab-${lab.id}`)
      : readSubmission(String(values.submission), lab)
  if (!saved) throw new UsageError(`you have not begun the lab "${lab.id}" yet: kubebook lab ${lab.id}`)
  return { world: await worlds.replay(saved.journal), since: saved.since }
}

function readSubmission(file: string, lab: Lab): SavedJournal {
  const saved = parseJournal(readText(file))
  if (!saved) throw new UsageError(`${file} is no submission: kubebook submit ${lab.id} makes one`)
  const misfit = journalFitsLab(saved, lab)
  if (misfit) throw new UsageError(`${file} is not of the lab "${lab.id}": ${misfit}`)
  return saved
}

function readText(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as NodeJS.ErrnoException).code}`)
  }
}
