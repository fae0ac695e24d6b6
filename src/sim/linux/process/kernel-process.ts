import type { Random } from '../../time/random.ts'
import { type Deferred, defer } from '../../time/waiting.ts'
import type { Cgroup, Controller } from '../cgroup/cgroup.ts'
import type { CpuConsumer, CpuScheduler } from '../cgroup/cpu-scheduler.ts'
import { Condition } from '../condition.ts'
import { ERRORS, Exit, Killed, SystemError } from '../errors.ts'
import type { Files, OpenFile, OpenOptions } from '../file.ts'
import type { Caller } from '../fs/description.ts'
import type { Location } from '../fs/mount.ts'
import { type FileCaller, ProcessFiles } from '../fs/process-files.ts'
import { permitted, resolve, walkerPath } from '../fs/walk.ts'
import type { Machine, WorldContext } from '../machine.ts'
import type { NamespaceSockets } from '../net/sockets.ts'
import type { Credentials, ExitStatus, Process, Program, SpawnOptions } from '../process.ts'
import type { Signal } from '../signals.ts'
import type { Sockets } from '../socket.ts'
import type { SystemCalls } from '../system-calls.ts'
import { BoundFile, unbound } from './bound-file.ts'
import { ProcessGroup, Session } from './group.ts'
import type { NamespaceSet } from './namespaces.ts'
import { defaultAction } from './signal-actions.ts'
import { SignalTable } from './signal-table.ts'
import { Waits } from './waits.ts'

/** ms of CPU for a fork. */
const FORK = 0.3

/** What a process needs of its kernel. */
export interface ProcessHost extends Machine {
  readonly world: WorldContext
  readonly random: Random
  readonly scheduler: CpuScheduler
  readonly clockOffset: number
  readonly bootedAt: number
  readonly uptimeAtBoot: number
  spawnChild(parent: KernelProcess, options: SpawnOptions): KernelProcess
  loadProgram(process: KernelProcess, options: SpawnOptions): LoadedProgram
  openSpecial(process: KernelProcess, location: Location, path: string, options: OpenOptions): OpenFile
  systemCalls(process: KernelProcess): SystemCalls
  sockets(process: KernelProcess): NamespaceSockets
  makePipe(): { read: OpenFile; write: OpenFile }
  hasEnded(process: KernelProcess): void
  memoryChanged(process: KernelProcess, by: number): void
  signalTo(sender: KernelProcess, pid: number, signal: Signal | 0): void
  fault(process: KernelProcess, error: unknown): void
}

export interface LoadedProgram {
  program: Program
  argv: readonly string[]
  exe: Location | undefined
  comm: string
  /** By a set-uid or set-gid file. */
  credentials?: Credentials
}

export interface ProcessInit {
  host: ProcessHost
  parent: KernelProcess | undefined
  /** By level of PID namespace, the machine's first. */
  numbers: readonly number[]
  namespaces: NamespaceSet
  root: Location
  cwd: Location
  credentials: Credentials
  cgroup: Cgroup
  group: ProcessGroup | 'new' | 'new session'
  loaded: LoadedProgram
  env: ReadonlyMap<string, string>
  umask: number
}

/** A process. Everything it holds is made when first used, since a world may have tens of thousands. */
export class KernelProcess implements Process, FileCaller, CpuConsumer, Caller {
  readonly host: ProcessHost
  parent: KernelProcess | undefined
  readonly numbers: readonly number[]
  namespaces: NamespaceSet
  /** Where the children's process numbers come from (unshare --pid changes it). */
  pidNamespaceForChildren: NamespaceSet['pid']
  root: Location
  cwdLocation: Location
  credentials: Credentials
  readonly baseCgroup: Cgroup
  processGroup: ProcessGroup
  readonly fds = new Map<number, OpenFile>()
  /** Every open file of this process, in descriptors or not. */
  readonly opened = new Set<BoundFile>()
  readonly env: Map<string, string>
  readonly children = new Set<KernelProcess>()
  argv: readonly string[]
  comm: string
  exe: Location | undefined
  umask: number
  nice = 0
  cpuTime = 0
  /** CPU ms of children that were waited for. */
  childrenCpuTime = 0
  memory = 0
  oomScoreAdjust = 0
  readonly startedAt: number
  reapsOrphans = false
  /** Its parent ended, and the new one waits for such orphans by itself. */
  adopted = false
  /** Pays nothing: the machine's first process stands for the world's own code. */
  exempt = false
  /** Who it was before a set-uid file changed that. */
  invoker: Credentials | undefined
  reaped = false
  limits: { fileSize?: number; processes?: number; openFiles?: number; cpu?: number } | undefined
  #program: Program
  #cgroups: Map<Controller, Cgroup> | undefined
  #files: Files | undefined
  #net: NamespaceSockets | undefined
  /** Sockets stay in the namespace they were made in. */
  #oldNets: NamespaceSockets[] | undefined
  #system: SystemCalls | undefined
  #random: Random | undefined
  #signals: SignalTable | undefined
  readonly #waits: Waits = new Waits(this)
  #stopped = false
  #stopReported = false
  #status: ExitStatus | undefined
  #ended: Deferred<ExitStatus> | undefined
  #changes: Condition | undefined
  #debt = 0

