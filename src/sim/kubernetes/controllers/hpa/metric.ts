import type { ApiClient, LabelSelector } from '../../api/client.ts'
import { formatSelector } from '../../api/label-selector.ts'
import type { KubeObject } from '../../api/object.ts'
import { milliValue, printQuantity } from '../../api/quantity.ts'
import { isPodReady } from '../shared/pods.ts'
import { customMetrics, externalMetricProblem, podMetrics, thousandths } from './metrics-source.ts'
import { calculateReplicas, TOLERANCE, type Tolerances } from './replica-calculator.ts'

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
      return podsMetric(metric.pods, input)
    case 'Object':
      return objectMetric(metric.object, input)
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

const thousandthsText = (value: number) => printQuantity(BigInt(Math.floor(value)) * 1_000_000n, 'DecimalSI')

function tolerances({ spec: { behavior } }: KubeObject): Tolerances {
  const of = (rules: any) => (rules?.tolerance === undefined ? TOLERANCE : Number(rules.tolerance))
  return { up: of(behavior?.scaleUp), down: of(behavior?.scaleDown) }
}

/** What the Pods themselves count, on average a Pod. */
function podsMetric({ metric, target }: any, input: MetricInput): MetricProposal {
  const { api, namespace, selector, current, pods, now, hpa } = input
  try {
    const values = customMetrics(api, { namespace, resource: 'pods', labels: selector, metric: metric.name })
    const wanted = { average: milliValue(target.averageValue) }
    const proposal = calculateReplicas(current, pods, values, metric.name, wanted, now, tolerances(hpa))
    return {
      replicas: proposal.replicas,
      name: `pods metric ${metric.name}`,
      status: { type: 'Pods', pods: { metric, current: { averageValue: thousandthsText(proposal.average) } } },
    }
  } catch (error) {
    return unavailable('FailedGetPodsMetric', 'pods', (error as Error).message)
  }
}

/** What is counted of one object that stands before them: its value against the target, or shared among the Pods. */
function objectMetric({ metric, target, describedObject }: any, input: MetricInput): MetricProposal {
  const { api, namespace, current, pods, hpa } = input
  const { kind, name } = describedObject
  const served = api.resources().find((r) => r.kind === kind)
  const resource = served?.resource ?? `${kind.toLowerCase()}s`
  try {
    const value = customMetrics(api, { namespace, resource, name, metric: metric.name }).get(name)!
    const { up, down } = tolerances(hpa)
    const shared = target.averageValue !== undefined
    const ready = pods.filter(isPodReady).length
    const ratio = shared
      ? value / (milliValue(target.averageValue) * Math.max(1, hpa.status?.currentReplicas ?? current))
      : value / milliValue(target.value)
    const wanted = shared ? Math.ceil(value / milliValue(target.averageValue) - 1e-9) : Math.ceil(ratio * ready - 1e-9)
    const shown = shared
      ? { averageValue: thousandthsText(Math.ceil(value / Math.max(1, current))) }
      : { value: thousandthsText(value) }
    return {
      replicas: ratio >= 1 - down && ratio <= 1 + up ? current : wanted,
      name: `${kind} metric ${metric.name}`,
      status: { type: 'Object', object: { metric, describedObject, current: shown } },
    }
  } catch (error) {
    return unavailable('FailedGetObjectMetric', 'object', (error as Error).message)
  }
}

function resourceMetric(source: any, type: 'Resource' | 'ContainerResource', input: MetricInput): MetricProposal {
  const { name, container, target } = source
  const isUtilisation = target.type === 'Utilization'
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
      tolerances(input.hpa),
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
