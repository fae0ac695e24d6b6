import { NEVER, rfc3339Nano } from '../timestamp.ts'
import type { Daemon } from './daemon.ts'
import type { DockerContainer } from './docker-container.ts'
import type { Attachment } from './network.ts'

/** A container as GET /containers/ID/json gives it, fields in Docker's order. */
export function inspectContainer(daemon: Daemon, container: DockerContainer, options: { size?: boolean } = {}) {
  const { runtime, config, hostConfig, id } = container
  const folder = `/var/lib/docker/containers/${id}`
  const [path = '', ...args] = runtime.argv
  const { root } = runtime
  return {
    Id: id,
    Created: rfc3339Nano(runtime.createdAt),
    Path: path,
    Args: args,
    State: stateOf(container),
    Image: runtime.image.id,
    ResolvConfPath: `${folder}/resolv.conf`,
    HostnamePath: `${folder}/hostname`,
    HostsPath: `${folder}/hosts`,
    LogPath: hostConfig.LogConfig.Type === 'json-file' ? `${folder}/${id}-json.log` : '',
    Name: `/${container.name}`,
    RestartCount: container.restartCount,
    Driver: 'overlay2',
    Platform: 'linux',
    MountLabel: '',
    ProcessLabel: '',
    AppArmorProfile: '',
    ExecIDs: runtime.execs.size > 0 ? [...runtime.execs] : null,
    HostConfig: hostConfig,
    GraphDriver: {
      Data: {
        LowerDir: root.lowerFolders.join(':'),
        MergedDir: `${root.folder}/merged`,
        UpperDir: `${root.folder}/diff`,
        WorkDir: `${root.folder}/work`,
      },
      Name: 'overlay2',
    },
    ...(options.size ? sizes(daemon, container) : {}),
    Mounts: mountsOf(container),
    Config: config,
    NetworkSettings: networkSettings(daemon, container),
  }
}

export function stateOf(container: DockerContainer) {
  const { runtime, restarting } = container
  const running = container.running || restarting
  return {
    Status: container.status,
    Running: running,
    Paused: runtime.status === 'paused',
    Restarting: restarting,
    OOMKilled: runtime.oomKilled,
    Dead: runtime.status === 'dead',
    Pid: runtime.process?.hostPid ?? 0,
    ExitCode: runtime.exitCode ?? 0,
    Error: runtime.error === '' ? '' : `${runtime.error}: unknown`,
    StartedAt: runtime.startedAt === undefined ? NEVER : rfc3339Nano(runtime.startedAt),
    FinishedAt: runtime.finishedAt === undefined ? NEVER : rfc3339Nano(runtime.finishedAt),
    ...(container.health ? { Health: container.health } : {}),
  }
}

export function mountsOf(container: DockerContainer) {
  return container.mounts.map(({ copy: _copy, tmpfs: _tmpfs, ...mount }) => mount)
}

export function sizes(daemon: Daemon, container: DockerContainer): { SizeRw: number; SizeRootFs: number } {
  const own = treeSize(daemon, `${container.runtime.root.folder}/diff`)
  return { SizeRw: own, SizeRootFs: own + container.runtime.image.size }
}

/** Bytes of the regular files below a folder of the machine. */
export function treeSize(daemon: Daemon, path: string): number {
  const { files } = daemon.kernel
  let sum = 0
  for (const entry of files.list(path)) {
    const below = `${path}/${entry.name}`
    if (entry.type === 'directory') sum += treeSize(daemon, below)
    else if (entry.type === 'file') sum += files.lstat(below).size
  }
  return sum
}

export function networksOf(daemon: Daemon, container: DockerContainer) {
  const out: Record<string, ReturnType<typeof endpointOf>> = {}
  for (const [name, endpoint] of [...container.endpoints].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const network = daemon.networks.find(name)
    const userDefined = network?.driver === 'bridge' && network.name !== 'bridge'
    const key = network?.name ?? name
    out[key] = endpointOf(network?.id ?? '', container.attachments.get(key), {
      aliases: userDefined ? [...endpoint.aliases, container.id.slice(0, 12)] : null,
      running: container.running,
      gateway: network?.gateway ?? '',
      links: endpoint.links ?? null,
      ip: endpoint.ip,
    })
  }
  return out
}

function endpointOf(
  networkId: string,
  attachment: Attachment | undefined,
  extra: {
    aliases: string[] | null
    running: boolean
    gateway: string
    links: string[] | null
    ip: string | undefined
  },
) {
  return {
    IPAMConfig: extra.ip ? { IPv4Address: extra.ip } : null,
    Links: extra.links,
    Aliases: extra.aliases,
    NetworkID: networkId,
    EndpointID: attachment?.endpointId ?? '',
    Gateway: attachment ? extra.gateway : '',
    IPAddress: attachment?.ip ?? '',
    IPPrefixLen: attachment?.network.prefix ?? 0,
    IPv6Gateway: '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    MacAddress: attachment?.mac ?? '',
    DriverOpts: null,
  }
}

function networkSettings(daemon: Daemon, container: DockerContainer) {
  const attachment = container.attachments.get('bridge')
  const exposed = Object.keys(container.config.ExposedPorts ?? {})
  const ports: Record<string, unknown> = {}
  if (container.running && !['host', 'none'].includes(container.hostConfig.NetworkMode))
    for (const port of [...new Set([...exposed, ...Object.keys(container.ports)])].sort())
      ports[port] = container.ports[port] ?? null
  return {
    Bridge: '',
    SandboxID: container.sandboxId,
    HairpinMode: false,
    LinkLocalIPv6Address: '',
    LinkLocalIPv6PrefixLen: 0,
    Ports: ports,
    SandboxKey: container.sandboxId ? `/var/run/docker/netns/${container.sandboxId.slice(0, 12)}` : '',
    SecondaryIPAddresses: null,
    SecondaryIPv6Addresses: null,
    EndpointID: attachment?.endpointId ?? '',
    Gateway: attachment?.network.gateway ?? '',
    GlobalIPv6Address: '',
    GlobalIPv6PrefixLen: 0,
    IPAddress: attachment?.ip ?? '',
    IPPrefixLen: attachment?.network.prefix ?? 0,
    IPv6Gateway: '',
    MacAddress: attachment?.mac ?? '',
    Networks: networksOf(daemon, container),
  }
}
