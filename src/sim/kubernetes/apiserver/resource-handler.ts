import { parse as parseYaml } from 'yaml'
import { query, type RestRequest, type RestResponse } from '../../rest/port.ts'
import type { DeleteOptions, PatchType } from '../api/client.ts'
import { goJsonProblem } from '../api/go-json.ts'
import { matchesRequirements, SelectorError } from '../api/label-selector.ts'
import type { KubeObject } from '../api/object.ts'
import {
  badRequest,
  methodNotSupported,
  pathNotFound,
  statusFailure,
  unsupportedMediaType,
} from '../api/status-error.ts'
import { isReview, review } from './auth/reviews.ts'
import { fromStorage } from './conversion.ts'
import { type FieldRequirement, fieldValue, parseFieldSelector } from './field-selector.ts'
import { kubeletSubresource } from './kubelet-subresources.ts'
import { decodeObject } from './operations/decode-object.ts'
import { patchObject } from './patch/patch-object.ts'
import type { ResourceInfo } from './registry.ts'
import type { CallOptions, UserInfo } from './request-context.ts'
import type { RequestPath } from './request-path.ts'
import { requirementsOf, select } from './selection.ts'
import type { ServerParts } from './server.ts'
import { createSubresource, scaleOf, updateScale } from './subresources/index.ts'
import { type IncludeObject, partialMetadata, scaleTable, tableOf } from './table.ts'
import { watchStream } from './watch.ts'

const JSON_HEADERS = { 'content-type': 'application/json' }

interface Call {
  parts: ServerParts
  request: RestRequest
  target: RequestPath
  info: ResourceInfo
  options: CallOptions
  namespace: string | undefined
}

export function handleResource(
  parts: ServerParts,
  request: RestRequest,
  target: RequestPath,
  user: UserInfo,
): RestResponse | Promise<RestResponse> {
  const info = parts.registry.find(target.group, target.version, target.resource)
  if (!info) throw pathNotFound()
  if (target.subresource && !info.subresources.has(target.subresource)) throw pathNotFound()
  if (info.namespaced && target.name !== undefined && target.namespace === undefined && !target.watch)
    throw pathNotFound()
  const options: CallOptions = {
    user,
    fieldManager: query(request, 'fieldManager') || managerOf(request.headers?.['user-agent']),
    dryRun: query(request, 'dryRun') === 'All',
    fieldValidation: (query(request, 'fieldValidation') as CallOptions['fieldValidation']) || 'Warn',
    warnings: [],
  }
  const namespace = info.namespaced ? target.namespace : undefined
  const call: Call = { parts, request, target, info, options, namespace }
  const deprecated = DEPRECATED[`${info.version} ${info.kind}`]
  if (deprecated && info.group === '') options.warnings.push(deprecated)
  const response = dispatch(call)
  if (response instanceof Promise) return response
  if (options.warnings.length === 0) return response
  const warning = options.warnings.map((text) => `299 - ${JSON.stringify(text)}`).join(', ')
  return { ...response, headers: { ...response.headers, warning } }
}

const DEPRECATED: Record<string, string> = {
  'v1 ComponentStatus': 'v1 ComponentStatus is deprecated in v1.19+',
  'v1 Endpoints': 'v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice',
}

function managerOf(agent: string | undefined): string {
  return agent?.split('/')[0] || 'unknown'
}

function dispatch(call: Call): RestResponse | Promise<RestResponse> {
  const { request, target, info } = call
  const { name, subresource } = target
  if (info.backend && request.method !== 'GET' && request.method !== 'HEAD')
    throw methodNotSupported(info, request.method.toLowerCase())
  if (subresource && ['log', 'exec', 'attach', 'portforward', 'proxy'].includes(subresource))
    return kubeletSubresource(call.parts, request, target, info)
  switch (request.method) {
    case 'GET':
    case 'HEAD':
      if (name === undefined || target.watch || query(request, 'watch') === 'true' || query(request, 'watch') === '1')
        return listOrWatch(call)
      return get(call)
    case 'POST':
      return create(call)
    case 'PUT':
      return put(call)
    case 'PATCH':
      return patch(call)
    case 'DELETE':
      return name === undefined ? deleteCollection(call) : remove(call)
  }
}

interface Negotiated {
  as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'
}

function negotiate(request: RestRequest): Negotiated {
  for (const part of (request.headers?.accept ?? '').split(',')) {
    const parameters = new Map(
      part
        .split(';')
        .slice(1)
        .map((p) => p.trim().split('=') as [string, string]),
    )
    const as = parameters.get('as')
    if (as && parameters.get('g') === 'meta.k8s.io' && parameters.get('v') === 'v1')
      return { as: as as Negotiated['as'] }
    if (!as) return { as: 'object' }
  }
  return { as: 'object' }
}

const include = (request: RestRequest): IncludeObject =>
  (query(request, 'includeObject') as IncludeObject) || 'Metadata'

function respond(call: Call, object: KubeObject, status = 200): RestResponse {
  const { as } = negotiate(call.request)
  const { resourceVersion } = object.metadata ?? {}
  const isStatus = object.kind === 'Status'
  if (as === 'Table' && !isStatus)
    return {
      status,
      headers: JSON_HEADERS,
      body: tableOf(call.info, [object], {
        now: call.parts.operations.now(),
        include: include(call.request),
        metadata: { resourceVersion },
      }),
    }
  if (as === 'PartialObjectMetadata' && !isStatus)
    return { status, headers: JSON_HEADERS, body: partialMetadata(object) }
  return { status, headers: JSON_HEADERS, body: object }
}

