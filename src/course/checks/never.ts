import type { CheckKind } from './check.ts'
import { atTime, describeNested, eachMoment, historyLook, type MomentSpec } from './moments.ts'

/** Held at no moment. */
export const never: CheckKind<MomentSpec> = {
  name: 'never',
  ofState: false,
  describe: (spec) => {
    const inner = describeNested(spec.check)
    return { en: `at no moment: ${inner.en}`, zh: `任何时刻都不：${inner.zh}` }
  },
  async check(spec, context) {
    let when: number | undefined
    await eachMoment(spec, context, (at, failure) => {
      if (!failure) when = at
      return !failure
    })
    if (when === undefined) return undefined
    return { expected: never.describe(spec), seen: atTime(when, describeNested(spec.check)), look: historyLook }
  },
}
