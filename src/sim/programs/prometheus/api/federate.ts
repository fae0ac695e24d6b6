import { Exposition } from '../../exposition/exposition.ts'
import { matchesAll } from '../matcher.ts'
import { parseExpression } from '../promql/parse.ts'
import type { PrometheusServer } from '../server.ts'
import type { Parameters } from './parameters.ts'

/** The newest samples of the series asked for, for another Prometheus. */
export function federate(server: PrometheusServer, parameters: Parameters): Exposition {
  const out = new Exposition()
  const now = Math.floor(server.process.wallClock())
  const wanted = parameters.all('match[]').flatMap((text) => {
    const expression = parseExpression(text)
    return expression.type === 'selector' ? [expression.matchers] : []
  })
  const found = [...server.head.all()].filter((s) => wanted.some((matchers) => matchesAll(s.labels, matchers)))
  found.sort((a, b) => (a.labels.key < b.labels.key ? -1 : 1))
  for (const series of found) {
    const sample = series.at(now, now - server.options.lookback)
    if (sample) out.sample(series.labels.get('__name__'), series.labels.withoutName.toObject(), sample.value)
  }
  return out
}
