import type { LabelSelector } from '../../api/client.ts'
import type { KubeObject } from '../../api/object.ts'
import { type Controller, defineController } from '../shared/controller.ts'
import { equal } from '../shared/equal.ts'
import { formatTime, keyOf, splitKey } from '../shared/meta.ts'
import { isGone } from '../shared/pod-control.ts'
import { type History, limit } from './limits.ts'
import { evaluate, MetricError, type MetricProposal } from './metric.ts'

const HPAS = 'horizontalpodautoscalers.autoscaling'
const PERIOD_MS = 15_000

export const horizontalPodAutoscalerController = defineController(
  'horizontal-pod-autoscaler-controller',
  (controller) => {
    const { api } = controller
    const histories = new Map<string, History>()
    controller.watch(HPAS, ({ type, object, previous }) => {
      if (type === 'DELETED') histories.delete(object.metadata.uid)
      else if (!previous || previous.spec !== object.spec) controller.enqueueAfter(keyOf(object), PERIOD_MS)
    })
    return (key) => {
      const { namespace, name } = splitKey(key)
      const hpa = api.get(HPAS, namespace, name)
      if (!hpa) return
      controller.enqueueAfter(key, PERIOD_MS)
      let history = histories.get(hpa.metadata.uid)
      if (!history) {
        history = { recommendations: [], ups: [], downs: [] }
        histories.set(hpa.metadata.uid, history)
      }
      new AutoscalerPass(controller, hpa, history).run()
    }
  },
  { account: 'horizontal-pod-autoscaler', eventSource: 'horizontal-pod-autoscaler' },
)

interface Scale {
  resource: string
  object: KubeObject
  replicas: number
  selector: LabelSelector
}

class AutoscalerPass {
  readonly #controller: Controller
  readonly #hpa: KubeObject
  readonly #history: History
  readonly #now: number
  #conditions: any[]

  constructor(controller: Controller, hpa: KubeObject, history: History) {
    this.#controller = controller
    this.#hpa = hpa
    this.#history = history
    this.#now = controller.api.now()
    this.#conditions = [...(hpa.status?.conditions ?? [])]
  }

