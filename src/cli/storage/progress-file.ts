import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LowSync, type SyncAdapter } from 'lowdb'
import { emptyProgress, type Progress } from '../../course/progress.ts'
import { tryLock, unlock } from './file-lock.ts'

/**
 * The learner's progress on disk. Every change is read, made and written under a lock, so that two sessions lose
 * nothing of each other; a file that cannot be read is set aside and told.
 */
export class ProgressFile {
  readonly #path: string
  readonly #db: LowSync<Progress>
  /** Where a damaged file was put, when there was one. */
  damaged: string | undefined

  constructor(folder: string) {
    this.#path = join(folder, 'progress.json')
    const adapter: SyncAdapter<Progress> = { read: () => this.#read(), write: (data) => this.#write(data) }
    this.#db = new LowSync(adapter, emptyProgress())
    this.#db.read()
  }

  /** As it was last read or changed. */
  get value(): Progress {
    return this.#db.data
  }

  /** Changes what is on disk now; the change must bear being made to a newer state than the one shown. */
  update(change: (progress: Progress) => void): void {
    const lock = `${this.#path}.lock`
    const deadline = Date.now() + 2000
    let locked = tryLock(lock)
    while (!locked && Date.now() < deadline) {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      locked = tryLock(lock)
    }
    try {
      this.#db.read()
      this.#db.update(change)
    } finally {
      if (locked) unlock(lock)
    }
  }

  #read(): Progress | null {
    let text: string
    try {
      text = readFileSync(this.#path, 'utf8')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return emptyProgress()
      throw error
    }
    try {
      const value = JSON.parse(text)
      if (value?.format === 1 && value.pages && value.labs && value.questions) return value
    } catch {
      // Not JSON: set aside below like anything else that is no progress.
    }
    this.damaged = `${this.#path}.damaged-${Date.now()}`
    renameSync(this.#path, this.damaged)
    return emptyProgress()
  }

  #write(data: Progress): void {
    const temporary = `${this.#path}.${process.pid}.tmp`
    writeFileSync(temporary, `${JSON.stringify(data, null, 2)}\n`)
    renameSync(temporary, this.#path)
  }
}
