import { same } from '../language.ts'
import { select } from '../view.ts'
import type { CheckKind } from './check.ts'
import { type OutputPattern, unmatched } from './output.ts'
import { place } from './place.ts'

interface EventSpec {
  reason?: string
  type?: string
  kind?: string
  name?: string
  namespace?: string
  message?: OutputPattern
}

/** The cluster has told of something. */
export const event: CheckKind<EventSpec> = {
  name: 'event',
  ofState: true,
  describe: (spec) => {
    const words = [spec.type, spec.reason, spec.message && `/${[spec.message].flat().join('/ /')}/`]
      .filter(Boolean)
      .join(' ')
    return { en: `an event ${words}`, zh: `事件 ${words}` }
  },
  async check(spec, { view }) {
    const all = await select(view, { kind: 'Event', namespace: spec.namespace ?? 'default' })
    const about = all.filter(
      (item) =>
        (spec.kind === undefined || item.involvedObject?.kind === spec.kind) &&
        (spec.name === undefined || item.involvedObject?.name === spec.name),
    )
    const holds = about.some(
      (item) =>
        (spec.reason === undefined || item.reason === spec.reason) &&
        (spec.type === undefined || item.type === spec.type) &&
        unmatched(item.message ?? '', spec.message) === undefined,
    )
    if (holds) return undefined
    const reasons = [...new Set(about.map((item) => item.reason as string))].slice(-6).join(', ')
    return {
      expected: event.describe(spec),
      seen: reasons ? same(reasons) : { en: 'no such events', zh: '没有这样的事件' },
      where: place(spec.kind ?? 'Event', spec.name, spec.namespace ?? 'default'),
      look: same('kubectl events'),
    }
  },
}
