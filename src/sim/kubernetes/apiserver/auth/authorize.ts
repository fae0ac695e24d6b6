import { query, type RestRequest } from '../../../rest/port.ts'
import { forbidden, statusFailure } from '../../api/status-error.ts'
import type { Operations } from '../operations/operations.ts'
import type { UserInfo } from '../request-context.ts'
import type { RequestPath } from '../request-path.ts'
import { allows } from './rbac.ts'

const isTrue = (value: string | undefined) => value === 'true' || value === '1'

/** The verb RBAC knows a request by. */
export function verbOf(request: RestRequest, target: RequestPath): string {
  switch (request.method) {
    case 'POST':
      return 'create'
    case 'PUT':
      return 'update'
    case 'PATCH':
      return 'patch'
    case 'DELETE':
      return target.name === undefined ? 'deletecollection' : 'delete'
    default:
      if (target.watch || isTrue(query(request, 'watch'))) return 'watch'
      return target.name === undefined ? 'list' : 'get'
  }
}

/** Throws Forbidden when RBAC does not let the user do this. */
export function authorizeResource(
  operations: Operations,
  user: UserInfo,
  request: RestRequest,
  target: RequestPath,
): void {
  const verb = verbOf(request, target)
  const resource = target.subresource ? `${target.resource}/${target.subresource}` : target.resource
  const namespace =
    target.namespace ?? (target.resource === 'namespaces' && target.group === '' ? target.name : undefined)
  if (allows(operations, user, { verb, group: target.group, resource, namespace, name: target.name }).allowed) return
  const where = target.namespace ? `in the namespace ${JSON.stringify(target.namespace)}` : 'at the cluster scope'
  throw forbidden(
    { group: target.group, resource: target.resource },
    target.name ?? '',
    `User ${JSON.stringify(user.name)} cannot ${verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(target.group)} ${where}`,
  )
}

export function authorizePath(operations: Operations, user: UserInfo, request: RestRequest, path: string): void {
  const verb = request.method.toLowerCase()
  if (allows(operations, user, { verb, path }).allowed) return
  throw statusFailure(
    403,
    'Forbidden',
    `forbidden: User ${JSON.stringify(user.name)} cannot ${verb} path ${JSON.stringify(path)}`,
    {},
  )
}
