import { same } from '../language.ts'
import { podTrouble } from '../pod-trouble.ts'
import { type Selection, select } from '../view.ts'
import type { CheckKind } from './check.ts'
import { excerpt, type OutputPattern, unmatched } from './output.ts'
import { placeOf } from './place.ts'

interface LogsSpec {
  pod: Selection
  container?: string
  previous?: boolean
  matches: OutputPattern
}

/** A Pod's log contains something; with several Pods selected, one of them is enough. */
export const logs: CheckKind<LogsSpec> = {
  name: 'logs',
  ofState: false,
  retried: true,
  describe: (spec) => {
    const who = placeOf(spec.pod)
    return { en: `the log of ${who.en}`, zh: `${who.zh}的日志` }
  },
  async check(spec, { view, world }) {
    const pods = await select(view, spec.pod)
    const expected = [spec.matches]
      .flat()
      .map((pattern) => `/${pattern}/`)
      .join(' ')
    if (pods.length === 0) return { expected: placeOf(spec.pod), seen: { en: 'no such Pod', zh: '没有这样的 Pod' } }
    let seen = ''
    for (const pod of pods) {
      const response = await world!.api!.handle({
        method: 'GET',
        path: `/api/v1/namespaces/${pod.metadata.namespace}/pods/${pod.metadata.name}/log`,
        query: [
          ...(spec.container ? [['container', spec.container] as const] : []),
          ...(spec.previous ? [['previous', 'true'] as const] : []),
        ],
      })
      const body = bodyText(response.body)
      if (response.status === 200 && unmatched(body, spec.matches) === undefined) return undefined
      seen ||= response.status === 200 ? body : ''
    }
    const pod = pods[0]!
    const trouble = podTrouble(pod)
    const shown = seen.trim() ? same(excerpt(seen)) : { en: 'an empty log', zh: '日志是空的' }
    return {
      expected: same(expected),
      seen: trouble ? { en: `${shown.en} (${trouble.reason})`, zh: `${shown.zh}（${trouble.reason}）` } : shown,
      where: logs.describe(spec),
      look: trouble?.look ?? same(`kubectl logs ${pod.metadata.name}`),
    }
  },
}

function bodyText(body: unknown): string {
  if (typeof body === 'string') return body
  return body instanceof Uint8Array ? new TextDecoder().decode(body) : ''
}
