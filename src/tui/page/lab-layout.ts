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
  const about = lab.exam
    ? `${words.exam} · ${lab.exam.limit / 60_000} ${words.minutes} · ${pointsOf(lab)} ${words.points} · ${lab.exam.pass} % ${words.toPass}`
    : `${words.task} · ${lab.minutes} ${words.minutes} · ${pointsOf(lab)} ${words.points}`
  const lines: Line[] = [
    ...wrapSpans([{ text: lab.title[language], sgr: theme.title }], width),
    [{ text: about, sgr: theme.dim }],
    [],
    ...markdownLines(lab.task[language], width),
    [],
    ...aims(lab, language, state.checks, words).flatMap(({ text, status }) => {
      const mark = status ? marks[status] : '○'
      const sgr = status === 'passed' ? theme.good : status === 'failed' ? theme.bad : theme.dim
      const title = wrapSpans([{ text }], width - 4)
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

/** What is to be reached: the checks; in an exam only its tasks, which stand for all their checks. */
function aims(lab: Lab, language: Language, checks: LabProgress['checks'], words: UiWords) {
  if (!lab.exam) return lab.grader.checks.map(({ id, title }) => ({ text: title[language], status: checks?.[id] }))
  return lab.exam.tasks.map((title, i) => {
    const own = lab.grader.checks.filter((check) => check.task === i + 1)
    const points = own.reduce((sum, { weight }) => sum + weight, 0)
    const passed = own.every(({ id }) => checks?.[id] === 'passed')
    const status = checks && (passed ? ('passed' as const) : ('failed' as const))
    return { text: `${i + 1}. ${title[language]} (${points} ${words.points})`, status }
  })
}

const indent = (lines: readonly Line[]): Line[] => lines.map((line) => [{ text: '  ' }, ...line])
