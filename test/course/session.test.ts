import { describe, expect, it } from 'vitest'
import type { Course } from '../../src/course/course.ts'
import type { Lab } from '../../src/course/lab.ts'
import { loadCourse } from '../../src/course/load.ts'
import { dueLabs, emptyProgress, recordGrade } from '../../src/course/progress.ts'
import { plainStyle } from '../../src/course/report/style.ts'
import { Desk } from '../../src/course/session/desk.ts'
import { type JournalStore, noStore, type SavedJournal } from '../../src/course/session/journal-store.ts'
import { StudySession } from '../../src/course/session/study-session.ts'
import { WordReader } from '../../src/course/session/words.ts'
import { type FakeWorld, fakeWorlds } from './fake-world.ts'

const size = { columns: 80, rows: 24 }
const start = { topology: 'none' as const }

function memoryStore() {
  const kept = new Map<string, SavedJournal>()
  const store: JournalStore = {
    load: (key) => structuredClone(kept.get(key)),
    peek: (key) => structuredClone(kept.get(key)),
    append: (key, entry) => void kept.get(key)!.journal.entries.push(structuredClone(entry)),
    touch: (key, now) => {
      kept.get(key)!.journal.now = now
    },
    replace: (key, saved) => void kept.set(key, structuredClone(saved)),
  }
  return { kept, store }
}

const open = (store: JournalStore = noStore) =>
  StudySession.open({ worlds: fakeWorlds, store, key: 'k', start, seed: 1, size })

const objects = (session: StudySession) => [...(session.world as FakeWorld).objects.keys()]

describe('the session', () => {
  it('answers a word where it was typed, before the prompt comes back', async () => {
    const session = await open()
    let shown = ''
    session.onDisplay((text) => {
      shown += text
    })
    session.onWord = async (word) => `<answer to ${word}>\r\n`
    await session.type('check\r')
    expect(shown).toContain('check\r\n<answer to check>\r\n$ ')
  })

  it('has written every input before it acts, and resumes from that', async () => {
    const { store } = memoryStore()
    const session = await open(store)
    await session.type('put Pod web\r')
    // As after kill -9: nothing is closed.
    const again = await open(store)
    expect(objects(again)).toEqual(['Pod/web'])
  })

  it('keeps a command that was given without a terminal', async () => {
    const { store } = memoryStore()
    const session = await open(store)
    expect((await session.command('put Pod web')).text).toBe('Pod/web created\n')
    expect(objects(await open(store))).toEqual(['Pod/web'])
  })

  it('takes back the last command, not the words said since', async () => {
    const { store } = memoryStore()
    const session = await open(store)
    session.onWord = async () => ''
    await session.type('put Pod web\r')
    await session.pass(100)
    await session.type('put Pod db\r')
    await session.type('check\r')
    expect(await session.alone(() => session.undoNow())).toBe(true)
    expect(objects(session)).toEqual(['Pod/web'])
    expect(objects(await open(store))).toEqual(['Pod/web'])
    expect(await session.alone(() => session.undoNow())).toBe(true)
    expect(await session.alone(() => session.undoNow())).toBe(false)
  })
})

describe('a page opened in the middle of a chapter', () => {
  const page = (name: string, script: string) => {
    const text = `---\ntitle: T\nsummary: S\ntopology: none\n---\n\n\`\`\`sh run\n${script}\n\`\`\`\n`
    return ['en', 'zh'].map((language): [string, string] => [`lessons/01-x/${name}.${language}.md`, text])
  }
  const { course } = loadCourse(
    new Map([
      ['lessons/01-x/chapter.yaml', 'format: 1\ntitle: {en: X, zh: X}\nabout: {en: X, zh: X}\nlabs: []\n'],
      ...page('01-a', 'put Pod web'),
      ...page('02-b', 'put Pod db'),
    ]),
  )
  const desk = (at: string) => {
    const value = emptyProgress()
    const progress = { value, update: (change: (of: typeof value) => void) => change(value) }
    const now = () => new Date(0)
    return new Desk(
      { course, worlds: fakeWorlds, store: noStore, progress, style: plainStyle, language: 'en', now, seed: 1 },
      at,
    )
  }

  it('finds done what the pages before it tell to do, and so again after a reset', async () => {
    const there = desk('01-x/02-b')
    await there.go(there.step)
    expect(objects(there.session!)).toEqual(['Pod/web'])
    await there.session!.command('put Pod other')
    await there.say('reset')
    expect(objects(there.session!)).toEqual(['Pod/web'])
  })

  it('finds it done too when the computer stood there untouched, and else leaves it as the learner made it', async () => {
    const first = desk('01-x/01-a')
    await first.go(first.step)
    await first.go(first.next!)
    expect(objects(first.session!)).toEqual(['Pod/web'])
    const busy = desk('01-x/01-a')
    await busy.go(busy.step)
    await busy.session!.command('put Pod mine')
    await busy.go(busy.next!)
    expect(objects(busy.session!)).toEqual(['Pod/mine'])
  })
})

