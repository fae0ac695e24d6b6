import type { CacheRecord } from '../build/buildkit/cache.ts'
import { DAEMON_VERSION, type Daemon } from '../docker/daemon.ts'
import type { DockerEvent } from '../docker/events.ts'
import { treeSize } from '../docker/inspect.ts'
import { rfc3339Nano, rfc3339Nano9 } from '../timestamp.ts'
import { containerSummary } from './container-list.ts'
import { imageSummary } from './images.ts'
import { type Call, json, pushStream, type Route } from './router.ts'

export const API_VERSION = '1.41'

function version(call: Call) {
  const { kernelRelease } = call.daemon.kernel
  const details = {
    ApiVersion: API_VERSION,
    Arch: 'amd64',
    BuildTime: '2025-01-05T11:53:21.000000000+00:00',
    Experimental: 'false',
    GitCommit: '5d6db84',
    GoVersion: 'go1.19.8',
    KernelVersion: kernelRelease,
    MinAPIVersion: '1.12',
    Os: 'linux',
  }
  return json({
    Platform: { Name: '' },
    Components: [
      { Name: 'Engine', Version: DAEMON_VERSION, Details: details },
      { Name: 'containerd', Version: '1.6.20~ds1', Details: { GitCommit: '1.6.20~ds1-1+deb12u1' } },
      { Name: 'runc', Version: '1.1.5+ds1', Details: { GitCommit: '1.1.5+ds1-1+deb12u1' } },
      { Name: 'docker-init', Version: '0.19.0', Details: { GitCommit: '' } },
    ],
    Version: DAEMON_VERSION,
    ApiVersion: API_VERSION,
    MinAPIVersion: '1.12',
    GitCommit: '5d6db84',
    GoVersion: 'go1.19.8',
    Os: 'linux',
    Arch: 'amd64',
    KernelVersion: kernelRelease,
    BuildTime: '2025-01-05T11:53:21.000000000+00:00',
  })
}

function info(call: Call) {
  const { daemon } = call
  const { kernel } = daemon
  const all = daemon.list()
  const count = (status: string) => all.filter((container) => container.status === status).length
  return json({
    ID: daemon.id,
    Containers: all.length,
    ContainersRunning: count('running'),
    ContainersPaused: count('paused'),
    ContainersStopped: all.length - count('running') - count('paused'),
    Images: daemon.engine.store.all().length,
    Driver: 'overlay2',
    DriverStatus: [
      ['Backing Filesystem', 'extfs'],
      ['Supports d_type', 'true'],
      ['Native Overlay Diff', 'true'],
      ['userxattr', 'false'],
    ],
    Plugins: {
      Volume: ['local'],
      Network: ['bridge', 'host', 'ipvlan', 'macvlan', 'null', 'overlay'],
      Authorization: null,
      Log: [
        'awslogs',
        'fluentd',
        'gcplogs',
        'gelf',
        'journald',
        'json-file',
        'local',
        'logentries',
        'splunk',
        'syslog',
      ],
    },
    MemoryLimit: true,
    SwapLimit: true,
    KernelMemory: true,
    KernelMemoryTCP: true,
    CpuCfsPeriod: true,
    CpuCfsQuota: true,
    CPUShares: true,
    CPUSet: true,
    PidsLimit: true,
    IPv4Forwarding: true,
    BridgeNfIptables: true,
    BridgeNfIp6tables: true,
    Debug: false,
    NFd: 26,
    OomKillDisable: true,
    NGoroutines: 42,
    SystemTime: rfc3339Nano9(kernel.wallClock()),
    LoggingDriver: 'json-file',
    CgroupDriver: 'cgroupfs',
    CgroupVersion: String(kernel.cgroupVersion),
    NEventsListener: 0,
    KernelVersion: kernel.kernelRelease,
    OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
    OSVersion: '12',
    OSType: 'linux',
    Architecture: 'x86_64',
    IndexServerAddress: 'https://index.docker.io/v1/',
    RegistryConfig: {
      AllowNondistributableArtifactsCIDRs: [],
      AllowNondistributableArtifactsHostnames: [],
      InsecureRegistryCIDRs: ['127.0.0.0/8'],
      IndexConfigs: { 'docker.io': { Name: 'docker.io', Mirrors: [], Secure: true, Official: true } },
      Mirrors: [],
    },
    NCPU: kernel.cores,
    MemTotal: kernel.memory,
    GenericResources: null,
    DockerRootDir: '/var/lib/docker',
    HttpProxy: '',
    HttpsProxy: '',
    NoProxy: '',
    Name: kernel.hostname,
    Labels: [],
    ExperimentalBuild: false,
    ServerVersion: DAEMON_VERSION,
    Runtimes: {
      'io.containerd.runc.v2': { path: 'runc' },
      'io.containerd.runtime.v1.linux': { path: 'runc' },
      runc: { path: 'runc' },
    },
    DefaultRuntime: 'runc',
    Swarm: {
      NodeID: '',
      NodeAddr: '',
      LocalNodeState: 'inactive',
      ControlAvailable: false,
      Error: '',
      RemoteManagers: null,
    },
    LiveRestoreEnabled: false,
    Isolation: '',
    InitBinary: 'docker-init',
    ContainerdCommit: { ID: '1.6.20~ds1-1+deb12u1', Expected: '1.6.20~ds1-1+deb12u1' },
    RuncCommit: { ID: '1.1.5+ds1-1+deb12u1', Expected: '1.1.5+ds1-1+deb12u1' },
    InitCommit: { ID: '', Expected: '' },
    SecurityOptions: ['name=seccomp,profile=default'],
    Warnings: null,
  })
}

