import type { World } from '../sim/world/api.ts'
import type { CheckContext, Failure } from './checks/check.ts'
import { checkKinds } from './checks/index.ts'
import { kindOf, type NestedCheck, runNested } from './checks/nested.ts'
import type { Exam } from './exam.ts'
import type { Grader, GraderCheck } from './lab.ts'
import { same, type Text } from './language.ts'
import { liveView } from './view.ts'

/** How one check came out. */
export interface CheckResult {
  readonly id: string
  readonly title: Text
  readonly weight: number
  readonly task?: number
  /** `skipped`: a check it needs did not pass. */
  readonly status: 'passed' | 'failed' | 'skipped'
  readonly failure?: Failure
  /** Titles of the checks it waits for, when skipped. */
  readonly waitsFor?: readonly Text[]
}

export interface Grade {
  readonly passed: boolean
  /** Every check passed; an exam may be passed with less. */
  readonly complete: boolean
  readonly points: number
  readonly of: number
  readonly checks: readonly CheckResult[]
}

/** What is graded by: a lab, or its grader alone. */
export interface Gradable {
  readonly grader: Grader
  readonly exam?: Exam
}

/**
 * Judges a world by a grader. Everything happens in forks: the learner's world is not touched and its clock does not
 * move. `since` is the virtual time at which the learner began.
 */
export async function grade(origin: World, { grader, exam }: Gradable, since = 0): Promise<Grade> {
  const world = await origin.fork()
  // What the past and further forks are asked of is the world as it settles, not the one it was forked from.
  const context: CheckContext = { view: liveView(world.api), world, origin: world, since }
  const deadline = world.now + grader.settle
  await settle(world, grader, context, deadline)
  const results: CheckResult[] = []
  for (const check of grader.checks) results.push(await judge(check, results, context, deadline))
  const points = sum(results.filter((result) => result.status === 'passed'))
  const of = sum(results)
  const complete = results.every((result) => result.status === 'passed')
  return {
    passed: complete || (exam !== undefined && points * 100 >= exam.pass * of),
    complete,
    points,
    of,
    checks: results,
  }
}

/** Does a check hold in a world as it is now? Nothing is waited for; what it does, it does in a fork. */
export async function holds(check: NestedCheck, origin: World, since = 0): Promise<boolean> {
  const world = kindOf(check).kind.ofState ? undefined : await origin.fork()
  return (await runNested(check, { view: liveView((world ?? origin).api), world, origin, since })) === undefined
}

const sum = (results: readonly CheckResult[]) => results.reduce((total, result) => total + result.weight, 0)

async function judge(
  check: GraderCheck,
  before: readonly CheckResult[],
  context: CheckContext,
  deadline: number,
): Promise<CheckResult> {
  const { id, title, weight, task } = check
  const missing = before.filter((result) => check.needs.includes(result.id) && result.status !== 'passed')
  if (missing.length > 0) {
    return { id, title, weight, task, status: 'skipped', waitsFor: missing.map((result) => result.title) }
  }
  const failure = await insist(check, context, deadline)
  if (!failure) return { id, title, weight, task, status: 'passed' }
  return { id, title, weight, task, status: 'failed', failure: check.look ? { ...failure, look: check.look } : failure }
}

/** Asks again, after ever longer pauses, what an answer over the network may need time for. */
async function insist(check: GraderCheck, context: CheckContext, deadline: number): Promise<Failure | undefined> {
  const world = context.world!
  const { retried } = kindOf(check, checkKinds).kind
  let failure = await ask(check, context)
  for (let pause = 1000; failure && retried && world.now < deadline; pause *= 2) {
    await world.run({ until: Math.min(deadline, world.now + pause) })
    failure = await ask(check, context)
  }
  return failure
}

async function ask(check: GraderCheck, context: CheckContext): Promise<Failure | undefined> {
  const { kind, spec } = kindOf(check, checkKinds)
  try {
    return await kind.check(spec, context)
  } catch (error) {
    // A grader must not pass because it broke, and must say that the fault is not the learner's.
    const words = error instanceof Error ? error.message : String(error)
    return {
      expected: kind.describe(spec),
      seen: { en: `the check itself failed: ${words}`, zh: `检查本身出错：${words}` },
      where: same(id(check)),
    }
  }
}

const id = (check: GraderCheck) => `check ${check.id}`

/** Lets time pass in the fork until all checks on objects hold, or the grader's patience ends. */
async function settle(world: World, grader: Grader, context: CheckContext, deadline: number): Promise<void> {
  const ofState = grader.checks.filter((check) => kindOf(check, checkKinds).kind.ofState)
  let step = 100
  while (world.now < deadline) {
    let open = false
    for (const check of ofState) open ||= (await ask(check, context)) !== undefined
    if (!open) return
    await world.run({ until: Math.min(deadline, world.now + step) })
    step = Math.min(2000, step * 2)
  }
}
