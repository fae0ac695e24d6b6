/** HorizontalPodAutoscaler autoscaling/v1 ↔ v2: what v1 cannot say is kept in annotations. */
const METRICS = 'autoscaling.alpha.kubernetes.io/metrics'
const BEHAVIOR = 'autoscaling.alpha.kubernetes.io/behavior'
const CONDITIONS = 'autoscaling.alpha.kubernetes.io/conditions'
const CURRENT = 'autoscaling.alpha.kubernetes.io/current-metrics'

const isCpu = (metric: any) =>
  metric.type === 'Resource' &&
  metric.resource?.name === 'cpu' &&
  metric.resource.target?.averageUtilization !== undefined

const parse = (text: string | undefined) => {
  if (text === undefined) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

export const autoscalingV1 = {
  toStorage(v1: any) {
    const {
      [METRICS]: metrics,
      [BEHAVIOR]: behavior,
      [CONDITIONS]: conditions,
      [CURRENT]: current,
      ...annotations
    } = v1.metadata.annotations ?? {}
    const { targetCPUUtilizationPercentage: cpu, ...spec } = v1.spec ?? {}
    const { currentCPUUtilizationPercentage: now, ...status } = v1.status ?? {}
    const list = [
      ...(cpu === undefined
        ? []
        : [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: cpu } } }]),
      ...(parse(metrics) ?? []),
    ]
    const currentMetrics = [
      ...(now === undefined
        ? []
        : [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: now } } }]),
      ...(parse(current) ?? []),
    ]
    return {
      ...v1,
      apiVersion: 'autoscaling/v2',
      metadata: { ...v1.metadata, annotations },
      spec: {
        ...spec,
        ...(list.length > 0 ? { metrics: list } : {}),
        ...(behavior ? { behavior: parse(behavior) } : {}),
      },
      status: {
        ...status,
        ...(currentMetrics.length > 0 ? { currentMetrics } : {}),
        ...(conditions ? { conditions: parse(conditions) } : {}),
      },
    }
  },
  fromStorage(v2: any) {
    const { metrics = [], behavior, ...spec } = v2.spec ?? {}
    const { currentMetrics = [], conditions, ...status } = v2.status ?? {}
    const cpu = metrics.find(isCpu)
    const others = metrics.filter((m: any) => m !== cpu)
    const now = currentMetrics.find((m: any) => m.type === 'Resource' && m.resource?.name === 'cpu')
    const otherCurrent = currentMetrics.filter((m: any) => m !== now)
    const annotations = {
      ...v2.metadata.annotations,
      ...(others.length > 0 ? { [METRICS]: JSON.stringify(others) } : {}),
      ...(behavior ? { [BEHAVIOR]: JSON.stringify(behavior) } : {}),
      ...(conditions ? { [CONDITIONS]: JSON.stringify(conditions) } : {}),
      ...(otherCurrent.length > 0 ? { [CURRENT]: JSON.stringify(otherCurrent) } : {}),
    }
    const utilization = now?.resource.current?.averageUtilization
    return {
      ...v2,
      apiVersion: 'autoscaling/v1',
      metadata: { ...v2.metadata, ...(Object.keys(annotations).length > 0 ? { annotations } : {}) },
      spec: { ...spec, ...(cpu ? { targetCPUUtilizationPercentage: cpu.resource.target.averageUtilization } : {}) },
      status: { ...status, ...(utilization === undefined ? {} : { currentCPUUtilizationPercentage: utilization }) },
    }
  },
}
