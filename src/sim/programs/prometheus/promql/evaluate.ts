import { Labels } from '../labels.ts'
import type { Matcher } from '../matcher.ts'
import { aggregate } from './aggregate.ts'
import { scalars, vectors, withScalar } from './binary.ts'
import { typeOf } from './check.ts'
import {
  type At,
  type Call,
  EvaluationError,
  type Expression,
  type MatrixSelector,
  type Points,
  type Sample,
  type Subquery,
  type VectorSelector,
} from './expression.ts'
import { FUNCTIONS } from './functions.ts'
import { absentLabels, histogramQuantile, labelJoin, labelReplace, unique } from './special-functions.ts'
import { ascending, type Window } from './windows.ts'

/** A stored series as the evaluator reads it. */
export interface StoredSeries {
  readonly labels: Labels
  /** The newest sample not after `time` and not before `earliest`, unless it marks the series' end. */
  at(time: number, earliest: number): { time: number; value: number } | undefined
  /** Samples from `start` to `end`, both inclusive, without the marks. */
  between(start: number, end: number): { times: number[]; values: number[] }
}

export interface Queryable {
  select(matchers: readonly Matcher[]): readonly StoredSeries[]
}

export type Value =
  | { type: 'scalar'; value: number }
  | { type: 'string'; value: string }
  | { type: 'vector'; samples: Sample[] }
  | { type: 'matrix'; series: Points[] }

export interface EvaluationOptions {
  /** ms; 5 minutes unless told. */
  lookback?: number
  /** ms: the step of subqueries that name none; 1 minute unless told. */
  interval?: number
}

/** Evaluates at one moment (ms since 1970). Throws EvaluationError. */
export function evaluateAt(
  queryable: Queryable,
  expression: Expression,
  time: number,
  options: EvaluationOptions = {},
): Value {
  return new Evaluation(queryable, time, time, options).value(expression, time)
}

/** Evaluates at each step from `start` to `end`: one list of points a series. */
export function evaluateRange(
  queryable: Queryable,
  expression: Expression,
  { start, end, step }: { start: number; end: number; step: number },
  options: EvaluationOptions = {},
): Points[] {
  const type = typeOf(expression)
  if (type !== 'scalar' && type !== 'vector')
    throw new EvaluationError(
      `invalid expression type ${JSON.stringify(type === 'matrix' ? 'range vector' : type)} for range query, must be Scalar or instant Vector`,
    )
  const evaluation = new Evaluation(queryable, start, end, options)
  return collect(evaluation, expression, start, end, step).sort((a, b) => (a.labels.key < b.labels.key ? -1 : 1))
}

function collect(evaluation: Evaluation, expression: Expression, start: number, end: number, step: number): Points[] {
  const found = new Map<string, { labels: Labels; times: number[]; values: number[] }>()
  for (let time = start; time <= end; time += step) {
    const value = evaluation.value(expression, time)
    const samples =
      value.type === 'scalar'
        ? [{ labels: Labels.EMPTY, value: value.value }]
        : value.type === 'vector'
          ? unique(value.samples)
          : []
    for (const sample of samples) {
      let points = found.get(sample.labels.key)
      if (!points) {
        points = { labels: sample.labels, times: [], values: [] }
        found.set(sample.labels.key, points)
      }
      points.times.push(time)
      points.values.push(sample.value)
    }
  }
  return [...found.values()]
}

class Evaluation {
  readonly #queryable: Queryable
  readonly #start: number
  readonly #end: number
  readonly #lookback: number
  readonly #interval: number
  readonly #selected = new Map<VectorSelector, readonly StoredSeries[]>()

  constructor(queryable: Queryable, start: number, end: number, options: EvaluationOptions) {
    this.#queryable = queryable
    this.#start = start
    this.#end = end
    this.#lookback = options.lookback ?? 300_000
    this.#interval = options.interval ?? 60_000
  }