  constructor(init: ProcessInit) {
    this.host = init.host
    this.parent = init.parent
    this.numbers = init.numbers
    this.namespaces = init.namespaces
    this.pidNamespaceForChildren = init.namespaces.pid
    this.root = init.root
    this.cwdLocation = init.cwd
    this.credentials = init.loaded.credentials ?? init.credentials
    if (init.loaded.credentials) this.invoker = init.credentials
    this.baseCgroup = init.cgroup
    this.argv = init.loaded.argv
    this.comm = init.loaded.comm
    this.exe = init.loaded.exe
    this.#program = init.loaded.program
    this.env = new Map(init.env)
    this.umask = init.umask
    this.oomScoreAdjust = init.parent?.oomScoreAdjust ?? 0
    this.startedAt = init.host.world.clock.now
    if (init.group === 'new session') {
      this.processGroup = new ProcessGroup(init.numbers, new Session(this, init.numbers))
    } else if (init.group === 'new') {
      this.processGroup = new ProcessGroup(init.numbers, init.parent!.processGroup.session)
    } else this.processGroup = init.group
    this.processGroup.members.add(this)
  }

  /** Begins to run the program; called by the kernel a moment after the fork. */
  start(): void {
    if (this.#status) return
    this.host.world.waiting.awakened = true
    void this.#run(this.#program)
  }

  // ---- identity

  get pid(): number {
    return this.numbers.at(-1)!
  }
  /** In the machine's first PID namespace. */
  get hostPid(): number {
    return this.numbers[0]!
  }
  get ppid(): number {
    return this.numberIn(this.parent?.numbers)
  }
  get group(): number {
    return this.numberIn(this.processGroup.numbers)
  }
  get session(): number {
    return this.numberIn(this.processGroup.session.numbers)
  }
  get sessionKey(): object {
    return this.processGroup.session
  }
  get groupKey(): object {
    return this.processGroup
  }
  /** As the owner of sockets. */
  get owner(): KernelProcess {
    return this
  }
  get machine(): Machine {
    return this.host
  }

  /** A process seen from this one's PID namespace; 0 when it is outside. */
  numberIn(numbers: readonly number[] | undefined): number {
    return numbers?.[this.numbers.length - 1] ?? 0
  }

  findGroup(number: number): ProcessGroup | undefined {
    for (const member of this.namespaces.pid.members.values())
      if (this.numberIn(member.processGroup.numbers) === number) return member.processGroup
    return undefined
  }

  get cwd(): string {
    return walkerPath(this, this.cwdLocation)
  }
  /** chdir(2): ENOENT, ENOTDIR, EACCES. */
  set cwd(path: string) {
    const location = resolve(this, path)
    if (location.inode.type !== 'directory') throw new SystemError('ENOTDIR', path)
    if (!permitted(location.inode, this.credentials, 1)) throw new SystemError('EACCES', path)
    this.cwdLocation = location
  }

  get files(): Files {
    this.#files ??= new ProcessFiles(this)
    return this.#files
  }
  get net(): Sockets {
    this.#net ??= this.host.sockets(this)
    return this.#net
  }
  get system(): SystemCalls {
    this.#system ??= this.host.systemCalls(this)
    return this.#system
  }
  /** Namespaces changed: what was made for the old ones is made anew. */
  forgetNetwork(): void {
    if (this.#net) {
      this.#oldNets ??= []
      this.#oldNets.push(this.#net)
    }
    this.#net = undefined
  }
  get random(): Random {
    this.#random ??= this.host.random.fork(`${this.hostPid}`)
    return this.#random
  }
  get maxFileSize(): number | undefined {
    return this.limits?.fileSize
  }

  wallClock(): number {
    const { world, clockOffset } = this.host
    return world.epoch + world.clock.now + clockOffset
  }
  uptime(): number {
    return this.host.world.clock.now - this.host.bootedAt
  }

  // ---- descriptors

  get stdin(): OpenFile {
    return this.#descriptor(0)
  }
  get stdout(): OpenFile {
    return this.#descriptor(1)
  }
  get stderr(): OpenFile {
    return this.#descriptor(2)
  }

  #descriptor(number: number): OpenFile {
    const file = this.fds.get(number)
    if (!file) throw new SystemError('EBADF')
    return file
  }

