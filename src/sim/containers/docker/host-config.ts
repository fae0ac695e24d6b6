/** The part of a container's configuration that depends on the host, as the Docker API spells it. */
export interface HostConfig {
  Binds: string[] | null
  ContainerIDFile: string
  LogConfig: { Type: string; Config: Record<string, string> }
  NetworkMode: string
  PortBindings: Record<string, PortBinding[]>
  RestartPolicy: { Name: string; MaximumRetryCount: number }
  AutoRemove: boolean
  VolumeDriver: string
  VolumesFrom: string[] | null
  CapAdd: string[] | null
  CapDrop: string[] | null
  CgroupnsMode: string
  Dns: string[]
  DnsOptions: string[]
  DnsSearch: string[]
  ExtraHosts: string[] | null
  GroupAdd: string[] | null
  IpcMode: string
  Cgroup: string
  Links: string[] | null
  OomScoreAdj: number
  PidMode: string
  Privileged: boolean
  PublishAllPorts: boolean
  ReadonlyRootfs: boolean
  SecurityOpt: string[] | null
  Tmpfs?: Record<string, string>
  UTSMode: string
  UsernsMode: string
  ShmSize: number
  Sysctls?: Record<string, string>
  Runtime: string
  ConsoleSize: [number, number]
  Isolation: string
  CpuShares: number
  Memory: number
  NanoCpus: number
  CgroupParent: string
  BlkioWeight: number
  BlkioWeightDevice: unknown[]
  BlkioDeviceReadBps: unknown[]
  BlkioDeviceWriteBps: unknown[]
  BlkioDeviceReadIOps: unknown[]
  BlkioDeviceWriteIOps: unknown[]
  CpuPeriod: number
  CpuQuota: number
  CpuRealtimePeriod: number
  CpuRealtimeRuntime: number
  CpusetCpus: string
  CpusetMems: string
  Devices: { PathOnHost: string; PathInContainer: string; CgroupPermissions: string }[]
  DeviceCgroupRules: string[] | null
  DeviceRequests: unknown[] | null
  KernelMemory: number
  KernelMemoryTCP: number
  MemoryReservation: number
  MemorySwap: number
  MemorySwappiness: number | null
  OomKillDisable: boolean
  PidsLimit: number | null
  Ulimits: { Name: string; Hard: number; Soft: number }[]
  CpuCount: number
  CpuPercent: number
  IOMaximumIOps: number
  IOMaximumBandwidth: number
  Mounts?: MountRequest[]
  Init?: boolean
  MaskedPaths: string[] | null
  ReadonlyPaths: string[] | null
}

export interface PortBinding {
  HostIp: string
  HostPort: string
}

/** `--mount` */
export interface MountRequest {
  Type: string
  Source?: string
  Target: string
  ReadOnly?: boolean
  VolumeOptions?: { NoCopy?: boolean }
  TmpfsOptions?: { SizeBytes?: number; Mode?: number }
}

const MASKED = [
  '/proc/asound',
  '/proc/acpi',
  '/proc/kcore',
  '/proc/keys',
  '/proc/latency_stats',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/sched_debug',
  '/proc/scsi',
  '/sys/firmware',
]
const READ_ONLY = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys', '/proc/sysrq-trigger']

/** A request's host configuration with the daemon's defaults. */
export function completeHostConfig(given: Partial<HostConfig> = {}): HostConfig {
  const base: HostConfig = {
    Binds: null,
    ContainerIDFile: '',
    LogConfig: { Type: 'json-file', Config: {} },
    NetworkMode: 'default',
    PortBindings: {},
    RestartPolicy: { Name: 'no', MaximumRetryCount: 0 },
    AutoRemove: false,
    VolumeDriver: '',
    VolumesFrom: null,
    CapAdd: null,
    CapDrop: null,
    CgroupnsMode: 'host',
    Dns: [],
    DnsOptions: [],
    DnsSearch: [],
    ExtraHosts: null,
    GroupAdd: null,
    IpcMode: 'private',
    Cgroup: '',
    Links: null,
    OomScoreAdj: 0,
    PidMode: '',
    Privileged: false,
    PublishAllPorts: false,
    ReadonlyRootfs: false,
    SecurityOpt: null,
    ...(given.Tmpfs ? { Tmpfs: given.Tmpfs } : {}),
    UTSMode: '',
    UsernsMode: '',
    ShmSize: 67_108_864,
    ...(given.Sysctls ? { Sysctls: given.Sysctls } : {}),
    Runtime: 'runc',
    ConsoleSize: [0, 0],
    Isolation: '',
    CpuShares: 0,
    Memory: 0,
    NanoCpus: 0,
    CgroupParent: '',
    BlkioWeight: 0,
    BlkioWeightDevice: [],
    BlkioDeviceReadBps: [],
    BlkioDeviceWriteBps: [],
    BlkioDeviceReadIOps: [],
    BlkioDeviceWriteIOps: [],
    CpuPeriod: 0,
    CpuQuota: 0,
    CpuRealtimePeriod: 0,
    CpuRealtimeRuntime: 0,
    CpusetCpus: '',
    CpusetMems: '',
    Devices: [],
    DeviceCgroupRules: null,
    DeviceRequests: null,
    KernelMemory: 0,
    KernelMemoryTCP: 0,
    MemoryReservation: 0,
    MemorySwap: 0,
    MemorySwappiness: null,
    OomKillDisable: false,
    PidsLimit: null,
    Ulimits: [],
    CpuCount: 0,
    CpuPercent: 0,
    IOMaximumIOps: 0,
    IOMaximumBandwidth: 0,
    ...(given.Mounts ? { Mounts: given.Mounts } : {}),
    ...(given.Init === undefined ? {} : { Init: given.Init }),
    MaskedPaths: given.Privileged ? null : MASKED,
    ReadonlyPaths: given.Privileged ? null : READ_ONLY,
  }
  for (const [name, value] of Object.entries(given)) {
    if (!(name in base) || value === undefined || value === null) continue
    if (typeof value === 'string' && value === '' && name !== 'NetworkMode') continue
    Object.assign(base, { [name]: value })
  }
  if (base.NetworkMode === '') base.NetworkMode = 'default'
  if (base.LogConfig.Type === '') base.LogConfig = { ...base.LogConfig, Type: 'json-file' }
  if (base.RestartPolicy.Name === '') base.RestartPolicy = { ...base.RestartPolicy, Name: 'no' }
  if (base.ShmSize === 0) base.ShmSize = 67_108_864
  if (base.Memory > 0 && base.MemorySwap === 0) base.MemorySwap = base.Memory * 2
  return base
}
