import { type Exam, taskResults } from '../exam.ts'
import type { CheckResult, Grade } from '../grade.ts'
import type { Language } from '../language.ts'
import type { Style } from './style.ts'
import { checkLines, marks } from './verdict.ts'

const words = {
  en: { passed: 'Passed.', failed: 'Not passed.', points: 'points', needed: 'needed', time: 'time', of: 'of' },
  zh: { passed: '通过。', failed: '没有通过。', points: '分', needed: '及格线', time: '用时', of: '/' },
}

/** The one report of an exam: the tasks with their points, what was wrong in each, the sum, and the time taken (ms). */
export function examLines(
  exam: Exam,
  grade: Grade,
  used: number,
  language: Language,
  style: Style,
  columns = 100,
): string[] {
  const word = words[language]
  const lines = taskResults(exam, grade).flatMap((task, i) => {
    const full = task.points === task.of
    const mark = full ? style.good(marks.passed) : style.bad(marks.failed)
    const wrong = grade.checks.filter((check: CheckResult) => check.task === i + 1 && check.status !== 'passed')
    return [
      `  ${mark} ${i + 1}. ${task.title[language]}  ${task.points}/${task.of}`,
      ...wrong.flatMap((check) => checkLines(check, language, style, columns - 4).map((line) => `    ${line}`)),
    ]
  })
  const share = Math.floor((grade.points * 100) / grade.of)
  const verdict = grade.passed ? style.good(word.passed) : style.bad(word.failed)
  const sum = `${grade.points}/${grade.of} ${word.points} (${share} %, ${word.needed} ${exam.pass} %)`
  const time = `${word.time} ${examClock(used)} ${word.of} ${examClock(exam.limit)}`
  return [...lines, '', `  ${verdict} ${sum}`, `  ${time}`]
}

/** `39:05`, `1:02:00` */
export function examClock(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  const two = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}
