export type Expr =
  | { kind: 'number'; value: number }
  | { kind: 'string'; text: string }
  | { kind: 'regex'; text: string }
  | { kind: 'variable'; name: string }
  | { kind: 'field'; index: Expr }
  | { kind: 'element'; array: string; index: Expr[] }
  | { kind: 'assign'; op: string; target: Expr; value: Expr }
  | { kind: 'conditional'; test: Expr; yes: Expr; no: Expr }
  | { kind: 'binary'; op: string; left: Expr; right: Expr }
  | { kind: 'and' | 'or'; left: Expr; right: Expr }
  | { kind: 'match'; negate: boolean; left: Expr; right: Expr }
  | { kind: 'in'; index: Expr[]; array: string }
  | { kind: 'concat'; left: Expr; right: Expr }
  | { kind: 'unary'; op: string; operand: Expr }
  | { kind: 'increment'; target: Expr; by: 1 | -1; prefix: boolean }
  | { kind: 'call'; name: string; args: Expr[] }
  | { kind: 'getline'; target: Expr | undefined; from: 'input' | 'file' | 'command'; source: Expr | undefined }
  | { kind: 'group'; items: Expr[] }

export type Stmt =
  | { kind: 'block'; body: Stmt[] }
  | { kind: 'expr'; expr: Expr }
  | { kind: 'print'; args: Expr[]; format: boolean; to: { how: '>' | '>>' | '|'; where: Expr } | undefined }
  | { kind: 'if'; test: Expr; yes: Stmt; no: Stmt | undefined }
  | { kind: 'while'; test: Expr; body: Stmt }
  | { kind: 'do'; test: Expr; body: Stmt }
  | { kind: 'for'; init: Stmt | undefined; test: Expr | undefined; step: Stmt | undefined; body: Stmt }
  | { kind: 'for-in'; variable: string; array: string; body: Stmt }
  | { kind: 'delete'; array: string; index: Expr[] | undefined }
  | { kind: 'exit' | 'return'; value: Expr | undefined }
  | { kind: 'break' | 'continue' | 'next' | 'nextfile' }

export interface Rule {
  pattern: 'BEGIN' | 'END' | undefined | { from: Expr; to: Expr | undefined }
  body: Stmt | undefined
  /** State of a range pattern. */
  inRange: boolean
}

export interface AwkProgram {
  rules: Rule[]
  functions: Map<string, { params: string[]; body: Stmt }>
}
