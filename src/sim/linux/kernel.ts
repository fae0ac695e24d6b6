/**
 * A simulated Linux machine.
 *
 *     const kernel = createKernel({ hostname: 'lab', programs, layer: makeLayer(baseFiles({ hostname: 'lab' })) }, world)
 *     kernel.files.write('/etc/motd', 'hello\n')              // the machine's files, as root
 *     kernel.installProgram('/bin/ls', 'ls')                  // an executable that runs programs.get('ls')
 *     const shell = kernel.spawn({ argv: ['bash'], ... })     // a child of process 1; shell.ended, shell.kill, …
 *     const { pty, master, slave } = kernel.openPty()         // a terminal: fds 0,1,2 = slave, newSession: true
 *
 * A container (the engine's part):
 *
 *     const image = kernel.graft('/var/lib/docker/overlay2/ID/diff', layer)   // a shared, lazily read LayerDirectory
 *     const upper = kernel.makeDirectory('/var/lib/docker/overlay2/CID/diff')
 *     const rootfs = kernel.overlay({ lowers: [image], upper, options: 'lowerdir=…,upperdir=…,workdir=…' })
 *     const mnt = kernel.newMountNamespace({ fs: rootfs })    // a new tree with only this root
 *     kernel.mountIn(mnt, '/proc', { fs: kernel.procFs(pid) })        // also tmpfs(), sysFs(net), newDevPts(), mqueueFs(),
 *                                                             // cgroupFs('cpu', '/docker/CID'): a group as the root
 *     kernel.mountIn(mnt, '/data', kernel.bindSource('/srv/data'))    // a bind mount of a folder or a single file
 *     const ns = kernel.newNamespaces(['pid', 'uts', 'ipc', 'net', 'cgroup'], { mnt })   // the others are the machine's
 *     ns.uts.hostname = 'c1'
 *     mnt.mountLater(['proc', 'sys', 'dev'], 'first', () => …)        // made only when a path enters them: saves a lot
 *     const cgroup = kernel.cgroups.ensure('/docker/CID')     // cgroup.cpuQuota = 20000, .memoryLimit, .pidsMax, .frozen
 *     const process = kernel.spawn({ argv, env, cwd: '/', fds, namespaces: ns, cgroup, credentials, newSession: true })
 *     const more = kernel.spawn({ argv, namespaces: process.namespaces, root: process.root, cgroup })   // docker exec
 *     kernel.cgroupChanged(cgroup)                            // after changing quota, shares, frozen from outside
 *     snapshot(upper) → LayerDirectory; changes(upper, …) → docker diff     (fs/snapshot.ts)
 *     kernel.filesIn(mnt)                                     // Files as root of that mount namespace (docker cp)
 *     ns.net.addVeth(…), ns.net.netfilter, ns.net.destroy()   // net/network-namespace.ts; a Fabric connects machines
 *     kernel.powerOff()                                       // the machine falls silent; powerOn() brings it back
 *
 * spawn throws SystemError: ENOENT, EACCES (not executable), ENOEXEC, EAGAIN (pids limit). A process costs a few
 * hundred bytes until it does something; a root filesystem costs nothing until it is looked at.
 */
