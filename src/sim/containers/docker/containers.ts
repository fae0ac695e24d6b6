import type { ContainerSpec } from '../engine.ts'
import type { ContainerConfig } from '../images/config.ts'
import { emptyConfig } from '../images/config.ts'
import type { StoredImage } from '../images/store.ts'
import { ApiError } from './api-error.ts'
import type { Daemon } from './daemon.ts'
import { DockerContainer } from './docker-container.ts'
import { completeHostConfig, type HostConfig } from './host-config.ts'
import { makeMountPoints, toMountSpec } from './mount-points.ts'
import { randomName } from './names.ts'
import { validateCreate, validateName } from './validate.ts'

export interface CreateRequest extends Partial<ContainerConfig> {
  HostConfig?: Partial<HostConfig>
  NetworkingConfig?: {
    EndpointsConfig?: Record<
      string,
      { Aliases?: string[] | null; IPAMConfig?: { IPv4Address?: string } | null; Links?: string[] | null }
    >
  }
}

/** Makes a container from an API request. Throws ApiError. */
export function createContainer(
  daemon: Daemon,
  name: string | undefined,
  request: CreateRequest,
  /** A step of a build, on files that have no name: no list and no event tells of it. */
  internal?: { image: StoredImage },
): DockerContainer {
  const { engine } = daemon
  const { HostConfig: givenHost, NetworkingConfig, ...given } = request
  const imageName = given.Image ?? ''
  const image = internal?.image ?? engine.store.find(imageName)
  if (name !== undefined) validateName(name)
  if (!image) throw new ApiError(404, `No such image: ${withTag(imageName)}`)
  const host = completeHostConfig(givenHost)
  const base = image.image.file.config
  const config = emptyConfig({
    ...given,
    Env: mergeEnv(given.Env ?? [], base.Env ?? []),
    Cmd: given.Cmd?.length
      ? given.Cmd
      : given.Entrypoint !== undefined && given.Entrypoint !== null
        ? (given.Cmd ?? null)
        : base.Cmd,
    Entrypoint:
      given.Entrypoint !== undefined && given.Entrypoint !== null
        ? given.Entrypoint.length === 1 && given.Entrypoint[0] === ''
          ? null
          : given.Entrypoint
        : base.Entrypoint,
    ExposedPorts: { ...base.ExposedPorts, ...given.ExposedPorts },
    Volumes: { ...base.Volumes, ...given.Volumes },
    Labels: { ...base.Labels, ...given.Labels },
    User: given.User || base.User,
    WorkingDir: given.WorkingDir || base.WorkingDir,
    StopSignal: given.StopSignal || base.StopSignal,
    Healthcheck: mergeHealth(given.Healthcheck, base.Healthcheck),
    Shell: base.Shell,
    OnBuild: null,
    Image: imageName,
  })
  if (Object.keys(config.Volumes ?? {}).length === 0) config.Volumes = null
  if (!config.Cmd?.length && !config.Entrypoint?.length) throw new ApiError(400, 'No command specified')
  validateCreate(config, host, engine.kernel.cores)
  if (name !== undefined) {
    const holder = daemon.byName(name)
    if (holder)
      throw new ApiError(
        409,
        `Conflict. The container name "/${name}" is already in use by container "${holder.id}". You have to remove (or rename) that container to be able to reuse that name.`,
      )
  }
  const networkOwner = host.NetworkMode.startsWith('container:') ? daemon.get(host.NetworkMode.slice(10)) : undefined
  const mounts = makeMountPoints(
    config,
    host,
    daemon.volumes,
    engine.kernel.files,
    (other) => daemon.get(other.split(':')[0]!).mounts,
  )
  const realName = name ?? randomName(engine.random, (candidate) => daemon.byName(candidate) !== undefined)
  const spec = runtimeSpec(daemon, realName, image.id, config, host, mounts.map(toMountSpec), networkOwner)
  const runtime = engine.create(spec, image)
  config.Hostname = networkOwner
    ? ''
    : host.NetworkMode === 'host'
      ? config.Hostname || engine.kernel.hostname
      : config.Hostname || runtime.id.slice(0, 12)
  if (networkOwner) config.Hostname = networkOwner.config.Hostname
  const container = new DockerContainer({ name: realName, config, hostConfig: host, runtime, mounts, imageName })
  container.isInternal = internal !== undefined
  addEndpoints(container, NetworkingConfig)
  daemon.add(container)
  return container
}

export function withTag(name: string): string {
  if (/^(?:sha256:)?[0-9a-f]{64}$/.test(name)) return name.startsWith('sha256:') ? name : `sha256:${name}`
  return name.slice(name.lastIndexOf('/') + 1).includes(':') || name.includes('@') ? name : `${name}:latest`
}

function mergeEnv(own: readonly string[], base: readonly string[]): string[] {
  const names = new Set(own.map((line) => line.split('=')[0]))
  const set = own.filter((line) => line.includes('='))
  return [...set, ...base.filter((line) => !names.has(line.split('=')[0]))]
}

