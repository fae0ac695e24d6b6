import type { Process } from '../../../linux/process.ts'
import type { Value, Wait } from '../objects/value.ts'
import type { Interpreter } from './interpreter.ts'

/** What an interpreter needs of the process it runs in. */
export interface Host {
  readonly process: Process
  /** `3.12.1` */
  readonly version: string
  readonly python2: boolean
  /** Books instructions that were not counted by a slice. */
  charge(instructions: number): void
  /** Writes to standard output as print does. */
  write(text: string): Value | Wait
  flush(): Value | Wait
  /** Begins an import; the module is put on the running frame's stack. */
  importModule(
    vm: Interpreter,
    name: string,
    level: number,
    globals: ReadonlyMap<string, Value>,
    which: 'first' | 'last',
    names: readonly string[],
  ): void
  /** Names of the modules that come with Python. */
  libraryModules(): readonly string[]
  /** Makes room for bytes that are about to be allocated. May end the process. */
  reserve(bytes: number): void
}
