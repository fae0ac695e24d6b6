import { defineController } from './shared/controller.ts'
import { keyOf, splitKey } from './shared/meta.ts'

const TYPE = 'kubernetes.io/service-account-token'
const NAME = 'kubernetes.io/service-account.name'
const UID = 'kubernetes.io/service-account.uid'

/** Fills Secrets of the type service-account-token, and deletes those whose account is gone. */
export const serviceAccountTokenController = defineController(
  'serviceaccount-token-controller',
  (controller) => {
    const { api } = controller
    controller.watch('secrets', ({ type, object }) => {
      if (type !== 'DELETED' && object.type === TYPE) controller.enqueue(keyOf(object))
    })
    controller.watch('serviceaccounts', ({ object }) => {
      for (const secret of api.list('secrets', { namespace: object.metadata.namespace })) {
        if (secret.type === TYPE && secret.metadata.annotations?.[NAME] === object.metadata.name)
          controller.enqueue(keyOf(secret))
      }
    })
    return (key) => {
      const { namespace, name } = splitKey(key)
      const secret = api.get('secrets', namespace, name)
      const accountName = secret?.metadata.annotations?.[NAME]
      if (!secret || !accountName) return
      const account = api.get('serviceaccounts', namespace, accountName)
      const uid = secret.metadata.annotations?.[UID]
      if (!account || (uid && uid !== account.metadata.uid)) {
        api.delete('secrets', namespace, name)
        return
      }
      if (uid && secret.data?.token && secret.data['ca.crt'] && secret.data.namespace) return
      const claims = {
        iss: 'kubernetes/serviceaccount',
        'kubernetes.io/serviceaccount/namespace': namespace,
        'kubernetes.io/serviceaccount/secret.name': name,
        'kubernetes.io/serviceaccount/service-account.name': accountName,
        'kubernetes.io/serviceaccount/service-account.uid': account.metadata.uid,
        sub: `system:serviceaccount:${namespace}:${accountName}`,
      }
      const header = { alg: 'RS256', kid: controller.random.text(43, LETTERS) }
      const token = `${base64url(header)}.${base64url(claims)}.${controller.random.text(342, LETTERS)}`
      const certificate = api.get('configmaps', namespace, 'kube-root-ca.crt')?.data?.['ca.crt'] ?? ''
      const annotations = { ...secret.metadata.annotations, [UID]: account.metadata.uid }
      const data = { ...secret.data, token: btoa(token), 'ca.crt': btoa(certificate), namespace: btoa(namespace) }
      api.update('secrets', { ...secret, metadata: { ...secret.metadata, annotations }, data })
    }
  },
  { account: 'token-controller' },
)

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function base64url(value: unknown): string {
  return btoa(JSON.stringify(value)).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '')
}
