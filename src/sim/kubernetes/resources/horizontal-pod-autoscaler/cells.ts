import { age } from '../cells.ts'
import type { Cell } from '../definition.ts'

const UNKNOWN = '<unknown>'
const MOST = 2

function target(spec: any, status: any): string {
  const value = (name: string, wanted: any, current: any) => {
    if (wanted?.averageValue !== undefined) return `${name}: ${current?.averageValue ?? UNKNOWN}/${wanted.averageValue}`
    const now = current?.averageUtilization === undefined ? UNKNOWN : `${current.averageUtilization}%`
    const goal = wanted?.averageUtilization === undefined ? '<auto>' : `${wanted.averageUtilization}%`
    return `${name}: ${now}/${goal}`
  }
  switch (spec.type) {
    case 'Resource':
      return value(spec.resource.name, spec.resource.target, status?.resource?.current)
    case 'ContainerResource':
      return value(spec.containerResource.name, spec.containerResource.target, status?.containerResource?.current)
    case 'Pods':
      return `${status?.pods?.current?.averageValue ?? UNKNOWN}/${spec.pods.target.averageValue}`
    case 'Object': {
      const { target: wanted } = spec.object
      const current = status?.object?.current
      if (wanted.averageValue !== undefined) return `${current?.averageValue ?? UNKNOWN}/${wanted.averageValue} (avg)`
      return `${current?.value ?? UNKNOWN}/${wanted.value}`
    }
    case 'External': {
      const { target: wanted } = spec.external
      const current = status?.external?.current
      if (wanted.averageValue !== undefined) return `${current?.averageValue ?? UNKNOWN}/${wanted.averageValue} (avg)`
      return `${current?.value ?? UNKNOWN}/${wanted.value}`
    }
  }
  return '<unknown type>'
}

export function autoscalerCells(hpa: any, now: number): Cell[] {
  const { spec, status = {}, metadata } = hpa
  const metrics: any[] = spec.metrics ?? []
  const shown = metrics.slice(0, MOST).map((m, i) => target(m, status.currentMetrics?.[i]))
  const rest = metrics.length > MOST ? ` + ${metrics.length - MOST} more...` : ''
  return [
    metadata.name,
    `${spec.scaleTargetRef?.kind}/${spec.scaleTargetRef?.name}`,
    metrics.length === 0 ? '<none>' : shown.join(', ') + rest,
    spec.minReplicas === undefined ? '<unset>' : String(spec.minReplicas),
    spec.maxReplicas ?? 0,
    status.currentReplicas ?? 0,
    age(metadata.creationTimestamp, now),
  ]
}
