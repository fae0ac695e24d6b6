import { digestOf } from '../../containers/images/sha256.ts'
import { parseRfc3339 } from '../../time/date.ts'
import type { KubeObject } from '../api/object.ts'
import { defineController } from './shared/controller.ts'

const TYPE = 'bootstrap.kubernetes.io/token'
const PREFIX = 'jws-kubeconfig-'
const PUBLIC = 'kube-public'
const NAME = 'cluster-info'

interface BootstrapToken {
  id: string
  secret: string
  /** ms since 1970 */
  ends: number
  signs: boolean
}

function tokenOf(secret: KubeObject): BootstrapToken {
  const text = (key: string) => (secret.data?.[key] === undefined ? '' : atob(secret.data[key]))
  const expiration = text('expiration')
  return {
    id: text('token-id'),
    secret: text('token-secret'),
    ends: expiration ? parseRfc3339(expiration) : Number.POSITIVE_INFINITY,
    signs: text('usage-bootstrap-signing') === 'true',
  }
}

/** What proves to a machine that joins that the cluster knows its token. */
export function clusterInfoSignature(kubeconfig: string, id: string, secret: string): string {
  return `eyJhbGciOiJIUzI1NiIsImtpZCI6Ii${btoa(id)}..${digestOf(`${id}.${secret}\n${kubeconfig}`).slice('sha256:'.length)}`
}

/** Signs the ConfigMap cluster-info with every bootstrap token that may sign. */
export const bootstrapSigner = defineController('bootstrap-signer', (controller) => {
  const { api } = controller
  controller.watch('secrets', ({ object }) => {
    if (object.type === TYPE) controller.enqueue(NAME)
  })
  controller.watch('configmaps', ({ type, object }) => {
    if (object.metadata.name === NAME && object.metadata.namespace === PUBLIC && type !== 'DELETED')
      controller.enqueue(NAME)
  })
  return () => {
    const current = api.get('configmaps', PUBLIC, NAME)
    const kubeconfig = current?.data?.kubeconfig as string | undefined
    if (!current || kubeconfig === undefined) return
    const tokens = api
      .list('secrets', { namespace: 'kube-system' })
      .filter((secret) => secret.type === TYPE)
      .map(tokenOf)
      .filter((token) => token.signs && token.ends > api.now())
    const others = Object.entries(current.data as Record<string, string>).filter(([key]) => !key.startsWith(PREFIX))
    const data = Object.fromEntries([
      ...others,
      ...tokens.map(({ id, secret }) => [`${PREFIX}${id}`, clusterInfoSignature(kubeconfig, id, secret)]),
    ])
    if (JSON.stringify(data) !== JSON.stringify(current.data)) api.update('configmaps', { ...current, data })
  }
})

/** Deletes bootstrap tokens when their time is over. */
export const tokenCleaner = defineController('token-cleaner', (controller) => {
  const { api } = controller
  controller.watch('secrets', ({ type, object }) => {
    if (object.type === TYPE && type !== 'DELETED') controller.enqueue(object.metadata.name)
  })
  return (name) => {
    const secret = api.get('secrets', 'kube-system', name)
    if (!secret) return
    const { ends } = tokenOf(secret)
    if (ends === Number.POSITIVE_INFINITY) return
    if (ends <= api.now()) api.delete('secrets', 'kube-system', name)
    else controller.enqueueAfter(name, ends - api.now())
  }
})
