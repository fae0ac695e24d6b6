import { readFileSync } from 'node:fs'
import { examBegan, examJournal } from '../../course/exam.ts'
import { grade as gradeWorld } from '../../course/grade.ts'
import type { Lab } from '../../course/lab.ts'
import { examLines } from '../../course/report/exam.ts'
import { jsonReport } from '../../course/report/json.ts'
import { junitReport } from '../../course/report/junit.ts'
import { verdictLines } from '../../course/report/verdict.ts'
import { beginWorld } from '../../course/session/begin-world.ts'
import type { SavedJournal } from '../../course/session/journal-store.ts'
import { journalFitsLab } from '../../course/submission.ts'
import { variantOf } from '../../course/variants.ts'
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
    const asked = await context.lab(input.operands[0]!)
    const format = String(input.values.format ?? 'text')
    if (!['text', 'json', 'junit'].includes(format))
      throw new UsageError(`--format is text, json or junit, not "${format}"`)
    const { world, since, lab } = await worldToGrade(asked, input, context)
    const result = await gradeWorld(world, lab, since)
    const { language } = context
    if (format === 'json') context.print(jsonReport(lab, result, language))
    else if (format === 'junit') context.print(junitReport(lab, result, language))
    else if (lab.exam) {
      const used = world.now - (examBegan(world.journal, since) ?? world.now)
      context.print(examLines(lab.exam, result, used, language, context.style).join('\n'))
    } else context.print(verdictLines(result, language, context.style).join('\n'))
    return result.passed ? 0 : 1
  },
}

async function worldToGrade(asked: Lab, { values }: CommandInput, context: CliContext) {
  if (values.script !== undefined && values.submission !== undefined) {
    throw new UsageError('--script and --submission exclude each other')
  }
  const worlds = await worldSource()
  if (values.script !== undefined) {
    const script = readText(String(values.script))
    const seed = Number(values.seed ?? 1)
    const lab = variantOf(asked, seed)
    const begun = await beginWorld(worlds, lab.start, seed)
    await begun.world.script(script)
    return { ...begun, lab }
  }
  const saved =
    values.submission === undefined
      ? context.journals.peek(`lab-${asked.id}`)
      : readSubmission(String(values.submission), asked)
  if (!saved) throw new UsageError(`you have not begun the lab "${asked.id}" yet: kubebook lab ${asked.id}`)
  const lab = variantOf(asked, saved.journal.seed)
  const journal = lab.exam ? examJournal(saved, lab.exam) : saved.journal
  return { world: await worlds.replay(journal), since: saved.since, lab }
}

function readSubmission(file: string, lab: Lab): SavedJournal {
  const saved = parseJournal(readText(file))
  if (!saved) throw new UsageError(`${file} is no submission: kubebook submit ${lab.id} makes one`)
  const misfit = journalFitsLab(saved, variantOf(lab, saved.journal.seed))
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
