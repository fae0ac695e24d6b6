import { defineController } from './shared/controller.ts'
import { isAlreadyExists, isNamespaceTerminating, isNotFound } from './shared/pod-control.ts'

const NAME = 'kube-root-ca.crt'
const ABOUT =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.'

/** Every active namespace has the ConfigMap kube-root-ca.crt; the certificate is the one kube-system was given first. */
export const rootCaPublisher = defineController(
  'root-ca-certificate-publisher-controller',
  (controller) => {
    const { api } = controller
    controller.watch('namespaces', ({ type, object }) => {
      if (type !== 'DELETED') controller.enqueue(object.metadata.name)
    })
    controller.watch('configmaps', ({ type, object }) => {
      if (object.metadata.name === NAME && type !== 'ADDED') controller.enqueue(object.metadata.namespace!)
    })
    const certificate = api.get('configmaps', 'kube-system', NAME)?.data?.['ca.crt'] ?? makeCertificate()

    return (namespace) => {
      const owner = api.get('namespaces', undefined, namespace)
      if (owner?.status?.phase !== 'Active') return
      const data = { 'ca.crt': certificate }
      const metadata = { name: NAME, namespace, annotations: { 'kubernetes.io/description': ABOUT } }
      const current = api.get('configmaps', namespace, NAME)
      try {
        if (!current) api.create('configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata, data })
        else if (current.data?.['ca.crt'] !== certificate || Object.keys(current.data).length !== 1) {
          api.update('configmaps', { ...current, data })
        }
      } catch (error) {
        if (!isAlreadyExists(error) && !isNamespaceTerminating(error) && !isNotFound(error)) throw error
      }
    }

    /** Of a certificate's looks; nothing in the world verifies it. */
    function makeCertificate(): string {
      const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
      const lines = Array.from({ length: 22 }, () => controller.random.text(64, letters))
      return `-----BEGIN CERTIFICATE-----\nMIID${lines.join('\n').slice(4)}\n-----END CERTIFICATE-----\n`
    }
  },
  { account: 'root-ca-cert-publisher' },
)
