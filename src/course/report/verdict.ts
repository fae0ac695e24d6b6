import type { CheckResult, Grade } from '../grade.ts'
import type { Language, Text } from '../language.ts'
import { lineText, wrapSpans } from '../text/span.ts'
import { textWidth } from '../text/width.ts'
import type { Style } from './style.ts'

const words = {
  expected: { en: 'expected', zh: '期望' },
  seen: { en: 'seen', zh: '看到' },
  where: { en: 'where', zh: '位置' },
  look: { en: 'look at', zh: '去看' },
  passed: { en: 'Passed.', zh: '通过。' },
  points: { en: 'points', zh: '分' },
} satisfies Record<string, Text>

/** A grade as lines of a terminal, check by check. */
export function verdictLines(grade: Grade, language: Language, style: Style, columns = 100): string[] {
  const lines = grade.checks.flatMap((result) => checkLines(result, language, style, columns))
  const score = `${grade.points}/${grade.of} ${words.points[language]}`
  return [...lines, `  ${grade.passed ? style.good(words.passed[language]) : ''}${grade.passed ? ' ' : ''}${score}`]
}

export const marks = { passed: '✓', failed: '✗', skipped: '○' } as const

export function checkLines(result: CheckResult, language: Language, style: Style, columns: number): string[] {
  const title = result.title[language]
  const mark = marks[result.status]
  if (result.status === 'skipped') {
    const names = (result.waitsFor ?? []).map((name) => name[language])
    const needs = { en: `  (needs: ${names.join(', ')})`, zh: `（需要先通过：${names.join('、')}）` }
    const lines = wrap(`${title}${needs[language]}`, columns - 4)
    return lines.map((line, i) => `  ${style.dim(`${i === 0 ? mark : ' '} ${line}`)}`)
  }
  const [first = '', ...more] = wrap(title, columns - 4)
  const head = [`  ${result.status === 'passed' ? style.good(mark) : style.bad(mark)} ${first}`]
  head.push(...more.map((line) => `    ${line}`))
  if (result.status === 'passed') return head
  const { expected, seen, where, look } = result.failure!
  const rows: [Text, Text | undefined][] = [
    [words.expected, expected],
    [words.seen, seen],
    [words.where, where],
    [words.look, look],
  ]
  const width = language === 'en' ? 10 : 6
  const details = rows.flatMap(([label, value]) => {
    if (!value) return []
    const [first = '', ...rest] = value[language].split('\n').flatMap((line) => wrap(line, columns - 6 - width))
    const name = label[language] + ' '.repeat(width - textWidth(label[language]))
    const indent = ' '.repeat(6 + width)
    return [`      ${style.dim(name)}${first}`, ...rest.map((line) => indent + line)]
  })
  return [...head, ...details]
}

const wrap = (text: string, width: number) => wrapSpans([{ text }], Math.max(20, width)).map((line) => lineText(line))
