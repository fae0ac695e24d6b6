import type { Text } from '../language.ts'
import { absent } from './absent.ts'
import type { CheckContext, CheckKind, Failure } from './check.ts'
import { count } from './count.ts'
import { event } from './event.ts'
import { exec } from './exec.ts'
import { expr } from './expr.ts'
import { http } from './http.ts'
import { logs } from './logs.ts'
import { object } from './object.ts'

/** A check inside another: one of the simple kinds. */
export interface NestedCheck {
  title?: Text
  look?: Text
  [kind: string]: any
}

/** The kinds that judge one moment. */
export const simpleKinds: readonly CheckKind[] = [object, absent, count, exec, http, logs, event, expr]

/** Kind and specification of a check. */
export function kindOf(check: NestedCheck, kinds: readonly CheckKind[] = simpleKinds): { kind: CheckKind; spec: any } {
  for (const kind of kinds) if (check[kind.name] !== undefined) return { kind, spec: check[kind.name] }
  throw new Error(`no kind of check in ${JSON.stringify(Object.keys(check))}`)
}

export async function runNested(check: NestedCheck, context: CheckContext): Promise<Failure | undefined> {
  const { kind, spec } = kindOf(check)
  const failure = await kind.check(spec, context)
  return failure && check.look ? { ...failure, look: check.look } : failure
}

export function describeNested(check: NestedCheck): Text {
  const { kind, spec } = kindOf(check)
  return check.title ?? kind.describe(spec)
}
