import { normalise } from './normalise.mjs'
import type { RunStep } from './scenario.ts'

export interface Seen {
  stdout: string
  stderr: string
  status: number
  screen: string | undefined
}

export interface Difference {
  part: 'stdout' | 'stderr' | 'exit' | 'screen'
  expected: string
  seen: string
}

/** What differs after normalising both sides; empty when the step matches. */
export function differences(step: RunStep, seen: Seen): Difference[] {
  const found: Difference[] = []
  const compare = (part: Difference['part'], expected: string, actual: string) => {
    const [a, b] = [normalise(expected), normalise(actual)]
    if (a !== b) found.push({ part, expected: a, seen: b })
  }
  if (step.screen !== undefined) compare('screen', step.screen, seen.screen ?? '')
  else {
    compare('stdout', step.stdout, seen.stdout)
    compare('stderr', step.stderr, seen.stderr)
  }
  if (step.exit !== seen.status) found.push({ part: 'exit', expected: String(step.exit), seen: String(seen.status) })
  return found
}
