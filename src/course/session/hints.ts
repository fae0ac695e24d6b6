import type { Grade } from '../grade.ts'
import type { Hint, Lab } from '../lab.ts'

/**
 * The next hint: one made for what the learner's world looks like (`holding`: the indices of those whose `if` holds),
 * then one made for the check that fails first, then the next general one. Undefined when all that fit have been shown.
 */
export function nextHint(
  lab: Lab,
  grade: Grade | undefined,
  shown: ReadonlySet<number>,
  holding: ReadonlySet<number>,
): { index: number; hint: Hint } | undefined {
  const failing = grade?.checks.find((check) => check.status === 'failed')?.id
  const fits = ({ when, if: condition }: Hint, index: number) =>
    (when === undefined || when === failing) && (condition === undefined || holding.has(index))
  const left = lab.hints
    .map((hint, index) => ({ hint, index }))
    .filter(({ hint, index }) => !shown.has(index) && fits(hint, index))
  return left.find(({ hint }) => hint.if) ?? left.find(({ hint }) => hint.when !== undefined) ?? left[0]
}
