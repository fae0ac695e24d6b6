import type { Resource } from './accumulate.ts'

const FIRST = [
  'Namespace',
  'ResourceQuota',
  'StorageClass',
  'CustomResourceDefinition',
  'ServiceAccount',
  'PodSecurityPolicy',
  'Role',
  'ClusterRole',
  'RoleBinding',
  'ClusterRoleBinding',
  'ConfigMap',
  'Secret',
  'Endpoints',
  'Service',
  'LimitRange',
  'PriorityClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'Deployment',
  'StatefulSet',
  'CronJob',
  'PodDisruptionBudget',
]
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

const rank = (kind: string) => {
  const first = FIRST.indexOf(kind)
  if (first >= 0) return first - FIRST.length
  const last = LAST.indexOf(kind)
  return last >= 0 ? last + 1 : 0
}

/** kustomize's legacy order: what others need comes first. */
export function sortResources(resources: readonly Resource[]): Resource[] {
  const key = ({ object }: Resource) =>
    `${object.apiVersion}~${object.kind}~${object.metadata.namespace ?? ''}~${object.metadata.name}`
  return [...resources].sort(
    (a, b) => rank(a.object.kind) - rank(b.object.kind) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0),
  )
}
