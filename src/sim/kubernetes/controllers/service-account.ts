import { defineController } from './shared/controller.ts'
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from './shared/pod-control.ts'

/** Every active namespace has the ServiceAccount `default`. */
export const serviceAccountController = defineController(
  'serviceaccount-controller',
  (controller) => {
    const { api } = controller
    controller.watch('namespaces', ({ type, object }) => {
      if (type !== 'DELETED') controller.enqueue(object.metadata.name)
    })
    controller.watch('serviceaccounts', ({ type, object }) => {
      if (type === 'DELETED' && object.metadata.name === 'default') controller.enqueue(object.metadata.namespace!)
    })
    return (namespace) => {
      const owner = api.get('namespaces', undefined, namespace)
      if (owner?.status?.phase !== 'Active' || api.get('serviceaccounts', namespace, 'default')) return
      const metadata = { name: 'default', namespace }
      try {
        api.create('serviceaccounts', { apiVersion: 'v1', kind: 'ServiceAccount', metadata })
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error) && !isNotFound(error)) throw error
      }
    }
  },
  { account: 'service-account-controller' },
)
