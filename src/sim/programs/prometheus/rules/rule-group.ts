import { Labels } from '../labels.ts'
import { type EvaluationOptions, evaluateAt } from '../promql/evaluate.ts'
import type { Sample } from '../promql/expression.ts'
import { parseExpression } from '../promql/parse.ts'
import type { Head, Series } from '../storage/head.ts'
import type { RuleGroupSource, RuleSource } from './rule-file.ts'
import { expandTemplate } from './template.ts'

/** How long a resolved alert is still told of, in ms. */
const RESOLVED_KEPT = 15 * 60_000

export interface Alert {
  labels: Labels
  annotations: Labels
  state: 'pending' | 'firing' | 'inactive'
  value: number
  /** ms since 1970 */
  activeAt: number
  firedAt: number
  resolvedAt: number
  lastSent: number
}

/** A rule and what came of its last evaluation. */
export class Rule {
  readonly source: RuleSource
  health: 'unknown' | 'ok' | 'err' = 'unknown'
  lastError = ''
  /** ms since 1970; 0: never. */
  lastEvaluation = 0
  /** seconds */
  evaluationTime = 0
  readonly alerts = new Map<string, Alert>()
  last: Series[] = []

  constructor(source: RuleSource) {
    this.source = source
  }

  get state(): 'inactive' | 'pending' | 'firing' {
    const states = [...this.alerts.values()].map((alert) => alert.state)
    return states.includes('firing') ? 'firing' : states.includes('pending') ? 'pending' : 'inactive'
  }

  get active(): Alert[] {
    return [...this.alerts.values()].filter((alert) => alert.state !== 'inactive')
  }
}

export interface GroupContext {
  head: Head
  options: EvaluationOptions
  externalLabels: Labels
}

/** Rules that are evaluated one after the other, at one moment. */
export class RuleGroup {
  readonly source: RuleGroupSource
  readonly interval: number
  readonly rules: readonly Rule[]
  lastEvaluation = 0
  evaluationTime = 0
  evaluations = 0
  failures = 0
  samples = 0
  stopped = false

  constructor(source: RuleGroupSource, interval: number) {
    this.source = source
    this.interval = source.interval ?? interval
    this.rules = source.rules.map((rule) => new Rule(rule))
  }

  evaluate(context: GroupContext, now: number): void {
    this.evaluations++
    this.lastEvaluation = now
    this.samples = 0
    for (const rule of this.rules) {
      rule.lastEvaluation = now
      try {
        const value = evaluateAt(context.head, rule.source.expression, now, context.options)
        const vector: Sample[] =
          value.type === 'vector'
            ? value.samples
            : value.type === 'scalar'
              ? [{ labels: Labels.EMPTY, value: value.value, time: now }]
              : []
        const rows = rule.source.alert ? this.#alert(rule, vector, context, now) : record(rule.source, vector)
        this.#write(rule, rows, context.head, now)
        rule.health = 'ok'
        rule.lastError = ''
      } catch (error) {
        rule.health = 'err'
        rule.lastError = (error as Error).message
        this.failures++
      }
    }
  }

  #write(rule: Rule, rows: readonly (readonly [Labels, number])[], head: Head, now: number): void {
    const written = new Set<Series>()
    for (const [labels, value] of rows) {
      const series = head.series(labels)
      head.append(series, now, value)
      written.add(series)
    }
    this.samples += written.size
    for (const series of rule.last) if (!written.has(series)) head.end(series, now)
    rule.last = [...written]
  }

  #alert(rule: Rule, vector: readonly Sample[], context: GroupContext, now: number): [Labels, number][] {
    const { source, alerts } = rule
    const seen = new Set<string>()
    for (const { labels: found, value } of vector) {
      const data = {
        labels: found.withoutName,
        externalLabels: context.externalLabels,
        value,
        query: (text: string) => {
          const answer = evaluateAt(context.head, parseExpression(text), now, context.options)
          return answer.type === 'vector' ? answer.samples : []
        },
      }
      const expanded = (texts: Readonly<Record<string, string>>) =>
        Object.entries(texts).map(([name, text]) => [name, expandTemplate(text, data)] as const)
      const labels = Labels.from([...found.withoutName, ...expanded(source.labels), ['alertname', source.alert!]])
      if (seen.has(labels.key))
        throw new Error('vector contains metrics with the same labelset after applying alert labels')
      seen.add(labels.key)
      const annotations = Labels.from(expanded(source.annotations))
      const known = alerts.get(labels.key)
      if (known && known.state !== 'inactive') {
        known.value = value
        known.annotations = annotations
      } else
        alerts.set(labels.key, {
          labels,
          annotations,
          state: 'pending',
          value,
          activeAt: now,
          firedAt: 0,
          resolvedAt: 0,
          lastSent: 0,
        })
    }
    const rows: [Labels, number][] = []
    for (const [key, alert] of alerts) {
      if (!seen.has(key)) {
        if (alert.state === 'pending' || (alert.resolvedAt > 0 && now - alert.resolvedAt > RESOLVED_KEPT))
          alerts.delete(key)
        else if (alert.state === 'firing') {
          alert.state = 'inactive'
          alert.resolvedAt = now
        }
        continue
      }
      if (alert.state === 'pending' && now - alert.activeAt >= source.for) {
        alert.state = 'firing'
        alert.firedAt = now
      }
      rows.push(
        [alert.labels.with('__name__', 'ALERTS').with('alertstate', alert.state), 1],
        [alert.labels.with('__name__', 'ALERTS_FOR_STATE'), alert.activeAt / 1000],
      )
    }
    return rows
  }
}

function record(source: RuleSource, vector: readonly Sample[]): (readonly [Labels, number])[] {
  const own = Object.entries(source.labels)
  const how = `record\0${source.record}\0${own.join('\0')}`
  return vector.map(({ labels, value }) => [
    // Kept with the labels, since the same ones come at every evaluation.
    labels.derive(how, () => Labels.from([...labels, ...own, ['__name__', source.record!]])),
    value,
  ])
}
