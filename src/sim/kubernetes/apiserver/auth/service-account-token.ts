import type { KubeObject } from '../../api/object.ts'
import type { Operations } from '../operations/operations.ts'
import type { UserInfo } from '../request-context.ts'

export const ISSUER = 'https://kubernetes.default.svc.cluster.local'

export interface TokenSubject {
  namespace: string
  account: KubeObject
  audiences: readonly string[]
  /** seconds since 1970 */
  issued: number
  expires: number
  /** From when on its use is counted as that of an old one. */
  warnAfter?: number
  /** jti */
  id: string
  pod?: { name: string; uid: string }
  node?: { name: string; uid: string }
  secret?: { name: string; uid: string }
}

const base64Url = (text: string) => btoa(text).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')

function fromBase64Url(text: string): string {
  const padded = text.replace(/-/g, '+').replace(/_/g, '/')
  return atob(padded + '='.repeat((4 - (padded.length % 4)) % 4))
}

/** Stands for the server's signature: long, and different for every content. Nothing secret is protected by it. */
function signature(content: string): string {
  let out = ''
  for (let i = 0; i < 64; i++) {
    let h = 2166136261 ^ (i * 0x9e3779b1)
    for (let j = 0; j < content.length; j++) h = Math.imul(h ^ content.charCodeAt(j), 16777619)
    h ^= h >>> 15
    out += String.fromCharCode(h & 255, (h >>> 8) & 255, (h >>> 16) & 255, (h >>> 24) & 255)
  }
  return base64Url(out)
}

const HEADER = base64Url(JSON.stringify({ alg: 'RS256', kid: 'Xq2yC0h2eVw3nE1Kf8c7T5pYl4mJ9sRbGdU6aZoWtNI' }))

export function issueToken({
  namespace,
  account,
  audiences,
  issued,
  expires,
  warnAfter,
  id,
  pod,
  node,
  secret,
}: TokenSubject): string {
  const claims = {
    aud: audiences,
    exp: expires,
    iat: issued,
    iss: ISSUER,
    jti: id,
    'kubernetes.io': {
      namespace,
      ...(node ? { node } : {}),
      ...(pod ? { pod } : {}),
      ...(secret ? { secret } : {}),
      serviceaccount: { name: account.metadata.name, uid: account.metadata.uid },
      ...(warnAfter === undefined ? {} : { warnafter: warnAfter }),
    },
    nbf: issued,
    sub: `system:serviceaccount:${namespace}:${account.metadata.name}`,
  }
  const content = `${HEADER}.${base64Url(JSON.stringify(claims))}`
  return `${content}.${signature(content)}`
}

export function serviceAccountUser(namespace: string, account: KubeObject): UserInfo {
  return {
    name: `system:serviceaccount:${namespace}:${account.metadata.name}`,
    uid: account.metadata.uid,
    groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
  }
}

/** Who a token stands for; undefined when it is none of ours, has expired, or its account is gone. */
export function userOfToken(operations: Operations, token: string): UserInfo | undefined {
  return userOfIssuedToken(operations, token) ?? userOfStoredToken(operations, token)
}

function userOfIssuedToken(operations: Operations, token: string): UserInfo | undefined {
  const [header, payload, sign] = token.split('.')
  if (!header || !payload || !sign || sign !== signature(`${header}.${payload}`)) return undefined
  try {
    const claims = JSON.parse(fromBase64Url(payload))
    if (claims.exp * 1000 < operations.now() || !claims.aud.includes(ISSUER)) return undefined
    const { namespace, serviceaccount, pod, node } = claims['kubernetes.io']
    const account = operations.table(operations.registry.named('serviceaccounts')!).get(namespace, serviceaccount.name)
    if (account?.metadata.uid !== serviceaccount.uid) return undefined
    if (pod && operations.table(operations.registry.named('pods')!).get(namespace, pod.name)?.metadata.uid !== pod.uid)
      return undefined
    const extra: Record<string, string[]> = { 'authentication.kubernetes.io/credential-id': [`JTI=${claims.jti}`] }
    if (node) {
      extra['authentication.kubernetes.io/node-name'] = [node.name]
      extra['authentication.kubernetes.io/node-uid'] = [node.uid]
    }
    if (pod) {
      extra['authentication.kubernetes.io/pod-name'] = [pod.name]
      extra['authentication.kubernetes.io/pod-uid'] = [pod.uid]
    }
    return { ...serviceAccountUser(namespace, account!), extra }
  } catch {
    return undefined
  }
}

/** Tokens in Secrets of the type kubernetes.io/service-account-token. */
function userOfStoredToken(operations: Operations, token: string): UserInfo | undefined {
  const stored = btoa(token)
  for (const secret of operations.table(operations.registry.named('secrets')!).list()) {
    if (secret.type !== 'kubernetes.io/service-account-token' || secret.data?.token !== stored) continue
    const namespace = secret.metadata.namespace!
    const name = secret.metadata.annotations?.['kubernetes.io/service-account.name'] ?? ''
    const account = operations.table(operations.registry.named('serviceaccounts')!).get(namespace, name)
    if (account) return serviceAccountUser(namespace, account)
  }
  return undefined
}
