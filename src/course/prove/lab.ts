import { type Grade, grade, holds } from '../grade.ts'
import type { Lab, Mistake } from '../lab.ts'
import { languages } from '../language.ts'
import type { Problem } from '../problem.ts'
import { plainStyle } from '../report/style.ts'
import { verdictLines } from '../report/verdict.ts'
import { beginWorld } from '../session/begin-world.ts'
import type { WorldSource } from '../session/study-session.ts'
import { everyVariant } from '../variants.ts'
import type { ProofStep } from './course.ts'
import { mutantsOf } from './mutants.ts'

/** Virtual ms that a solution may take. */
const deadline = 3_600_000

export interface ProofOptions {
  /** Also machine-made wrong answers: many worlds a lab. */
  mutants?: boolean
}

/** The untouched start fails, the solutions pass, the mistakes fail as declared: with every value a learner may get. */
export async function* proveLab(lab: Lab, worlds: WorldSource, options: ProofOptions = {}): AsyncGenerator<ProofStep> {
  for (const [i, variant] of everyVariant(lab).entries())
    yield* proveVariant(variant.lab, `${lab.id}${variant.name}`, worlds, i + 1, options)
}

async function* proveVariant(
  lab: Lab,
  name: string,
  worlds: WorldSource,
  seed: number,
  options: ProofOptions,
): AsyncGenerator<ProofStep> {
  const problem = (message: string, fix?: string): Problem => ({ file: lab.file, message, fix })
  const gradeScript = async (script: string | undefined) => {
    const { world, since } = await beginWorld(worlds, lab.start, seed)
    const problems: Problem[] = []
    if (script !== undefined) {
      const outcome = await world.script(script, { deadline })
      if (!outcome.ended) problems.push(problem('the script does not end', script))
      else if (outcome.status !== 0)
        problems.push(problem(`the script ends with ${outcome.status}: ${outcome.stderr.trim()}`))
    }
    return { result: await grade(world, lab, since), problems, world, since }
  }

  const start = await gradeScript(undefined)
  for (const [i, hint] of lab.hints.entries()) {
    if (hint.if && (await holds(hint.if, start.world, start.since)))
      start.problems.push(problem(`hint ${i + 1} is shown to everybody`, 'its "if" holds at the start already'))
  }
  const early = start.result.checks.filter((check, i) => (check.status === 'passed') !== lab.grader.checks[i]!.guard)
  yield {
    name: `lab ${name} · start`,
    problems: [
      ...start.problems,
      ...early.map(({ id, status }) =>
        status === 'passed'
          ? problem(
              `check "${id}" passes before anything was done`,
              'if it only guards what is there, say "guard: true"',
            )
          : problem(`the guard "${id}" does not hold at the start`),
      ),
    ],
  }

  for (const solution of lab.solutions) {
    const { result, problems } = await gradeScript(solution.script)
    if (!result.complete) problems.push(problem(`solution "${solution.name}" does not pass:`, verdict(result)))
    yield { name: `lab ${name} · solution: ${solution.name}`, problems }
  }

  for (const mistake of lab.mistakes) {
    const { result } = await gradeScript(mistake.script)
    yield { name: `lab ${name} · mistake: ${mistake.name}`, problems: judgeMistake(mistake, result, problem) }
  }

  // The variants differ in names and numbers; one of them shows what the grader overlooks.
  if (!options.mutants || seed > 1) return
  const accepted = lab.survivors ?? []
  const used = new Set<string>()
  for (const mutant of lab.solutions.flatMap(({ script }) => mutantsOf(script))) {
    const excuse = accepted.find(({ change }) => matchesChange(change, mutant.change))
    if (excuse) {
      used.add(excuse.change)
      continue
    }
    const { result } = await gradeScript(mutant.script)
    if (!result.complete) continue
    const fix = `sharpen the grader, or accept it: survivors: [{change: ${JSON.stringify(mutant.change)}, why: …}]`
    yield {
      name: `lab ${lab.id} · survivor: ${mutant.change}`,
      problems: [problem(`passes with a fault: ${mutant.change}`, fix)],
    }
  }
  const stale = accepted.filter(({ change }) => !used.has(change))
  yield {
    name: `lab ${lab.id} · machine-made mistakes`,
    problems: stale.map(({ change }) => problem(`survivors: no such change: ${change}`)),
  }
}

/** A change in its own words, or `/regular expression/`. */
function matchesChange(accepted: string, change: string): boolean {
  const pattern = /^\/(.+)\/$/.exec(accepted)?.[1]
  return pattern === undefined ? accepted === change : new RegExp(pattern).test(change)
}

const verdict = (result: Grade) => verdictLines(result, 'en', plainStyle).join('\n')

function judgeMistake(mistake: Mistake, result: Grade, problem: (message: string, fix?: string) => Problem): Problem[] {
  const about = `mistake "${mistake.name}"`
  if (result.complete) return [problem(`${about} passes`, 'a grader must never pass with a fault left')]
  const failing = new Set(result.checks.filter((check) => check.status === 'failed').map((check) => check.id))
  const kept = mistake.fails.filter((id) => !failing.has(id))
  const problems = kept.map((id) => problem(`${about} does not fail the check "${id}":`, verdict(result)))
  if (kept.length > 0) return problems
  const told = languages.map((language) =>
    result.checks
      .filter((check) => mistake.fails.includes(check.id) && check.failure)
      .flatMap(({ failure }) => [failure!.expected, failure!.seen, failure!.where, failure!.look])
      .map((text) => text?.[language] ?? '')
      .join('\n'),
  )
  for (const word of mistake.told) {
    if (!told[0]!.includes(word)) problems.push(problem(`${about} is not told "${word}":`, verdict(result)))
  }
  return problems
}
