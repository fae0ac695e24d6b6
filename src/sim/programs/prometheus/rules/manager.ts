import type { Process } from '../../../linux/process.ts'
import { hashText } from '../relabel.ts'
import type { RuleGroupSource } from './rule-file.ts'
import type { Alert, GroupContext } from './rule-group.ts'
import { RuleGroup } from './rule-group.ts'

/** Evaluates every group on its interval. */
export class RuleManager {
  readonly #process: Process
  readonly #context: () => GroupContext
  readonly #notify: (alerts: Alert[], query: string) => void
  readonly #fault: (error: unknown) => void
  groups: readonly RuleGroup[] = []

  constructor(
    process: Process,
    context: () => GroupContext,
    notify: (alerts: Alert[], query: string) => void,
    fault: (error: unknown) => void,
  ) {
    this.#process = process
    this.#context = context
    this.#notify = notify
    this.#fault = fault
  }

  apply(sources: readonly RuleGroupSource[], interval: number): void {
    const old = new Map(this.groups.map((group) => [`${group.source.file}\0${group.source.name}`, group]))
    this.groups = sources.map((source) => {
      const key = `${source.file}\0${source.name}`
      const before = old.get(key)
      // One whose text is the same goes on, with its alerts.
      if (before && textOf(before.source) === textOf(source) && before.interval === (source.interval ?? interval)) {
        old.delete(key)
        return before
      }
      const group = new RuleGroup(source, interval)
      this.#loop(group).catch(this.#fault)
      return group
    })
    for (const group of old.values()) group.stopped = true
  }

  async #loop(group: RuleGroup): Promise<void> {
    const offset = hashText(`${group.source.file}${group.source.name}`) % group.interval
    for (;;) {
      const now = this.#process.wallClock()
      await this.#process.sleep(
        group.interval - ((((now - offset) % group.interval) + group.interval) % group.interval),
      )
      if (group.stopped) return
      const started = this.#process.wallClock()
      group.evaluate(this.#context(), Math.floor(started))
      await this.#process.compute(0.2 + group.rules.length * 0.15)
      group.evaluationTime = (this.#process.wallClock() - started) / 1000
      for (const rule of group.rules) {
        rule.evaluationTime = group.evaluationTime / group.rules.length
        if (rule.source.alert) this.#notify([...rule.alerts.values()], rule.source.query)
      }
    }
  }
}

const textOf = (source: RuleGroupSource) =>
  JSON.stringify(
    source.rules.map(({ record, alert, query, for: wait, labels, annotations }) => [
      record,
      alert,
      query,
      wait,
      labels,
      annotations,
    ]),
  )