function mergeHealth(own: ContainerConfig['Healthcheck'], base: ContainerConfig['Healthcheck']) {
  if (!own) return base
  if (!own.Test?.length) return base ? { ...base, ...own, Test: base.Test } : own
  return own
}

function runtimeSpec(
  daemon: Daemon,
  name: string,
  image: string,
  config: ContainerConfig,
  host: HostConfig,
  mounts: ContainerSpec['mounts'],
  networkOwner: DockerContainer | undefined,
): ContainerSpec {
  const period = host.CpuPeriod || (host.NanoCpus > 0 ? 100_000 : 0)
  const quota = host.CpuQuota || (host.NanoCpus > 0 ? Math.round((host.NanoCpus / 1e9) * 100_000) : 0)
  const inspectOther = (mode: string) => ({ container: daemon.get(mode.slice(10)).id })
  const isContainer = (mode: string) => mode.startsWith('container:')
  const network = networkOwner ? { container: networkOwner.id } : host.NetworkMode === 'host' ? 'host' : 'new'
  const hostname = networkOwner
    ? networkOwner.config.Hostname
    : host.NetworkMode === 'host'
      ? config.Hostname || daemon.engine.kernel.hostname
      : config.Hostname
  return {
    name,
    image,
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    env: (config.Env ?? []).map((line): [string, string] => {
      const equals = line.indexOf('=')
      return [line.slice(0, equals), line.slice(equals + 1)]
    }),
    workingDir: config.WorkingDir,
    user: config.User,
    supplementalGroups: (host.GroupAdd ?? []).map(Number).filter((group) => !Number.isNaN(group)),
    ...(hostname ? { hostname } : {}),
    ...(config.Domainname ? { domainname: config.Domainname } : {}),
    mounts: mounts ?? [],
    labels: config.Labels ?? {},
    tty: config.Tty,
    stdin: config.OpenStdin,
    stdinOnce: config.StdinOnce,
    namespaces: {
      network: network as NonNullable<ContainerSpec['namespaces']>['network'],
      pid: host.PidMode === 'host' ? 'host' : isContainer(host.PidMode) ? inspectOther(host.PidMode) : 'new',
      ipc: host.IpcMode === 'host' ? 'host' : isContainer(host.IpcMode) ? inspectOther(host.IpcMode) : 'new',
      uts: host.UTSMode === 'host' ? 'host' : 'new',
      cgroup: host.CgroupnsMode === 'private' ? 'new' : 'host',
    },
    cgroupParent: host.CgroupParent || '/docker',
    resources: {
      ...(host.CpuShares ? { cpuShares: host.CpuShares } : {}),
      ...(quota ? { cpuQuota: quota } : {}),
      ...(period ? { cpuPeriod: period } : {}),
      ...(host.Memory ? { memory: host.Memory, memorySwap: host.MemorySwap } : {}),
      ...(host.PidsLimit ? { pids: host.PidsLimit } : {}),
    },
    privileged: host.Privileged,
    readonlyRootfs: host.ReadonlyRootfs,
    capabilities: { add: host.CapAdd ?? [], drop: host.CapDrop ?? [] },
    extraHosts: (host.ExtraHosts ?? []).map((line) =>
      line.replace(
        /^([^:=]+)[:=](.*)$/,
        (_, name: string, ip: string) => `${ip === 'host-gateway' ? '172.17.0.1' : ip}\t${name}`,
      ),
    ),
    resolvConf: daemon.resolvConf(host),
    ...(config.StopSignal ? { stopSignal: config.StopSignal } : {}),
    shmSize: host.ShmSize,
    ...(host.Init ? { init: true } : {}),
    ...(host.Sysctls ? { sysctls: host.Sysctls } : {}),
  }
}

function addEndpoints(container: DockerContainer, networking: CreateRequest['NetworkingConfig']): void {
  const { NetworkMode, Links } = container.hostConfig
  if (NetworkMode === 'host' || NetworkMode === 'none' || NetworkMode.startsWith('container:')) {
    if (!NetworkMode.startsWith('container:'))
      container.endpoints.set(NetworkMode, { network: NetworkMode, aliases: [] })
    return
  }
  const main = NetworkMode === 'default' ? 'bridge' : NetworkMode
  const wanted = networking?.EndpointsConfig ?? {}
  // A client may also call the bridge `default` here.
  const names = new Set([main, ...Object.keys(wanted).map((name) => (name === 'default' ? 'bridge' : name))])
  for (const name of names) {
    const settings = wanted[name] ?? (name === 'bridge' ? wanted.default : undefined)
    container.endpoints.set(name, {
      network: name,
      aliases: [...(settings?.Aliases ?? [])],
      ...(settings?.IPAMConfig?.IPv4Address ? { ip: settings.IPAMConfig.IPv4Address } : {}),
      ...(Links?.length ? { links: Links } : {}),
    })
  }
}
