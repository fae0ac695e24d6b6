/** How the interpreter leaves nested evaluation: thrown, and caught by the construct that it concerns. */

export class Break extends Error {
  readonly depth: number
  readonly kind: 'break' | 'continue'

  constructor(kind: 'break' | 'continue', depth: number) {
    super(kind)
    this.kind = kind
    this.depth = depth
  }
}

/** `return`: ends a function or a sourced file. */
export class Return extends Error {
  readonly status: number

  constructor(status: number) {
    super('return')
    this.status = status
  }
}

/** The shell itself ends, as by `exit`. */
export class ShellExit extends Error {
  readonly status: number

  constructor(status: number) {
    super('exit')
    this.status = status
  }
}

/**
 * An error that abandons the current command list (bad substitution, unset variable, division by zero).
 * A non-interactive shell ends when `fatal`. The message has been chosen but not yet printed.
 */
export class ShellError extends Error {
  readonly status: number
  readonly fatal: boolean

  constructor(message: string, status = 1, fatal = true) {
    super(message)
    this.status = status
    this.fatal = fatal
  }
}

/** Ctrl-C at an interactive shell: back to the prompt. */
export class Interrupted extends Error {}
