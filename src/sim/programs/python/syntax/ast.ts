import type { Span } from './syntax-error.ts'

/** Python's abstract syntax, after the `ast` module's grammar; each node knows where it stands. */
export type Expr = Span &
  (
    | {
        kind: 'Constant'
        value: null | boolean | number | bigint | string | 'ellipsis'
        type: 'none' | 'bool' | 'int' | 'float' | 'str' | 'bytes' | 'ellipsis'
      }
    | { kind: 'Name'; name: string }
    | { kind: 'JoinedStr'; parts: (string | FormattedValue)[] }
    | { kind: 'Attribute'; value: Expr; name: string; nameSpan: Span }
    | { kind: 'Subscript'; value: Expr; index: Expr }
    | { kind: 'Slice'; lower: Expr | undefined; upper: Expr | undefined; step: Expr | undefined }
    | { kind: 'Call'; func: Expr; args: Expr[]; keywords: Keyword[] }
    | { kind: 'BinOp'; op: string; left: Expr; right: Expr }
    | { kind: 'UnaryOp'; op: string; operand: Expr }
    | { kind: 'BoolOp'; op: 'and' | 'or'; values: Expr[] }
    | { kind: 'Compare'; left: Expr; ops: string[]; comparators: Expr[] }
    | { kind: 'IfExp'; test: Expr; body: Expr; orelse: Expr }
    | { kind: 'Lambda'; params: Params; body: Expr }
    | { kind: 'Tuple' | 'List' | 'Set'; items: Expr[] }
    | { kind: 'Dict'; items: [Expr | undefined, Expr][] }
    | {
        kind: 'Comp'
        of: 'list' | 'set' | 'dict' | 'generator'
        element: Expr
        value: Expr | undefined
        clauses: Clause[]
      }
    | { kind: 'Starred'; value: Expr }
    | { kind: 'NamedExpr'; name: string; value: Expr }
    | { kind: 'Yield'; value: Expr | undefined }
    | { kind: 'YieldFrom'; value: Expr }
    | { kind: 'Await'; value: Expr }
  )

export interface FormattedValue {
  value: Expr
  /** `!r`, `!s`, `!a` */
  conversion: string
  spec: (string | FormattedValue)[] | undefined
  /** `f"{x=}"` */
  debug: string
}

export interface Keyword {
  /** Undefined: `**value`. */
  name: string | undefined
  value: Expr
}

export interface Clause {
  target: Expr
  iter: Expr
  ifs: Expr[]
}

export interface Param {
  name: string
  default: Expr | undefined
}

export interface Params {
  positionalOnly: number
  args: Param[]
  vararg: string | undefined
  keywordOnly: Param[]
  kwarg: string | undefined
}

export interface Handler extends Span {
  type: Expr | undefined
  name: string | undefined
  body: Stmt[]
}

export type Stmt = Span &
  (
    | { kind: 'Expr'; value: Expr }
    | { kind: 'Assign'; targets: Expr[]; value: Expr }
    | { kind: 'AugAssign'; target: Expr; op: string; value: Expr }
    | { kind: 'AnnAssign'; target: Expr; annotation: Expr; value: Expr | undefined }
    | { kind: 'Delete'; targets: Expr[] }
    | { kind: 'Pass' | 'Break' | 'Continue' }
    | { kind: 'Return'; value: Expr | undefined }
    | { kind: 'Raise'; exc: Expr | undefined; cause: Expr | undefined }
    | { kind: 'Global' | 'Nonlocal'; names: string[] }
    | { kind: 'Import'; names: { name: string; as: string | undefined }[] }
    | { kind: 'ImportFrom'; module: string; level: number; names: { name: string; as: string | undefined }[] }
    | { kind: 'Assert'; test: Expr; message: Expr | undefined }
    | { kind: 'If'; test: Expr; body: Stmt[]; orelse: Stmt[] }
    | { kind: 'While'; test: Expr; body: Stmt[]; orelse: Stmt[] }
    | { kind: 'For'; target: Expr; iter: Expr; body: Stmt[]; orelse: Stmt[] }
    | { kind: 'Try'; body: Stmt[]; handlers: Handler[]; orelse: Stmt[]; finalbody: Stmt[] }
    | { kind: 'With'; items: { context: Expr; target: Expr | undefined }[]; body: Stmt[] }
    | { kind: 'FunctionDef'; name: string; params: Params; body: Stmt[]; decorators: Expr[] }
    | { kind: 'ClassDef'; name: string; bases: Expr[]; keywords: Keyword[]; body: Stmt[]; decorators: Expr[] }
    | { kind: 'Print2'; values: Expr[]; newline: boolean; to: Expr | undefined }
    | { kind: 'Match'; subject: Expr; cases: { pattern: Pattern; guard: Expr | undefined; body: Stmt[] }[] }
  )

export type Pattern = Span &
  (
    | { kind: 'Value'; value: Expr }
    | { kind: 'Capture'; name: string | undefined; pattern: Pattern | undefined }
    | { kind: 'Or'; patterns: Pattern[] }
    | { kind: 'Sequence'; patterns: Pattern[] }
    | { kind: 'Star'; name: string | undefined }
    | { kind: 'Mapping'; items: [Expr, Pattern][]; rest: string | undefined }
    | { kind: 'Class'; cls: Expr; patterns: Pattern[]; keywords: [string, Pattern][] }
  )