  bind(file: OpenFile): OpenFile {
    return file instanceof BoundFile ? file : new BoundFile(this, file)
  }

  /** Takes over a descriptor of another process, retained. */
  inherit(number: number, file: OpenFile): void {
    const description = unbound(file)
    description.retain()
    this.fds.set(number, new BoundFile(this, description))
  }

  openSpecial(location: Location, path: string, options: OpenOptions): OpenFile {
    return this.host.openSpecial(this, location, path, options)
  }

  async print(text: string): Promise<void> {
    await this.stdout.write(new TextEncoder().encode(text))
  }
  async printError(text: string): Promise<void> {
    await this.stderr.write(new TextEncoder().encode(text))
  }

  pipe(): { read: OpenFile; write: OpenFile } {
    const { read, write } = this.host.makePipe()
    return { read: this.bind(read), write: this.bind(write) }
  }

  // ---- waiting

  wait<T>(promise: Promise<T>): Promise<T>
  wait(child: Process): Promise<ExitStatus>
  wait<T>(what: Promise<T> | Process): Promise<T | ExitStatus> {
    return what instanceof Promise ? this.#waits.for(what) : this.#waitChild(what as KernelProcess)
  }

  async #waitChild(child: KernelProcess): Promise<ExitStatus> {
    if (child.parent !== this) throw new SystemError('ECHILD')
    const status = child.exitStatus ?? (await this.#waits.for(child.ended))
    child.reap()
    return status
  }

