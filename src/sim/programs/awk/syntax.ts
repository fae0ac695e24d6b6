export type Expr =
  | { kind: 'number'; value: number }
  | { kind: 'string'; value: string }
  | { kind: 'regexp'; source: string }
  | { kind: 'variable'; name: string }
  | { kind: 'field'; index: Expr }
  | { kind: 'element'; name: string; keys: Expr[] }
  | { kind: 'in'; keys: Expr[]; name: string }
  | { kind: 'unary'; operator: string; operand: Expr }
  | { kind: 'step'; operator: '++' | '--'; prefix: boolean; target: Expr }
  | { kind: 'binary'; operator: string; left: Expr; right: Expr }
  | { kind: 'match'; negated: boolean; left: Expr; right: Expr }
  | { kind: 'concat'; left: Expr; right: Expr }
  | { kind: 'and' | 'or'; left: Expr; right: Expr }
  | { kind: 'ternary'; test: Expr; then: Expr; otherwise: Expr }
  | { kind: 'assign'; operator: string; target: Expr; value: Expr }
  | { kind: 'call'; name: string; args: Expr[] }
  | { kind: 'builtin'; name: string; args: Expr[] }
  | { kind: 'getline'; target: Expr | undefined; source: Expr | undefined; command: boolean }
  | { kind: 'group'; inner: Expr }

export interface Redirect {
  kind: '>' | '>>' | '|'
  target: Expr
}

export type Statement =
  | { kind: 'block'; body: Statement[] }
  | { kind: 'expression'; value: Expr }
  | { kind: 'print'; args: Expr[]; format: boolean; redirect: Redirect | undefined }
  | { kind: 'if'; test: Expr; then: Statement; otherwise: Statement | undefined }
  | { kind: 'while'; test: Expr; body: Statement }
  | { kind: 'do'; test: Expr; body: Statement }
  | {
      kind: 'for'
      first: Statement | undefined
      test: Expr | undefined
      update: Statement | undefined
      body: Statement
    }
  | { kind: 'forIn'; variable: string; name: string; body: Statement }
  | { kind: 'delete'; name: string; keys: Expr[] | undefined }
  | { kind: 'exit' | 'return'; value: Expr | undefined }
  | { kind: 'next' | 'nextfile' | 'break' | 'continue' }

export interface Rule {
  pattern: 'BEGIN' | 'END' | undefined
  from: Expr | undefined
  to: Expr | undefined
  body: Statement | undefined
  active: boolean
}

export interface AwkFunction {
  params: string[]
  body: Statement
}

export interface AwkProgram {
  rules: Rule[]
  functions: Map<string, AwkFunction>
}

export class AwkSyntaxError extends Error {
  readonly token: string
  readonly line: number
  constructor(token: string, line: number) {
    super(`syntax error near ${token}`)
    this.token = token
    this.line = line
  }
}
