import { Environment } from '@marcbachmann/cel-js'
import { withQuantities } from '../../sim/kubernetes/cel/evaluate.ts'
import { same, type Text } from '../language.ts'
import { show } from '../match.ts'
import { type Selection, select } from '../view.ts'
import type { CheckKind } from './check.ts'

interface ExprSpec {
  let?: Readonly<Record<string, Selection>>
  that: string
  expected?: Text
  seen?: string
}

/** A CEL expression over objects is true. */
export const expr: CheckKind<ExprSpec> = {
  name: 'expr',
  ofState: true,
  describe: (spec) => spec.expected ?? same(spec.that),
  async check(spec, { view }) {
    const values: Record<string, unknown> = {}
    for (const [name, selection] of Object.entries(spec.let ?? {})) {
      const found = await select(view, selection)
      values[name] = selection.name === undefined ? found : (found[0] ?? null)
    }
    const result = calculate(spec.that, values)
    if (result === true) return undefined
    const seen = spec.seen === undefined ? result : calculate(spec.seen, values)
    return { expected: expr.describe(spec), seen: same(show(plain(seen)) ?? 'null') }
  },
}

const environment = withQuantities(new Environment({ unlistedVariablesAreDyn: true }))

/** An expression that asks for what is not there is false, and says what it missed. */
function calculate(expression: string, values: Record<string, unknown>): unknown {
  try {
    return environment.evaluate(expression, values)
  } catch (error) {
    return (error as Error).message.split('\n')[0]
  }
}

/** CEL integers are bigint. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (Array.isArray(value)) return value.map(plain)
  return value
}
