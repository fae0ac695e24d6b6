/** Where something stands in a source: lines from 1, columns from 0. */
export interface Span {
  readonly line: number
  readonly col: number
  readonly endLine: number
  readonly endCol: number
}

/** What the compiler finds wrong with a source, in CPython's words. */
export class SourceError extends Error {
  readonly kind: 'SyntaxError' | 'IndentationError' | 'TabError'
  readonly span: Span
  /** An interactive reader may still get the rest. */
  readonly incomplete: boolean

  constructor(message: string, span: Span, kind: SourceError['kind'] = 'SyntaxError', incomplete = false) {
    super(message)
    this.kind = kind
    this.span = span
    this.incomplete = incomplete
  }
}
