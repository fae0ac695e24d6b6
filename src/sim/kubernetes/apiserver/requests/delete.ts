import { query, type RestResponse } from '../../../rest/port.ts'
import type { DeleteOptions } from '../../api/client.ts'
import { fromStorage } from '../conversion.ts'
import { select } from '../selection.ts'
import { JSON_HEADERS, respond } from './answer.ts'
import { body } from './body.ts'
import type { Call } from './call.ts'
import { selection } from './selection.ts'

function deleteOptions(call: Call): DeleteOptions & { dryRun?: string[] } {
  const { request } = call
  const given = (call.request.body === undefined ? {} : (body(call) as Record<string, any>)) ?? {}
  const grace = query(request, 'gracePeriodSeconds')
  const policy = query(request, 'propagationPolicy')
  return {
    ...given,
    ...(grace === undefined ? {} : { gracePeriodSeconds: Number(grace) }),
    ...(policy === undefined ? {} : { propagationPolicy: policy as DeleteOptions['propagationPolicy'] }),
  }
}

export function remove(call: Call): RestResponse {
  const { parts, info, target, namespace, options } = call
  const wanted = deleteOptions(call)
  if (wanted.dryRun?.includes('All')) options.dryRun = true
  const { object, deleted } = parts.operations.delete(info, namespace, target.name!, wanted, options)
  if (!deleted || RETURNS_OBJECT.has(info.name)) return respond(call, object)
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: {
        name: target.name,
        ...(info.group ? { group: info.group } : {}),
        kind: info.resource,
        uid: object.metadata.uid,
      },
    },
  }
}

/** Resources whose deletion answers with the last state rather than a Status. */
const RETURNS_OBJECT = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
  'storageclasses.storage.k8s.io',
  'volumeattachments.storage.k8s.io',
  'csidrivers.storage.k8s.io',
  'csinodes.storage.k8s.io',
])

export function deleteCollection(call: Call): RestResponse {
  const { parts, info, namespace, options } = call
  const wanted = deleteOptions(call)
  if (wanted.dryRun?.includes('All')) options.dryRun = true
  const chosen = selection(call)
  const objects = select(parts.operations.table(info), { namespace, labels: chosen.labels }).filter(chosen.matches)
  const items = objects.map((o) =>
    fromStorage(info, parts.operations.delete(info, o.metadata.namespace, o.metadata.name, wanted, options).object),
  )
  const apiVersion = info.group ? `${info.group}/${info.version}` : info.version
  return {
    status: 200,
    headers: JSON_HEADERS,
    body: {
      kind: info.listKind,
      apiVersion,
      metadata: { resourceVersion: String(parts.operations.store.revision) },
      items,
    },
  }
}
