import {
  closeSync,
  copyFileSync,
  existsSync,
  openSync,
  readFileSync,
  renameSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import type { JournalStore, SavedJournal } from '../../course/session/journal-store.ts'
import type { JournalEntry } from '../../sim/world/journal.ts'
import { tryLock, unlock } from './file-lock.ts'

/**
 * Journals as lines of JSON, appended to as things happen, so that a killed session loses nothing: first the head
 * (format, seed, topology, since), then `{t, input}`, and now and then `{now}`. A session that finds a journal in
 * another's hands keeps one of its own beside it (`lab-x.2.jsonl`).
 */
export class JournalFiles implements JournalStore {
  readonly #folder: string
  readonly #mine = new Map<string, string>()

  constructor(folder: string) {
    this.#folder = join(folder, 'journals')
  }

  load(key: string): SavedJournal | undefined {
    const path = this.#path(key)
    if (!existsSync(path)) return undefined
    const saved = parseJournal(readFileSync(path, 'utf8'))
    if (!saved) renameSync(path, `${path}.damaged-${Date.now()}`)
    return saved
  }

  /** Reads without taking it: another session may be writing. */
  peek(key: string): SavedJournal | undefined {
    const path = join(this.#folder, `${key}.jsonl`)
    return existsSync(path) ? parseJournal(readFileSync(path, 'utf8')) : undefined
  }

  append(key: string, entry: JournalEntry): void {
    this.#line(key, entry)
  }

  touch(key: string, now: number): void {
    this.#line(key, { now })
  }

  replace(key: string, saved: SavedJournal): void {
    const path = this.#path(key)
    // Starting anew is meant, but may be regretted.
    if (saved.journal.now === saved.since && existsSync(path)) copyFileSync(path, `${path}.before-reset`)
    const temporary = `${path}.${process.pid}.tmp`
    writeFileSync(temporary, formatJournal(saved))
    renameSync(temporary, path)
  }

  /** Gives the journals back to other sessions. */
  release(): void {
    for (const path of this.#mine.values()) unlock(`${path}.lock`)
    this.#mine.clear()
  }

  #line(key: string, value: unknown): void {
    const file = openSync(this.#path(key), 'a')
    writeSync(file, `${JSON.stringify(value)}\n`)
    closeSync(file)
  }

  #path(key: string): string {
    let path = this.#mine.get(key)
    for (let n = 1; !path; n++) {
      const candidate = join(this.#folder, n === 1 ? `${key}.jsonl` : `${key}.${n}.jsonl`)
      if (tryLock(`${candidate}.lock`)) path = candidate
    }
    this.#mine.set(key, path)
    return path
  }
}

export function formatJournal({ journal, since }: SavedJournal): string {
  const { entries, now, ...head } = journal
  const lines = [{ ...head, since }, ...entries, { now }]
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('')
}

/** Undefined when it is no journal. A line cut off at the end (a kill, a full disk) is left out. */
export function parseJournal(text: string): SavedJournal | undefined {
  const lines: any[] = []
  for (const line of text.split('\n')) {
    try {
      if (line) lines.push(JSON.parse(line))
    } catch {
      break
    }
  }
  const [head, ...rest] = lines
  if (head?.format !== 1 || typeof head.seed !== 'number' || typeof head.topology !== 'string') return undefined
  const { since = 0, ...fields } = head
  const entries = rest.filter((line) => line.input !== undefined) as JournalEntry[]
  const now = Math.max(since, ...rest.map((line) => line.now ?? line.t ?? 0))
  return { journal: { ...fields, entries, now }, since }
}
