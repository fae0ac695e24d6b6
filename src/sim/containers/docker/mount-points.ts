import type { Files } from '../../linux/file.ts'
import type { MountSpec } from '../engine.ts'
import type { ContainerConfig } from '../images/config.ts'
import { parseRamSize } from '../units.ts'
import { ApiError } from './api-error.ts'
import type { HostConfig } from './host-config.ts'
import type { Volumes } from './volumes.ts'

/** A mount of a container, as `docker inspect` shows it. */
export interface MountPoint {
  Type: 'bind' | 'volume' | 'tmpfs'
  Name?: string
  Source: string
  Destination: string
  Driver?: string
  Mode: string
  RW: boolean
  Propagation: string
  /** Not shown: fill from the image, size of a tmpfs. */
  copy: boolean
  tmpfs?: { size?: number; mode?: number }
}

const MODES = /^(?:ro|rw|z|Z|nocopy|consistent|cached|delegated|r?shared|r?slave|r?private)$/

/** Takes `-v`, `--mount`, `--tmpfs`, `--volumes-from` and the image's VOLUMEs together; makes volumes as needed. */
export function makeMountPoints(
  config: ContainerConfig,
  host: HostConfig,
  volumes: Volumes,
  files: Files,
  from: (name: string) => readonly MountPoint[],
): MountPoint[] {
  const points = new Map<string, MountPoint>()
  for (const spec of host.VolumesFrom ?? []) {
    const [name = '', mode = ''] = spec.split(':')
    for (const point of from(name))
      points.set(point.Destination, { ...point, RW: point.RW && mode !== 'ro', copy: false })
  }
  for (const bind of host.Binds ?? []) {
    const point = bindPoint(bind, volumes, files)
    points.set(point.Destination, point)
  }
  for (const mount of host.Mounts ?? []) points.set(mount.Target, mountPoint(mount, volumes, files))
  for (const [target, options] of Object.entries(host.Tmpfs ?? {})) points.set(target, tmpfsPoint(target, options))
  for (const target of Object.keys(config.Volumes ?? {})) {
    const destination = clean(target)
    if (points.has(destination)) continue
    points.set(destination, volumePoint(volumes, undefined, destination, '', true))
  }
  return [...points.values()].sort((a, b) => a.Destination.split('/').length - b.Destination.split('/').length)
}

function clean(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

function bindPoint(bind: string, volumes: Volumes, files: Files): MountPoint {
  const invalid = (text: string) => new ApiError(400, `invalid volume specification: '${bind}': ${text}`)
  const parts = bind.split(':')
  if (parts.length > 3 || parts.some((part) => part === '')) throw invalid('invalid volume specification')
  const [source = '', target = '', mode = ''] = parts
  for (const word of mode.split(','))
    if (mode !== '' && !MODES.test(word)) throw new ApiError(400, `invalid mode: ${mode}`)
  const isBind = source.startsWith('/')
  const where = `invalid mount config for type "${isBind ? 'bind' : 'volume'}"`
  if (!target.startsWith('/')) throw invalid(`${where}: invalid mount path: '${target}' mount path must be absolute`)
  const destination = clean(target)
  if (destination === '/') throw invalid(`${where}: invalid specification: destination can't be '/'`)
  const words = mode.split(',')
  const RW = !words.includes('ro')
  if (!isBind) return { ...volumePoint(volumes, source, destination, mode, RW), copy: !words.includes('nocopy') }
  const path = clean(source)
  if (!files.exists(path)) files.mkdir(path, { parents: true })
  return {
    Type: 'bind',
    Source: path,
    Destination: destination,
    Mode: mode,
    RW,
    Propagation: words.find((word) => /shared|slave|private/.test(word)) ?? 'rprivate',
    copy: false,
  }
}

function volumePoint(
  volumes: Volumes,
  name: string | undefined,
  destination: string,
  mode: string,
  RW: boolean,
): MountPoint {
  const volume = volumes.create(name)
  return {
    Type: 'volume',
    Name: volume.Name,
    Source: volume.Mountpoint,
    Destination: destination,
    Driver: 'local',
    Mode: name === undefined ? '' : mode || 'z',
    RW,
    Propagation: '',
    copy: true,
  }
}

function mountPoint(mount: NonNullable<HostConfig['Mounts']>[number], volumes: Volumes, files: Files): MountPoint {
  const where = `invalid mount config for type ${JSON.stringify(mount.Type)}`
  const destination = clean(mount.Target)
  if (!mount.Target.startsWith('/'))
    throw new ApiError(400, `${where}: invalid mount path: '${mount.Target}' mount path must be absolute`)
  const RW = !mount.ReadOnly
  if (mount.Type === 'volume' || mount.Type === '') {
    const point = volumePoint(volumes, mount.Source || undefined, destination, mount.Source ? 'z' : '', RW)
    return { ...point, copy: !mount.VolumeOptions?.NoCopy }
  }
  if (mount.Type === 'bind') {
    if (!mount.Source) throw new ApiError(400, `${where}: field Source must not be empty`)
    if (!mount.Source.startsWith('/'))
      throw new ApiError(400, `${where}: invalid mount path: '${mount.Source}' mount path must be absolute`)
    if (!files.exists(mount.Source))
      throw new ApiError(400, `${where}: bind source path does not exist: ${mount.Source}`)
    return {
      Type: 'bind',
      Source: mount.Source,
      Destination: destination,
      Mode: '',
      RW,
      Propagation: 'rprivate',
      copy: false,
    }
  }
  if (mount.Type === 'tmpfs') {
    const { SizeBytes, Mode } = mount.TmpfsOptions ?? {}
    return {
      Type: 'tmpfs',
      Source: '',
      Destination: destination,
      Mode: '',
      RW,
      Propagation: '',
      copy: false,
      tmpfs: { size: SizeBytes, mode: Mode },
    }
  }
  throw new ApiError(400, `${where}: mount type unknown`)
}

function tmpfsPoint(target: string, options: string): MountPoint {
  const words = options.split(',')
  const value = (name: string) => words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1)
  const size = value('size')
  const mode = value('mode')
  return {
    Type: 'tmpfs',
    Source: '',
    Destination: clean(target),
    Mode: '',
    RW: !words.includes('ro'),
    Propagation: '',
    copy: false,
    tmpfs: {
      ...(size === undefined ? {} : { size: parseRamSize(size) }),
      ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    },
  }
}

export function toMountSpec(point: MountPoint): MountSpec {
  return {
    target: point.Destination,
    ...(point.RW ? {} : { readonly: true }),
    ...(point.Type === 'tmpfs' ? { tmpfs: point.tmpfs ?? {} } : { source: point.Source }),
  }
}
