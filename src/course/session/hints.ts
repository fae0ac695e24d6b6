import type { Grade } from '../grade.ts'
import type { Hint, Lab } from '../lab.ts'

/**
 * The next hint: one made for the check that fails first, if it has not been shown; otherwise the next general one.
 * Undefined when all that fit have been shown.
 */
export function nextHint(
  lab: Lab,
  grade: Grade | undefined,
  shown: ReadonlySet<number>,
): { index: number; hint: Hint } | undefined {
  const failing = grade?.checks.find((check) => check.status === 'failed')?.id
  const fitting = lab.hints
    .map((hint, index) => ({ hint, index }))
    .filter(({ hint, index }) => !shown.has(index) && (hint.when === undefined || hint.when === failing))
  return fitting.find(({ hint }) => hint.when !== undefined) ?? fitting[0]
}
