import { type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { isDns1123Subdomain } from '../../api/names.ts'
import { compareQuantities, parseQuantity, quantityValue } from '../../api/quantity.ts'
import { goDiff } from '../go-diff.ts'
import { VOLUME_MODES, validateAccessModes } from '../persistent-volume/validate.ts'
import { validateLabelSelector } from '../validation.ts'

export function validateClaim({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  if (!spec.accessModes?.length) errors.push(required('spec.accessModes', 'at least 1 access mode is required'))
  else errors.push(...validateAccessModes(spec.accessModes, 'spec.accessModes'))
  errors.push(...validateLabelSelector(spec.selector, 'spec.selector'))
  const storage = spec.resources?.requests?.storage
  if (storage === undefined) errors.push(required('spec.resources[storage]'))
  else if (compareQuantities(storage, '0') <= 0)
    errors.push(invalid('spec.resources[storage]', storage, 'must be greater than zero'))
  if (spec.storageClassName)
    for (const p of isDns1123Subdomain(spec.storageClassName))
      errors.push(invalid('spec.storageClassName', spec.storageClassName, p))
  if (spec.volumeMode && !VOLUME_MODES.includes(spec.volumeMode))
    errors.push(notSupported('spec.volumeMode', spec.volumeMode, VOLUME_MODES))
  return errors
}

const WORDS =
  'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'

export function validateClaimUpdate({ spec }: any, old: any): FieldError[] {
  const before = old.spec
  const errors: FieldError[] = []
  const bound = old.status?.phase === 'Bound'
  const munged = { ...spec, volumeAttributesClassName: before.volumeAttributesClassName }
  if (!before.volumeName) munged.volumeName = before.volumeName
  if (
    before.storageClassName === undefined &&
    old.metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] === undefined
  )
    munged.storageClassName = before.storageClassName
  if (bound) munged.resources = before.resources
  if (!deepEqual(munged, before))
    errors.push(forbiddenField('spec', `${WORDS}\n${goDiff(internalClaim(before), internalClaim(munged))}`))
  const next = spec.resources?.requests?.storage
  const previous = before.resources?.requests?.storage
  const status = old.status?.capacity?.storage
  if (
    bound &&
    next !== undefined &&
    previous !== undefined &&
    compareQuantities(next, previous) < 0 &&
    (status === undefined || compareQuantities(next, status) < 0)
  )
    errors.push(forbiddenField('spec.resources.requests.storage', 'field can not be less than status.capacity'))
  return errors
}

const internalClaim = (spec: any) => ({
  AccessModes: spec.accessModes ?? null,
  Selector: spec.selector ?? null,
  Resources: { Limits: spec.resources?.limits ?? null, Requests: spec.resources?.requests ?? null },
  VolumeName: spec.volumeName ?? '',
  StorageClassName: spec.storageClassName ?? null,
  VolumeMode: spec.volumeMode ?? null,
  DataSource: spec.dataSource ?? null,
  DataSourceRef: spec.dataSourceRef ?? null,
  VolumeAttributesClassName: spec.volumeAttributesClassName ?? null,
})

export function claimWarnings({ spec = {}, metadata }: any): string[] {
  const out: string[] = []
  if (metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined)
    out.push(
      'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
    )
  const storage = spec.resources?.requests?.storage
  if (
    storage !== undefined &&
    parseQuantity(storage) &&
    compareQuantities(storage, String(quantityValue(storage))) !== 0
  )
    out.push(
      `spec.resources.requests[storage]: fractional byte value ${JSON.stringify(storage)} is invalid, must be an integer`,
    )
  return out
}
