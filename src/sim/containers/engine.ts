import type { Process, Program } from '../linux/process.ts'
import type { Signal } from '../linux/signals.ts'

/**
 * One container engine per machine, under both `docker` and the kubelet. This is its contract with the kubelet; the
 * Docker port is built on the same objects. The implementation may offer more.
 */
export interface ContainerEngine {
  /**
   * Downloads an image, taking virtual time by its size. Rejects with ImagePullError (words as containerd's for the
   * kubelet: not found, denied, no such host).
   */
  pull(reference: string, options?: { auth?: RegistryAuth }): Promise<ImageInfo>
  /** By tag, digest or id; undefined when not present. */
  image(reference: string): ImageInfo | undefined
  images(): readonly ImageInfo[]
  removeImage(reference: string): void
  /** Makes a container (rootfs, namespaces, cgroup) without starting it. */
  create(spec: ContainerSpec): ContainerHandle
  container(id: string): ContainerHandle | undefined
  containers(): readonly ContainerHandle[]
}

export interface RegistryAuth {
  username: string
  password: string
}

export class ImagePullError extends Error {
  /** `not-found`, `denied`, `unreachable`, `invalid` */
  readonly kind: string
  constructor(kind: string, message: string) {
    super(message)
    this.name = 'ImagePullError'
    this.kind = kind
  }
}

export interface ImageInfo {
  /** `sha256:…` of the config. */
  readonly id: string
  /** `docker.io/library/nginx:alpine` */
  readonly tags: readonly string[]
  /** `docker.io/library/nginx@sha256:…` */
  readonly digests: readonly string[]
  /** Bytes of all layers. */
  readonly size: number
  readonly config: ImageConfig
}

export interface ImageConfig {
  entrypoint?: readonly string[]
  command?: readonly string[]
  env: readonly string[]
  workingDir: string
  user: string
  exposedPorts: readonly string[]
  volumes: readonly string[]
  labels: Readonly<Record<string, string>>
  stopSignal?: string
  healthcheck?: { test: string[]; interval?: number; timeout?: number; retries?: number; startPeriod?: number }
}

export interface MountSpec {
  /** Path in the container. */
  target: string
  readonly?: boolean
  /** A path of the machine (bind); the engine does not create it. */
  source?: string
  tmpfs?: { size?: number; mode?: number }
}

export interface ContainerSpec {
  name: string
  image: string
  /** Replaces the image's entrypoint (Kubernetes `command`). */
  entrypoint?: readonly string[]
  /** Replaces the image's command (Kubernetes `args`). */
  command?: readonly string[]
  env?: readonly (readonly [string, string])[]
  workingDir?: string
  /** `1000`, `1000:1000`, `nginx` */
  user?: string
  supplementalGroups?: readonly number[]
  hostname?: string
  mounts?: readonly MountSpec[]
  labels?: Readonly<Record<string, string>>
  annotations?: Readonly<Record<string, string>>
  tty?: boolean
  /** Keep standard input open. */
  stdin?: boolean
  /** Where it lives: `new` (its own), `host`, or that of another container by id. */
  namespaces?: Partial<
    Record<'network' | 'pid' | 'ipc' | 'uts' | 'user' | 'cgroup', 'new' | 'host' | { container: string }>
  >
  /** cgroup folder relative to the root, e.g. `/kubepods/burstable/pod<uid>`. */
  cgroupParent?: string
  resources?: {
    /** cpu.shares */
    cpuShares?: number
    /** microseconds per period; -1 unlimited */
    cpuQuota?: number
    cpuPeriod?: number
    /** bytes */
    memory?: number
    /** bytes of memory and swap; twice the memory unless told */
    memorySwap?: number
    /** When memory runs out all its processes are killed, not the biggest alone. */
    oomGroup?: boolean
    pids?: number
  }
  /** oom_score_adj of its processes: from -1000, never killed, to 1000, killed first. */
  oomScoreAdjust?: number
  privileged?: boolean
  readonlyRootfs?: boolean
  capabilities?: { add?: readonly string[]; drop?: readonly string[] }
  /** Extra lines for /etc/hosts. */
  extraHosts?: readonly string[]
  /** The whole /etc/resolv.conf; the machine's own unless told. */
  resolvConf?: string
  stopSignal?: string
  domainname?: string
  /** Bytes of /dev/shm; 64 MiB unless told. */
  shmSize?: number
  /** Runs an init as process 1 that passes signals on and reaps orphans. */
  init?: boolean
  /** `net.ipv4.ip_forward` → `0` */
  sysctls?: Readonly<Record<string, string>>
  /** Closes standard input when the first client that was attached has gone. */
  stdinOnce?: boolean
}

export type ContainerStatus = 'created' | 'running' | 'paused' | 'exited' | 'dead'

export interface LogLine {
  /** ms since 1970 */
  time: number
  stream: 'stdout' | 'stderr'
  /** Without the newline; `partial` when it did not end in one. */
  text: string
  partial?: boolean
}

export interface ContainerHandle {
  readonly id: string
  readonly spec: ContainerSpec
  readonly image: ImageInfo
  readonly status: ContainerStatus
  /** First process, while running. */
  readonly process: Process | undefined
  readonly startedAt: number | undefined
  readonly finishedAt: number | undefined
  readonly exitCode: number | undefined
  readonly oomKilled: boolean
  /** IPv4 in its network namespace, when it has one of its own. */
  readonly ip: string | undefined
  /** Rejects with the runtime's words when the first process cannot be executed (exit code 128 / 127 / 126 semantics in `StartError`). */
  start(): Promise<void>
  /** Settles at every end of the first process. */
  onExit(listener: (exitCode: number) => void): () => void
  kill(signal: Signal): void
  /** Stop signal, then SIGKILL after `grace` ms. Settles when it has ended. */
  stop(grace: number): Promise<void>
  remove(): void
  exec(spec: ExecSpec): Promise<ExecHandle>
  /** Everything written so far, oldest first. */
  logs(): readonly LogLine[]
  onLog(listener: (line: LogLine) => void): () => void
  /** Connects to the first process's streams (kubectl attach). */
  attach(streams: ExecStreams): { detach(): void }
  /** CPU used in ms of CPU time, and resident memory in bytes. */
  usage(): { cpu: number; memory: number }
}

export interface ExecStreams {
  stdin?: { read(): Promise<Uint8Array> }
  stdout?: { write(bytes: Uint8Array): Promise<void> | void }
  stderr?: { write(bytes: Uint8Array): Promise<void> | void }
}

export interface ExecSpec {
  argv: readonly string[]
  tty?: boolean
  env?: readonly (readonly [string, string])[]
  workingDir?: string
  user?: string
  privileged?: boolean
  streams: ExecStreams
  size?: { columns: number; rows: number }
}

export interface ExecHandle {
  readonly exitCode: Promise<number>
  /** In the machine's PID namespace. */
  readonly pid?: number
  resize(size: { columns: number; rows: number }): void
  kill(): void
}

/** The first process could not be started: the runtime's words and the exit code the container then shows. */
export class StartError extends Error {
  readonly exitCode: number
  constructor(message: string, exitCode: number) {
    super(message)
    this.name = 'StartError'
    this.exitCode = exitCode
  }
}

/** Finds code for the executables that images carry. */
export type ProgramTable = ReadonlyMap<string, Program>
