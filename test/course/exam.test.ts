import { describe, expect, it } from 'vitest'
import type { Course } from '../../src/course/course.ts'
import type { Lab } from '../../src/course/lab.ts'
import { emptyProgress, type Progress } from '../../src/course/progress.ts'
import { plainStyle } from '../../src/course/report/style.ts'
import { Desk } from '../../src/course/session/desk.ts'
import { noStore } from '../../src/course/session/journal-store.ts'
import { fakeWorlds } from './fake-world.ts'

const both = (text: string) => ({ en: text, zh: text })
const present = (name: string, task: number, weight: number) => ({
  id: name,
  title: both(`${name} is there`),
  weight,
  needs: [],
  guard: false,
  task,
  object: { apiVersion: 'v1', kind: 'Pod', metadata: { name } },
})

const lab = {
  id: 'final',
  chapter: '12-x',
  title: both('A final'),
  task: both('Make web and db.'),
  start: { topology: 'none' },
  hints: [both('a hint'), both('another')],
  solutions: [{ name: 'all', script: 'put Pod web' }],
  debrief: both('The debrief.'),
  values: { app: ['a', 'b', 'c'] },
  exam: { limit: 600_000, pass: 60, tasks: [both('The web'), both('The database')] },
  grader: { file: 'g', settle: 0, checks: [present('web', 1, 3), present('db', 2, 2)] },
} as unknown as Lab

const course = {
  chapters: [{ id: '12-x', number: 12, title: both('x'), about: both('x'), pages: [], labs: [lab] }],
} as Course

async function begin() {
  const value: Progress = emptyProgress()
  const progress = { value, update: (change: (progress: Progress) => void) => change(value) }
  const ports = { course, worlds: fakeWorlds, store: noStore, progress, style: plainStyle, seed: 1 }
  const desk = new Desk({ ...ports, language: 'en', now: () => new Date(0) })
  await desk.go(desk.step)
  const session = desk.session!
  const say = (word: 'check' | 'hint' | 'undo' | 'reset') => session.alone(() => desk.answer(word))
  return { desk, session, say, value }
}

describe('an exam', () => {
  it('waits for the first key, gives no help, and is handed in by the second check', async () => {
    const { desk, session, say } = await begin()
    await session.pass(100_000)
    expect([desk.exam, desk.timeLeft]).toEqual(['waiting', 600_000])
    await session.command('put Pod web')
    expect(desk.exam).toBe('running')
    expect(await say('hint')).toContain('Not in an exam')
    expect(desk.offered).toEqual(['check', 'next', 'reset'])
    expect(await say('undo')).toContain('cannot be turned back')
    expect(await say('check')).toContain('Type it once more')
    // At sixty times the speed two virtual minutes are two seconds.
    await session.pass(120_000)
    const report = await say('check')
    expect(report).toContain('✓ 1. The web  3/3')
    expect(report).toContain('✗ 2. The database  0/2')
    expect(report).toContain('Passed. 3/5 points (60 %, needed 60 %)')
    expect(desk.exam).toBe('over')
    expect(desk.offered).toContain('solution')
    expect(await say('hint')).toContain('a hint')
  })

  it('hands itself in when the time is up, and does not count what came later', async () => {
    const { desk, session, say } = await begin()
    await session.command('put Pod web')
    await session.pass(700_000)
    await session.command('put Pod db')
    await desk.watchTime()
    expect(desk.exam).toBe('over')
    expect(desk.grade?.points).toBe(3)
    expect(await say('check')).toContain('The database  0/2')
  })

  it('begins again with other values', async () => {
    const { desk, session, say, value } = await begin()
    await session.command('put Pod web')
    expect(await say('reset')).toContain('Type it once more')
    await say('reset')
    expect(desk.exam).toBe('waiting')
    expect(value.labs.final?.ended).toBeUndefined()
  })
})
