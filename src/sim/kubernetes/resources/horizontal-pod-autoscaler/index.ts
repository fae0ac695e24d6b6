import type { KindDefinition } from '../definition.ts'
import { autoscalerCells } from './cells.ts'
import { validateAutoscaler } from './validate.ts'

export const horizontalPodAutoscaler: KindDefinition = {
  resource: 'horizontalpodautoscalers.autoscaling',
  cells: autoscalerCells,
  defaults({ spec }) {
    if (!spec) return
    spec.minReplicas ??= 1
    if (!spec.metrics?.length)
      spec.metrics = [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } } },
      ]
    const { scaleUp, scaleDown } = spec.behavior ?? {}
    if (!spec.behavior) return
    spec.behavior.scaleUp = {
      stabilizationWindowSeconds: 0,
      selectPolicy: 'Max',
      policies: [
        { type: 'Pods', value: 4, periodSeconds: 15 },
        { type: 'Percent', value: 100, periodSeconds: 15 },
      ],
      ...scaleUp,
    }
    spec.behavior.scaleDown = {
      selectPolicy: 'Max',
      policies: [{ type: 'Percent', value: 100, periodSeconds: 15 }],
      ...scaleDown,
    }
  },
  validate: validateAutoscaler,
}
