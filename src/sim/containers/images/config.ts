/** Parts of an image's or container's configuration, as the Docker API and image files spell them. */

export interface Healthcheck {
  /** `['CMD', …]`, `['CMD-SHELL', 'text']`, `['NONE']` */
  Test?: string[]
  /** Nanoseconds. */
  Interval?: number
  Timeout?: number
  StartPeriod?: number
  Retries?: number
}

export interface ContainerConfig {
  Hostname: string
  Domainname: string
  User: string
  AttachStdin: boolean
  AttachStdout: boolean
  AttachStderr: boolean
  ExposedPorts?: Record<string, object>
  Tty: boolean
  OpenStdin: boolean
  StdinOnce: boolean
  Env: string[] | null
  Cmd: string[] | null
  Healthcheck?: Healthcheck
  ArgsEscaped?: boolean
  Image: string
  Volumes: Record<string, object> | null
  WorkingDir: string
  Entrypoint: string[] | null
  NetworkDisabled?: boolean
  MacAddress?: string
  OnBuild: string[] | null
  Labels: Record<string, string> | null
  StopSignal?: string
  StopTimeout?: number
  Shell?: string[]
}

export interface HistoryEntry {
  /** RFC 3339 */
  created: string
  created_by?: string
  author?: string
  comment?: string
  /** No layer came of it. */
  empty_layer?: boolean
}

/** An image's configuration file; its SHA-256 is the image's id. */
export interface ImageFile {
  architecture: string
  author?: string
  config: ContainerConfig
  container?: string
  container_config?: ContainerConfig
  created: string
  docker_version?: string
  history: HistoryEntry[]
  os: string
  rootfs: { type: 'layers'; diff_ids: string[] }
}

export const DEFAULT_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** In the order in which Docker writes the fields. */
export function emptyConfig(change: Partial<ContainerConfig> = {}): ContainerConfig {
  const {
    ExposedPorts,
    Healthcheck,
    ArgsEscaped,
    NetworkDisabled,
    MacAddress,
    StopSignal,
    StopTimeout,
    Shell,
    ...rest
  } = change
  const value = {
    Hostname: '',
    Domainname: '',
    User: '',
    AttachStdin: false,
    AttachStdout: false,
    AttachStderr: false,
    ...(ExposedPorts && Object.keys(ExposedPorts).length > 0 ? { ExposedPorts } : {}),
    Tty: false,
    OpenStdin: false,
    StdinOnce: false,
    Env: null,
    Cmd: null,
    ...(Healthcheck ? { Healthcheck } : {}),
    ...(ArgsEscaped ? { ArgsEscaped } : {}),
    Image: '',
    Volumes: null,
    WorkingDir: '',
    Entrypoint: null,
    ...(NetworkDisabled ? { NetworkDisabled } : {}),
    ...(MacAddress ? { MacAddress } : {}),
    OnBuild: null,
    Labels: null,
    ...(StopSignal ? { StopSignal } : {}),
    ...(StopTimeout === undefined ? {} : { StopTimeout }),
    ...(Shell ? { Shell } : {}),
  }
  return Object.assign(value, rest)
}
