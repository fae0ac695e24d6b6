import { parseRfc3339 } from '../../../time/date.ts'
import { observe } from '../../exposition/exposition.ts'
import { parseDuration } from '../duration.ts'
import { formatFloat } from '../go-number.ts'
import type { Labels } from '../labels.ts'
import { type Matcher, matchesAll } from '../matcher.ts'
import { evaluateAt, evaluateRange, type Value } from '../promql/evaluate.ts'
import { EvaluationError, ParseError } from '../promql/expression.ts'
import { parseExpression } from '../promql/parse.ts'
import type { PrometheusServer } from '../server.ts'
import type { Series } from '../storage/head.ts'
import { ApiFailure } from './failure.ts'
import type { Parameters } from './parameters.ts'

type Handler = (server: PrometheusServer, parameters: Parameters) => unknown

const bad = (name: string, message: string) =>
  new ApiFailure(400, 'bad_data', `invalid parameter ${JSON.stringify(name)}: ${message}`)

function moment(parameters: Parameters, name: string, fallback?: number): number {
  const text = parameters.get(name)
  if (!text) {
    if (fallback !== undefined) return fallback
    throw bad(name, `cannot parse "" to a valid timestamp`)
  }
  const seconds = Number(text)
  const ms = Number.isNaN(seconds) ? parseRfc3339(text) : Math.round(seconds * 1000)
  if (Number.isNaN(ms)) throw bad(name, `cannot parse ${JSON.stringify(text)} to a valid timestamp`)
  return ms
}

function durationOf(parameters: Parameters, name: string): number {
  const text = parameters.get(name) ?? ''
  const seconds = Number(text)
  const ms = text !== '' && !Number.isNaN(seconds) ? seconds * 1000 : parseDuration(text)
  if (ms === undefined) throw bad(name, `cannot parse ${JSON.stringify(text)} to a valid duration`)
  return ms
}

function parse(parameters: Parameters) {
  try {
    return parseExpression(parameters.get('query') ?? '')
  } catch (error) {
    if (error instanceof ParseError) throw bad('query', error.message)
    throw error
  }
}

function evaluated<T>(server: PrometheusServer, run: () => T): T {
  try {
    observe(server.queryDurations, 0.002)
    return run()
  } catch (error) {
    if (error instanceof EvaluationError) {
      if (error.message.startsWith('invalid expression type')) throw new ApiFailure(400, 'bad_data', error.message)
      throw new ApiFailure(422, 'execution', error.message)
    }
    throw error
  }
}

const point = (time: number, value: number) => [time / 1000, formatFloat(value)]

function result(value: Value, time: number): { resultType: string; result: unknown } {
  switch (value.type) {
    case 'scalar':
      return { resultType: 'scalar', result: point(time, value.value) }
    case 'string':
      return { resultType: 'string', result: [time / 1000, value.value] }
    case 'vector':
      return {
        resultType: 'vector',
        result: value.samples.map((s) => ({ metric: s.labels.toObject(), value: point(time, s.value) })),
      }
    case 'matrix':
      return {
        resultType: 'matrix',
        result: value.series.map(({ labels, times, values }) => ({
          metric: labels.toObject(),
          values: times.map((t, i) => point(t, values[i]!)),
        })),
      }
  }
}

const query: Handler = (server, parameters) => {
  const time = moment(parameters, 'time', Math.floor(server.process.wallClock()))
  const expression = parse(parameters)
  return evaluated(server, () => result(evaluateAt(server.head, expression, time, server.evaluation), time))
}

const queryRange: Handler = (server, parameters) => {
  const [start, end] = [moment(parameters, 'start'), moment(parameters, 'end')]
  if (end < start) throw bad('end', 'end timestamp must not be before start time')
  const step = durationOf(parameters, 'step')
  if (step <= 0)
    throw bad('step', 'zero or negative query resolution step widths are not accepted. Try a positive integer')
  if ((end - start) / step > 11_000)
    throw new ApiFailure(
      400,
      'bad_data',
      'exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)',
    )
  const expression = parse(parameters)
  return evaluated(server, () =>
    result(
      { type: 'matrix', series: evaluateRange(server.head, expression, { start, end, step }, server.evaluation) },
      end,
    ),
  )
}

function selectors(parameters: Parameters): Matcher[][] {
  return parameters.all('match[]').map((text) => {
    let expression: ReturnType<typeof parseExpression>
    try {
      expression = parseExpression(text)
    } catch (error) {
      throw bad('match[]', (error as Error).message)
    }
    if (expression.type !== 'selector') throw bad('match[]', `${JSON.stringify(text)} is no series selector`)
    return [...expression.matchers]
  })
}

function matching(server: PrometheusServer, parameters: Parameters): Series[] {
  const wanted = selectors(parameters)
  const start = moment(parameters, 'start', Number.NEGATIVE_INFINITY)
  const end = moment(parameters, 'end', Number.POSITIVE_INFINITY)
  return [...server.head.all()].filter(
    (series) =>
      series.newest >= start &&
      series.oldest <= end &&
      (wanted.length === 0 || wanted.some((matchers) => matchesAll(series.labels, matchers))),
  )
}

const sorted = (texts: Iterable<string>) => [...new Set(texts)].sort()

const series: Handler = (server, parameters) => {
  if (parameters.all('match[]').length === 0) throw new ApiFailure(400, 'bad_data', 'no match[] parameter provided')
  return matching(server, parameters)
    .map((s): Labels => s.labels)
    .sort((a, b) => (a.key < b.key ? -1 : 1))
    .map((labels) => labels.toObject())
}

const labels: Handler = (server, parameters) => sorted(matching(server, parameters).flatMap((s) => s.labels.names))

/** Values of one label. */
export const labelValues = (server: PrometheusServer, name: string, parameters: Parameters): string[] => {
  if (!/^[a-zA-Z_]\w*$/.test(name)) throw new ApiFailure(400, 'bad_data', `invalid label name: ${JSON.stringify(name)}`)
  return sorted(
    matching(server, parameters)
      .map((s) => s.labels.get(name))
      .filter(Boolean),
  )
}

export const QUERY_HANDLERS: Readonly<Record<string, Handler>> = {
  query,
  query_range: queryRange,
  series,
  labels,
  query_exemplars: () => [],
  format_query: (_, parameters) => parameters.get('query') ?? '',
}
