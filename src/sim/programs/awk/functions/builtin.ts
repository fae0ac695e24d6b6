import type { Process } from '../../../linux/process.ts'
import type { AwkFiles } from '../files.ts'
import type { AwkState } from '../state.ts'
import type { Expr } from '../syntax.ts'
import type { Value } from '../value.ts'

/** A call of a function that awk brings along. Arguments are evaluated when they are asked for. */
export interface BuiltinCall {
  readonly args: readonly Expr[]
  readonly state: AwkState
  readonly files: AwkFiles
  readonly process: Process
  value(index: number): Promise<Value>
  text(index: number): Promise<string>
  number(index: number): Promise<number>
  /** An argument as a regular expression: `/…/` itself, or a text that is one. */
  pattern(index: number, flags?: string): Promise<RegExp>
  assign(target: Expr, value: Value): Promise<Value>
}

export type Builtin = (call: BuiltinCall) => Value | Promise<Value>