function diskUsage(call: Call) {
  const { daemon } = call
  const images = daemon.engine.store.all()
  const layers = new Map(
    images.flatMap((image) => image.image.layers.map((layer) => [layer.diffId, layer.size] as const)),
  )
  return json({
    LayersSize: [...layers.values()].reduce((sum, size) => sum + size, 0),
    Images: images
      .filter(
        (image) =>
          image.tags.length > 0 || image.digests.length > 0 || daemon.engine.store.children(image.id).length === 0,
      )
      .map((image) => ({
        ...imageSummary(daemon, image),
        SharedSize: image.image.layers
          .filter((layer) => images.some((other) => other.id !== image.id && other.image.layers.includes(layer)))
          .reduce((sum, layer) => sum + layer.size, 0),
      })),
    Containers: daemon.list().map((container) => containerSummary(daemon, container, true)),
    Volumes: daemon.volumes.list().map((volume) => ({
      Name: volume.Name,
      Driver: 'local',
      Mountpoint: volume.Mountpoint,
      UsageData: { RefCount: daemon.volumes.users(volume.Name).length, Size: treeSize(daemon, volume.Mountpoint) },
    })),
    BuildCache: cacheRecords(daemon),
    BuilderSize: 0,
  })
}

function cacheRecords(daemon: Daemon) {
  return daemon.buildCache.list().map((record) => ({
    ID: record.id,
    Type: record.type,
    Description: record.description,
    InUse: false,
    Shared: usedByImage(daemon, record),
    Size: record.size,
    CreatedAt: rfc3339Nano(record.createdAt),
    LastUsedAt: rfc3339Nano(record.lastUsedAt),
    UsageCount: record.usageCount,
  }))
}

function usedByImage(daemon: Daemon, { layer }: CacheRecord): boolean {
  return layer !== undefined && daemon.engine.store.all().some((image) => image.image.layers.includes(layer))
}

/** POST /build/prune: without `all` what an image still uses stays. */
function pruneBuildCache(call: Call) {
  const { daemon } = call
  const gone = daemon.buildCache.prune((record) => usedByImage(daemon, record), call.flag('all'))
  return json({
    CachesDeleted: gone.length > 0 ? gone.map((record) => record.id) : null,
    SpaceReclaimed: gone.filter((one) => !usedByImage(daemon, one)).reduce((sum, record) => sum + record.size, 0),
  })
}

function events(call: Call) {
  const { daemon } = call
  const filters = call.filters()
  const since = call.query('since') ? Number(call.query('since')) : undefined
  const until = call.query('until') ? Number(call.query('until')) : undefined
  const out = pushStream(daemon.kernel.world.waiting)
  const wanted = (event: DockerEvent) => {
    const seconds = event.timeNano / 1e9
    const any = (name: string, test: (value: string) => boolean) => {
      const values = filters.get(name)
      return !values?.length || values.some(test)
    }
    const { ID, Attributes } = event.Actor
    return (
      (since === undefined || seconds >= since) &&
      (until === undefined || seconds <= until) &&
      any('type', (value) => event.Type === value) &&
      any('event', (value) => event.Action === value || event.Action.startsWith(`${value}:`)) &&
      any('container', (value) => event.Type === 'container' && (ID.startsWith(value) || Attributes.name === value)) &&
      any(
        'image',
        (value) =>
          Attributes.image === value || (event.Type === 'image' && (ID === value || Attributes.name === value)),
      ) &&
      any('network', (value) => event.Type === 'network' && (ID.startsWith(value) || Attributes.name === value)) &&
      any('volume', (value) => event.Type === 'volume' && ID === value) &&
      (filters.get('label') ?? []).every((label) => {
        const [key = '', value] = label.split('=')
        return value === undefined ? key in Attributes : Attributes[key] === value
      })
    )
  }
  if (since !== undefined || until !== undefined)
    for (const event of daemon.events.past) if (wanted(event)) out.push(event)
  const left = until === undefined ? undefined : until * 1000 - daemon.kernel.wallClock()
  if (left !== undefined && left <= 0) {
    out.end()
    return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
  }
  const off = daemon.events.on((event) => {
    if (wanted(event)) out.push(event)
  })
  const timer = left === undefined ? undefined : daemon.kernel.world.clock.after(left, () => out.end())
  out.onClose(() => {
    off()
    timer?.cancel()
  })
  return { status: 200, headers: { 'content-type': 'application/json' }, stream: out.stream }
}

export const system: readonly Route[] = [
  {
    method: 'GET',
    path: '/_ping',
    handle: () => ({ status: 200, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: 'OK' }),
  },
  { method: 'GET', path: '/version', handle: version },
  { method: 'GET', path: '/info', handle: info },
  { method: 'GET', path: '/system/df', handle: diskUsage },
  { method: 'GET', path: '/events', handle: events },
  { method: 'POST', path: '/build/prune', handle: pruneBuildCache },
  {
    method: 'POST',
    path: '/auth',
    handle: () => json({ Status: 'Login Succeeded', IdentityToken: '' }),
  },
  { method: 'GET', path: '/images/search', handle: () => json({ message: 'Unexpected status code 404' }, 500) },
  ...['services', 'nodes', 'secrets', 'configs', 'tasks', 'swarm'].map(
    (name): Route => ({
      method: 'GET',
      path: `/${name}`,
      handle: () =>
        json(
          {
            message:
              'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
          },
          503,
        ),
    }),
  ),
]
