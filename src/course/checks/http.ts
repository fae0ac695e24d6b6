import { same, type Text } from '../language.ts'
import type { Selection } from '../view.ts'
import { select } from '../view.ts'
import type { CheckKind } from './check.ts'
import { exec } from './exec.ts'
import { excerpt, type OutputPattern, unmatched } from './output.ts'
import { placeOf } from './place.ts'
import { quote } from './quote.ts'

interface HttpSpec {
  url: string
  method?: string
  host?: string
  headers?: Readonly<Record<string, string>>
  on?: string
  pod?: Selection
  status?: number
  body?: OutputPattern
  header?: OutputPattern
  refused?: boolean
}

/** A web address answers as it should, asked with curl. */
export const http: CheckKind<HttpSpec> = {
  name: 'http',
  ofState: false,
  retried: true,
  describe: (spec) => same(`${spec.method ?? 'GET'} ${spec.url}`),
  async check(spec, { view, world }) {
    const headers = { ...(spec.host ? { Host: spec.host } : {}), ...spec.headers }
    const flags = Object.entries(headers).map(([name, value]) => `-H ${quote(`${name}: ${value}`)}`)
    const method = spec.method ? `-X ${spec.method} ` : ''
    let script = `curl -sS -i -m 10 ${method}${flags.join(' ')} ${quote(spec.url)}`
    let where: Text = same(spec.on ?? spec.url)
    if (spec.pod) {
      const [pod] = await select(view, spec.pod)
      if (!pod) return { expected: placeOf(spec.pod), seen: { en: 'no such Pod', zh: '没有这样的 Pod' } }
      script = `kubectl exec -n ${pod.metadata.namespace} ${pod.metadata.name} -- ${script}`
      where = placeOf(spec.pod)
    }
    if (spec.on && !spec.pod) script = `ssh ${spec.on} ${quote(script)}`
    const result = await world!.probe(script, { deadline: 20_000 })
    const look = exec.describe({ run: `curl -i ${flags.join(' ')}${flags.length > 0 ? ' ' : ''}${quote(spec.url)}` })
    const answered = result.status === 0
    if (spec.refused) {
      return answered
        ? { expected: { en: 'no answer', zh: '没有应答' }, seen: same(excerpt(result.stdout)), where, look }
        : undefined
    }
    if (!answered) {
      return {
        expected: { en: 'an answer', zh: '有应答' },
        seen: same(excerpt(result.stderr) || `curl: exit status ${result.status}`),
        where,
        look,
      }
    }
    const [head = '', ...rest] = result.stdout.replaceAll('\r', '').split('\n\n')
    const body = rest.join('\n\n')
    const status = Number(/^HTTP\/\S+ (\d+)/.exec(head)?.[1])
    const wanted = spec.status ?? 200
    if (status !== wanted) return { expected: same(`HTTP ${wanted}`), seen: same(head.split('\n')[0]!), where, look }
    const missing = unmatched(head, spec.header) ?? unmatched(body, spec.body)
    if (missing === undefined) return undefined
    return {
      expected: { en: `an answer with /${missing}/`, zh: `应答里有 /${missing}/` },
      seen: same(excerpt(body) || head),
      where,
      look,
    }
  },
}
