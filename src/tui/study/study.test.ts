import { expect, it } from 'vitest'
import { fakeWorlds } from '../../../test/course/fake-world.ts'
import { loadCourse } from '../../course/load.ts'
import { emptyProgress } from '../../course/progress.ts'
import { plainStyle } from '../../course/report/style.ts'
import { Desk } from '../../course/session/desk.ts'
import { noStore } from '../../course/session/journal-store.ts'
import { search } from '../overlays/lists.ts'
import { Study } from './study.ts'

/** A chapter of pages: title to text. */
async function begin(pages: Record<string, string>): Promise<Study> {
  const files = Object.entries(pages).flatMap(([title, text], i) =>
    ['en', 'zh'].map((language): [string, string] => [
      `lessons/01-x/0${i + 1}-page.${language}.md`,
      `---\ntitle: ${title}\nsummary: S\ntopology: none\n---\n\n${text}\n`,
    ]),
  )
  const chapter = 'format: 1\ntitle: {en: X, zh: X}\nabout: {en: X, zh: X}\nlabs: []\n'
  const { course } = loadCourse(new Map([['lessons/01-x/chapter.yaml', chapter], ...files]))
  const value = emptyProgress()
  const progress = { value, update: (change: (of: typeof value) => void) => change(value) }
  const ports = { course, worlds: fakeWorlds, store: noStore, progress, style: plainStyle, seed: 1 }
  const desk = new Desk({ ...ports, language: 'en', now: () => new Date(0) })
  const study = new Study({ desk, speed: 1, color: false, home: false, columns: 80, rows: 30, leave: () => {} })
  await desk.go(desk.step)
  return study
}

it('shows the explanation of an answer that was given at the foot of the screen', async () => {
  const quiz = `\`\`\`quiz
ask: Which one?
choices:
- {text: this, why: ${'Because it is not that one. '.repeat(6)}}
- {text: that, right: true, why: Because it is so.}
\`\`\``
  const study = await begin({ T: `${'A line.\n\n'.repeat(9)}${quiz}\n\nAnd on.` })
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

it('finds the page that is called so before those that only speak of it', async () => {
  const study = await begin({ Controllers: 'About scaling and more.', 'More scaling': 'Text.', Scaling: 'Text.' })
  study.query = 'scaling'
  expect(search.items!(study).map(({ label }) => label)).toEqual([
    '○ 1 › Scaling',
    '○ 1 › More scaling',
    '○ 1 › Controllers',
  ])
})

it('shows the terminal, where only one pane is shown, when a word is answered there', async () => {
  const study = await begin({ T: 'Text.' })
  study.say('next')
  expect(study.focus).toBe('page')
  study.say('hint')
  expect(study.focus).toBe('terminal')
})
