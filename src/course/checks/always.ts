import type { CheckKind, Failure } from './check.ts'
import { atTime, describeNested, eachMoment, historyLook, type MomentSpec } from './moments.ts'

/** Held at every moment. */
export const always: CheckKind<MomentSpec> = {
  name: 'always',
  ofState: false,
  describe: (spec) => {
    const inner = describeNested(spec.check)
    return { en: `at every moment: ${inner.en}`, zh: `任何时刻：${inner.zh}` }
  },
  async check(spec, context) {
    let broken: Failure | undefined
    let asked = false
    await eachMoment(spec, context, (at, failure) => {
      asked = true
      if (failure) broken = { ...failure, seen: atTime(at, failure.seen), look: failure.look ?? historyLook }
      return failure !== undefined
    })
    if (broken) return { ...broken, expected: always.describe(spec) }
    if (asked) return undefined
    return { expected: always.describe(spec), seen: { en: 'it never began', zh: '从来没有开始' }, look: historyLook }
  },
}