  run(): void {
    const { spec, status: old } = this.#hpa
    let scale: Scale
    try {
      scale = this.#target()
    } catch (error) {
      const { message } = error as Error
      this.#event('Warning', 'FailedGetScale', message)
      this.#condition(
        'AbleToScale',
        'False',
        'FailedGetScale',
        `the HPA controller was unable to get the target's current scale: ${message}`,
      )
      this.#writeStatus(old?.currentReplicas, old?.desiredReplicas ?? 0, old?.currentMetrics, false)
      return
    }
    this.#condition(
      'AbleToScale',
      'True',
      'SucceededGetScale',
      "the HPA controller was able to get the target's current scale",
    )
    const current = scale.replicas
    const min = spec.minReplicas ?? 1
    let desired = 0
    let reason = ''
    let metrics: object[] | undefined = old?.currentMetrics
    if (current === 0 && min !== 0) {
      this.#condition(
        'ScalingActive',
        'False',
        'ScalingDisabled',
        'scaling is disabled since the replica count of the target is zero',
      )
    } else if (current > spec.maxReplicas) {
      reason = 'Current number of replicas above Spec.MaxReplicas'
      desired = spec.maxReplicas
    } else if (current < min) {
      reason = 'Current number of replicas below Spec.MinReplicas'
      desired = min
    } else {
      const best = this.#compute(scale)
      if (!best) {
        this.#writeStatus(current, old?.desiredReplicas ?? 0, old?.currentMetrics, false)
        return
      }
      metrics = best.statuses
      desired = this.#limit(current, best.replicas)
      if (desired > current) reason = `${best.name} above target`
      else if (desired < current) reason = 'All metrics below target'
    }
    const rescale = reason !== '' && desired !== current
    if (rescale && !this.#rescale(scale, desired, reason)) desired = current
    if (!rescale && current !== 0) desired = current
    this.#writeStatus(current, desired, metrics, rescale)
  }

  #target(): Scale {
    const { api } = this.#controller
    const { apiVersion, kind, name } = this.#hpa.spec.scaleTargetRef
    const group = (text: string) => (text.includes('/') ? text.slice(0, text.indexOf('/')) : '')
    const served = api.resources().find((r) => r.kind === kind && group(r.apiVersion) === group(apiVersion ?? 'v1'))
    if (!served) throw new Error(`no matches for kind "${kind}" in group "${group(apiVersion ?? '')}"`)
    const object = api.get(served.resource, this.#hpa.metadata.namespace, name)
    if (!object) throw new Error(`${served.resource} "${name}" not found`)
    const selector = kind === 'ReplicationController' ? { matchLabels: object.spec.selector } : object.spec.selector
    return { resource: served.resource, object, replicas: object.spec.replicas ?? 0, selector }
  }

  /** The largest of what the metrics ask for. */
  #compute({ selector, replicas, object }: Scale): (MetricProposal & { statuses: object[] }) | undefined {
    const { api } = this.#controller
    const namespace = this.#hpa.metadata.namespace ?? ''
    const pods = api.list('pods', { namespace, labels: selector })
    const metrics: any[] = this.#hpa.spec.metrics ?? []
    const input = { api, hpa: this.#hpa, namespace, selector, pods, current: replicas, now: this.#now }
    let best: MetricProposal | undefined
    let firstError: MetricError | undefined
    let invalid = 0
    const statuses: object[] = []
    for (const metric of metrics) {
      try {
        const proposal = evaluate(metric, input)
        statuses.push(proposal.status)
        if (!best || proposal.replicas > best.replicas) best = proposal
      } catch (error) {
        if (!(error instanceof MetricError)) throw error
        this.#event('Warning', error.reason, error.detail)
        firstError ??= error
        invalid++
      }
    }
    const current = object.spec.replicas ?? 0
    // What is known may let it grow, but with anything unknown it never shrinks.
    if (firstError && (!best || invalid >= metrics.length || best.replicas < current)) {
      const message = `invalid metrics (${invalid} invalid out of ${metrics.length}), first error is: ${firstError.message}`
      this.#condition(
        'ScalingActive',
        'False',
        firstError.reason,
        `the HPA was unable to compute the replica count: ${firstError.detail}`,
      )
      this.#event('Warning', 'FailedComputeMetricsReplicas', message)
      return undefined
    }
    if (!best) return undefined
    const message = `the HPA was able to successfully calculate a replica count from ${best.name}`
    this.#condition('ScalingActive', 'True', 'ValidMetricFound', message)
    return { ...best, statuses }
  }

  #limit(current: number, wanted: number): number {
    const { replicas, able, limited } = limit(this.#hpa.spec, this.#history, current, wanted, this.#now)
    this.#condition('AbleToScale', 'True', able.reason, able.message)
    this.#condition('ScalingLimited', limited.status, limited.reason, limited.message)
    return replicas
  }

  #rescale({ resource, object, replicas }: Scale, desired: number, reason: string): boolean {
    const { namespace, name } = object.metadata
    try {
      this.#controller.api.patch(
        resource,
        namespace,
        name,
        { spec: { replicas: desired } },
        { type: 'merge', subresource: 'scale' },
      )
    } catch (error) {
      const { message } = error as Error
      this.#event('Warning', 'FailedRescale', `New size: ${desired}; reason: ${reason}; error: ${message}`)
      this.#condition(
        'AbleToScale',
        'False',
        'FailedUpdateScale',
        `the HPA controller was unable to update the target scale: ${message}`,
      )
      return false
    }
    this.#condition(
      'AbleToScale',
      'True',
      'SucceededRescale',
      `the HPA controller was able to update the target scale to ${desired}`,
    )
    this.#event('Normal', 'SuccessfulRescale', `New size: ${desired}; reason: ${reason}`)
    const events = desired > replicas ? this.#history.ups : this.#history.downs
    events.push({ at: this.#now, change: Math.abs(desired - replicas) })
    if (events.length > 200) events.shift()
    return true
  }

  #event(type: 'Normal' | 'Warning', reason: string, message: string): void {
    this.#controller.event(this.#hpa, type, reason, message)
  }

  #condition(type: string, status: string, reason: string, message: string): void {
    const old = this.#conditions.find((condition) => condition.type === type)
    const lastTransitionTime = old?.status === status ? old.lastTransitionTime : formatTime(this.#now)
    const next = { type, status, lastTransitionTime, reason, message }
    if (old) this.#conditions = this.#conditions.map((condition) => (condition === old ? next : condition))
    else this.#conditions = [...this.#conditions, next]
  }

  #writeStatus(current: number | undefined, desired: number, metrics: object[] | undefined, rescaled: boolean): void {
    const lastScaleTime = rescaled ? formatTime(this.#now) : this.#hpa.status?.lastScaleTime
    const status = {
      ...(current && { currentReplicas: current }),
      desiredReplicas: desired,
      currentMetrics: metrics ?? null,
      conditions: this.#conditions,
      ...(lastScaleTime && { lastScaleTime }),
    }
    if (equal(status, this.#hpa.status)) return
    try {
      this.#controller.api.update(HPAS, { ...this.#hpa, status }, { subresource: 'status' })
    } catch (error) {
      if (!isGone(error)) throw error
    }
  }
}
