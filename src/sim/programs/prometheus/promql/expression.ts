import type { Labels } from '../labels.ts'
import type { Matcher } from '../matcher.ts'

export type ValueType = 'scalar' | 'string' | 'vector' | 'matrix'
export type BinaryOperator =
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | '^'
  | 'atan2'
  | '=='
  | '!='
  | '>'
  | '<'
  | '>='
  | '<='
  | 'and'
  | 'or'
  | 'unless'
export type Aggregator =
  | 'sum'
  | 'avg'
  | 'count'
  | 'min'
  | 'max'
  | 'group'
  | 'stddev'
  | 'stdvar'
  | 'topk'
  | 'bottomk'
  | 'count_values'
  | 'quantile'

/** `@`: a fixed moment (ms), or an end of the query's range. */
export type At = number | 'start' | 'end'

interface Place {
  /** Offset in the text. */
  from: number
}

export interface VectorSelector extends Place {
  type: 'selector'
  name: string | undefined
  matchers: readonly Matcher[]
  /** ms */
  offset: number
  at: At | undefined
}
export interface MatrixSelector extends Place {
  type: 'range'
  selector: VectorSelector
  /** ms */
  range: number
}
export interface Subquery extends Place {
  type: 'subquery'
  expression: Expression
  range: number
  /** 0: the evaluation interval. */
  step: number
  offset: number
  at: At | undefined
}
export interface Call extends Place {
  type: 'call'
  name: string
  args: readonly Expression[]
}
export interface Aggregation extends Place {
  type: 'aggregation'
  operator: Aggregator
  expression: Expression
  parameter: Expression | undefined
  /** Undefined: neither by nor without. */
  modifier: 'by' | 'without' | undefined
  labels: readonly string[]
}
export interface Matching {
  on: boolean
  labels: readonly string[]
  group: 'left' | 'right' | undefined
  include: readonly string[]
}
export interface Binary extends Place {
  type: 'binary'
  operator: BinaryOperator
  left: Expression
  right: Expression
  bool: boolean
  matching: Matching | undefined
}

export type Expression =
  | ({ type: 'number'; value: number } & Place)
  | ({ type: 'string'; value: string } & Place)
  | ({ type: 'parentheses'; expression: Expression } & Place)
  | ({ type: 'unary'; operator: '+' | '-'; expression: Expression } & Place)
  | VectorSelector
  | MatrixSelector
  | Subquery
  | Call
  | Aggregation
  | Binary

export interface Sample {
  labels: Labels
  value: number
  /** ms; the sample's own where the expression is a selector. */
  time: number
}

/** Values of one series over time. */
export interface Points {
  labels: Labels
  times: readonly number[]
  values: readonly number[]
}

export const isComparison = (operator: BinaryOperator): boolean => ['==', '!=', '>', '<', '>=', '<='].includes(operator)
export const isSetOperator = (operator: BinaryOperator): boolean => ['and', 'or', 'unless'].includes(operator)

/** An expression that cannot be parsed, or is not well typed: `1:5: parse error: …`. */
export class ParseError extends Error {}
/** An expression that cannot be evaluated on these samples. */
export class EvaluationError extends Error {}
