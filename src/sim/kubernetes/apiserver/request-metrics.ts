import { EXPOSITION_TYPE, Exposition } from '../../programs/exposition/exposition.ts'
import { query, type RestRequest, type RestResponse } from '../../rest/port.ts'
import { addBuildInfo } from '../api/build-info.ts'
import type { Operations } from './operations/operations.ts'
import { parseResourcePath } from './request-path.ts'

const VERBS: Record<string, string> = { POST: 'POST', PUT: 'PUT', PATCH: 'PATCH', DELETE: 'DELETE' }

/** What /metrics tells: requests by what they asked for, and what is stored. */
export class RequestMetrics {
  readonly #requests = new Map<string, { labels: Record<string, string>; count: number }>()
  readonly #started: number

  constructor(started: number) {
    this.#started = started
  }

  count(request: RestRequest, code: number): void {
    const target = parseResourcePath(request.path)
    if (!target) return
    const { group, version, resource, subresource = '', name, namespace } = target
    const watch = target.watch || /^(true|1)$/.test(query(request, 'watch') ?? '')
    const read = watch ? 'WATCH' : name === undefined ? 'LIST' : 'GET'
    const verb = request.method === 'DELETE' && name === undefined ? 'DELETECOLLECTION' : VERBS[request.method]
    const labels = {
      code: String(code),
      component: 'apiserver',
      dry_run: query(request, 'dryRun') ?? '',
      group,
      resource,
      scope: name !== undefined ? 'resource' : namespace !== undefined ? 'namespace' : 'cluster',
      subresource,
      verb: verb ?? read,
      version,
    }
    const key = Object.values(labels).join('\n')
    const entry = this.#requests.get(key)
    if (entry) entry.count++
    else this.#requests.set(key, { labels, count: 1 })
  }

  answer({ store }: Operations): RestResponse {
    const sorted = [...this.#requests].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry)
    const out = new Exposition()
      .many(
        'apiserver_request_total',
        'counter',
        'Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.',
        sorted.map(({ labels, count }) => [labels, count] as const),
      )
      .many(
        'apiserver_storage_objects',
        'gauge',
        'Number of stored objects at the time of last check split by kind.',
        [...store.tables()].map(([resource, table]) => [{ resource }, table.list().length] as const),
      )
    addBuildInfo(out).gauge(
      'process_start_time_seconds',
      'Start time of the process since unix epoch in seconds.',
      this.#started / 1000,
    )
    return { status: 200, headers: { 'content-type': EXPOSITION_TYPE }, body: String(out) }
  }
}
