import { type FieldError, invalid, notSupported, required } from '../../api/field-error.ts'
import { compareQuantities } from '../../api/quantity.ts'

export function validateAutoscaler({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  if (spec.minReplicas !== undefined && spec.minReplicas < 1)
    errors.push(invalid('spec.minReplicas', spec.minReplicas, 'must be greater than or equal to 1'))
  const max = spec.maxReplicas ?? 0
  if (max < 1) errors.push(invalid('spec.maxReplicas', max, 'must be greater than 0'))
  if (spec.minReplicas !== undefined && max < spec.minReplicas)
    errors.push(invalid('spec.maxReplicas', max, 'must be greater than or equal to `minReplicas`'))
  const ref = spec.scaleTargetRef ?? {}
  if (!ref.kind) errors.push(required('spec.scaleTargetRef.kind'))
  if (!ref.name) errors.push(required('spec.scaleTargetRef.name'))
  if (!ref.apiVersion && ref.kind !== 'ReplicationController')
    errors.push(invalid('spec.scaleTargetRef.apiVersion', ref.apiVersion ?? '', 'apiVersion must specify API group'))
  else if (!ref.apiVersion.includes('/') && ref.kind !== 'ReplicationController')
    errors.push(invalid('spec.scaleTargetRef.apiVersion', ref.apiVersion, 'apiVersion must specify API group'))
  for (const [i, metric] of (spec.metrics ?? []).entries()) errors.push(...validateMetric(metric, `spec.metrics[${i}]`))
  return errors
}

const TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']

function validateMetric(metric: any, field: string): FieldError[] {
  if (!metric.type) return [required(`${field}.type`, 'must specify a metric source type')]
  if (!TYPES.includes(metric.type)) return [notSupported(`${field}.type`, metric.type, TYPES)]
  const key = metric.type[0].toLowerCase() + metric.type.slice(1)
  const source = metric[key]
  if (!source) return [required(`${field}.${key}`, `must populate the given metric source`)]
  const errors: FieldError[] = []
  const target = source.target ?? {}
  const path = `${field}.${key}.target`
  if ((key === 'resource' || key === 'containerResource') && !source.name)
    errors.push(required(`${field}.${key}.name`, 'must specify a resource name'))
  if (!target.type) errors.push(required(`${path}.type`, 'must specify a metric target type'))
  if (target.averageUtilization !== undefined && target.averageUtilization < 1)
    errors.push(invalid(`${path}.averageUtilization`, target.averageUtilization, 'must be greater than 0'))
  for (const name of ['value', 'averageValue'])
    if (target[name] !== undefined && compareQuantities(target[name], '0') <= 0)
      errors.push(invalid(`${path}.${name}`, target[name], 'must be positive'))
  return errors
}
