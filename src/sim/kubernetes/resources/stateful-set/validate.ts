import { type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { isDns1123Label } from '../../api/names.ts'
import { validateReplicaTemplate } from '../replica-set/validate.ts'
import { isEmptySelector, nonNegative, validateLabelSelector } from '../validation.ts'

export function validateStatefulSet({ spec = {}, metadata }: any): FieldError[] {
  const errors: FieldError[] = []
  if (metadata.name?.length > 0)
    for (const p of isDns1123Label(metadata.name))
      if (metadata.name.length > 63) errors.push(invalid('metadata.name', metadata.name, p))
  if (!spec.podManagementPolicy) errors.push(required('spec.podManagementPolicy'))
  else if (!['OrderedReady', 'Parallel'].includes(spec.podManagementPolicy))
    errors.push(invalid('spec.podManagementPolicy', spec.podManagementPolicy, "must be 'OrderedReady' or 'Parallel'"))
  const strategy = spec.updateStrategy ?? {}
  if (strategy.type === 'OnDelete') {
    if (strategy.rollingUpdate)
      errors.push(
        invalid(
          'spec.updateStrategy.rollingUpdate',
          strategy.rollingUpdate,
          "only allowed for updateStrategy 'RollingUpdate'",
        ),
      )
  } else if (strategy.type === 'RollingUpdate') {
    errors.push(...nonNegative(strategy.rollingUpdate?.partition, 'spec.updateStrategy.rollingUpdate.partition'))
  } else if (!strategy.type) errors.push(required('spec.updateStrategy'))
  else errors.push(invalid('spec.updateStrategy', strategy, "must be 'RollingUpdate' or 'OnDelete'"))
  for (const name of ['whenDeleted', 'whenScaled']) {
    const value = spec.persistentVolumeClaimRetentionPolicy?.[name]
    if (value && !['Retain', 'Delete'].includes(value))
      errors.push(notSupported(`spec.persistentVolumeClaimRetentionPolicy.${name}`, value, ['Delete', 'Retain']))
  }
  errors.push(...nonNegative(spec.replicas, 'spec.replicas'))
  errors.push(...nonNegative(spec.minReadySeconds, 'spec.minReadySeconds'))
  if (spec.ordinals) errors.push(...nonNegative(spec.ordinals.start, 'spec.ordinals.start'))
  if (!spec.selector) errors.push(required('spec.selector'))
  else {
    errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
    if (isEmptySelector(spec.selector))
      errors.push(invalid('spec.selector', spec.selector, 'empty selector is invalid for statefulset'))
  }
  // Mounts may name the claims of the set.
  const claims = (spec.volumeClaimTemplates ?? []).map((c: any) => ({ name: c.metadata?.name, emptyDir: {} }))
  const template = spec.template?.spec && {
    ...spec.template,
    spec: {
      ...spec.template.spec,
      volumes: [
        ...(spec.template.spec.volumes ?? []).filter((v: any) => !claims.some((c: any) => c.name === v.name)),
        ...claims,
      ],
    },
  }
  errors.push(...validateReplicaTemplate(template ?? spec.template, 'spec.template', spec.selector, 'StatefulSet'))
  return errors
}

const WORDS =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"
const CHANGEABLE = [
  'replicas',
  'ordinals',
  'template',
  'updateStrategy',
  'revisionHistoryLimit',
  'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
]

export function validateStatefulSetUpdate({ spec }: any, old: any): FieldError[] {
  const fixed = (value: any) => Object.fromEntries(Object.entries(value).filter(([key]) => !CHANGEABLE.includes(key)))
  return deepEqual(fixed(spec), fixed(old.spec)) ? [] : [forbiddenField('spec', WORDS)]
}
