import { type Lab, pointsOf } from '../../course/lab.ts'
import type { Language } from '../../course/language.ts'
import type { LabProgress } from '../../course/progress.ts'
import { marks } from '../../course/report/verdict.ts'
import { type Line, wrapSpans } from '../../course/text/span.ts'
import { theme } from '../theme.ts'
import type { UiWords } from '../words.ts'
import type { PageLayout } from './layout.ts'
import { markdownLines } from './markdown.ts'

/** A lab as a page: the task, the hints shown, the checks, and the debrief after the pass. */
export function layoutLab(
  lab: Lab,
  language: Language,
  width: number,
  state: { checks: LabProgress['checks']; hints: readonly number[]; passed: boolean },
  words: UiWords,
): PageLayout {
  const about = `${words.task} · ${lab.minutes} ${words.minutes} · ${pointsOf(lab)} ${words.points}`
  const lines: Line[] = [
    ...wrapSpans([{ text: lab.title[language], sgr: theme.title }], width),
    [{ text: about, sgr: theme.dim }],
    [],
    ...markdownLines(lab.task[language], width),
    [],
    ...lab.grader.checks.flatMap((check) => {
      const status = state.checks?.[check.id]
      const mark = status ? marks[status] : '○'
      const sgr = status === 'passed' ? theme.good : status === 'failed' ? theme.bad : theme.dim
      const title = wrapSpans([{ text: check.title[language] }], width - 4)
      return title.map((line, n): Line => [{ text: n === 0 ? `  ${mark} ` : '    ', sgr }, ...line])
    }),
  ]
  for (const index of state.hints) {
    const hint = lab.hints[index]
    if (hint)
      lines.push(
        [],
        ...indent([[{ text: words.hint, sgr: theme.accent }], ...markdownLines(hint[language], width - 2)]),
      )
  }
  if (state.passed) lines.push([], ...markdownLines(lab.debrief[language], width))
  return { lines, actions: [] }
}

const indent = (lines: readonly Line[]): Line[] => lines.map((line) => [{ text: '  ' }, ...line])