  value(expression: Expression, time: number): Value {
    switch (expression.type) {
      case 'number':
        return { type: 'scalar', value: expression.value }
      case 'string':
        return { type: 'string', value: expression.value }
      case 'parentheses':
        return this.value(expression.expression, time)
      case 'unary': {
        const value = this.value(expression.expression, time)
        if (expression.operator === '+') return value
        if (value.type === 'scalar') return { type: 'scalar', value: -value.value }
        return vector(
          unique(this.#samples(value).map((s) => ({ ...s, value: -s.value, labels: s.labels.withoutName }))),
        )
      }
      case 'selector':
        return vector(this.#instant(expression, time))
      case 'range':
      case 'subquery':
        return {
          type: 'matrix',
          series: this.#ranges(expression, time).map(({ labels, window }) => ({ labels, ...window })),
        }
      case 'aggregation': {
        const { parameter } = expression
        const given = parameter && this.value(parameter, time)
        const plain = given && (given.type === 'scalar' || given.type === 'string') ? given.value : undefined
        return vector(unique(aggregate(expression, this.vector(expression.expression, time), plain, time)))
      }
      case 'binary': {
        const [left, right] = [this.value(expression.left, time), this.value(expression.right, time)]
        if (left.type === 'scalar' && right.type === 'scalar')
          return { type: 'scalar', value: scalars(expression.operator, left.value, right.value) }
        if (left.type === 'scalar')
          return vector(unique(withScalar(expression, this.#samples(right), left.value, true)))
        if (right.type === 'scalar')
          return vector(unique(withScalar(expression, this.#samples(left), right.value, false)))
        return vector(unique(vectors(expression, this.#samples(left), this.#samples(right))))
      }
      case 'call':
        return this.#call(expression, time)
    }
  }

  vector(expression: Expression, time: number): Sample[] {
    return this.#samples(this.value(expression, time))
  }

  #samples(value: Value): Sample[] {
    if (value.type !== 'vector') throw new EvaluationError(`expected an instant vector, got ${value.type}`)
    return value.samples
  }

  #select(selector: VectorSelector): readonly StoredSeries[] {
    let found = this.#selected.get(selector)
    if (!found) {
      found = this.#queryable.select(selector.matchers)
      this.#selected.set(selector, found)
    }
    return found
  }

  #moment({ at, offset }: { at: At | undefined; offset: number }, time: number): number {
    const base = at === undefined ? time : at === 'start' ? this.#start : at === 'end' ? this.#end : at
    return base - offset
  }

  #instant(selector: VectorSelector, time: number, own = false): Sample[] {
    const moment = this.#moment(selector, time)
    const result: Sample[] = []
    for (const series of this.#select(selector)) {
      const sample = series.at(moment, moment - this.#lookback)
      if (sample) result.push({ labels: series.labels, value: sample.value, time: own ? sample.time : time })
    }
    return result
  }

  #ranges(expression: MatrixSelector | Subquery, time: number): { labels: Labels; window: Window }[] {
    if (expression.type === 'range') {
      const end = this.#moment(expression.selector, time)
      const start = end - expression.range
      const result: { labels: Labels; window: Window }[] = []
      for (const series of this.#select(expression.selector)) {
        const { times, values } = series.between(start, end)
        if (times.length > 0) result.push({ labels: series.labels, window: { times, values, start, end } })
      }
      return result
    }
    const end = this.#moment(expression, time)
    const start = end - expression.range
    const step = expression.step || this.#interval
    let first = Math.trunc(start / step) * step
    if (first < start) first += step
    return collect(this, expression.expression, first, end, step).map(({ labels, times, values }) => ({
      labels,
      window: { times, values, start, end },
    }))
  }

  #call(call: Call, time: number): Value {
    const definition = FUNCTIONS[call.name]!
    const { overRange, perSample, keepsName } = definition
    const scalarArguments = () =>
      call.args
        .filter((_, i) => definition.takes[i] === 'scalar')
        .map((arg) => (this.value(arg, time) as { value: number }).value)
    if (overRange) {
      const at = definition.takes.indexOf('matrix')
      const given = scalarArguments()
      const result: Sample[] = []
      for (const { labels, window } of this.#ranges(bare(call.args[at]!) as MatrixSelector | Subquery, time)) {
        const value = overRange(window, given, time)
        if (value !== undefined) result.push({ labels: keepsName ? labels : labels.withoutName, value, time })
      }
      return vector(unique(result))
    }
    if (perSample) {
      const given = scalarArguments()
      if (call.name === 'clamp' && given[1]! < given[0]!) return vector([])
      const of = call.args[0] ? this.vector(call.args[0], time) : [{ labels: Labels.EMPTY, value: time / 1000, time }]
      return vector(
        unique(of.map(({ labels, value }) => ({ labels: labels.withoutName, value: perSample(value, given), time }))),
      )
    }
    return this.#special(call, time)
  }

  #special({ name, args }: Call, time: number): Value {
    const scalar = (value: number): Value => ({ type: 'scalar', value })
    const texts = () => args.slice(1).map((arg) => (this.value(arg, time) as { value: string }).value)
    const first = args[0]!
    switch (name) {
      case 'time':
        return scalar(time / 1000)
      case 'pi':
        return scalar(Math.PI)
      case 'scalar': {
        const samples = this.vector(first, time)
        return scalar(samples.length === 1 ? samples[0]!.value : Number.NaN)
      }
      case 'vector':
        return vector([{ labels: Labels.EMPTY, value: (this.value(first, time) as { value: number }).value, time }])
      case 'timestamp': {
        const inner = bare(first)
        const samples = inner.type === 'selector' ? this.#instant(inner, time, true) : this.vector(first, time)
        return vector(unique(samples.map((s) => ({ labels: s.labels.withoutName, value: s.time / 1000, time }))))
      }
      case 'sort':
      case 'sort_desc': {
        const direction = name === 'sort' ? 1 : -1
        const samples = this.vector(first, time)
        const [numbers, none] = [
          samples.filter((s) => !Number.isNaN(s.value)),
          samples.filter((s) => Number.isNaN(s.value)),
        ]
        return vector([...numbers.sort((a, b) => direction * ascending(a.value, b.value)), ...none])
      }
      case 'absent':
      case 'absent_over_time': {
        const inner = bare(first)
        const present =
          inner.type === 'range' || inner.type === 'subquery'
            ? this.#ranges(inner, time).length > 0
            : this.vector(inner, time).length > 0
        return vector(present ? [] : [{ labels: absentLabels(inner), value: 1, time }])
      }
      case 'label_replace':
        return vector(labelReplace(this.vector(first, time), texts()))
      case 'label_join':
        return vector(labelJoin(this.vector(first, time), texts()))
      default: {
        const q = (this.value(first, time) as { value: number }).value
        return vector(unique(histogramQuantile(q, this.vector(args[1]!, time), time)))
      }
    }
  }
}

const vector = (samples: Sample[]): Value => ({ type: 'vector', samples })

function bare(expression: Expression): Expression {
  return expression.type === 'parentheses' ? bare(expression.expression) : expression
}
