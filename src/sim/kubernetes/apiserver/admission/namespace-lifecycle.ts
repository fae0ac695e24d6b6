import { forbidden, notFound } from '../../api/status-error.ts'
import type { AdmissionPlugin } from './plugin.ts'

const PROTECTED = new Set(['default', 'kube-system', 'kube-public'])

/** Objects are only made in namespaces that exist and stay; the first namespaces cannot be deleted. */
export const namespaceLifecycle: AdmissionPlugin = {
  name: 'NamespaceLifecycle',
  admit({ operation, info, namespace, name, context, subresource }) {
    if (operation === 'DELETE' && info.name === 'namespaces' && PROTECTED.has(name))
      throw forbidden({ group: '', resource: 'namespaces' }, name, 'this namespace may not be deleted')
    if (!info.namespaced || !namespace || operation === 'DELETE' || operation === 'CONNECT') return
    if (info.resource.endsWith('accessreviews')) return
    const space = context.get('namespaces', undefined, namespace)
    if (!space) throw notFound({ group: '', resource: 'namespaces' }, namespace)
    if (operation !== 'CREATE' || subresource !== '' || !space.metadata.deletionTimestamp) return
    const error = forbidden(
      info,
      name,
      `unable to create new content in namespace ${namespace} because it is being terminated`,
    )
    error.status.details = {
      ...error.status.details,
      causes: [
        {
          reason: 'NamespaceTerminating',
          message: `namespace ${namespace} is being terminated`,
          field: 'metadata.namespace',
        },
      ],
    }
    throw error
  },
}
