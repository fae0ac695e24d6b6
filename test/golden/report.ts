import { createTwoFilesPatch } from 'diff'
import type { Replay, StepResult } from './replay.ts'

/** `area  M of N` lines, then `golden: M of N steps match (P %)`. */
export function summary(replays: readonly Replay[]): string {
  const areas = new Map<string, { matching: number; compared: number; took: number }>()
  let matching = 0
  let compared = 0
  for (const { scenario, steps, took } of replays) {
    const area = areas.get(scenario.area) ?? { matching: 0, compared: 0, took: 0 }
    area.took += took
    for (const { matches } of steps) {
      if (matches === undefined) continue
      area.compared++
      compared++
      if (matches) {
        area.matching++
        matching++
      }
    }
    areas.set(scenario.area, area)
  }
  const width = Math.max(0, ...[...areas.keys()].map((a) => a.length))
  const lines = [...areas].map(([name, a]) => {
    const percent = a.compared === 0 ? 100 : (100 * a.matching) / a.compared
    return `${name.padEnd(width)}  ${String(a.matching).padStart(4)} of ${String(a.compared).padStart(4)}  ${percent.toFixed(1).padStart(5)} %  ${(a.took / 1000).toFixed(1)} s`
  })
  const percent = compared === 0 ? 100 : (100 * matching) / compared
  return [...lines, `golden: ${matching} of ${compared} steps match (${percent.toFixed(1)} %)`].join('\n')
}

/** What differs in one step, as unified diffs (- recorded, + seen). */
export function describeStep({ step, differences, note }: StepResult): string {
  const lines = [`$ ${step.run}`]
  if (note) lines.push(`  ${note}`)
  for (const { part, expected, seen } of differences) {
    if (part === 'exit') lines.push(`  exit: recorded ${expected}, seen ${seen}`)
    else {
      const patch = createTwoFilesPatch('recorded', 'seen', `${expected}\n`, `${seen}\n`, '', '', { context: 2 })
      lines.push(
        `  ${part}:`,
        ...patch
          .split('\n')
          .slice(4)
          .filter((l) => l !== '' && !l.startsWith('\\'))
          .map((l) => `  ${l}`),
      )
    }
  }
  return lines.join('\n')
}
