import { moments } from '../history-view.ts'
import { same, type Text } from '../language.ts'
import type { CheckContext, Failure } from './check.ts'
import { describeNested, type NestedCheck, runNested } from './nested.ts'

export interface MomentSpec {
  check: NestedCheck
  from?: NestedCheck
  until?: NestedCheck
}

/** Asks a nested check of every moment of the history between `from` and `until`; stops when told to. */
export async function eachMoment(
  spec: MomentSpec,
  context: CheckContext,
  visit: (at: number, failure: Failure | undefined) => boolean,
): Promise<void> {
  let started = spec.from === undefined
  for (const { t: at, view } of moments(context.origin.history, context.since)) {
    const past: CheckContext = { ...context, view, world: undefined }
    started ||= (await runNested(spec.from!, past)) === undefined
    if (!started) continue
    if (spec.until && (await runNested(spec.until, past)) === undefined) return
    if (visit(at, await runNested(spec.check, past))) return
  }
}

/** `at 00:01:12: …` */
export function atTime(at: number, words: Text): Text {
  const seconds = Math.floor(at / 1000)
  const clock = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
    .map((n) => String(n).padStart(2, '0'))
    .join(':')
  return { en: `at ${clock}: ${words.en}`, zh: `在 ${clock}：${words.zh}` }
}

export const historyLook = same('kubectl events')
export { describeNested }
