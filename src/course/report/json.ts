import type { Grade } from '../grade.ts'
import type { Lab } from '../lab.ts'
import type { Language } from '../language.ts'

/** A grade as data. */
export function jsonReport(lab: Lab, grade: Grade, language: Language): string {
  const checks = grade.checks.map(({ id, title, weight, status, failure }) => ({
    id,
    title: title[language],
    weight,
    status,
    ...(failure && {
      expected: failure.expected[language],
      seen: failure.seen[language],
      where: failure.where?.[language],
      look: failure.look?.[language],
    }),
  }))
  const { passed, points, of } = grade
  return JSON.stringify({ lab: lab.id, passed, points, of, checks }, null, 2)
}
