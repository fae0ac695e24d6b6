import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeHistogram } from '../../src/sim/programs/exposition/exposition.ts'
import { ApiFailure } from '../../src/sim/programs/prometheus/api/failure.ts'
import { QUERY_HANDLERS } from '../../src/sim/programs/prometheus/api/query-api.ts'
import { Labels } from '../../src/sim/programs/prometheus/labels.ts'
import type { PrometheusServer } from '../../src/sim/programs/prometheus/server.ts'
import { Head } from '../../src/sim/programs/prometheus/storage/head.ts'
import { recordedSeries, START, STEP } from './samples.ts'

/** A query as it is asked, with what the HTTP API is told. */
export interface Question {
  line: string
  path: 'query' | 'query_range'
  parameters: Record<string, string>
}

/** What Prometheus answers: `status`, and `data` or `errorType` and `error`. */
export type Answer = Record<string, unknown>

const NOW = String(START / 1000 + 3007)
const RANGE = { start: String(START / 1000 + 1200), end: String(START / 1000 + 3000), step: '120' }

export function questions(): Question[] {
  const lines = readFileSync(join(process.env.KUBEBOOK_ROOT ?? '.', 'test/promql/queries.txt'), 'utf8').split('\n')
  return lines
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line): Question => {
      const ranged = /^range (.*)$/.exec(line)
      return ranged
        ? { line, path: 'query_range', parameters: { query: ranged[1]!, ...RANGE } }
        : { line, path: 'query', parameters: { query: line, time: NOW } }
    })
}

/** Our own Prometheus with the recorded samples. */
export function ourPrometheus(): (question: Question) => Answer {
  const head = new Head({ retention: Number.POSITIVE_INFINITY, samples: 1_000_000 })
  for (const { name, labels, from = 0, values } of recordedSeries()) {
    const series = head.series(Labels.from([['__name__', name], ...Object.entries(labels)]))
    values.forEach((value, i) => {
      head.append(series, START + (from + i) * STEP, value)
    })
  }
  const process = { wallClock: () => START }
  const server = { head, evaluation: {}, queryDurations: makeHistogram([1]), process } as unknown as PrometheusServer
  return ({ path, parameters }) => {
    try {
      const data = QUERY_HANDLERS[path]!(server, {
        get: (key) => parameters[key],
        all: (key) => (parameters[key] === undefined ? [] : [parameters[key]]),
      })
      return JSON.parse(JSON.stringify({ status: 'success', data })) as Answer
    } catch (error) {
      if (!(error instanceof ApiFailure)) throw error
      return { status: 'error', errorType: error.type, error: error.message }
    }
  }
}

type Point = [number, string]
interface Row {
  metric: Record<string, string>
  value?: Point
  values?: Point[]
}

const places = (text: string) => (Number.isFinite(Number(text)) ? String(Number(Number(text).toPrecision(12))) : text)
const point = ([time, value]: Point): Point => [time, places(value)]

/** What may differ is made equal: the order of a vector that was not sorted, and the last bits of a number. */
export function comparable(question: Question, answer: Answer): unknown {
  const data = answer.data as { resultType: string; result: unknown } | undefined
  if (!data) return answer
  if (data.resultType === 'scalar') return { ...data, result: point(data.result as Point) }
  if (!Array.isArray(data.result) || data.resultType === 'string') return data
  const rows = (data.result as Row[]).map((row) => ({
    metric: Object.entries(row.metric)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map((pair) => pair.join('='))
      .join(','),
    values: (row.values ?? [row.value!]).map(point),
  }))
  if (!/^(sort|topk\(|bottomk\()/.test(question.line)) rows.sort((a, b) => (a.metric < b.metric ? -1 : 1))
  return { type: data.resultType, rows }
}
