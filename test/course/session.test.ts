import { describe, expect, it } from 'vitest'
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

describe('words in the output', () => {
  it('are found when they come in pieces', () => {
    const reader = new WordReader()
    expect(reader.read('a\x1b]77')).toEqual([{ text: 'a' }])
    expect(reader.read('00;che')).toEqual([])
    expect(reader.read('ck\x07b')).toEqual([{ word: 'check' }, { text: 'b' }])
    expect(reader.read('\x1b[1mx')).toEqual([{ text: '\x1b[1mx' }])
  })
})
