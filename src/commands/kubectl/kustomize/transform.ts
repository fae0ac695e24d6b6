import { isMap } from '../patch/equal.ts'
import type { Resource } from './accumulate.ts'
import type { Kustomization } from './kustomization.ts'

const CLUSTER_WIDE = new Set([
  'Namespace',
  'Node',
  'PersistentVolume',
  'StorageClass',
  'ClusterRole',
  'ClusterRoleBinding',
  'CustomResourceDefinition',
  'PriorityClass',
  'IngressClass',
  'APIService',
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
  'CSIDriver',
  'RuntimeClass',
])

const WORKLOADS = new Set(['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'ReplicationController'])

/** Namespace, prefixes, labels, annotations, replicas and images. */
export function transform(k: Kustomization, resources: readonly Resource[]): void {
  for (const resource of resources) {
    let object = resource.object
    if (k.namespace) object = withNamespace(object, k.namespace)
    if (
      (k.namePrefix || k.nameSuffix) &&
      !['CustomResourceDefinition', 'APIService', 'Namespace'].includes(object.kind)
    ) {
      const name = `${k.namePrefix ?? ''}${object.metadata.name}${k.nameSuffix ?? ''}`
      resource.names.push(name)
      object = { ...object, metadata: { ...object.metadata, name } }
    }
    if (k.commonLabels) object = withLabels(object, k.commonLabels, true, true)
    for (const { pairs, includeSelectors, includeTemplates } of k.labels ?? []) {
      object = withLabels(object, pairs, includeSelectors ?? false, includeSelectors || includeTemplates || false)
    }
    if (k.commonAnnotations) object = withAnnotations(object, k.commonAnnotations)
    for (const { name, count } of k.replicas ?? []) {
      const scalable = ['Deployment', 'ReplicaSet', 'StatefulSet', 'ReplicationController'].includes(object.kind)
      if (scalable && resource.names.includes(name)) object = { ...object, spec: { ...object.spec, replicas: count } }
    }
    for (const image of k.images ?? []) object = withImage(object, image)
    resource.object = object
  }
}

function withNamespace(object: any, namespace: string): any {
  if (object.kind === 'Namespace') return { ...object, metadata: { ...object.metadata, name: namespace } }
  const subjects = object.subjects?.map((s: any) =>
    s.kind === 'ServiceAccount' && (s.name === 'default' || s.namespace) ? { ...s, namespace } : s,
  )
  const changed = subjects ? { ...object, subjects } : object
  if (CLUSTER_WIDE.has(object.kind)) return changed
  return { ...changed, metadata: { ...changed.metadata, namespace } }
}

const set = (target: any, pairs: Record<string, string>) => ({ ...target, ...pairs })

function withLabels(object: any, pairs: Record<string, string>, selectors: boolean, templates: boolean): any {
  const out = { ...object, metadata: { ...object.metadata, labels: set(object.metadata?.labels, pairs) } }
  if (object.spec && templates) out.spec = templateLabels(object.kind, object.spec, pairs)
  if (object.spec && selectors) out.spec = selectorLabels(object.kind, out.spec, pairs)
  return out
}

function templateLabels(kind: string, spec: any, pairs: Record<string, string>): any {
  if (WORKLOADS.has(kind) && spec.template) return { ...spec, template: labelled(spec.template, pairs) }
  if (kind === 'CronJob') {
    const jobTemplate = labelled(spec.jobTemplate, pairs)
    return {
      ...spec,
      jobTemplate: {
        ...jobTemplate,
        spec: { ...jobTemplate.spec, template: labelled(jobTemplate.spec.template, pairs) },
      },
    }
  }
  return spec
}

const labelled = (template: any, pairs: Record<string, string>) => ({
  ...template,
  metadata: { ...template.metadata, labels: set(template.metadata?.labels, pairs) },
})

function selectorLabels(kind: string, spec: any, pairs: Record<string, string>): any {
  switch (kind) {
    case 'Service':
    case 'ReplicationController':
      return spec.selector ? { ...spec, selector: set(spec.selector, pairs) } : spec
    case 'Deployment':
    case 'ReplicaSet':
    case 'DaemonSet':
    case 'StatefulSet':
      return { ...spec, selector: { ...spec.selector, matchLabels: set(spec.selector?.matchLabels, pairs) } }
    case 'Job':
      return spec.selector
        ? { ...spec, selector: { ...spec.selector, matchLabels: set(spec.selector.matchLabels, pairs) } }
        : spec
    case 'PodDisruptionBudget':
      return spec.selector?.matchLabels
        ? { ...spec, selector: { ...spec.selector, matchLabels: set(spec.selector.matchLabels, pairs) } }
        : spec
    case 'NetworkPolicy':
      return spec.podSelector?.matchLabels
        ? { ...spec, podSelector: { ...spec.podSelector, matchLabels: set(spec.podSelector.matchLabels, pairs) } }
        : spec
    default:
      return spec
  }
}

function withAnnotations(object: any, pairs: Record<string, string>): any {
  const annotated = (target: any) => ({
    ...target,
    metadata: { ...target.metadata, annotations: set(target.metadata?.annotations, pairs) },
  })
  const out = annotated(object)
  if (WORKLOADS.has(object.kind) && object.spec?.template)
    out.spec = { ...object.spec, template: annotated(object.spec.template) }
  return out
}

/** Changes `image:` wherever containers are. */
function withImage(value: any, image: NonNullable<Kustomization['images']>[number]): any {
  if (Array.isArray(value)) return value.map((item) => withImage(item, image))
  if (!isMap(value)) return value
  const out: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(value)) {
    const containers = (key === 'containers' || key === 'initContainers') && Array.isArray(field)
    out[key] = containers
      ? (field as any[]).map((c) => ({ ...c, ...(c.image ? { image: newImage(c.image, image) } : {}) }))
      : withImage(field, image)
  }
  return out
}

function newImage(
  current: string,
  { name, newName, newTag, digest }: NonNullable<Kustomization['images']>[number],
): string {
  const match = /^(.+?)(?::([^:/@]+))?(?:@(.+))?$/.exec(current)
  if (!match || match[1] !== name) return current
  const base = newName ?? name
  if (digest) return `${base}@${digest}`
  if (newTag) return `${base}:${newTag}`
  return `${base}${match[2] ? `:${match[2]}` : ''}${match[3] ? `@${match[3]}` : ''}`
}