function get(call: Call): RestResponse {
  const { parts, info, target, namespace } = call
  const object = parts.operations.read(info, namespace, target.name!)
  if (target.subresource === 'scale') {
    const scale = scaleOf(info, object)
    const { as } = negotiate(call.request)
    return as === 'Table'
      ? { status: 200, headers: JSON_HEADERS, body: scaleTable(scale, parts.operations.now(), include(call.request)) }
      : respond(call, scale)
  }
  return respond(call, object)
}

interface Selection {
  matches: (object: KubeObject) => boolean
  labels: string | undefined
}

function selection(call: Call): Selection {
  const { request, info, namespace, target } = call
  const labels = query(request, 'labelSelector') || undefined
  const fieldText = query(request, 'fieldSelector') || ''
  let fields: FieldRequirement[]
  let requirements: ReturnType<typeof requirementsOf>
  try {
    fields = parseFieldSelector(info, fieldText)
    requirements = labels ? requirementsOf(labels) : []
  } catch (error) {
    if (!(error instanceof SelectorError)) throw error
    throw badRequest(`unable to parse requirement: ${error.message}`)
  }
  const name = target.name
  return {
    labels,
    matches: (object) =>
      (namespace === undefined || object.metadata.namespace === namespace) &&
      (name === undefined || object.metadata.name === name) &&
      (requirements.length === 0 || matchesRequirements(requirements, object.metadata.labels)) &&
      fields.every((f) => (fieldValue(info, object, f.field) === f.value) !== f.negated),
  }
}

function listOrWatch(call: Call): RestResponse {
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

function body(call: Call): unknown {
  const { request } = call
  const type = (request.headers?.['content-type'] ?? 'application/json').split(';')[0]!.trim()
  if (
    type === 'application/vnd.kubernetes.protobuf' ||
    (!type.includes('json') && !type.includes('yaml') && type !== '')
  )
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    )
  if (!(request.body instanceof Uint8Array)) return request.body
  const text = new TextDecoder().decode(request.body)
  if (type.includes('yaml')) return parseYaml(text)
  const problem = goJsonProblem(text)
  if (problem !== undefined)
    throw badRequest(
      `the object provided is unrecognized (must be of type ${call.info.kind}): couldn't get version/kind; json parse error: ${problem} (${text})`,
    )
  return JSON.parse(text)
}

function create(call: Call): RestResponse {
  const { parts, info, target, namespace, options } = call
  if (target.name !== undefined) {
    if (!target.subresource) throw methodNotSupported(info, 'create')
    return respond(
      call,
      createSubresource(parts.operations, info, namespace, target.name, target.subresource, body(call), options),
      201,
    )
  }
  if (isReview(info)) return respond(call, review(parts.operations, info, namespace, body(call), options), 201)
  const created = parts.operations.create(info, info.namespaced ? namespace : undefined, body(call), options)
  return respond(call, created, 201)
}

function put(call: Call): RestResponse {
  const { parts, info, target, namespace, options } = call
  const { name, subresource = '' } = target
  if (name === undefined) throw methodNotSupported(info, 'update')
  const given = body(call) as object
  if (subresource === 'scale')
    return respond(
      call,
      updateScale(parts.operations, info, namespace, name, () => given, options),
    )
  const updated = parts.operations.update(
    info,
    namespace,
    name,
    () => decodeObject(info, given, options),
    options,
    subresource,
  )
  return respond(call, updated)
}

const PATCH_TYPES: Record<string, PatchType> = {
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/json-patch+json': 'json',
  'application/apply-patch+yaml': 'apply',
}

/** A patch that came as bytes: no JSON, or YAML. */
function patchBody(body: unknown, type: PatchType): unknown {
  if (typeof body !== 'string' && !(body instanceof Uint8Array)) return body
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body)
  if (type === 'apply') {
    try {
      return parseYaml(text)
    } catch (error) {
      throw badRequest(`error decoding YAML: ${(error as Error).message}`)
    }
  }
  const problem = goJsonProblem(text)
  if (problem !== undefined) throw badRequest(type === 'json' ? `error decoding patch: ${problem}` : problem)
  return JSON.parse(text)
}

function patch(call: Call): RestResponse {
  const { parts, info, target, namespace, options, request } = call
  const { name, subresource = '' } = target
  if (name === undefined) throw methodNotSupported(info, 'patch')
  const contentType = (request.headers?.['content-type'] ?? '').split(';')[0]!
  const type = PATCH_TYPES[contentType]
  if (!type)
    throw unsupportedMediaType(
      'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml, application/apply-patch+cbor',
    )
  const { object, created } = patchObject(
    parts.operations,
    info,
    namespace,
    name,
    patchBody(request.body, type),
    { type, subresource, force: query(request, 'force') === 'true' },
    options,
  )
  return respond(call, object, created ? 201 : 200)
}

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

function remove(call: Call): RestResponse {
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

function deleteCollection(call: Call): RestResponse {
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
