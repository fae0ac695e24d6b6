import { describe, expect, it } from 'vitest'
import { loadCourse } from '../../src/course/load.ts'
import { formatProblem } from '../../src/course/problem.ts'
import { templates } from '../../src/course/templates.ts'

const good = () => {
  const files = new Map(
    Object.entries({
      ...templates.chapter!.files('01-start'),
      ...templates.page!.files('01-start', '01-page'),
      ...templates.lab!.files('01-start', 'colour'),
    }),
  )
  files.set(
    'lessons/01-start/chapter.yaml',
    files.get('lessons/01-start/chapter.yaml')!.replace('labs: []', 'labs: [colour]'),
  )
  return files
}

const problems = (change: (files: Map<string, string>) => void) => {
  const files = good()
  change(files)
  return loadCourse(files).problems.map(formatProblem)
}

describe('loading a course', () => {
  it('accepts what `new` makes', () => {
    const { course, problems: found } = loadCourse(good())
    expect(found).toEqual([])
    expect(course.chapters[0]!.labs.map((lab) => lab.id)).toEqual(['colour'])
  })

  it('names file, line and the way out of a misspelt field', () => {
    expect(
      problems((files) =>
        files.set('labs/01-start/colour.yaml', files.get('labs/01-start/colour.yaml')!.replace('minutes:', 'minuts:')),
      ),
    ).toEqual(
      expect.arrayContaining([
        expect.stringMatching(
          /^labs\/01-start\/colour\.yaml:5: minuts: unknown field "minuts"\n {4}did you mean "minutes"\?$/,
        ),
      ]),
    )
  })

  it.each([
    [
      'a missing language',
      (files: Map<string, string>) => files.delete('lessons/01-start/01-page.zh.md'),
      /01-page\.zh\.md: missing: every page is written in both languages/,
    ],
    [
      'a lab without a grader',
      (files: Map<string, string>) => files.delete('graders/01-start/colour.yaml'),
      /graders\/01-start\/colour\.yaml: missing: every lab has a grader/,
    ],
    [
      'a stray file',
      (files: Map<string, string>) => files.set('labs/01-start/notes.txt', ''),
      /notes\.txt: stray file/,
    ],
    [
      'a command only in one language',
      (files: Map<string, string>) =>
        files.set(
          'lessons/01-start/01-page.zh.md',
          files.get('lessons/01-start/01-page.zh.md')!.replace('get nodes', 'get pods'),
        ),
      /01-page\.zh\.md:8: differs from/,
    ],
    [
      'a mistake that fails an unknown check',
      (files: Map<string, string>) =>
        files.set(
          'labs/01-start/colour.yaml',
          files.get('labs/01-start/colour.yaml')!.replace('fails: [value]', 'fails: [colour]'),
        ),
      /no check "colour"/,
    ],
    [
      'an unknown fence',
      (files: Map<string, string>) =>
        files.set(
          'lessons/01-start/01-page.en.md',
          files.get('lessons/01-start/01-page.en.md')!.replace('sh run', 'sh runn'),
        ),
      /01-page\.en\.md:8: unknown fence "sh runn"/,
    ],
    [
      'broken YAML',
      (files: Map<string, string>) => files.set('graders/01-start/colour.yaml', 'format: 1\nchecks: [\n'),
      /graders\/01-start\/colour\.yaml:\d: YAML: /,
    ],
  ])('finds %s', (_, change, message) => {
    expect(problems(change).join('\n')).toMatch(message)
  })
})
