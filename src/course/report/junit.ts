import type { Grade } from '../grade.ts'
import type { Lab } from '../lab.ts'
import type { Language } from '../language.ts'

/** A grade as JUnit XML, as CI systems and learning platforms read it. */
export function junitReport(lab: Lab, grade: Grade, language: Language): string {
  const failed = grade.checks.filter((check) => check.status === 'failed').length
  const skipped = grade.checks.filter((check) => check.status === 'skipped').length
  const cases = grade.checks.map((check) => {
    const open = `    <testcase classname="${quoted(`${lab.chapter}.${lab.id}`)}" name="${quoted(check.title[language])}"`
    if (check.status === 'passed') return `${open}/>`
    if (check.status === 'skipped') return `${open}><skipped/></testcase>`
    const { expected, seen } = check.failure!
    const message = quoted(`expected ${expected[language]}, seen ${seen[language]}`)
    return `${open}><failure message="${message}"/></testcase>`
  })
  const counts = `tests="${grade.checks.length}" failures="${failed}" skipped="${skipped}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="${quoted(lab.id)}" ${counts}>`,
    `    <properties><property name="points" value="${grade.points}"/><property name="of" value="${grade.of}"/></properties>`,
    ...cases,
    '  </testsuite>',
    '</testsuites>',
  ].join('\n')
}

const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;' }

function quoted(text: string): string {
  return text.replace(/[&<>"\n]/g, (char) => entities[char]!)
}
