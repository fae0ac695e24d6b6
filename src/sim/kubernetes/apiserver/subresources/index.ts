import { matchesSelector } from '../../api/label-selector.ts'
import { ApiError, type KubeObject } from '../../api/object.ts'
import { badRequest, conflict, notFound, tooManyRequests } from '../../api/status-error.ts'
import type { Operations } from '../operations/operations.ts'
import type { ResourceInfo } from '../registry.ts'
import type { CallOptions } from '../request-context.ts'
import { scaleOf, updateScale } from './scale.ts'
import { createToken } from './token.ts'

export { scaleOf, updateScale }

type Creator = (
  operations: Operations,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  body: any,
  options: CallOptions,
) => KubeObject

const SUCCESS = (code = 201): KubeObject =>
  ({ kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code }) as unknown as KubeObject

const CREATORS: Record<string, Creator> = {
  token: (operations, info, namespace, name, body) =>
    createToken(operations, operations.read(info, namespace, name), body),
  binding: (operations, info, namespace, name, body, options) => {
    const target = body?.target?.name
    if (!target) throw badRequest('binding without a target')
    operations.update(
      info,
      namespace,
      name,
      (old) => {
        if (old.spec.nodeName)
          throw conflict(
            { group: '', resource: 'pods/binding' },
            name,
            `pod ${name} is already assigned to node "${old.spec.nodeName}"`,
          )
        if (old.metadata.deletionTimestamp)
          throw conflict(
            { group: '', resource: 'pods/binding' },
            name,
            `pod ${name} is being deleted, cannot be assigned to a host`,
          )
        const now = operations.context(options).timestamp()
        const conditions = (old.status?.conditions ?? []).filter((c: any) => c.type !== 'PodScheduled')
        conditions.push({
          type: 'PodScheduled',
          observedGeneration: old.metadata.generation,
          status: 'True',
          lastProbeTime: null,
          lastTransitionTime: now,
        })
        return {
          ...old,
          metadata: { ...old.metadata, annotations: { ...old.metadata.annotations, ...body.metadata?.annotations } },
          spec: { ...old.spec, nodeName: target },
          status: { ...old.status, conditions, nominatedNodeName: undefined },
        }
      },
      options,
      'binding',
    )
    return SUCCESS()
  },
  eviction: (operations, info, namespace, name, body, options) => {
    const pod = operations.read(info, namespace, name)
    const finished =
      pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed' || pod.metadata.deletionTimestamp
    if (!finished) {
      const budgets = operations
        .table(operations.registry.named('poddisruptionbudgets.policy')!)
        .list(namespace)
        .filter((b) => matchesSelector(b.spec?.selector, pod.metadata.labels))
      if (budgets.length > 1)
        throw new ApiError({
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.',
          reason: 'InternalError',
          code: 500,
        })
      const budget = budgets[0]
      if (budget) takeDisruption(operations, budget, pod, options)
    }
    const wanted = body?.deleteOptions ?? {}
    operations.delete(info, namespace, name, { gracePeriodSeconds: wanted.gracePeriodSeconds }, options)
    return SUCCESS()
  },
}

function takeDisruption(operations: Operations, budget: KubeObject, pod: KubeObject, options: CallOptions): void {
  const ready = pod.status?.conditions?.some((c: any) => c.type === 'Ready' && c.status === 'True')
  const { currentHealthy = 0, desiredHealthy = 0, disruptionsAllowed = 0 } = budget.status ?? {}
  if (
    !ready &&
    (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' ||
      (currentHealthy >= desiredHealthy && desiredHealthy > 0))
  )
    return
  const tooMany = (message: string) =>
    tooManyRequests("Cannot evict pod as it would violate the pod's disruption budget.", [
      { reason: 'DisruptionBudget', message },
    ])
  if ((budget.status?.observedGeneration ?? 0) < (budget.metadata.generation ?? 0))
    throw tooMany(`The disruption budget ${budget.metadata.name} is still being processed by the server.`)
  if (disruptionsAllowed <= 0)
    throw tooMany(
      `The disruption budget ${budget.metadata.name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`,
    )
  if (options.dryRun) return
  const info = operations.registry.named('poddisruptionbudgets.policy')!
  const now = operations.context(options).timestamp()
  operations.update(
    info,
    budget.metadata.namespace,
    budget.metadata.name,
    (old) => ({
      ...old,
      metadata: { ...old.metadata },
      status: {
        ...old.status,
        disruptionsAllowed: disruptionsAllowed - 1,
        disruptedPods: { ...old.status?.disruptedPods, [pod.metadata.name]: now },
      },
    }),
    options,
    'status',
  )
}

/** POST to a subresource of one object. */
export function createSubresource(
  operations: Operations,
  info: ResourceInfo,
  namespace: string | undefined,
  name: string,
  subresource: string,
  body: unknown,
  options: CallOptions,
): KubeObject {
  const create = info.subresources.has(subresource) ? CREATORS[subresource] : undefined
  if (!create) throw notFound(info, name)
  operations.read(info, namespace, name)
  return create(operations, info, namespace, name, body, options)
}
