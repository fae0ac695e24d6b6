import { expect, it } from 'vitest'
import { fakeWorlds } from '../../../test/course/fake-world.ts'
import { loadCourse } from '../../course/load.ts'
import { emptyProgress } from '../../course/progress.ts'
import { plainStyle } from '../../course/report/style.ts'
import { Desk } from '../../course/session/desk.ts'
import { noStore } from '../../course/session/journal-store.ts'
import { Study } from './study.ts'

const quiz = `\`\`\`quiz
ask: Which one?
choices:
- {text: this, why: ${'Because it is not that one. '.repeat(6)}}
- {text: that, right: true, why: Because it is so.}
\`\`\``
const page = `---\ntitle: T\nsummary: S\ntopology: none\n---\n\n${'A line.\n\n'.repeat(9)}${quiz}\n\nAnd on.\n`

it('shows the explanation of an answer that was given at the foot of the screen', async () => {
  const chapter = 'format: 1\ntitle: {en: X, zh: X}\nabout: {en: X, zh: X}\nlabs: []\n'
  const files = ['en', 'zh'].map((language): [string, string] => [`lessons/01-x/01-a.${language}.md`, page])
  const { course } = loadCourse(new Map([['lessons/01-x/chapter.yaml', chapter], ...files]))
  const value = emptyProgress()
  const progress = { value, update: (change: (of: typeof value) => void) => change(value) }
  const ports = { course, worlds: fakeWorlds, store: noStore, progress, style: plainStyle, seed: 1 }
  const desk = new Desk({ ...ports, language: 'en', now: () => new Date(0) })
  const study = new Study({ desk, speed: 1, color: false, home: false, columns: 80, rows: 30, leave: () => {} })
  await desk.go(desk.step)
  const shown = () =>
    study.layout.lines
      .slice(study.scroll, study.scroll + study.geometry.page.rows)
      .map((line) => line.map(({ text }) => text).join(''))
      .join('\n')
  expect(shown()).toContain('1  this')
  study.perform(study.openQuestion!)
  expect(shown()).toContain('1  this')
  expect(shown()).toContain('Because it is so.')
})
