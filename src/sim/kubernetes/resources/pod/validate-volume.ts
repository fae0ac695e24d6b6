import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '../../api/field-error.ts'
import { isDns1123Label } from '../../api/names.ts'
import { nonNegativeQuantity } from '../validation.ts'

const MODE = 'must be a number between 0 and 0777 (octal), both inclusive'
const HOST_PATH_TYPES = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
]

export function validateVolumes(volumes: any[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  const names = new Set<string>()
  for (const [i, volume] of (volumes ?? []).entries()) {
    const path = `${field}[${i}]`
    errors.push(...validateVolumeSource(volume, path))
    if (!volume.name) errors.push(required(`${path}.name`))
    else for (const p of isDns1123Label(volume.name)) errors.push(invalid(`${path}.name`, volume.name, p))
    if (names.has(volume.name)) errors.push(duplicate(`${path}.name`, volume.name))
    names.add(volume.name)
  }
  return errors
}

type Check = (source: any, path: string) => FieldError[]

const SOURCES: Record<string, Check> = {
  emptyDir: (s, at) => (s.sizeLimit ? nonNegativeQuantity(s.sizeLimit, `${at}.sizeLimit`) : []),
  hostPath: validateHostPath,
  gitRepo: () => [],
  gcePersistentDisk: () => [],
  awsElasticBlockStore: () => [],
  secret: (s, at) => [
    ...(s.secretName ? [] : [required(`${at}.secretName`)]),
    ...mode(s.defaultMode, `${at}.defaultMode`),
    ...items(s.items, `${at}.items`),
  ],
  nfs: validateNfs,
  iscsi: () => [],
  glusterfs: () => [],
  flocker: () => [],
  persistentVolumeClaim: (s, at) => (s.claimName ? [] : [required(`${at}.claimName`)]),
  rbd: () => [],
  cinder: () => [],
  cephfs: () => [],
  quobyte: () => [],
  downwardAPI: (s, at) => mode(s.defaultMode, `${at}.defaultMode`),
  fc: () => [],
  azureFile: () => [],
  configMap: (s, at) => [
    ...mode(s.defaultMode, `${at}.defaultMode`),
    ...(s.name ? [] : [required(`${at}.name`)]),
    ...items(s.items, `${at}.items`),
  ],
  vsphereVolume: () => [],
  azureDisk: () => [],
  photonPersistentDisk: () => [],
  portworxVolume: () => [],
  scaleIO: () => [],
  storageos: () => [],
  projected: (s, at) => mode(s.defaultMode, `${at}.defaultMode`),
  csi: (s, at) => (s.driver ? [] : [required(`${at}.driver`)]),
  ephemeral: (s, at) => (s.volumeClaimTemplate ? [] : [required(`${at}.volumeClaimTemplate`)]),
  flexVolume: () => [],
  image: () => [],
}

function validateVolumeSource(volume: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  let count = 0
  for (const [name, check] of Object.entries(SOURCES)) {
    if (!volume[name]) continue
    if (count > 0) errors.push(forbiddenField(`${path}.${name}`, 'may not specify more than 1 volume type'))
    else errors.push(...check(volume[name], `${path}.${name}`))
    count++
  }
  if (count === 0) errors.push(required(path, 'must specify a volume type'))
  return errors
}

export function validateHostPath(source: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!source.path) return [required(`${path}.path`)]
  if (source.path.split('/').includes('..')) errors.push(invalid(`${path}.path`, source.path, "must not contain '..'"))
  if (source.type && !HOST_PATH_TYPES.includes(source.type))
    errors.push(notSupported(`${path}.type`, source.type, HOST_PATH_TYPES))
  return errors
}

export function validateNfs(source: any, path: string): FieldError[] {
  const errors: FieldError[] = []
  if (!source.server) errors.push(required(`${path}.server`))
  if (!source.path) errors.push(required(`${path}.path`))
  else if (!source.path.startsWith('/')) errors.push(invalid(`${path}.path`, source.path, 'must be an absolute path'))
  return errors
}

function mode(value: number | undefined, field: string): FieldError[] {
  return value !== undefined && (value < 0 || value > 0o777) ? [invalid(field, value, MODE)] : []
}

function items(list: any[] | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, item] of (list ?? []).entries()) {
    if (!item.key) errors.push(required(`${field}[${i}].key`))
    if (!item.path) errors.push(required(`${field}[${i}].path`))
    else if (item.path.startsWith('/'))
      errors.push(invalid(`${field}[${i}].path`, item.path, 'must be a relative path'))
    else if (item.path.split('/').includes('..'))
      errors.push(invalid(`${field}[${i}].path`, item.path, "must not contain '..'"))
    errors.push(...mode(item.mode, `${field}[${i}].mode`))
  }
  return errors
}
