import { dateFields, dateFromFields } from '../../../time/date.ts'
import type { ValueType } from './expression.ts'
import {
  exactSum,
  extrapolated,
  instant,
  mean,
  quantile,
  regression,
  smoothed,
  variance,
  type Window,
} from './windows.ts'

export interface FunctionDefinition {
  returns: ValueType
  takes: readonly ValueType[]
  /** How many of the last ones may be left out. */
  optional?: number
  /** The last may be repeated. */
  variadic?: boolean
  /** The range's series one by one; scalar arguments in order. Undefined: no sample. `now` in ms. */
  overRange?: (window: Window, scalars: readonly number[], now: number) => number | undefined
  keepsName?: boolean
  /** The vector's samples one by one. */
  perSample?: (value: number, scalars: readonly number[]) => number
}

const overRange = (
  compute: NonNullable<FunctionDefinition['overRange']>,
  takes: readonly ValueType[] = ['matrix'],
): FunctionDefinition => ({ returns: 'vector', takes, overRange: compute })
const perSample = (
  compute: (value: number, scalars: readonly number[]) => number,
  takes: readonly ValueType[] = ['vector'],
  optional = 0,
): FunctionDefinition => ({ returns: 'vector', takes, optional, perSample: compute })
const special = (returns: ValueType, takes: readonly ValueType[], rest: Partial<FunctionDefinition> = {}) => ({
  returns,
  takes,
  ...rest,
})
const ofDate = (compute: (fields: ReturnType<typeof dateFields>) => number): FunctionDefinition =>
  perSample((seconds) => compute(dateFields(Math.floor(seconds) * 1000)), ['vector'], 1)
const extreme = (wins: (a: number, b: number) => boolean) =>
  overRange(({ values }) => values.reduce((best, v) => (wins(v, best) || Number.isNaN(best) ? v : best)))

const clamp = (value: number, min: number, max: number) => {
  if (Number.isNaN(value) || Number.isNaN(min) || Number.isNaN(max)) return Number.NaN
  return Math.max(min, Math.min(max, value))
}
const sign = (value: number) => (value < 0 ? -1 : value > 0 ? 1 : value)

/** Every function: what it takes and gives, and its arithmetic where that is per series or per sample. */
export const FUNCTIONS: Readonly<Record<string, FunctionDefinition>> = {
  rate: overRange((w) => extrapolated(w, true, true)),
  increase: overRange((w) => extrapolated(w, true, false)),
  delta: overRange((w) => extrapolated(w, false, false)),
  irate: overRange((w) => instant(w, true)),
  idelta: overRange((w) => instant(w, false)),
  deriv: overRange((w) => (w.values.length < 2 ? undefined : regression(w, w.times[0]!).slope)),
  predict_linear: overRange(
    (w, [ahead], now) => {
      if (w.values.length < 2) return undefined
      const { slope, intercept } = regression(w, now)
      return slope * ahead! + intercept
    },
    ['matrix', 'scalar'],
  ),
  holt_winters: overRange((w, [factor, trend]) => smoothed(w, factor!, trend!), ['matrix', 'scalar', 'scalar']),
  changes: overRange(
    ({ values }) =>
      values.filter((v, i) => i > 0 && v !== values[i - 1] && !(Number.isNaN(v) && Number.isNaN(values[i - 1]!)))
        .length,
  ),
  resets: overRange(({ values }) => values.filter((v, i) => i > 0 && v < values[i - 1]!).length),

  avg_over_time: overRange(({ values }) => mean(values)),
  sum_over_time: overRange(({ values }) => exactSum(values)),
  count_over_time: overRange(({ values }) => values.length),
  min_over_time: extreme((a, b) => a < b),
  max_over_time: extreme((a, b) => a > b),
  last_over_time: { ...overRange(({ values }) => values.at(-1)), keepsName: true },
  present_over_time: overRange(() => 1),
  stddev_over_time: overRange(({ values }) => Math.sqrt(variance(values))),
  stdvar_over_time: overRange(({ values }) => variance(values)),
  quantile_over_time: overRange(({ values }, [q]) => quantile(q!, values), ['scalar', 'matrix']),
  absent_over_time: special('vector', ['matrix']),

  abs: perSample(Math.abs),
  ceil: perSample(Math.ceil),
  floor: perSample(Math.floor),
  exp: perSample(Math.exp),
  ln: perSample(Math.log),
  log2: perSample(Math.log2),
  log10: perSample(Math.log10),
  sqrt: perSample(Math.sqrt),
  sgn: perSample(sign),
  sin: perSample(Math.sin),
  cos: perSample(Math.cos),
  tan: perSample(Math.tan),
  asin: perSample(Math.asin),
  acos: perSample(Math.acos),
  atan: perSample(Math.atan),
  sinh: perSample(Math.sinh),
  cosh: perSample(Math.cosh),
  tanh: perSample(Math.tanh),
  asinh: perSample(Math.asinh),
  acosh: perSample(Math.acosh),
  atanh: perSample(Math.atanh),
  deg: perSample((v) => (v * 180) / Math.PI),
  rad: perSample((v) => (v * Math.PI) / 180),
  round: perSample(
    (v, [to = 1]) => {
      const inverse = 1 / to
      return Math.floor(v * inverse + 0.5) / inverse
    },
    ['vector', 'scalar'],
    1,
  ),
  clamp: special('vector', ['vector', 'scalar', 'scalar'], { perSample: (v, [min, max]) => clamp(v, min!, max!) }),
  clamp_min: perSample((v, [min]) => (Number.isNaN(min!) ? Number.NaN : Math.max(min!, v)), ['vector', 'scalar']),
  clamp_max: perSample((v, [max]) => (Number.isNaN(max!) ? Number.NaN : Math.min(max!, v)), ['vector', 'scalar']),

  minute: ofDate((d) => d.minute),
  hour: ofDate((d) => d.hour),
  day_of_week: ofDate((d) => d.weekday),
  day_of_month: ofDate((d) => d.day),
  day_of_year: ofDate(
    (d) => Math.round((dateFromFields(d.year, d.month, d.day) - dateFromFields(d.year, 1, 1)) / 86_400_000) + 1,
  ),
  days_in_month: ofDate((d) =>
    Math.round((dateFromFields(d.year, d.month + 1, 1) - dateFromFields(d.year, d.month, 1)) / 86_400_000),
  ),
  month: ofDate((d) => d.month),
  year: ofDate((d) => d.year),

  absent: special('vector', ['vector']),
  histogram_quantile: special('vector', ['scalar', 'vector']),
  label_replace: special('vector', ['vector', 'string', 'string', 'string', 'string']),
  label_join: special('vector', ['vector', 'string', 'string', 'string'], { optional: 1, variadic: true }),
  pi: special('scalar', []),
  scalar: special('scalar', ['vector']),
  sort: special('vector', ['vector']),
  sort_desc: special('vector', ['vector']),
  time: special('scalar', []),
  timestamp: special('vector', ['vector']),
  vector: special('vector', ['scalar']),
}
