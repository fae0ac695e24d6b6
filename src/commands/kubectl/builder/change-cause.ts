import type { Session } from '../session.ts'

const CHANGE_CAUSE = 'kubernetes.io/change-cause'

/** With --record: the object with this call written into its annotation, for `rollout history`. */
export function withChangeCause<T extends { metadata?: any }>(session: Session, object: T): T {
  const { flags } = session
  if (!flags.has('record') || !flags.bool('record')) return object
  const cause = [session.path, ...session.args, ...flags.given().map(([name, value]) => `--${name}=${value}`)].join(' ')
  const annotations = { ...object.metadata?.annotations, [CHANGE_CAUSE]: cause }
  return { ...object, metadata: { ...object.metadata, annotations } }
}