import type { RestPort } from '../rest/port.ts'
import type { Random } from '../time/random.ts'
import { CgroupAccounting } from './cgroup/accounting.ts'
import { Cgroup, type Controller } from './cgroup/cgroup.ts'
import { CgroupFs } from './cgroup/cgroup-fs.ts'
import { CpuScheduler } from './cgroup/cpu-scheduler.ts'
import { SystemError } from './errors.ts'
import type { Files, OpenFile, OpenOptions } from './file.ts'
import type { TreeNode } from './fs/generated-tree.ts'
import type { FileSystem, Inode } from './fs/inode.ts'
import { EMPTY_LAYER, type LayerDirectory } from './fs/layer.ts'
import { MemoryFileSystem, MemoryInode } from './fs/memory.ts'
import type { Location, Mount } from './fs/mount.ts'
import { type MountInit, MountNamespace } from './fs/mount-namespace.ts'
import { NullFile } from './fs/null-file.ts'
import { OverlayFileSystem } from './fs/overlay.ts'
import { Pipe } from './fs/pipe.ts'
import { type FileCaller, ProcessFiles } from './fs/process-files.ts'
import { SharedFileSystem } from './fs/shared-fs.ts'
import { SpecialFiles } from './fs/special-files.ts'
import { mountSystem } from './fs/system-mounts.ts'
import { resolve } from './fs/walk.ts'
import type { Machine, WorldContext } from './machine.ts'
import { NetworkNamespace } from './net/network-namespace.ts'
import { NamespaceSockets } from './net/sockets.ts'
import { machineTree, ProcFs } from './proc/proc-fs.ts'
import { ALL_CAPABILITIES } from './process/capabilities.ts'
import { executable } from './process/executable.ts'
import { KernelProcess, type LoadedProgram, type ProcessHost } from './process/kernel-process.ts'
import { type NamespaceKind, type NamespaceSet, PidNamespace } from './process/namespaces.ts'
import { ProcessTable } from './process/process-table.ts'
import { loadProgram } from './process/program-loader.ts'
import type { Credentials, Program, SpawnOptions } from './process.ts'
import type { Signal } from './signals.ts'
import { SysFs } from './sys/sys-fs.ts'
import { KernelCalls } from './system-call-table.ts'
import type { MountCall, ServiceUnit, SystemCalls } from './system-calls.ts'
import { DevPts } from './tty/devpts.ts'
import type { Pty } from './tty/pty.ts'

export interface KernelOptions {
  hostname: string
  /** CPU cores; 2 unless told. */
  cores?: number
  /** Bytes; 8 GiB unless told. */
  memory?: number
  /** Nominal size of the disk in bytes; 40 GiB unless told. */
  disk?: number
  /** Bytes of files the machine may really hold in the simulator's memory. */
  diskBound?: number
  kernelRelease?: string
  /** Code of the executables, by the name they carry. */
  programs: ReadonlyMap<string, Program>
  /** The disk's contents at first; shared by machines, never changed. */
  layer?: LayerDirectory
  /** 1 unless told. */
  cgroupVersion?: 1 | 2
  /** Process numbers start here (after process 1), as on a machine that has been up for a while. */
  firstPid?: number
  maxProcesses?: number
  /** ms the machine had been up when the world began. */
  uptimeAtBoot?: number
  dial?: (origin: string) => RestPort | undefined
  /** Told of errors that are the simulator's own, not the programs'. */
  onFault?: (process: KernelProcess, error: unknown) => void
}

export interface KernelSpawnOptions extends SpawnOptions {
  /** Process 1 unless told. */
  parent?: KernelProcess
  /** The parent's unless told. */
  namespaces?: NamespaceSet
  /** The mount namespace's root unless told. */
  root?: Location
  cgroup?: Cgroup
  umask?: number
}

export const ROOT_CREDENTIALS: Credentials = { uid: 0, gid: 0, groups: [0], capabilities: ALL_CAPABILITIES }

const DEFAULT_ENV: ReadonlyMap<string, string> = new Map([
  ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
])

