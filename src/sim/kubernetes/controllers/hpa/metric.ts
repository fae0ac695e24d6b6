import type { ApiClient, LabelSelector } from '../../api/client.ts'
import { formatSelector } from '../../api/label-selector.ts'
import type { KubeObject } from '../../api/object.ts'
import { printQuantity } from '../../api/quantity.ts'
import { customMetricProblem, externalMetricProblem, podMetrics, thousandths } from './metrics-source.ts'
import { calculateReplicas, TOLERANCE } from './replica-calculator.ts'

/** What one entry of spec.metrics asks for. */
export interface MetricProposal {
  replicas: number
  /** For the event: `cpu resource utilization (percentage of request)`. */
  name: string
  status: object
}

/** A metric that gives no number: the condition's reason and words, and those of the combined error. */
export class MetricError extends Error {
  readonly reason: string
  readonly detail: string

  constructor(reason: string, detail: string, message: string) {
    super(message)
    this.reason = reason
    this.detail = detail
  }
}

export interface MetricInput {
  api: ApiClient
  hpa: KubeObject
  namespace: string
  selector: LabelSelector
  pods: readonly KubeObject[]
  current: number
  now: number
}

/** Throws MetricError. */
export function evaluate(metric: any, input: MetricInput): MetricProposal {
  switch (metric.type) {
    case 'Resource':
      return resourceMetric(metric.resource, 'Resource', input)
    case 'ContainerResource':
      return resourceMetric(metric.containerResource, 'ContainerResource', input)
    case 'Pods':
      return unavailable('FailedGetPodsMetric', 'pods', customMetricProblem(metric.pods.metric.name))
    case 'Object':
      return unavailable('FailedGetObjectMetric', 'object', customMetricProblem(metric.object.metric.name))
    case 'External': {
      const { name, selector } = metric.external.metric
      const problem = externalMetricProblem(input.namespace, name, formatSelector(selector) || '&LabelSelector{}')
      return unavailable('FailedGetExternalMetric', 'external', problem)
    }
    default:
      throw new MetricError(
        'InvalidMetricSourceType',
        `unknown metric source type "${metric.type}"`,
        `unknown metric source type "${metric.type}"`,
      )
  }
}

function unavailable(reason: string, kind: string, detail: string): never {
  throw new MetricError(reason, detail, `failed to get ${kind} metric value: ${detail}`)
}

function resourceMetric(source: any, type: 'Resource' | 'ContainerResource', input: MetricInput): MetricProposal {
  const { name, container, target } = source
  const isUtilisation = target.type === 'Utilization'
  const { behavior } = input.hpa.spec
  const tolerance = (rules: any) => (rules?.tolerance === undefined ? TOLERANCE : Number(rules.tolerance))
  try {
    const metrics = podMetrics(input.api, input.namespace, input.selector, name, container)
    const wanted = isUtilisation
      ? { utilisation: target.averageUtilization }
      : { average: thousandths(name, target.averageValue) }
    const proposal = calculateReplicas(
      input.current,
      input.pods,
      metrics,
      name,
      wanted,
      input.now,
      { up: tolerance(behavior?.scaleUp), down: tolerance(behavior?.scaleDown) },
      container,
    )
    const nano = BigInt(Math.round(proposal.average)) * 1_000_000n
    const current = {
      ...(isUtilisation && { averageUtilization: proposal.utilisation }),
      averageValue: printQuantity(nano, name === 'memory' ? 'BinarySI' : 'DecimalSI'),
    }
    const field = type === 'Resource' ? 'resource' : 'containerResource'
    const what = type === 'Resource' ? `${name} resource` : `${name} container resource`
    return {
      replicas: proposal.replicas,
      name: isUtilisation ? `${what} utilization (percentage of request)` : what,
      status: { type, [field]: { ...(container && { container }), name, current } },
    }
  } catch (error) {
    const detail = `failed to get ${name} ${isUtilisation ? 'utilization' : 'usage'}: ${(error as Error).message}`
    const word = type === 'Resource' ? 'resource' : 'container'
    const reason = type === 'Resource' ? 'FailedGetResourceMetric' : 'FailedGetContainerResourceMetric'
    throw new MetricError(reason, detail, `failed to get ${name} ${word} metric value: ${detail}`)
  }
}
