import { query, type RestRequest, type RestResponse } from '../../../rest/port.ts'
import { methodNotSupported, pathNotFound } from '../../api/status-error.ts'
import { kubeletSubresource } from '../kubelet-subresources.ts'
import { proxySubresource } from '../proxy-subresource.ts'
import type { CallOptions, UserInfo } from '../request-context.ts'
import type { RequestPath } from '../request-path.ts'
import type { ServerParts } from '../server.ts'
import type { Call } from './call.ts'
import { deleteCollection, remove } from './delete.ts'
import { listOrWatch } from './list.ts'
import { patch } from './patch.ts'
import { get } from './read.ts'
import { create, put } from './write.ts'

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
  if (subresource === 'proxy') return proxySubresource(call.parts, request, target, info)
  if (subresource && ['log', 'exec', 'attach', 'portforward'].includes(subresource))
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
