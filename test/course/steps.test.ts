import { expect, it } from 'vitest'
import { loadCourse } from '../../src/course/load.ts'
import { stepsOf } from '../../src/course/session/steps.ts'
import { templates } from '../../src/course/templates.ts'

it('offers a lab after the last page that names it, and one that no page names at the end of its chapter', () => {
  const chapter = '01-start'
  const files = new Map(
    Object.entries({
      ...templates.chapter!.files(chapter),
      ...templates.page!.files(chapter, '01-first'),
      ...templates.page!.files(chapter, '02-second'),
      ...templates.page!.files(chapter, '03-third'),
      ...templates.lab!.files(chapter, 'both'),
      ...templates.lab!.files(chapter, 'project'),
    }),
  )
  const edit = (file: string, from: string, to: string) => files.set(file, files.get(file)!.replace(from, to))
  edit(`lessons/${chapter}/chapter.yaml`, 'labs: []', 'labs: [project, both]')
  for (const page of ['01-first', '02-second'])
    for (const language of ['en', 'zh'])
      edit(`lessons/${chapter}/${page}.${language}.md`, 'summary:', 'labs: [both]\nsummary:')
  expect(stepsOf(loadCourse(files).course).map(({ id }) => id)).toEqual([
    `${chapter}/01-first`,
    `${chapter}/02-second`,
    'lab:both',
    `${chapter}/03-third`,
    'lab:project',
  ])
})