export class Kernel implements Machine, ProcessHost {
  readonly world: WorldContext
  readonly cores: number
  readonly memory: number
  readonly kernelRelease: string
  readonly programs: ReadonlyMap<string, Program>
  readonly scheduler: CpuScheduler
  /** The machine's own stream of chance. */
  readonly random: Random
  /** The root of all cgroup hierarchies. */
  readonly cgroups = new Cgroup('', undefined)
  readonly cgroupVersion: 1 | 2
  readonly disk: MemoryFileSystem
  /** The machine's own namespaces. */
  readonly namespaces: NamespaceSet
  readonly init: KernelProcess
  /** Errors of simulated programs that are no system errors, for tests and bug reports. */
  readonly faults: { process: string; error: unknown }[] = []
  readonly bootedAt: number
  readonly devPts: DevPts
  /** The third word of uname -a's end: `#1 SMP PREEMPT_DYNAMIC Debian 6.1.0`. */
  readonly kernelVersion = '#1 SMP PREEMPT_DYNAMIC'
  readonly #uptimeAtBoot: number
  readonly #epochAtBoot: number
  /** Values of /proc/sys that programs changed. */
  readonly sysctls = new Map<string, string>()
  /** Loaded kernel modules (lsmod). */
  readonly modules = new Set<string>(['overlay', 'br_netfilter', 'ip_tables', 'nf_nat', 'nf_conntrack'])
  readonly swaps: { path: string; kind: 'partition' | 'file'; size: number }[] = []
  /** What systemctl manages. */
  readonly units = new Map<string, ServiceUnit>()
  /** The kernel's messages (dmesg): ms since boot, and the line. */
  readonly log: { time: number; text: string }[] = []
  /** Filesystem types added from outside (nfs): what `mount -t TYPE` does. */
  readonly fileSystemTypes = new Map<string, (process: KernelProcess, call: MountCall) => FileSystem>()
  /** ms that `date -s` moved the machine's clock by. */
  clockOffset = 0
  readonly #options: KernelOptions
  readonly nullFile = new NullFile()
  readonly #table: ProcessTable
  readonly #accounting: CgroupAccounting
  readonly #special: SpecialFiles
  readonly #cgroupFs = new Map<Controller | 'unified', CgroupFs>()
  #bootId: string | undefined
  #procTree: TreeNode | undefined
  #lastNamespace = 4_026_532_251
  #lastMount = 20
  #lastDevice = 20
  #lastAnonymous = 1_000_000

