import { rfc3339 } from '../../sim/time/date.ts'
import type { Random } from '../../sim/time/random.ts'
import type { Api } from './api.ts'

export const SECRETS = '/api/v1/namespaces/kube-system/secrets'
export const DEFAULT_GROUPS = 'system:bootstrappers:kubeadm:default-node-token'
const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789'
export const TOKEN_FORMAT = /^[a-z0-9]{6}\.[a-z0-9]{16}$/

export interface Token {
  id: string
  secret: string
  /** RFC 3339; absent: it never ends. */
  expiration?: string
  usages: string[]
  description: string
  groups: string
}

export const newToken = (random: Random): string => `${random.text(6, ALPHABET)}.${random.text(16, ALPHABET)}`

/** Keeps a token in the cluster for `ttl` ms; 0: for ever. */
export async function storeToken(
  api: Api,
  token: string,
  options: { now: number; ttl: number; description?: string; groups?: string; usages?: readonly string[] },
): Promise<void> {
  const [id = '', secret = ''] = token.split('.')
  const usages = options.usages ?? ['signing', 'authentication']
  const data: Record<string, string> = {
    'auth-extra-groups': options.groups ?? DEFAULT_GROUPS,
    ...(options.description ? { description: options.description } : {}),
    ...(options.ttl > 0 ? { expiration: rfc3339(options.now + options.ttl) } : {}),
    'token-id': id,
    'token-secret': secret,
    ...Object.fromEntries(usages.map((usage) => [`usage-bootstrap-${usage}`, 'true'])),
  }
  await api.put(SECRETS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `bootstrap-token-${id}`, namespace: 'kube-system' },
    type: 'bootstrap.kubernetes.io/token',
    data: Object.fromEntries(Object.entries(data).map(([key, value]) => [key, btoa(value)])),
  } as { metadata: { name: string } })
}

export async function tokens(api: Api): Promise<Token[]> {
  const list = await api.get(SECRETS)
  return (list?.items ?? [])
    .filter((secret: { type: string }) => secret.type === 'bootstrap.kubernetes.io/token')
    .map(({ data = {} }: { data?: Record<string, string> }): Token => {
      const text = (key: string) => (data[key] === undefined ? undefined : atob(data[key]))
      const expiration = text('expiration')
      return {
        id: text('token-id') ?? '',
        secret: text('token-secret') ?? '',
        ...(expiration === undefined ? {} : { expiration }),
        usages: ['authentication', 'signing'].filter((usage) => text(`usage-bootstrap-${usage}`) === 'true'),
        description: text('description') ?? '',
        groups: text('auth-extra-groups') ?? '',
      }
    })
}