describe('hints', () => {
  it('are chosen by what the world looks like, then by the check that fails, then in order', async () => {
    const both = (text: string) => ({ en: text, zh: text })
    const object = (kind: string, name: string) => ({ object: { apiVersion: 'v1', kind, metadata: { name } } })
    const check = (name: string) => ({ id: name, title: both(name), weight: 1, needs: [], guard: false })
    const lab = {
      ...{ id: 'pods', chapter: '01-x', title: both('Pods'), task: both('Make a and b.'), start },
      hints: [
        both('the first'),
        { ...both('for a'), when: 'a' },
        { ...both('for b'), when: 'b' },
        { ...both('that is no Pod'), if: object('ConfigMap', 'a') },
      ],
      ...{ solutions: [], mistakes: [], debrief: both('Done.') },
      grader: { file: 'g', settle: 0, checks: ['a', 'b'].map((name) => ({ ...check(name), ...object('Pod', name) })) },
    } as unknown as Lab
    const chapter = { id: '01-x', number: 1, title: both('x'), about: both('x'), pages: [], labs: [lab] }
    const value = emptyProgress()
    const progress = { value, update: (change: (of: typeof value) => void) => change(value) }
    const ports = { course: { chapters: [chapter] } as Course, worlds: fakeWorlds, store: noStore, progress, seed: 1 }
    const desk = new Desk({ ...ports, style: plainStyle, language: 'en', now: () => new Date(0) })
    await desk.go(desk.step)
    const say = (word: 'check' | 'hint') => desk.session!.alone(() => desk.answer(word))
    expect(await say('hint')).toContain('the first')
    await desk.session!.command('put ConfigMap a')
    expect(await say('hint')).toContain('that is no Pod')
    await desk.session!.command('drop ConfigMap a')
    await desk.session!.command('put Pod a')
    await say('check')
    expect(await say('hint')).toContain('for b')
  })
})

describe('reviews', () => {
  const grade = (passed: boolean) => ({ passed, complete: passed, points: passed ? 1 : 0, of: 1, checks: [] })
  const day = (n: number) => new Date(n * 86_400_000)

  it('bring a lab back that was passed with trouble, later and later while it goes well', () => {
    const progress = emptyProgress()
    const tries = (...outcomes: [number, boolean][]) => {
      for (const [n, passed] of outcomes) recordGrade(progress, 'a', grade(passed), day(n).toISOString())
    }
    tries([0, false], [0, false], [0, true])
    expect(dueLabs(progress, day(0))).toEqual([])
    expect(dueLabs(progress, day(1))).toEqual(['a'])
    tries([1, true])
    expect(dueLabs(progress, day(2))).toEqual([])
    expect(dueLabs(progress, day(3))).toEqual(['a'])
    tries([3, false], [3, false], [3, true])
    expect(dueLabs(progress, day(4))).toEqual(['a'])
  })

  it('leave a lab alone that was passed at once', () => {
    const progress = emptyProgress()
    recordGrade(progress, 'a', grade(true), day(0).toISOString())
    expect(dueLabs(progress, day(100))).toEqual([])
  })
})

describe('words in the output', () => {
  it('are found when they come in pieces', () => {
    const reader = new WordReader()
    expect(reader.read('a\x1b]77')).toEqual([{ text: 'a' }])
    expect(reader.read('00;che')).toEqual([])
    expect(reader.read('ck\x07b')).toEqual([{ word: 'check' }, { text: 'b' }])
    expect(reader.read('\x1b[1mx')).toEqual([{ text: '\x1b[1mx' }])
  })
})
