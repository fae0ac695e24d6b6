import type { Cgroup } from '../../linux/cgroup/cgroup.ts'
import { SystemError } from '../../linux/errors.ts'
import type { Mount } from '../../linux/fs/mount.ts'
import type { OverlayFileSystem } from '../../linux/fs/overlay.ts'
import type { KernelProcess } from '../../linux/process/kernel-process.ts'
import type { NamespaceKind, NamespaceSet } from '../../linux/process/namespaces.ts'
import { SIGNALS, type Signal } from '../../linux/signals.ts'
import type { DevPts } from '../../linux/tty/devpts.ts'
import {
  type ContainerHandle,
  type ContainerSpec,
  type ContainerStatus,
  type ExecHandle,
  type ExecSpec,
  type ExecStreams,
  type LogLine,
  type MountSpec,
  StartError,
} from '../engine.ts'
import type { StoredImage } from '../images/store.ts'
import { capabilitiesOf } from './capabilities.ts'
import { Console } from './console.ts'
import { ContainerLog } from './container-log.ts'
import type { EngineHost } from './engine-host.ts'
import { initProgram } from './init.ts'
import type { ContainerRoot } from './layer-storage.ts'
import { mountRoot } from './root-mounts.ts'
import { execFailure, startError } from './start-error.ts'
import { type ResolvedUser, resolveUser } from './user.ts'

const DEFAULT_SHM = 67_108_864

/** The runtime's own threads take process numbers in a container before its programs do. */
const THREADS_OF_A_START = 5
const THREADS_OF_AN_EXEC = 7

function burnNumbers({ pid }: NamespaceSet, count: number): void {
  pid.skipTo(pid.lastPid + 1 + count)
}

/** One container: a root filesystem, and while it runs, namespaces, a cgroup and a first process. */
export class Container implements ContainerHandle {
  readonly id: string
  readonly spec: ContainerSpec
  readonly image: StoredImage
  readonly createdAt: number
  readonly root: ContainerRoot
  /** Ids of execs that run now. */
  readonly execs = new Set<string>()
  startedAt: number | undefined
  finishedAt: number | undefined
  exitCode: number | undefined
  oomKilled = false
  /** Why the last start failed. */
  error = ''
  removed = false
  /** Called with its fresh namespaces before the first process starts, and after it has ended. */
  onNetwork: ((namespaces: NamespaceSet) => void | Promise<void>) | undefined
  onNetworkGone: (() => void) | undefined
  /** More lines of its /etc/hosts, known when it starts (links). */
  hostLines: () => readonly string[] = () => []
  /** Limits as they are now (docker update changes them). */
  resources: NonNullable<ContainerSpec['resources']>
  ipAddress: string | undefined
  readonly #host: EngineHost
  readonly #log: ContainerLog
  readonly #exitListeners = new Set<(exitCode: number) => void>()
  #status: ContainerStatus = 'created'
  #process: KernelProcess | undefined
  #shim: KernelProcess | undefined
  #namespaces: NamespaceSet | undefined
  #cgroup: Cgroup | undefined
  #stdio: Console | undefined
  #devPts: DevPts | undefined
  #merged: Mount | undefined
  #rootfs: OverlayFileSystem | undefined
  #waiting: ExecStreams[] = []
  #spentCpu = 0

  constructor(host: EngineHost, spec: ContainerSpec, image: StoredImage) {
    this.#host = host
    this.id = host.random.hex(64)
    this.spec = spec
    this.image = image
    this.resources = { ...spec.resources }
    this.createdAt = host.kernel.wallClock()
    this.root = host.storage.createRoot(image.image)
    this.#log = new ContainerLog(() => host.kernel.wallClock())
  }

