import type { Describer } from '../describer.ts'
import { describeEvents } from '../events.ts'
import { writeHead } from '../maps.ts'
import { rfc1123 } from '../time.ts'
import type { DescribeWriter } from '../writer.ts'

export const describeAutoscaler: Describer = async (w, context) => {
  const { object: hpa } = context
  const { spec, status = {} } = hpa
  writeHead(w, hpa)
  w.line(0, `CreationTimestamp:\t${rfc1123(hpa.metadata.creationTimestamp)}`)
  w.line(0, `Reference:\t${spec.scaleTargetRef.kind}/${spec.scaleTargetRef.name}`)
  w.line(0, 'Metrics:\t( current / target )')
  ;(spec.metrics ?? []).forEach((metric: any, i: number) => {
    writeMetric(w, metric, (status.currentMetrics ?? [])[i])
  })
  w.line(0, `Min replicas:\t${spec.minReplicas ?? '<unset>'}`)
  w.line(0, `Max replicas:\t${spec.maxReplicas}`)
  if (spec.behavior) {
    w.line(0, 'Behavior:')
    writeDirection(w, 'Scale Up', spec.behavior.scaleUp)
    writeDirection(w, 'Scale Down', spec.behavior.scaleDown)
  }
  w.line(
    0,
    `${spec.scaleTargetRef.kind} pods:\t${status.currentReplicas ?? 0} current / ${status.desiredReplicas ?? 0} desired`,
  )
  if (status.conditions?.length > 0) {
    w.line(0, 'Conditions:')
    w.line(1, 'Type\tStatus\tReason\tMessage')
    w.line(1, '----\t------\t------\t-------')
    for (const c of status.conditions) w.line(1, `${c.type}\t${c.status}\t${c.reason}\t${c.message}`)
  }
  await describeEvents(w, context)
}

function writeMetric(w: DescribeWriter, metric: any, current: any) {
  switch (metric.type) {
    case 'Resource':
      return writeResource(
        w,
        `resource ${metric.resource.name} on pods`,
        metric.resource.target,
        current?.resource?.current,
      )
    case 'ContainerResource': {
      const { name, container, target } = metric.containerResource
      return writeResource(
        w,
        `resource ${name} of container ${JSON.stringify(container)} on pods`,
        target,
        current?.containerResource?.current,
      )
    }
    case 'Pods':
      return w.line(
        1,
        `${JSON.stringify(metric.pods.metric.name)} on pods:\t${current?.pods?.current?.averageValue ?? '<unknown>'} / ${metric.pods.target.averageValue}`,
      )
    case 'Object': {
      const { metric: named, describedObject, target } = metric.object
      const label = `"${named.name}" on ${describedObject.kind}/${describedObject.name}`
      const now = current?.object?.current
      if (target.type === 'AverageValue')
        return w.line(
          1,
          `${label} (target average value):\t${now?.averageValue ?? '<unknown>'} / ${target.averageValue}`,
        )
      return w.line(1, `${label} (target value):\t${now?.value ?? '<unknown>'} / ${target.value}`)
    }
    case 'External': {
      const { metric: named, target } = metric.external
      const now = current?.external?.current
      if (target.averageValue !== undefined)
        return w.line(
          1,
          `${JSON.stringify(named.name)} (target average value):\t${now?.averageValue ?? '<unknown>'} / ${target.averageValue}`,
        )
      return w.line(1, `${JSON.stringify(named.name)} (target value):\t${now?.value ?? '<unknown>'} / ${target.value}`)
    }
    default:
      return w.line(1, `<unknown metric type ${JSON.stringify(metric.type)}>`)
  }
}

function writeResource(w: DescribeWriter, label: string, target: any, now: any) {
  if (target.averageValue !== undefined)
    return w.line(1, `${label}:\t${now?.averageValue ?? '<unknown>'} / ${target.averageValue}`)
  const current =
    now?.averageUtilization === undefined ? '<unknown>' : `${now.averageUtilization}% (${now.averageValue})`
  w.line(1, `${label}  (as a percentage of request):\t${current} / ${target.averageUtilization ?? '<auto>'}%`)
}

function writeDirection(w: DescribeWriter, title: string, rules: any): void {
  if (!rules) return
  w.line(1, `${title}:`)
  if (rules.stabilizationWindowSeconds !== undefined)
    w.line(2, `Stabilization Window: ${rules.stabilizationWindowSeconds} seconds`)
  if (!rules.policies?.length) return
  w.line(2, `Select Policy: ${rules.selectPolicy ?? 'Max'}`)
  w.line(2, 'Policies:')
  for (const p of rules.policies) w.line(3, `- Type: ${p.type}\tValue: ${p.value}\tPeriod: ${p.periodSeconds} seconds`)
}
