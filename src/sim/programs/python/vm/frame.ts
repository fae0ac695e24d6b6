import type { Code } from '../compile/code.ts'
import type { Cell, Control, PyException, PyGenerator, Value } from '../objects/value.ts'

/** Where an exception within some instructions leads. */
export interface Block {
  readonly handler: number
  /** Values on the stack that stay. */
  readonly depth: number
  /** Exceptions being handled around it. */
  readonly handled: number
}

/** A running body. */
export class Frame {
  readonly code: Code
  readonly globals: Map<string, Value>
  /** Names of a module or class body. */
  readonly names: Map<string, Value> | undefined
  readonly locals: (Value | undefined)[] = []
  cells: Cell[] = []
  readonly stack: Value[] = []
  pc = 0
  readonly blocks: Block[] = []
  readonly handled: PyException[] = []
  back: Frame | undefined
  depth = 0
  /** Makes what the caller gets of what this returns. */
  after: ((value: Value) => Value | Control) | undefined
  /** StopIteration ends the caller's loop there. */
  loopEnd = -1
  generator: PyGenerator | undefined
  /** What it waits for is not wanted on the stack. */
  discard = false

  constructor(code: Code, globals: Map<string, Value>, names?: Map<string, Value>) {
    this.code = code
    this.globals = globals
    this.names = names
  }
}