  get status(): ContainerStatus {
    return this.#status
  }
  get process(): KernelProcess | undefined {
    return this.#process
  }
  get namespaces(): NamespaceSet | undefined {
    return this.#namespaces
  }
  get cgroup(): Cgroup | undefined {
    return this.#cgroup
  }
  get ip(): string | undefined {
    return this.ipAddress
  }
  get running(): boolean {
    return this.#status === 'running' || this.#status === 'paused'
  }
  get hostname(): string {
    return this.spec.hostname ?? this.id.slice(0, 12)
  }
  get cgroupPath(): string {
    return `${this.spec.cgroupParent ?? '/docker'}/${this.id}`
  }
  get argv(): string[] {
    const { entrypoint, command } = this.spec
    const { config } = this.image
    const first = entrypoint ?? config.entrypoint ?? []
    // Replacing the entrypoint drops the image's command.
    const rest = command ?? (entrypoint ? [] : (config.command ?? []))
    return [...first, ...rest]
  }
  /** Size of the terminal before it has been started. */
  size: { columns: number; rows: number } | undefined

  async start(): Promise<void> {
    if (this.running) return
    await this.#host.delay(90, 160)
    if (this.removed) return
    try {
      await this.#start()
      this.error = ''
    } catch (error) {
      this.#clean()
      if (!(error instanceof StartError)) throw error
      this.error = error.message
      this.exitCode = error.exitCode
      if (this.#status === 'created') this.finishedAt = undefined
      throw error
    }
  }

  async #start(): Promise<void> {
    const { kernel } = this.#host
    const { spec } = this
    const cgroup = kernel.cgroups.ensure(this.cgroupPath)
    this.#cgroup = cgroup
    this.applyResources()
    cgroup.onOom = () => {
      this.oomKilled = true
    }
    const rootfs = kernel.overlay({
      lowers: this.root.lowers,
      upper: this.root.upper,
      options: `lowerdir=${this.root.lowerFolders.join(':')},upperdir=${this.root.folder}/diff,workdir=${this.root.folder}/work`,
    })
    this.#rootfs = rootfs
    const mnt = kernel.newMountNamespace({ fs: rootfs })
    const namespaces = this.#makeNamespaces(cgroup)
    namespaces.mnt = mnt
    this.#namespaces = namespaces
    await this.onNetwork?.(namespaces)
    this.#devPts = mountRoot(kernel, mnt, {
      namespaces,
      mounts: spec.mounts ?? [],
      files: this.#host.containerFiles(this),
      privileged: spec.privileged ?? false,
      readonlyRootfs: spec.readonlyRootfs ?? false,
      shmSize: spec.shmSize ?? DEFAULT_SHM,
      cgroupPath: this.cgroupPath,
      onBadMount: (mount, error) => this.#badMount(mount, error),
    })
    const files = kernel.filesIn(mnt)
    const user = this.#user(spec.user ?? this.image.config.user)
    const cwd = spec.workingDir || this.image.config.workingDir || '/'
    if (!files.exists(cwd)) files.mkdir(cwd, { parents: true, mode: 0o755 })
    if (spec.readonlyRootfs) mnt.root.mount.options = { ...mnt.root.mount.options, readonly: true }
    const merged = `${this.root.folder}/merged`
    kernel.makeDirectory(merged)
    this.#merged = kernel.mountIn(kernel.namespaces.mnt, merged, { fs: rootfs })
    const stdio = new Console(kernel, {
      tty: spec.tty ?? false,
      stdin: spec.stdin ?? false,
      devPts: this.#devPts,
      ...(this.size ? { size: this.size } : {}),
      record: (stream, bytes) => this.#log.append(stream, bytes),
    })
    const argv = this.argv
    const shim = this.#host.shimOf(this)
    this.#shim = shim
    let process: KernelProcess
    try {
      process = kernel.spawn({
        parent: shim,
        argv: spec.init ? ['/sbin/docker-init', '--', ...argv] : argv,
        ...(spec.init ? { program: initProgram(argv) } : {}),
        env: this.environment(user),
        cwd,
        fds: stdio.fds,
        namespaces,
        cgroup,
        umask: 0o022,
        newSession: true,
        credentials: {
          uid: user.uid,
          gid: user.gid,
          groups: user.groups,
          capabilities: user.uid === 0 ? capabilitiesOf(spec) : new Set(),
        },
      })
    } catch (error) {
      stdio.release()
      if (!(error instanceof SystemError)) throw error
      const { text, exitCode } = execFailure(argv[0] ?? '', error)
      throw startError(text, exitCode)
    }
    stdio.release()
    if ((spec.namespaces?.pid ?? 'new') === 'new') burnNumbers(namespaces, THREADS_OF_A_START)
    process.oomScoreAdjust = spec.oomScoreAdjust ?? 0
    this.#process = process
    this.#stdio = stdio
    this.oomKilled = false
    this.exitCode = 0
    this.#status = 'running'
    this.startedAt = kernel.wallClock()
    this.finishedAt = undefined
    for (const streams of this.#waiting) stdio.attach(streams, this.spec.stdinOnce ?? false)
    this.#waiting = []
    void this.#finish(process, stdio)
  }

  #makeNamespaces(cgroup: Cgroup): NamespaceSet {
    const { kernel } = this.#host
    const wanted = this.spec.namespaces ?? {}
    const fresh: NamespaceKind[] = []
    const base: Partial<NamespaceSet> = {}
    const kinds = [
      ['uts', 'uts', 'new'],
      ['ipc', 'ipc', 'new'],
      ['pid', 'pid', 'new'],
      ['network', 'net', 'new'],
      ['cgroup', 'cgroup', 'host'],
    ] as const
    for (const [name, kind, fallback] of kinds) {
      const choice = wanted[name] ?? fallback
      if (choice === 'new') fresh.push(kind)
      else if (choice !== 'host') {
        const other = this.#host.find(choice.container)
        if (!other?.namespaces || !other.running)
          throw new StartError(`cannot join ${name} namespace of a non running container: ${choice.container}`, 128)
        Object.assign(base, { [kind]: other.namespaces[kind] })
      }
    }
    const set = kernel.newNamespaces(fresh, base, cgroup)
    if (fresh.includes('uts')) {
      set.uts.hostname = this.hostname
      set.uts.domainname = this.spec.domainname ?? '(none)'
    }
    return set
  }

  #user(text: string): ResolvedUser {
    const { kernel } = this.#host
    try {
      return resolveUser(kernel.filesIn(this.#namespaces!.mnt), text, this.spec.supplementalGroups)
    } catch (error) {
      throw new StartError((error as Error).message, 125)
    }
  }

  /** In the order in which a container's processes have it. */
  environment(user: { home: string }, extra: readonly (readonly [string, string])[] = []): Map<string, string> {
    const env = new Map<string, string>()
    env.set('PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
    env.set('HOSTNAME', this.#namespaces?.uts.hostname ?? this.hostname)
    if (this.spec.tty) env.set('TERM', 'xterm')
    for (const line of this.image.config.env) {
      const equals = line.indexOf('=')
      if (equals > 0) env.set(line.slice(0, equals), line.slice(equals + 1))
    }
    for (const [name, value] of [...(this.spec.env ?? []), ...extra]) env.set(name, value)
    if (!env.has('HOME')) env.set('HOME', user.home)
    return env
  }

  #badMount(mount: MountSpec, error: SystemError): Error {
    const why = error.message.toLowerCase()
    const hint =
      error.code === 'ENOTDIR'
        ? ': Are you trying to mount a directory onto a file (or vice-versa)? Check if the specified host path exists and is the expected type'
        : ''
    const text =
      error.code === 'ENOTDIR'
        ? `error during container init: error mounting ${JSON.stringify(mount.source)} to rootfs at ${JSON.stringify(mount.target)}: mount ${mount.source}:${mount.target} (via /proc/self/fd/6), flags: 0x5000: ${why}: unknown${hint}`
        : `error during container init: error mounting ${JSON.stringify(mount.source ?? 'tmpfs')} to rootfs at ${JSON.stringify(mount.target)}: ${why}`
    return startError(text, 125)
  }

  /** Writes the limits into the cgroup. */
  applyResources(): void {
    const cgroup = this.#cgroup
    if (!cgroup) return
    const { cpuShares, cpuQuota, cpuPeriod, memory, oomGroup, pids } = this.resources
    cgroup.oomGroup = oomGroup === true
    if (cpuShares) cgroup.cpuShares = Math.max(2, cpuShares)
    if (cpuPeriod) cgroup.cpuPeriod = cpuPeriod
    if (cpuQuota) cgroup.cpuQuota = cpuQuota
    if (memory) {
      cgroup.memoryLimit = memory
      cgroup.memorySwapLimit = this.resources.memorySwap ?? memory * 2
    }
    if (pids && pids > 0) cgroup.pidsMax = pids
    this.#host.kernel.cgroupChanged(cgroup)
  }

  async #finish(process: KernelProcess, stdio: Console): Promise<void> {
    const status = await process.ended
    await stdio.drained
    this.#log.finish('stdout')
    this.#log.finish('stderr')
    this.exitCode = status.code ?? 128 + SIGNALS[status.signal!]
    this.finishedAt = this.#host.kernel.wallClock()
    this.#process = undefined
    this.#stdio = undefined
    this.#clean()
    this.#status = 'exited'
    for (const listener of [...this.#exitListeners]) listener(this.exitCode)
  }

  #clean(): void {
    const { kernel } = this.#host
    this.onNetworkGone?.()
    if (this.#merged) {
      try {
        kernel.namespaces.mnt.detach(this.#merged)
        kernel.files.rmdir(`${this.root.folder}/merged`)
      } catch {
        // Somebody works in it: it stays until the container is removed.
      }
      this.#merged = undefined
    }
    this.#spentCpu += this.#cgroup?.cpuUsage ?? 0
    this.#cgroup?.remove()
    this.#cgroup = undefined
    this.#namespaces = undefined
    this.#host.releaseShim(this, this.#shim)
    this.#shim = undefined
  }

  onExit(listener: (exitCode: number) => void): () => void {
    this.#exitListeners.add(listener)
    return () => this.#exitListeners.delete(listener)
  }

  kill(signal: Signal): void {
    this.#process?.receive(signal)
    // A frozen process can only be killed; a Docker pause ends with that.
    if (signal === 'SIGKILL' && this.#status === 'paused') this.unpause()
  }

  async stop(grace: number): Promise<void> {
    const process = this.#process
    if (!process) return
    const ended = new Promise<void>((resolve) => {
      const off = this.onExit(() => {
        off()
        resolve()
      })
    })
    const signal = (this.spec.stopSignal ?? this.image.config.stopSignal ?? 'SIGTERM') as Signal
    this.kill(signal)
    const timer = this.#host.kernel.world.clock.after(grace, () => {
      if (this.#process === process) this.kill('SIGKILL')
    })
    await ended
    timer.cancel()
  }

  pause(): void {
    if (!this.#cgroup || this.#status !== 'running') return
    this.#cgroup.frozen = true
    this.#host.kernel.cgroupChanged(this.#cgroup)
    this.#status = 'paused'
  }

  unpause(): void {
    if (!this.#cgroup || this.#status !== 'paused') return
    this.#cgroup.frozen = false
    this.#status = 'running'
    this.#host.kernel.cgroupChanged(this.#cgroup)
  }

  remove(): void {
    if (this.removed) return
    this.removed = true
    if (!this.#process) {
      this.#discard()
      return
    }
    this.onExit(() => this.#discard())
    if (this.#status === 'paused') this.unpause()
    this.kill('SIGKILL')
  }

  #discard(): void {
    this.#status = 'dead'
    this.#host.removed(this)
    this.root.remove()
  }

  async exec(spec: ExecSpec): Promise<ExecHandle> {
    const { kernel } = this.#host
    const first = this.#process
    if (!first || !this.#namespaces) throw new StartError(`container ${this.id} is not running`, 126)
    await this.#host.delay(15, 40)
    if (this.#process !== first || !this.#namespaces) throw new StartError(`container ${this.id} is not running`, 126)
    const user = this.#user(spec.user ?? this.spec.user ?? this.image.config.user)
    const stdio = new Console(kernel, {
      tty: spec.tty ?? false,
      stdin: spec.streams.stdin !== undefined,
      ...(this.#devPts ? { devPts: this.#devPts } : {}),
      ...(spec.size ? { size: spec.size } : {}),
    })
    const env = this.environment(user, spec.tty ? [['TERM', 'xterm'], ...(spec.env ?? [])] : spec.env)
    if (!spec.env?.some(([name]) => name === 'HOME')) env.set('HOME', user.home)
    if ((this.spec.namespaces?.pid ?? 'new') !== 'host') burnNumbers(this.#namespaces, THREADS_OF_AN_EXEC)
    let process: KernelProcess
    try {
      process = kernel.spawn({
        parent: this.#shim ?? kernel.init,
        argv: spec.argv,
        env,
        cwd: spec.workingDir ?? (this.spec.workingDir || this.image.config.workingDir || '/'),
        fds: stdio.fds,
        namespaces: this.#namespaces,
        root: first.root,
        cgroup: this.#cgroup!,
        umask: 0o022,
        newSession: true,
        credentials: {
          uid: user.uid,
          gid: user.gid,
          groups: user.groups,
          capabilities:
            user.uid === 0
              ? capabilitiesOf(spec.privileged ? { ...this.spec, privileged: true } : this.spec)
              : new Set(),
        },
      })
    } catch (error) {
      stdio.release()
      if (!(error instanceof SystemError)) throw error
      const { text, exitCode } =
        error.path === spec.workingDir && spec.workingDir
          ? {
              text: `chdir to cwd ("${spec.workingDir}") set in config.json failed: ${error.message.toLowerCase()}`,
              exitCode: 126,
            }
          : execFailure(spec.argv[0] ?? '', error)
      throw new StartError(`OCI runtime exec failed: exec failed: unable to start container process: ${text}`, exitCode)
    }
    stdio.release()
    process.oomScoreAdjust = this.spec.oomScoreAdjust ?? 0
    const attached = stdio.attach(spec.streams, true)
    const exitCode = (async () => {
      const status = await process.ended
      // Children that keep the pipes open do not keep the caller waiting.
      await Promise.race([stdio.drained, this.#host.sleep(1)])
      await Promise.race([stdio.drained, this.#host.sleep(200)])
      attached.detach()
      return status.code ?? 128 + SIGNALS[status.signal!]
    })()
    return {
      exitCode,
      pid: process.hostPid,
      resize: (size) => stdio.resize(size),
      kill: () => process.receive('SIGKILL'),
    }
  }

  logs(): readonly LogLine[] {
    return this.#log.lines
  }

  onLog(listener: (line: LogLine) => void): () => void {
    return this.#log.onLine(listener)
  }

  attach(streams: ExecStreams): { detach(): void } {
    if (this.#stdio) return this.#stdio.attach(streams, this.spec.stdinOnce ?? false)
    // Attached before the start, so that nothing of the output is missed.
    this.#waiting.push(streams)
    return {
      detach: () => {
        this.#waiting = this.#waiting.filter((other) => other !== streams)
      },
    }
  }

  resize(size: { columns: number; rows: number }): void {
    if (this.#stdio) this.#stdio.resize(size)
    else this.size = size
  }

  usage(): { cpu: number; memory: number } {
    // Books what a long computation has used up to now.
    this.#host.kernel.scheduler.settle()
    return { cpu: this.#spentCpu + (this.#cgroup?.cpuUsage ?? 0), memory: this.#cgroup?.memoryUsage ?? 0 }
  }

  /** The root filesystem as it is now; mounted for the occasion when the container does not run. */
  rootfs(): OverlayFileSystem {
    const { kernel } = this.#host
    return (
      (this.running ? this.#rootfs : undefined) ?? kernel.overlay({ lowers: this.root.lowers, upper: this.root.upper })
    )
  }
}
