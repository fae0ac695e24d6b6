import type { MountRequest } from '../../../sim/containers/docker/host-config.ts'
import { parseRamSize } from '../../../sim/containers/units.ts'

/** `type=bind,src=/a,dst=/b,readonly`. Throws with the reason. */
export function parseMount(text: string): MountRequest {
  const mount: MountRequest = { Type: 'volume', Target: '' }
  for (const field of text.split(',')) {
    const equals = field.indexOf('=')
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase()
    const value = equals < 0 ? 'true' : field.slice(equals + 1)
    if (equals < 0 && !['readonly', 'ro', 'volume-nocopy', 'bind-nonrecursive'].includes(key))
      throw new Error(`invalid field '${field}' must be a key=value pair`)
    switch (key) {
      case 'type':
        mount.Type = value.toLowerCase()
        break
      case 'source':
      case 'src':
        if (value !== '') mount.Source = value
        break
      case 'target':
      case 'dst':
      case 'destination':
        mount.Target = value
        break
      case 'readonly':
      case 'ro':
        if (!['true', 'false', '1', '0'].includes(value)) throw new Error(`invalid value for ${key}: ${value}`)
        mount.ReadOnly = value === 'true' || value === '1'
        break
      case 'volume-nocopy':
        mount.VolumeOptions = { NoCopy: value === 'true' || value === '1' }
        break
      case 'tmpfs-size':
        mount.TmpfsOptions = { ...mount.TmpfsOptions, SizeBytes: parseRamSize(value) }
        break
      case 'tmpfs-mode':
        mount.TmpfsOptions = { ...mount.TmpfsOptions, Mode: Number.parseInt(value, 8) }
        break
      case 'consistency':
      case 'bind-propagation':
      case 'volume-driver':
      case 'volume-opt':
      case 'volume-label':
      case 'bind-nonrecursive':
      case 'bind-recursive':
        break
      default:
        throw new Error(`unexpected key '${key}' in '${field}'`)
    }
  }
  if (mount.Type === '') throw new Error('type is required')
  if (mount.Target === '') throw new Error('target is required')
  return mount
}
