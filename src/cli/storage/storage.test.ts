import { execFileSync } from 'node:child_process'
import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { SavedJournal } from '../../course/session/journal-store.ts'
import { JournalFiles } from './journal-files.ts'
import { ProgressFile } from './progress-file.ts'

const folder = () => {
  const path = mkdtempSync(join(tmpdir(), 'kubebook-'))
  mkdirSync(join(path, 'journals'))
  return path
}

const saved: SavedJournal = { journal: { format: 1, seed: 7, topology: 'none', entries: [], now: 5 }, since: 5 }
const typed = (t: number, text: string) => ({ t, input: { type: 'type', text } as const })

describe('progress', () => {
  it('merges what two sessions do at once', () => {
    const home = folder()
    const [one, two] = [new ProgressFile(home), new ProgressFile(home)]
    one.update((progress) => {
      progress.pages.a = { done: 'x' }
    })
    two.update((progress) => {
      progress.pages.b = { done: 'y' }
    })
    expect(Object.keys(new ProgressFile(home).value.pages)).toEqual(['a', 'b'])
  })

  it('sets a damaged file aside and begins anew', () => {
    const home = folder()
    writeFileSync(join(home, 'progress.json'), '{"format": 1, "pages": {')
    const file = new ProgressFile(home)
    expect(file.value.pages).toEqual({})
    expect(readFileSync(file.damaged!, 'utf8')).toContain('"pages": {')
    file.update((progress) => {
      progress.language = 'zh'
    })
    expect(new ProgressFile(home).value.language).toBe('zh')
  })
})

describe('journals', () => {
  it('come back as they were written, without a line that was cut off', () => {
    const home = folder()
    const files = new JournalFiles(home)
    files.replace('k', saved)
    files.append('k', typed(10, 'ls\r'))
    files.touch('k', 300)
    files.release()
    appendFileSync(join(home, 'journals', 'k.jsonl'), '{"t":301,"input":{"ty')
    const again = new JournalFiles(home).load('k')!
    expect(again.since).toBe(5)
    expect(again.journal).toEqual({ ...saved.journal, entries: [typed(10, 'ls\r')], now: 300 })
  })

  it('are not shared by two living sessions', () => {
    const home = folder()
    const [one, two] = [new JournalFiles(home), new JournalFiles(home)]
    one.replace('k', saved)
    // This process holds the lock, as another session would.
    expect(two.load('k')).toBeUndefined()
    two.replace('k', saved)
    expect(readdirSync(join(home, 'journals')).filter((name) => name.endsWith('.jsonl'))).toEqual([
      'k.2.jsonl',
      'k.jsonl',
    ])
  })

  it('are taken over from a session that died', () => {
    const home = folder()
    const pid = execFileSync(process.execPath, ['-p', 'process.pid'], { encoding: 'utf8' })
    const files = new JournalFiles(home)
    files.replace('k', saved)
    files.release()
    writeFileSync(join(home, 'journals', 'k.jsonl.lock'), pid.trim())
    expect(new JournalFiles(home).load('k')?.since).toBe(5)
  })
})
