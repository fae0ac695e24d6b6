import { type Difference, differences } from './compare.ts'
import type { Lab } from './lab.ts'
import type { RunStep, Scenario } from './scenario.ts'
import { unrecordedBuild, unrecordedPush } from './unrecorded.ts'

export interface StepResult {
  step: RunStep
  /** Undefined: not compared (unstable in the recording itself). */
  matches: boolean | undefined
  differences: Difference[]
  note: string | undefined
}

export interface Replay {
  scenario: Scenario
  steps: StepResult[]
  /** Real milliseconds. */
  took: number
}

/** Virtual time between polls of a `wait`, as the recorder's. */
const POLL = 500
/** Virtual time between two steps: the recorder's took a third of a second on average, most of it between commands. */
const GAP = 200
/** How long a single step may take in virtual time. */
const STEP_LIMIT = 400_000

/** Runs a scenario in a fresh world. A `wait` that times out fails the steps after it. */
export async function replay(scenario: Scenario, makeLab: (scenario: Scenario) => Promise<Lab>): Promise<Replay> {
  const began = performance.now()
  const lab = await makeLab(scenario)
  const steps: StepResult[] = []
  let broken: string | undefined
  for (const [path, content] of Object.entries(scenario.files)) lab.writeFile(path, content)
  const build = unrecordedBuild(scenario)
  if (build) await lab.run(build, STEP_LIMIT)
  for (const step of scenario.steps) {
    if (step.kind === 'act') lab.act(step.act, step.node)
    else if (step.kind === 'wait') broken ??= await poll(lab, step.wait, step.until, step.timeout)
    else if (broken !== undefined)
      steps.push({ step, matches: step.unstable ? undefined : false, differences: [], note: broken })
    else {
      await lab.pass(GAP)
      const push = unrecordedPush(scenario, step)
      if (push) await lab.run(push, STEP_LIMIT)
      const seen = step.input
        ? await lab.runOnTerminal(step.run, step.input, STEP_LIMIT)
        : await lab.run(step.run, STEP_LIMIT)
      const found = seen ? differences(step, seen) : []
      steps.push({
        step,
        matches: step.unstable ? undefined : seen !== undefined && found.length === 0,
        differences: found,
        note: seen ? undefined : 'did not end',
      })
      if (!seen) broken = `an earlier step did not end: ${step.run}`
    }
  }
  return { scenario, steps, took: performance.now() - began }
}

async function poll(lab: Lab, command: string, until: RegExp, timeout: number): Promise<string | undefined> {
  const deadline = lab.now + timeout * 1000
  for (;;) {
    const seen = await lab.run(command, Math.max(1000, deadline - lab.now))
    if (!seen) return `a wait did not end: ${command}`
    if (until.test(seen.stdout)) return undefined
    if (lab.now >= deadline) return `a wait timed out: ${command} (last: ${seen.stdout.trim().slice(0, 120)})`
    await lab.pass(POLL)
  }
}