  async waitChange(child: Process): Promise<'stopped' | 'ended'> {
    const other = child as KernelProcess
    for (;;) {
      if (other.#status) return 'ended'
      if (other.#stopped && !other.#stopReported) {
        other.#stopReported = true
        return 'stopped'
      }
      other.#changes ??= new Condition(this.host.world.waiting)
      await this.#waits.for(other.#changes.changed)
    }
  }

  async sleep(ms: number): Promise<void> {
    const done = defer<void>(this.host.world.waiting)
    const timer = this.host.world.clock.after(ms, () => done.resolve())
    try {
      await this.#waits.for(done.promise)
    } finally {
      timer.cancel()
    }
  }

  async compute(ms: number): Promise<void> {
    const wanted = ms + this.#debt
    this.#debt = 0
    if (this.#status) return this.#waits.refuse()
    await this.#waits.for(this.host.scheduler.run(this, wanted))
    const limit = this.limits?.cpu
    if (limit !== undefined && this.cpuTime > limit * 1000) this.receive('SIGXCPU')
  }

  /** Books CPU time of short calls; paid at the next read, write or compute. */
  charge(ms: number): void {
    if (!this.exempt) this.#debt += ms
  }

  /** Waits for the CPU time that was booked, once it is worth an event. */
  async pay(): Promise<void> {
    if (this.#status) return this.#waits.refuse()
    if (this.#debt > 1) await this.compute(0)
    else if (!this.runnable) await this.#waits.for(Promise.resolve())
  }

  setMemory(bytes: number): void {
    if (this.#status) return
    const by = bytes - this.memory
    this.memory = bytes
    this.host.memoryChanged(this, by)
  }

  // ---- cgroups

  cgroup(controller: Controller): Cgroup {
    return this.#cgroups?.get(controller) ?? this.baseCgroup
  }
  get cpuGroup(): Cgroup {
    return this.cgroup('cpu')
  }
  get accountGroup(): Cgroup {
    return this.cgroup('cpuacct')
  }
  /** Moves to another group of one hierarchy; the kernel does the accounting. */
  assignCgroup(controller: Controller, group: Cgroup): void {
    this.#cgroups ??= new Map()
    this.#cgroups.set(controller, group)
  }
  /** A forked child starts in its parent's groups. */
  copyCgroupsTo(child: KernelProcess): void {
    if (this.#cgroups) for (const [controller, group] of this.#cgroups) child.assignCgroup(controller, group)
  }
  get frozen(): boolean {
    return this.cgroup('freezer').frozenNow
  }
  get runnable(): boolean {
    return !this.#stopped && !this.frozen
  }
  /** R running, S sleeping, T stopped, D frozen, Z ended but not waited for. */
  get state(): 'R' | 'S' | 'T' | 'D' | 'Z' {
    if (this.#status) return 'Z'
    if (this.#stopped) return 'T'
    if (this.frozen) return 'D'
    return this.host.scheduler.isRunning(this) ? 'R' : 'S'
  }

  /** After a thaw or SIGCONT: what had been finished meanwhile goes on. */
  resumeWaits(): void {
    if (this.#waits.resume()) this.host.world.waiting.awakened = true
  }

  // ---- children

  spawn(options: SpawnOptions): KernelProcess {
    if (this.#status) throw new Killed()
    this.#debt += FORK
    return this.host.spawnChild(this, options)
  }

  async exec(options: SpawnOptions): Promise<number> {
    const loaded = this.host.loadProgram(this, options)
    this.argv = loaded.argv
    this.comm = loaded.comm
    this.exe = loaded.exe
    if (loaded.credentials) {
      this.invoker = this.credentials
      this.credentials = loaded.credentials
    } else if (options.credentials) {
      // As after setresuid: nobody but the new user is behind it.
      this.invoker = undefined
      this.credentials = options.credentials
    }
    if (options.env) {
      this.env.clear()
      for (const [name, value] of options.env) this.env.set(name, value)
    }
    if (options.cwd !== undefined) this.cwd = options.cwd
    if (options.fds) for (const [number, file] of options.fds) this.#replaceDescriptor(number, file)
    this.#signals?.forgetHandlers()
    const code = await loaded.program(this)
    throw new Exit(code)
  }

  #replaceDescriptor(number: number, file: OpenFile): void {
    const old = this.fds.get(number)
    if (old && unbound(old) === unbound(file)) return
    this.inherit(number, file)
    old?.release()
  }

  get ended(): Promise<ExitStatus> {
    if (!this.#ended) {
      this.#ended = defer<ExitStatus>(this.host.world.waiting)
      if (this.#status) this.#ended.resolve(this.#status)
    }
    return this.#ended.promise
  }
  get exitStatus(): ExitStatus | undefined {
    return this.#status
  }
  get stopped(): boolean {
    return this.#stopped
  }

  /** Removes what is left of an ended process. */
  reap(): void {
    if (this.reaped || !this.#status) return
    this.reaped = true
    if (this.parent) {
      this.parent.children.delete(this)
      this.parent.childrenCpuTime += this.cpuTime + this.childrenCpuTime
    }
    this.processGroup.members.delete(this)
    let namespace: NamespaceSet['pid'] | undefined = this.namespaces.pid
    for (let level = this.numbers.length - 1; namespace && level >= 0; level--) {
      if (namespace.members.get(this.numbers[level]!) === this) namespace.members.delete(this.numbers[level]!)
      namespace = namespace.parent
    }
  }

  setGroup(pid: number, group: number): void {
    const target = pid === 0 ? this : this.namespaces.pid.members.get(pid)
    if (!target || (target !== this && target.parent !== this)) throw new SystemError('ESRCH')
    const number = group === 0 ? this.numberIn(target.numbers) : group
    if (number === this.numberIn(target.processGroup.numbers)) return
    const known = this.findGroup(number)
    if (!known && number !== this.numberIn(target.numbers)) throw new SystemError('EPERM')
    target.processGroup.members.delete(target)
    target.processGroup = known ?? new ProcessGroup(target.numbers, target.processGroup.session)
    target.processGroup.members.add(target)
  }

  newSession(): void {
    this.processGroup.members.delete(this)
    this.processGroup = new ProcessGroup(this.numbers, new Session(this, this.numbers))
    this.processGroup.members.add(this)
  }

  // ---- signals

  kill(pid: number, signal: Signal | 0): void {
    this.host.signalTo(this, pid, signal)
  }

  on(signal: Signal, handler: (() => void) | 'default' | 'ignore'): void {
    this.signals.set(signal, handler)
  }

  get signals(): SignalTable {
    this.#signals ??= new SignalTable()
    return this.#signals
  }
  ignores(signal: Signal): boolean {
    return this.#signals?.get(signal) === 'ignore'
  }
  get ignoredSignals(): Signal[] {
    return this.#signals?.ignored ?? []
  }
  get caughtSignals(): Signal[] {
    return this.#signals?.caught ?? []
  }

  raise(signal: Signal): void {
    this.receive(signal, this)
  }

  /** A signal arrives. Without a sender it comes from the kernel or from outside all namespaces. */
  receive(signal: Signal, sender?: KernelProcess): void {
    if (this.#status) return
    const action = this.#signals?.get(signal)
    const isInit = this.namespaces.pid.init === this
    const fromInside = sender !== undefined && sender.namespaces.pid === this.namespaces.pid
    const forced = signal === 'SIGKILL' || signal === 'SIGSTOP'
    // Process 1 of a namespace gets only what it handles, save KILL and STOP from the namespaces above.
    if (isInit && typeof action !== 'function' && !(forced && !fromInside && this.numbers.length > 1)) return
    if (signal === 'SIGKILL') {
      this.end({ code: undefined, signal })
      return
    }
    if (signal === 'SIGCONT') this.#continue()
    if (action === 'ignore') return
    if (typeof action === 'function') {
      if (!this.runnable) this.signals.postpone(signal)
      else this.#handle(action)
      return
    }
    const fallback = defaultAction(signal)
    if (fallback === 'stop') this.#stop()
    else if (fallback === 'terminate') {
      if (!this.runnable) this.signals.postpone(signal)
      else this.end({ code: undefined, signal })
    }
  }

  #handle(action: () => void): void {
    this.host.world.waiting.awakened = true
    try {
      action()
    } catch (error) {
      if (error instanceof Exit) this.end({ code: error.status & 255, signal: undefined })
      else if (!(error instanceof Killed)) this.host.fault(this, error)
    }
  }

  #stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    this.#stopReported = false
    this.host.scheduler.changed()
    this.#changes?.notify()
    this.parent?.receive('SIGCHLD')
  }

  #continue(): void {
    if (!this.#stopped) return
    this.#stopped = false
    this.wake()
  }

  /** After a stop or freeze: pending signals first, then the waits. */
  wake(): void {
    this.host.scheduler.changed()
    for (const signal of this.#signals?.takePending() ?? []) this.receive(signal)
    this.resumeWaits()
  }

  // ---- end

  async #run(program: Program): Promise<void> {
    let code: number
    try {
      code = await program(this)
    } catch (error) {
      if (this.#status) return
      if (error instanceof Exit) code = error.status
      else if (error instanceof Killed) code = 0
      else if (error instanceof SystemError && error.code === 'EPIPE')
        return this.end({ code: undefined, signal: 'SIGPIPE' })
      else code = await this.#failed(error)
    }
    this.end({ code: (code ?? 0) & 255, signal: undefined })
  }

  async #failed(error: unknown): Promise<number> {
    const known = error instanceof SystemError
    if (!known) this.host.fault(this, error)
    const words = known ? ERRORS[error.code][1] : `internal error: ${error instanceof Error ? error.message : error}`
    const path = known && error.path !== undefined ? `${error.path}: ` : ''
    try {
      await this.printError(`${this.comm}: ${path}${words}\n`)
    } catch {
      // Nobody can be told: it has no standard error.
    }
    return known ? 1 : 70
  }

  end(status: ExitStatus): void {
    if (this.#status) return
    this.#status = status
    const { scheduler, world } = this.host
    world.waiting.awakened = true
    scheduler.settle()
    scheduler.drop(this)
    if (this.memory > 0) {
      this.host.memoryChanged(this, -this.memory)
      this.memory = 0
    }
    this.#waits.end()
    this.fds.clear()
    this.#net?.closeAll()
    for (const net of this.#oldNets ?? []) net.closeAll()
    for (const file of [...this.opened]) file.releaseAll()
    this.#files = undefined
    this.host.hasEnded(this)
    this.#ended?.resolve(status)
    this.#changes?.notify()
  }
}
