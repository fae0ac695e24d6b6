import { type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { deepEqual } from '../../api/json.ts'
import { isDns1123Subdomain } from '../../api/names.ts'
import { compareQuantities } from '../../api/quantity.ts'
import { goDiff } from '../go-diff.ts'
import { internalVolumeSource } from '../pod/internal-form.ts'
import { validateNodeSelector } from '../pod/validate-placement.ts'
import { validateHostPath, validateNfs } from '../pod/validate-volume.ts'

export const ACCESS_MODES = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', 'ReadWriteOncePod']
export const VOLUME_MODES = ['Block', 'Filesystem']

const SOURCES = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
]

export function validateAccessModes(modes: readonly string[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  if (!modes?.length) return [required(field)]
  for (const mode of modes) if (!ACCESS_MODES.includes(mode)) errors.push(notSupported(field, mode, ACCESS_MODES))
  if (modes.includes('ReadWriteOncePod') && modes.length > 1)
    errors.push(forbiddenField(field, 'may not use ReadWriteOncePod with other access modes'))
  return errors
}

export function validatePersistentVolume({ spec = {} }: any): FieldError[] {
  const errors: FieldError[] = []
  errors.push(...validateAccessModes(spec.accessModes, 'spec.accessModes'))
  const capacity = Object.entries<string>(spec.capacity ?? {})
  if (capacity.length === 0) errors.push(required('spec.capacity'))
  else if (spec.capacity.storage === undefined || capacity.length > 1)
    errors.push(notSupported('spec.capacity', spec.capacity, ['storage']))
  for (const [name, value] of capacity)
    if (compareQuantities(value, '0') <= 0)
      errors.push(invalid(`spec.capacity[${name}]`, value, 'must be greater than zero'))
  if (
    spec.persistentVolumeReclaimPolicy &&
    !['Delete', 'Recycle', 'Retain'].includes(spec.persistentVolumeReclaimPolicy)
  )
    errors.push(
      notSupported('spec.persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, [
        'Delete',
        'Recycle',
        'Retain',
      ]),
    )
  if (spec.nodeAffinity?.required)
    errors.push(...validateNodeSelector(spec.nodeAffinity.required, 'spec.nodeAffinity.required'))
  let count = 0
  for (const name of SOURCES) {
    if (!spec[name]) continue
    if (count > 0) errors.push(forbiddenField(`spec.${name}`, 'may not specify more than 1 volume type'))
    else if (name === 'hostPath') errors.push(...validateHostPath(spec.hostPath, 'spec.hostPath'))
    else if (name === 'nfs') errors.push(...validateNfs(spec.nfs, 'spec.nfs'))
    else if (name === 'local') {
      if (!spec.local.path) errors.push(required('spec.local.path'))
      if (!spec.nodeAffinity?.required)
        errors.push(required('spec.nodeAffinity', 'Local volume requires node affinity'))
    }
    count++
  }
  if (count === 0) errors.push(required('spec', 'must specify a volume type'))
  if (spec.hostPath?.path === '/' && spec.persistentVolumeReclaimPolicy === 'Recycle')
    errors.push(
      forbiddenField('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'"),
    )
  if (spec.storageClassName)
    for (const p of isDns1123Subdomain(spec.storageClassName))
      errors.push(invalid('spec.storageClassName', spec.storageClassName, p))
  if (spec.volumeMode && !VOLUME_MODES.includes(spec.volumeMode))
    errors.push(notSupported('spec.volumeMode', spec.volumeMode, VOLUME_MODES))
  return errors
}

export function validatePersistentVolumeUpdate({ spec }: any, old: any): FieldError[] {
  const errors: FieldError[] = []
  const source = (s: any) => Object.fromEntries(SOURCES.map((name) => [name, s[name]]))
  if (!deepEqual(source(spec), source(old.spec)))
    errors.push(
      forbiddenField(
        'spec.persistentvolumesource',
        `spec.persistentvolumesource is immutable after creation\n${goDiff(internalVolumeSource(old.spec), internalVolumeSource(spec))}`,
      ),
    )
  if (spec.volumeMode !== old.spec.volumeMode)
    errors.push(invalid('spec.volumeMode', spec.volumeMode ?? null, 'field is immutable'))
  if (old.spec.nodeAffinity && !deepEqual(spec.nodeAffinity, old.spec.nodeAffinity))
    errors.push(invalid('spec.nodeAffinity', spec.nodeAffinity ?? null, 'field is immutable'))
  return errors
}

export const persistentVolumeWarnings = ({ spec = {}, metadata }: any): string[] => [
  ...(metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] !== undefined
    ? [
        'metadata.annotations[volume.beta.kubernetes.io/storage-class]: deprecated since v1.8; use "storageClassName" attribute instead',
      ]
    : []),
  ...(spec.persistentVolumeReclaimPolicy === 'Recycle'
    ? [
        'spec.persistentVolumeReclaimPolicy: The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic provisioning.',
      ]
    : []),
  ...(spec.cephfs ? ['spec.cephfs: deprecated in v1.28, non-functional in v1.31+'] : []),
  ...(spec.rbd ? ['spec.rbd: deprecated in v1.28, non-functional in v1.31+'] : []),
]
