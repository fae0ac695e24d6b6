import type { Stat } from '../file.ts'
import { anonymousStat, Description } from './description.ts'

/** What processes without a terminal or pipe have as 0, 1 and 2: /dev/null, without a path to it. */
export class NullFile extends Description {
  constructor() {
    super('/dev/null')
  }
  override stat(): Stat {
    return { ...anonymousStat('character', 5, 0, 0o666), major: 1, minor: 3 }
  }
  override async read(): Promise<Uint8Array> {
    return new Uint8Array(0)
  }
  override async write(): Promise<void> {}
  override retain(): void {}
  override release(): void {}
}
