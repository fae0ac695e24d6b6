import { type FieldError, forbiddenField, invalid, required, tooLong } from '../api/field-error.ts'
import { type NameRule, validateLabelKey, validateLabelValue, validateName } from '../api/names.ts'
import type { ObjectMeta } from '../api/object.ts'
import type { ResourceInfo } from './registry.ts'

const LABEL_NAMES = new Set(['namespaces', 'services'])

export function nameRule(info: ResourceInfo): NameRule {
  if (info.definition?.name) return info.definition.name
  if (info.group === 'rbac.authorization.k8s.io') return 'path'
  return LABEL_NAMES.has(info.name) ? 'label' : 'subdomain'
}

/** ValidateObjectMeta. */
export function validateMetadata(info: ResourceInfo, metadata: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  const rule = nameRule(info)
  if (metadata.generateName)
    for (const message of validateName(rule, metadata.generateName, true))
      errors.push(invalid('metadata.generateName', metadata.generateName, message))
  if (!metadata.name) errors.push(required('metadata.name', 'name or generateName is required'))
  else
    for (const message of validateName(rule, metadata.name))
      errors.push(invalid('metadata.name', metadata.name, message))
  errors.push(...validateCommon(metadata))
  return errors
}

export function validateMetadataUpdate(_info: ResourceInfo, metadata: ObjectMeta, old: ObjectMeta): FieldError[] {
  const errors = validateCommon(metadata)
  if (old.deletionTimestamp) {
    const known = new Set(old.finalizers ?? [])
    const added = (metadata.finalizers ?? []).filter((f) => !known.has(f))
    if (added.length > 0)
      errors.push(
        forbiddenField(
          'metadata.finalizers',
          `no new finalizers can be added if the object is being deleted, found new finalizers []string{${added.map((f) => JSON.stringify(f)).join(', ')}}`,
        ),
      )
  }
  return errors
}

const ANNOTATIONS_LIMIT = 256 * 1024

function validateCommon(metadata: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  errors.push(...validateLabels(metadata.labels, 'metadata.labels'))
  let size = 0
  for (const [key, value] of Object.entries(metadata.annotations ?? {})) {
    for (const message of validateLabelKey(key.toLowerCase()))
      errors.push(invalid('metadata.annotations', key, message))
    size += key.length + value.length
  }
  if (size > ANNOTATIONS_LIMIT) errors.push(tooLong('metadata.annotations', ANNOTATIONS_LIMIT))
  errors.push(...validateOwners(metadata))
  for (const [i, finalizer] of (metadata.finalizers ?? []).entries()) {
    const messages = validateLabelKey(finalizer)
    for (const message of messages) errors.push(invalid(`metadata.finalizers[${i}]`, finalizer, message))
    if (
      messages.length === 0 &&
      !finalizer.includes('/') &&
      finalizer !== 'orphan' &&
      finalizer !== 'foregroundDeletion' &&
      finalizer !== 'kubernetes'
    )
      errors.push(
        invalid(
          `metadata.finalizers[${i}]`,
          finalizer,
          'name is neither a standard finalizer name nor is it fully qualified',
        ),
      )
  }
  return errors
}

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [key, value] of Object.entries(labels ?? {})) {
    for (const message of validateLabelKey(key)) errors.push(invalid(field, key, message))
    for (const message of validateLabelValue(value)) errors.push(invalid(field, value, message))
  }
  return errors
}

function validateOwners(metadata: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  let controllers = 0
  for (const [i, owner] of (metadata.ownerReferences ?? []).entries()) {
    const field = `metadata.ownerReferences[${i}]`
    if (!owner.apiVersion)
      errors.push(invalid(`${field}.apiVersion`, owner.apiVersion ?? '', 'version must not be empty'))
    if (!owner.kind) errors.push(invalid(`${field}.kind`, owner.kind ?? '', 'must not be empty'))
    if (!owner.name) errors.push(invalid(`${field}.name`, owner.name ?? '', 'must not be empty'))
    if (!owner.uid) errors.push(invalid(`${field}.uid`, owner.uid ?? '', 'must not be empty'))
    if (owner.controller) controllers++
  }
  if (controllers > 1)
    errors.push(
      invalid(
        'metadata.ownerReferences',
        metadata.ownerReferences,
        'Only one reference can have Controller set to true. Found "true" in references for',
      ),
    )
  return errors
}
