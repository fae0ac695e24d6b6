import { moments } from '../history-view.ts'
import type { CheckKind } from './check.ts'
import { atTime, describeNested, historyLook } from './moments.ts'
import { type NestedCheck, runNested } from './nested.ts'

/** Each came true first before the next did: strictly later moments. */
export const order: CheckKind<readonly NestedCheck[]> = {
  name: 'order',
  ofState: false,
  describe: (steps) => {
    const words = steps.map(describeNested)
    return { en: words.map((word) => word.en).join(', then '), zh: words.map((word) => word.zh).join('，然后') }
  },
  async check(steps, context) {
    const first: (number | undefined)[] = steps.map(() => undefined)
    for (const { t: at, view } of moments(context.origin.history, context.since)) {
      for (const [i, step] of steps.entries()) {
        if (first[i] === undefined && !(await runNested(step, { ...context, view, world: undefined }))) first[i] = at
      }
    }
    const fail = (i: number) => {
      const words = describeNested(steps[i]!)
      const seen =
        first[i] === undefined ? { en: `never: ${words.en}`, zh: `从未：${words.zh}` } : atTime(first[i], words)
      return { expected: order.describe(steps), seen, look: historyLook }
    }
    for (const [i, at] of first.entries()) {
      if (at === undefined) return fail(i)
      if (i > 0 && at <= first[i - 1]!) return fail(i)
    }
    return undefined
  },
}
