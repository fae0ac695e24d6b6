import type { HttpAgent } from '../http/agent.ts'
import type { Dashboard, DataSource } from './provisioning.ts'

type Plain = Record<string, any>
interface Series {
  metric: Record<string, string>
  values: [number, string][]
}

const WIDTH = 40
const BLOCKS = '▁▂▃▄▅▆▇█'
/** Series a panel shows at most. */
const SERIES = 6

/** A dashboard as text, for those who come with curl: each panel's queries over the dashboard's time, as one line a series. */
export async function drawDashboard(
  { model, title }: Dashboard,
  source: DataSource | undefined,
  agent: HttpAgent,
  now: number,
  given: ReadonlyMap<string, string>,
): Promise<string> {
  if (!source) return `${title}\n\nno data source\n`
  const ask = asker(source, agent)
  const range = seconds(given.get('from') ?? model.time?.from ?? 'now-15m')
  const step = Math.max(15, Math.ceil(range / WIDTH))
  const variables = await variablesOf(model, ask, given)
  const lines = [title, '═'.repeat(title.length), ...shown(variables), '']
  for (const panel of panelsOf(model)) {
    const queries: Plain[] = (panel.targets ?? []).filter((target: Plain) => target.expr)
    if (queries.length === 0) continue
    lines.push(`── ${panel.title || 'Panel'} ${'─'.repeat(Math.max(3, 56 - String(panel.title).length))}`)
    const rows: string[] = []
    for (const { expr, legendFormat } of queries) {
      const answer = await ask('query_range', {
        query: fill(expr, variables),
        start: String(now / 1000 - range),
        end: String(now / 1000),
        step: String(step),
      })
      if (answer.error) rows.push(`  ${answer.error}`)
      const unit = panel.fieldConfig?.defaults?.unit ?? panel.yaxes?.[0]?.format ?? panel.format ?? 'short'
      for (const series of (answer.data?.result ?? []) as Series[])
        if (series.values.some(([, value]) => Number.isFinite(Number(value))))
          rows.push(row(series, legendFormat, unit, { end: now / 1000, step }))
    }
    lines.push(...(rows.length > 0 ? rows.slice(0, SERIES) : ['  No data']))
    if (rows.length > SERIES) lines.push(`  … ${rows.length - SERIES} more`)
    lines.push('')
  }
  return `${lines.join('\n')}\n`
}

const panelsOf = (model: Plain): Plain[] => [
  ...(model.panels ?? []).flatMap((panel: Plain) => [panel, ...(panel.panels ?? [])]),
  ...(model.rows ?? []).flatMap((row: Plain) => row.panels ?? []),
]

type Ask = (path: string, parameters: Record<string, string>) => Promise<Plain>

function asker({ url }: DataSource, agent: HttpAgent): Ask {
  return async (path, parameters) => {
    const search = Object.entries(parameters).map((pair) => pair.map(encodeURIComponent).join('='))
    try {
      const { text } = await agent.fetch(`${url.replace(/\/$/, '')}/api/v1/${path}?${search.join('&')}`)
      return JSON.parse(text) as Plain
    } catch (error) {
      return { error: (error as Error).message }
    }
  }
}

/** `now-15m` → 900 */
function seconds(from: string): number {
  const m = /^now-(\d+)([smhd])$/.exec(from)
  return m ? Number(m[1]) * { s: 1, m: 60, h: 3600, d: 86_400 }[m[2] as 's' | 'm' | 'h' | 'd'] : 900
}

/** What a dashboard's variables are now: told in the address, or the first value their query gives. */
async function variablesOf(model: Plain, ask: Ask, given: ReadonlyMap<string, string>): Promise<Map<string, string>> {
  const variables = new Map<string, string>()
  for (const { name, type, query, current } of (model.templating?.list ?? []) as Plain[]) {
    if (type === 'datasource') continue
    const told = given.get(`var-${name}`)
    const text = fill(typeof query === 'string' ? query : (query?.query ?? ''), variables)
    const values = /^label_values\((?:(.*),)?\s*(\w+)\)$/s.exec(text)
    const found = values
      ? await ask(`label/${values[2]}/values`, values[1] ? { 'match[]': values[1].trim() } : {})
      : undefined
    variables.set(
      name,
      told ?? found?.data?.[0] ?? (values ? '' : String(current?.value ?? '').replace('$__all', '.*')),
    )
  }
  return variables
}

const shown = (variables: ReadonlyMap<string, string>) => {
  const told = [...variables].filter(([, value]) => value !== '').map(([name, value]) => `${name}=${value}`)
  return told.length > 0 ? [told.join('  ')] : []
}

const fill = (text: string, variables: ReadonlyMap<string, string>) =>
  text.replaceAll(/\$(?:\{(\w+)(?::\w+)?\}|(\w+))/g, (whole, braced, bare) => {
    const name = braced ?? bare
    if (name === '__rate_interval' || name === '__interval' || name === 'interval' || name === 'resolution')
      return variables.get(name) || '1m'
    return variables.get(name) ?? whole
  })

function row(
  { metric, values }: Series,
  legend: string | undefined,
  unit: string,
  { end, step }: { end: number; step: number },
): string {
  const numbers = values.map(([, value]) => Number(value)).filter(Number.isFinite)
  const low = Math.min(0, ...numbers)
  const high = Math.max(...numbers)
  const bar = new Array<string>(WIDTH).fill(' ')
  for (const [time, value] of values) {
    const at = WIDTH - 1 - Math.round((end - time) / step)
    const level = high > low ? Math.min(7, Math.floor(((Number(value) - low) / (high - low)) * 8)) : 0
    if (at >= 0 && Number.isFinite(level)) bar[at] = BLOCKS[level]!
  }
  const name = nameOf(metric, legend)
  const short = name.length > 24 ? `${name.slice(0, 11)}…${name.slice(-12)}` : name
  return `  ${short.padEnd(24)} ${bar.join('')} ${measured(numbers.at(-1), unit)}`
}

function nameOf(metric: Record<string, string>, legend: string | undefined): string {
  if (legend && legend !== '__auto') return legend.replaceAll(/\{\{\s*(\w+)\s*\}\}/g, (_, label) => metric[label] ?? '')
  const { __name__: name = '', ...labels } = metric
  return name || Object.values(labels).join(' ') || 'value'
}

function measured(value: number | undefined, unit: string): string {
  if (value === undefined) return '–'
  if (unit === 'percentunit') return `${(value * 100).toFixed(1)}%`
  if (unit === 'percent') return `${value.toFixed(1)}%`
  if (unit === 'bytes' || unit === 'Bps' || unit === 'decbytes') return scaled(value, 1024, ['B', 'KiB', 'MiB', 'GiB'])
  if (unit === 's') return value < 1 ? `${round(value * 1000)} ms` : `${round(value)} s`
  return scaled(value, 1000, ['', 'K', 'M', 'G']).trim()
}

function scaled(value: number, base: number, units: readonly string[]): string {
  let at = 0
  let rest = value
  while (Math.abs(rest) >= base && at < units.length - 1) {
    rest /= base
    at++
  }
  return `${round(rest)} ${units[at]}`
}

const round = (value: number) => String(Math.round(value * 100) / 100)