  constructor(options: KernelOptions, world: WorldContext) {
    this.#options = options
    this.world = world
    this.cores = options.cores ?? 2
    this.memory = options.memory ?? 8 * 1024 ** 3
    this.kernelRelease = options.kernelRelease ?? '6.1.0-kubebook'
    this.programs = options.programs
    this.cgroupVersion = options.cgroupVersion ?? 1
    this.bootedAt = world.clock.now
    this.#uptimeAtBoot = options.uptimeAtBoot ?? 0
    this.#epochAtBoot = world.epoch
    this.random = world.random.fork(`machine/${options.hostname}`)
    this.scheduler = new CpuScheduler(world.clock, world.waiting, this.cores)
    this.#table = new ProcessTable(this, options.maxProcesses ?? 2048)
    this.#accounting = new CgroupAccounting(this)
    this.#special = new SpecialFiles(this)
    this.disk = new MemoryFileSystem({
      type: 'ext4',
      source: '/dev/vda',
      device: 0xfe00,
      now: () => this.wallClock(),
      capacity: options.disk ?? 40 * 1024 ** 3,
      used: 2_400_000_000,
      layer: options.layer ?? EMPTY_LAYER,
      ...(options.diskBound === undefined ? {} : { bound: options.diskBound }),
    })
    this.devPts = this.newDevPts()
    const pid = new PidNamespace(4_026_532_249, undefined)
    this.namespaces = {
      pid,
      mnt: new MountNamespace(4_026_532_246, () => ++this.#lastMount, { fs: this.disk }),
      uts: { id: 4_026_532_247, hostname: options.hostname, domainname: '(none)' },
      ipc: { id: 4_026_532_248 },
      net: new NetworkNamespace(4_026_532_251, world, this.random),
      user: { id: 4_026_531_837, parent: undefined, uidMap: [[0, 0, 4_294_967_295]], gidMap: [[0, 0, 4_294_967_295]] },
      cgroup: { id: 4_026_532_250, root: this.cgroups },
      time: { id: 4_026_531_834 },
    }
    this.namespaces.net.setUp('lo', true)
    const root = this.namespaces.mnt.root
    this.init = new KernelProcess({
      host: this,
      parent: undefined,
      numbers: [pid.allocate()],
      namespaces: this.namespaces,
      root,
      cwd: root,
      credentials: ROOT_CREDENTIALS,
      cgroup: this.cgroups,
      group: 'new session',
      loaded: { program: () => new Promise(() => {}), argv: ['/sbin/init'], exe: undefined, comm: 'systemd' },
      env: DEFAULT_ENV,
      umask: 0o022,
    })
    this.init.reapsOrphans = true
    this.init.exempt = true
    pid.init = this.init
    pid.members.set(1, this.init)
    if (options.firstPid !== undefined) pid.skipTo(options.firstPid)
    this.namespaces.mnt.mountLater(['proc', 'sys', 'dev', 'run'], 'first', () => mountSystem(this))
  }

  get hostname(): string {
    return this.namespaces.uts.hostname
  }

  /** The machine's files, as root. */
  get files(): Files {
    return this.init.files
  }

  /** ms; what the calendar has skipped since then, the machine was up too. */
  get uptimeAtBoot(): number {
    return this.#uptimeAtBoot + this.world.epoch - this.#epochAtBoot
  }

  /** ms since 1970. */
  wallClock(): number {
    return this.world.epoch + this.world.clock.now + this.clockOffset
  }

  dial(origin: string): RestPort | undefined {
    return this.#options.dial?.(origin)
  }

  /** All processes of the machine, by number. */
  get processes(): Iterable<KernelProcess> {
    return this.namespaces.pid.members.values()
  }

  process(hostPid: number): KernelProcess | undefined {
    return this.namespaces.pid.members.get(hostPid)
  }

  // ---- files and mounts

  /** Writes an executable file that runs `programs.get(program)`. */
  installProgram(path: string, program: string, options: { size?: number; mode?: number } = {}): void {
    this.files.write(path, '', { mode: options.mode ?? 0o755 })
    const { inode } = this.locate(path)
    if (inode instanceof MemoryInode) inode.content = executable(program, options.size)
  }

  /** Finds a file of the machine, as root. */
  locate(path: string, followLinks = true): Location {
    return resolve(this.init, path, followLinks)
  }

  locateFor(process: KernelProcess, path: string): Location {
    return resolve(process instanceof KernelProcess ? process : this.init, path)
  }

  /** Makes a directory with its parents; returns its inode (an overlay's upper, an engine's folder). */
  makeDirectory(path: string, mode = 0o755): Inode {
    this.files.mkdir(path, { parents: true, mode })
    return this.locate(path).inode
  }

  /** Puts a layer's tree on the machine's disk, without copying or reading it. */
  graft(path: string, layer: LayerDirectory): Inode {
    const slash = path.lastIndexOf('/')
    const folder = this.makeDirectory(path.slice(0, slash) || '/')
    if (!(folder instanceof MemoryInode)) throw new SystemError('EINVAL', path)
    return folder.graft(path.slice(slash + 1), layer)
  }

  overlay(options: { lowers: readonly Inode[]; upper?: Inode; options?: string }): OverlayFileSystem {
    return new OverlayFileSystem({ ...options, options: options.options ?? '', device: ++this.#lastDevice })
  }

  tmpfs(options: { size?: number; mode?: number; source?: string; shown?: string } = {}): MemoryFileSystem {
    return new MemoryFileSystem({
      type: 'tmpfs',
      source: options.source ?? 'tmpfs',
      options: options.shown ?? '',
      device: ++this.#lastDevice,
      now: () => this.wallClock(),
      capacity: options.size ?? Math.floor(this.memory / 2),
      mode: options.mode ?? 0o1777,
      firstInode: 1,
      charge: this.#accounting.pages(),
    })
  }

  /** A memory filesystem with a tree from the start: a container's /dev. */
  memoryFs(options: {
    type: string
    source: string
    shown?: string
    layer: LayerDirectory
    size?: number
  }): MemoryFileSystem {
    return new MemoryFileSystem({
      type: options.type,
      source: options.source,
      options: options.shown ?? '',
      device: ++this.#lastDevice,
      now: () => this.wallClock(),
      capacity: options.size ?? Math.floor(this.memory / 2),
      layer: options.layer,
      firstInode: 1,
    })
  }

  newDevPts(): DevPts {
    return new DevPts(this.world, ++this.#lastDevice, () => this.wallClock())
  }

  /** /proc as seen from a PID namespace. */
  procFs(pid: PidNamespace = this.namespaces.pid): ProcFs {
    return new ProcFs(this, pid, ++this.#lastDevice)
  }

  /** /sys with the interfaces of a network namespace. */
  sysFs(net: NetworkNamespace = this.namespaces.net): SysFs {
    return new SysFs(this, net, ++this.#lastDevice)
  }

  /** The hierarchy of a v1 controller, or the unified one; with a path, that group as the root (a container's view). */
  cgroupFs(controller: Controller | 'unified' = 'unified', path?: string): CgroupFs | SharedFileSystem {
    let fs = this.#cgroupFs.get(controller)
    if (!fs) {
      fs = new CgroupFs(this, controller === 'unified' ? undefined : controller, ++this.#lastDevice)
      this.#cgroupFs.set(controller, fs)
    }
    if (path === undefined || path === '/') return fs
    const { type, source, options, device } = fs
    return new SharedFileSystem({ type, source, options, device, root: fs.directory(this.cgroups.ensure(path)) })
  }

  mqueueFs(): MemoryFileSystem {
    return this.memoryFs({ type: 'mqueue', source: 'mqueue', layer: { ...EMPTY_LAYER, mode: 0o1777 } })
  }

  /** Finds a file as root of a mount namespace. */
  locateIn(namespace: MountNamespace, path: string): Location {
    return resolve(this.#walkerIn(namespace), path)
  }

  get procTree(): TreeNode {
    this.#procTree ??= machineTree(this)
    return this.#procTree
  }

  get bootId(): string {
    this.#bootId ??= this.random.uuid()
    return this.#bootId
  }

  randomUuid(): string {
    return this.random.uuid()
  }

  /** Adds a line to the kernel's messages. */
  printk(text: string): void {
    if (this.log.length >= 1000) this.log.shift()
    this.log.push({ time: this.world.clock.now - this.bootedAt + this.uptimeAtBoot, text })
  }

  /** A mount namespace that holds only a root. */
  newMountNamespace(root: MountInit): MountNamespace {
    return new MountNamespace(this.nextNamespaceId(), () => ++this.#lastMount, root)
  }

  /** Mounts at a path of a namespace (as its root sees it); the path must exist. */
  mountIn(namespace: MountNamespace, path: string, init: MountInit): Mount {
    return namespace.mount(resolve(this.#walkerIn(namespace), path), init)
  }

  /** What to mount for a bind of a path of the machine. */
  bindSource(path: string): MountInit {
    const { mount, inode } = this.locate(path)
    return { fs: mount.fs, root: inode, rootPath: path, source: mount.source }
  }

  /** Files as root of a mount namespace. */
  filesIn(namespace: MountNamespace): Files {
    return new ProcessFiles(this.#walkerIn(namespace))
  }

  #walkerIn(namespace: MountNamespace): FileCaller {
    return {
      root: namespace.root,
      cwdLocation: namespace.root,
      credentials: ROOT_CREDENTIALS,
      umask: 0,
      maxFileSize: undefined,
      openSpecial: (location, path, options) => this.openSpecial(this.init, location, path, options),
      bind: (file) => file,
      wallClock: () => this.wallClock(),
      charge: () => {},
    }
  }

  // ---- namespaces and processes

  nextNamespaceId(): number {
    return ++this.#lastNamespace
  }

  nextDevice(): number {
    return ++this.#lastDevice
  }

  /** New namespaces of these kinds; the others are `base`'s, or the machine's. */
  newNamespaces(kinds: readonly NamespaceKind[], base: Partial<NamespaceSet> = {}, cgroup?: Cgroup): NamespaceSet {
    const set: NamespaceSet = { ...this.namespaces, ...base }
    for (const kind of kinds) {
      if (kind === 'mnt') set.mnt = set.mnt.clone(this.nextNamespaceId()).namespace
      else if (kind === 'uts') set.uts = { ...set.uts, id: this.nextNamespaceId() }
      else if (kind === 'ipc') set.ipc = { id: this.nextNamespaceId() }
      else if (kind === 'pid') set.pid = new PidNamespace(this.nextNamespaceId(), set.pid)
      else if (kind === 'cgroup') set.cgroup = { id: this.nextNamespaceId(), root: cgroup ?? this.cgroups }
      else if (kind === 'net') set.net = this.newNetworkNamespace()
      else if (kind === 'user') set.user = { id: this.nextNamespaceId(), parent: set.user, uidMap: [], gidMap: [] }
      else set.time = { id: this.nextNamespaceId() }
    }
    return set
  }

  newNetworkNamespace(): NetworkNamespace {
    return new NetworkNamespace(this.nextNamespaceId(), this.world, this.random)
  }

  /** Starts a process. It begins to run a moment of virtual time later. */
  spawn(options: KernelSpawnOptions): KernelProcess {
    return this.#table.fork(options.parent ?? this.init, options)
  }

  spawnChild(parent: KernelProcess, options: SpawnOptions): KernelProcess {
    return this.#table.fork(parent, options)
  }

  loadProgram(process: KernelProcess, options: SpawnOptions): LoadedProgram {
    if (options.program) return { program: options.program, argv: options.argv, exe: process.exe, comm: process.comm }
    return loadProgram(process, options, options.env ?? process.env, this.programs)
  }

  systemCalls(process: KernelProcess): SystemCalls {
    return new KernelCalls(this, process)
  }

  sockets(process: KernelProcess): NamespaceSockets {
    return new NamespaceSockets(process.namespaces.net, process)
  }

  makePipe(): { read: OpenFile; write: OpenFile } {
    const pipe = new Pipe(this.world.waiting, ++this.#lastAnonymous, () => this.wallClock())
    return { read: pipe.reader(), write: pipe.writer() }
  }

  /** A new terminal; the machine's devpts unless a container's is given. */
  openPty(devPts = this.devPts): { pty: Pty; master: OpenFile; slave: OpenFile } {
    const pty = devPts.open()
    return { pty, master: pty.master(), slave: pty.slave() }
  }

  openSpecial(process: KernelProcess, location: Location, path: string, options: OpenOptions): OpenFile {
    return this.#special.open(process, location, path, options)
  }

  signalTo(sender: KernelProcess, pid: number, signal: Signal | 0): void {
    this.#table.signalTo(sender, pid, signal)
  }

  hasEnded(process: KernelProcess): void {
    this.#table.hasEnded(process)
  }

  /** Ends a network namespace that a program made, once nobody is in it and no name keeps it. */
  releaseNetwork(net: NetworkNamespace): void {
    if (net.pins > 0 || net === this.namespaces.net) return
    for (const process of this.processes) if (!process.exitStatus && process.namespaces.net === net) return
    net.destroy()
  }

  /** The machine loses power: its processes vanish, and nobody on the network is told. */
  powerOff(): void {
    const nets = new Set([this.namespaces.net])
    for (const process of this.processes) nets.add(process.namespaces.net)
    for (const net of nets) net.powered = false
    for (const process of [...this.processes])
      if (process !== this.init) process.end({ code: undefined, signal: 'SIGKILL' })
  }

  /** Power again: files are as they were; whoever starts services starts them. */
  powerOn(): void {
    this.namespaces.net.powered = true
  }

  fault(process: KernelProcess, error: unknown): void {
    if (this.faults.length < 100) this.faults.push({ process: process.argv.join(' '), error })
    this.#options.onFault?.(process, error)
  }

  // ---- cgroups

  /** Tells the scheduler that limits of a group changed; wakes its processes after a thaw. */
  cgroupChanged(group: Cgroup): void {
    this.#accounting.changed(group)
  }

  moveToCgroup(process: KernelProcess, controller: Controller, group: Cgroup): void {
    this.#accounting.move(process, controller, group)
  }

  memoryChanged(process: KernelProcess, by: number): void {
    this.#accounting.chargeMemory(process, by)
  }
}

export function createKernel(options: KernelOptions, world: WorldContext): Kernel {
  return new Kernel(options, world)
}
