import { query, type RestResponse } from '../../../rest/port.ts'
import type { KubeObject } from '../../api/object.ts'
import { badRequest, statusFailure } from '../../api/status-error.ts'
import { fromStorage } from '../conversion.ts'
import { select } from '../selection.ts'
import { partialMetadata, tableOf } from '../table.ts'
import { watchStream } from '../watch.ts'
import { include, JSON_HEADERS, negotiate } from './answer.ts'
import type { Call } from './call.ts'
import { selection } from './selection.ts'

export function listOrWatch(call: Call): RestResponse {
  const { parts, request, info, namespace, target } = call
  const { operations } = parts
  const watching = target.watch || ['true', '1'].includes(query(request, 'watch') ?? '')
  const chosen = selection(call)
  const { as } = negotiate(request)
  const now = () => operations.now()
  const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
  if (watching) {
    const stream = watchStream({
      table: operations.table(info),
      store: operations.store,
      clock: parts.clock,
      waiting: parts.waiting,
      resourceVersion: query(request, 'resourceVersion') ?? '',
      matches: chosen.matches,
      render: (object, first) => {
        const sent = fromStorage(info, object)
        if (as === 'Table')
          return tableOf(info, [object], {
            now: now(),
            include: include(request),
            metadata: { resourceVersion: object.metadata.resourceVersion },
            withColumns: first,
          })
        return as === 'object' ? sent : partialMetadata(sent)
      },
      bookmarks: query(request, 'allowWatchBookmarks') === 'true',
      sendInitialEvents: query(request, 'sendInitialEvents') === 'true',
      timeoutSeconds: Number(query(request, 'timeoutSeconds')) || undefined,
      bookmark: (resourceVersion, end) => ({
        kind: info.kind,
        apiVersion,
        metadata: {
          resourceVersion,
          creationTimestamp: null,
          ...(end ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}),
        },
      }),
    })
    return { status: 200, headers: { 'content-type': 'application/json', 'transfer-encoding': 'chunked' }, stream }
  }
  const wantedRevision = Number(query(request, 'resourceVersion') ?? 0)
  if (wantedRevision > operations.store.revision)
    throw statusFailure(
      504,
      'Timeout',
      `Timeout: Too large resource version: ${wantedRevision}, current: ${operations.store.revision}`,
      {
        causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
        retryAfterSeconds: 1,
      },
    )
  let objects = select(operations.table(info), { namespace, labels: chosen.labels }).filter(chosen.matches)
  if (info.name === 'componentstatuses')
    objects = COMPONENTS.flatMap((n) => objects.filter((o) => o.metadata.name === n))
  const metadata: Record<string, unknown> = { resourceVersion: String(operations.store.revision) }
  const limit = Number(query(request, 'limit') ?? 0)
  const after = query(request, 'continue')
  if (after) {
    const [, start] = decodeContinue(after)
    objects = objects.slice(objects.findIndex((o) => keyOf(o) >= start))
  }
  if (limit > 0 && objects.length > limit) {
    metadata.continue = encodeContinue(operations.store.revision, keyOf(objects[limit]!))
    metadata.remainingItemCount = objects.length - limit
    objects = objects.slice(0, limit)
  }
  const items = objects.map((o) => fromStorage(info, o))
  if (as === 'Table')
    return {
      status: 200,
      headers: JSON_HEADERS,
      body: tableOf(info, objects, { now: now(), include: include(request), metadata }),
    }
  if (as !== 'object')
    return {
      status: 200,
      headers: JSON_HEADERS,
      body: {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: items.map(partialMetadata),
      },
    }
  return {
    status: 200,
    headers: JSON_HEADERS,
    // Items of built-in lists carry no type of their own.
    body: {
      kind: info.listKind,
      apiVersion,
      metadata,
      items: info.custom ? items : items.map(({ kind, apiVersion: _, ...rest }) => rest),
    },
  }
}

/** In the order servers ask them. */
const COMPONENTS = ['etcd-0', 'controller-manager', 'scheduler']

const keyOf = (object: KubeObject) => `${object.metadata.namespace ?? ''}/${object.metadata.name}`

const encodeContinue = (revision: number, start: string) =>
  btoa(JSON.stringify({ v: 'meta.k8s.io/v1', rv: revision, start: `${start}\u0000` }))

function decodeContinue(token: string): [revision: number, start: string] {
  try {
    const { rv, start } = JSON.parse(atob(token)) as { rv: number; start: string }
    return [rv, start.slice(0, -1)]
  } catch {
    throw badRequest('continue key is not valid: illegal base64 data at input byte 0')
  }
}
