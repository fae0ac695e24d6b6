import type { RestRequest } from '../../../rest/port.ts'
import { forbidden, unauthorized } from '../../api/status-error.ts'
import type { Operations } from '../operations/operations.ts'
import type { UserInfo } from '../request-context.ts'
import { subjectOfPem } from './certificate.ts'
import { allows } from './rbac.ts'
import { userOfToken } from './service-account-token.ts'

/** Who asks when nothing is said: the administrator, for code inside the program. */
const ADMIN: UserInfo = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }
const ANONYMOUS: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/**
 * From `authorization: Bearer`, `x-client-certificate` (base64 of the PEM, as a kubeconfig has it) or
 * `x-anonymous: true`; then impersonation headers. Throws Unauthorized or Forbidden.
 */
export function authenticate(operations: Operations, request: RestRequest): UserInfo {
  const user = callerOf(operations, request)
  const headers = request.headers ?? {}
  const name = headers['impersonate-user']
  if (!name) return user
  const groups = (headers['impersonate-group'] ?? '')
    .split(',')
    .map((g) => g.trim())
    .filter(Boolean)
  checkImpersonation(operations, user, name, groups)
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  const implied =
    account && groups.length === 0 ? ['system:serviceaccounts', `system:serviceaccounts:${account[1]}`] : []
  return {
    name,
    ...(headers['impersonate-uid'] ? { uid: headers['impersonate-uid'] } : {}),
    groups: [
      ...new Set([
        ...implied,
        ...groups,
        name === 'system:anonymous' ? 'system:unauthenticated' : 'system:authenticated',
      ]),
    ],
  }
}

function callerOf(operations: Operations, request: RestRequest): UserInfo {
  const headers = request.headers ?? {}
  const { authorization } = headers
  if (authorization) {
    const token = /^Bearer\s+(.+)$/i.exec(authorization)?.[1]
    const user = token ? userOfToken(operations, token) : undefined
    if (!user) throw unauthorized()
    return user
  }
  const certificate = headers['x-client-certificate']
  if (certificate) {
    let pem: string
    try {
      pem = certificate.includes('BEGIN') ? certificate : atob(certificate)
    } catch {
      throw unauthorized()
    }
    const subject = subjectOfPem(pem)
    if (!subject?.commonName) throw unauthorized()
    return {
      name: subject.commonName,
      groups: [...subject.organizations, 'system:authenticated'],
      extra: { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${fingerprint(pem)}`] },
    }
  }
  return headers['x-anonymous'] === 'true' ? ANONYMOUS : ADMIN
}

/** 64 hexadecimal digits that depend on the certificate. */
function fingerprint(text: string): string {
  let out = ''
  for (let i = 0; i < 8; i++) {
    let h = 2166136261 ^ (i * 0x9e3779b1)
    for (let j = 0; j < text.length; j++) h = Math.imul(h ^ text.charCodeAt(j), 16777619)
    out += (h >>> 0).toString(16).padStart(8, '0')
  }
  return out
}

function checkImpersonation(operations: Operations, user: UserInfo, name: string, groups: readonly string[]): void {
  const check = (resource: string, target: string, namespace?: string) => {
    if (allows(operations, user, { verb: 'impersonate', group: '', resource, name: target, namespace }).allowed) return
    throw forbidden(
      { group: '', resource },
      target,
      `User ${JSON.stringify(user.name)} cannot impersonate resource ${JSON.stringify(resource)} in API group "" ${namespace ? `in the namespace ${JSON.stringify(namespace)}` : 'at the cluster scope'}`,
    )
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name)
  if (account) check('serviceaccounts', account[2]!, account[1])
  else check('users', name)
  for (const group of groups) check('groups', group)
}
