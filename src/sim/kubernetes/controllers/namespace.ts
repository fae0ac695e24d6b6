import type { KubeObject } from '../api/object.ts'
import { type Controller, defineController } from './shared/controller.ts'
import { formatTime } from './shared/meta.ts'
import { isGone, isNotFound } from './shared/pod-control.ts'

/** Time for other controllers to see that the namespace is going, before its content is deleted. */
const GRACE_MS = 5000
/** Seconds that content with finalizers is thought to need. */
const FINALIZER_ESTIMATE = 15

/** Deletes what a terminating namespace holds, tells in its conditions what holds it up, and lets it go. */
export const namespaceController = defineController('namespace-controller', (controller) => {
  const { api } = controller
  controller.watch('namespaces', ({ type, object }) => {
    if (type !== 'DELETED' && object.metadata.deletionTimestamp) controller.enqueueAfter(object.metadata.name, GRACE_MS)
  })
  return (name) => {
    const namespace = api.get('namespaces', undefined, name)
    if (!namespace?.metadata.deletionTimestamp) return
    if (namespace.status?.phase !== 'Terminating') {
      const status = { ...namespace.status, phase: 'Terminating' }
      api.update('namespaces', { ...namespace, status }, { subresource: 'status' })
      controller.enqueue(name)
      return
    }
    if (!namespace.spec?.finalizers?.length) return
    const remains = deleteContent(controller, name)
    const fresh = api.get('namespaces', undefined, name)
    if (!fresh) return
    writeConditions(controller, fresh, remains)
    if (remains.size > 0) {
      const seconds = Math.max(...[...remains.values()].map((content) => content.estimate))
      controller.enqueueAfter(name, (Math.floor(seconds / 2) + 1) * 1000)
      return
    }
    finalize(controller, name)
  }
})

interface Content {
  objects: readonly KubeObject[]
  /** seconds until it may be gone */
  estimate: number
}

/** Pods go first: nothing they use is taken from under them. */
function deleteContent(controller: Controller, namespace: string): Map<string, Content> {
  const { api } = controller
  const remains = new Map<string, Content>()
  const resources = api
    .resources()
    .filter(({ namespaced, verbs }) => namespaced && verbs.includes('delete') && verbs.includes('list'))
    .map(({ resource }) => resource)
  const sweep = (resource: string) => {
    for (const { metadata } of api.list(resource, { namespace })) {
      try {
        if (!metadata.deletionTimestamp)
          api.delete(resource, namespace, metadata.name, { propagationPolicy: 'Background' })
      } catch (error) {
        if (!isGone(error)) throw error
      }
    }
    const objects = api.list(resource, { namespace })
    if (objects.length === 0) return
    const graces = objects.map(({ metadata }) =>
      metadata.finalizers?.length ? FINALIZER_ESTIMATE : (metadata.deletionGracePeriodSeconds ?? 0),
    )
    remains.set(resource, { objects, estimate: Math.max(0, ...graces) })
  }
  sweep('pods')
  if (remains.size > 0) return remains
  // The Events of all the deleting are swept last.
  for (const resource of resources) if (resource !== 'pods' && !resource.startsWith('events')) sweep(resource)
  if (resources.includes('events')) sweep('events')
  return remains
}

function writeConditions(controller: Controller, namespace: KubeObject, remains: ReadonlyMap<string, Content>): void {
  const finalizers = new Map<string, number>()
  for (const { objects } of remains.values()) {
    for (const { metadata } of objects) {
      for (const name of metadata.finalizers ?? []) finalizers.set(name, (finalizers.get(name) ?? 0) + 1)
    }
  }
  const contents = [...remains].map(
    ([resource, { objects }]) => `${withGroup(resource)} has ${objects.length} resource instances`,
  )
  const held = [...finalizers].sort().map(([name, count]) => `${name} in ${count} resource instances`)
  const time = formatTime(controller.api.now())
  const old: any[] = namespace.status?.conditions ?? []
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string) => {
    const current = old.find((c) => c.type === type)
    const lastTransitionTime = current?.status === status ? current.lastTransitionTime : time
    return { type, status, lastTransitionTime, reason, message }
  }
  const done = 'All content successfully deleted, may be waiting on finalization'
  const conditions = [
    condition(
      'NamespaceDeletionDiscoveryFailure',
      'False',
      'ResourcesDiscovered',
      'All resources successfully discovered',
    ),
    condition(
      'NamespaceDeletionGroupVersionParsingFailure',
      'False',
      'ParsedGroupVersions',
      'All legacy kube types successfully parsed',
    ),
    condition('NamespaceDeletionContentFailure', 'False', 'ContentDeleted', done),
    contents.length > 0
      ? condition(
          'NamespaceContentRemaining',
          'True',
          'SomeResourcesRemain',
          `Some resources are remaining: ${contents.join(', ')}`,
        )
      : condition('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'),
    held.length > 0
      ? condition(
          'NamespaceFinalizersRemaining',
          'True',
          'SomeFinalizersRemain',
          `Some content in the namespace has finalizers remaining: ${held.join(', ')}`,
        )
      : condition(
          'NamespaceFinalizersRemaining',
          'False',
          'ContentHasNoFinalizers',
          'All content-preserving finalizers finished',
        ),
  ]
  controller.api.update(
    'namespaces',
    { ...namespace, status: { ...namespace.status, conditions } },
    { subresource: 'status' },
  )
}

function finalize(controller: Controller, name: string): void {
  const namespace = controller.api.get('namespaces', undefined, name)
  if (!namespace) return
  const finalizers = namespace.spec.finalizers.filter((finalizer: string) => finalizer !== 'kubernetes')
  try {
    controller.api.update(
      'namespaces',
      { ...namespace, spec: { ...namespace.spec, finalizers } },
      { subresource: 'finalize' },
    )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** `configmaps.`, `deployments.apps`: with the dot even where the group is empty. */
function withGroup(resource: string): string {
  return resource.includes('.') ? resource : `${resource}.`
}
