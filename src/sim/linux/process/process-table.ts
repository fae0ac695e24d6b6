import { SystemError } from '../errors.ts'
import type { OpenFile } from '../file.ts'
import { resolve } from '../fs/walk.ts'
import type { Kernel, KernelSpawnOptions } from '../kernel.ts'
import type { SpawnOptions } from '../process.ts'
import type { Signal } from '../signals.ts'
import type { Pty } from '../tty/pty.ts'
import { KernelProcess, type LoadedProgram } from './kernel-process.ts'
import type { PidNamespace } from './namespaces.ts'
import { loadProgram } from './program-loader.ts'

/** First processes that wait for whatever ends below them; others leave zombies, as in real containers. */
const REAPERS: ReadonlySet<string> = new Set([
  'sh',
  'ash',
  'dash',
  'bash',
  'tini',
  'docker-init',
  'init',
  'systemd',
  'nginx',
  's6-svscan',
])

/** Memory of a process that has not said how much it uses. */
const SMALL_PROCESS = 720 * 1024

/** Births, signals and deaths of a machine's processes. */
export class ProcessTable {
  readonly #kernel: Kernel
  readonly #limit: number
  #count = 0

  constructor(kernel: Kernel, limit: number) {
    this.#kernel = kernel
    this.#limit = limit
  }

  /** fork(2) and execve(2). ENOENT, EACCES, ENOEXEC, EAGAIN, ENOMEM. */
  fork(parent: KernelProcess, options: KernelSpawnOptions): KernelProcess {
    const fromOutside = options.parent === undefined && parent === this.#kernel.init
    const base = options.namespaces ?? parent.namespaces
    const pid = options.namespaces ? options.namespaces.pid : parent.pidNamespaceForChildren
    const namespaces = pid === base.pid ? base : { ...base, pid }
    if (pid.dead) throw new SystemError('ENOMEM')
    const cgroup = options.cgroup ?? parent.baseCgroup
    const pidsGroup = options.cgroup ?? parent.cgroup('pids')
    for (const group of pidsGroup.lineage()) if (group.pidsCurrent + 1 > group.pidsMax) throw new SystemError('EAGAIN')
    if (this.#count >= this.#limit) throw new SystemError('EAGAIN')
    const userLimit = parent.limits?.processes
    if (
      userLimit !== undefined &&
      !parent.credentials.capabilities.has('CAP_SYS_RESOURCE') &&
      this.#countOf(parent.credentials.uid) >= userLimit
    )
      throw new SystemError('EAGAIN')
    const root = options.root ?? (options.namespaces ? namespaces.mnt.root : parent.root)
    const credentials = options.credentials ?? parent.credentials
    const start = options.namespaces ? root : parent.cwdLocation
    const walker = { root, cwdLocation: start, credentials }
    const cwd = options.cwd === undefined ? start : resolve(walker, options.cwd)
    if (cwd.inode.type !== 'directory') throw new SystemError('ENOTDIR', options.cwd)
    const env = options.env ?? parent.env
    const loaded: LoadedProgram = options.program
      ? {
          program: options.program,
          argv: options.argv,
          exe: parent.exe,
          comm: this.#commOf(parent, options, fromOutside),
        }
      : loadProgram({ ...walker, cwdLocation: cwd }, options, env, this.#kernel.programs)
    const child = new KernelProcess({
      host: this.#kernel,
      parent,
      numbers: this.#numbersIn(pid),
      namespaces,
      root,
      cwd,
      credentials,
      cgroup,
      group: options.newSession ? 'new session' : options.group === 0 ? 'new' : parent.processGroup,
      loaded,
      env,
      umask: options.umask ?? parent.umask,
    })
    this.#count++
    this.#register(child, pid)
    parent.children.add(child)
    if (options.cgroup === undefined) parent.copyCgroupsTo(child)
    for (const group of child.cgroup('pids').lineage()) group.pidsCurrent++
    for (const signal of parent.ignoredSignals) child.on(signal, 'ignore')
    if (parent.limits) child.limits = { ...parent.limits }
    child.nice = parent.nice
    if (options.group !== undefined && options.group !== 0 && !options.newSession) child.setGroup(0, options.group)
    this.#giveDescriptors(child, parent, options, fromOutside)
    if (!options.program) child.setMemory(SMALL_PROCESS)
    this.#kernel.world.clock.after(options.program ? 0.1 : 0.4, () => child.start())
    return child
  }

  #commOf(parent: KernelProcess, options: SpawnOptions, fromOutside: boolean): string {
    if (!fromOutside) return parent.comm
    return (options.argv[0]?.split('/').at(-1) ?? '').replace(/:$/, '').slice(0, 15)
  }

  #countOf(uid: number): number {
    let count = 0
    for (const process of this.#kernel.processes) if (process.credentials.uid === uid) count++
    return count
  }

  #numbersIn(namespace: PidNamespace): number[] {
    const numbers: number[] = []
    for (let at: PidNamespace | undefined = namespace; at; at = at.parent) numbers.unshift(at.allocate())
    return numbers
  }

  #register(process: KernelProcess, namespace: PidNamespace): void {
    namespace.init ??= process
    let level = process.numbers.length - 1
    for (let at: PidNamespace | undefined = namespace; at; at = at.parent)
      at.members.set(process.numbers[level--]!, process)
  }

  #giveDescriptors(child: KernelProcess, parent: KernelProcess, options: SpawnOptions, fromOutside: boolean): void {
    for (const number of [0, 1, 2]) {
      if (options.fds?.has(number)) continue
      const file = fromOutside ? this.#kernel.nullFile : parent.fds.get(number)
      if (file) child.inherit(number, file)
    }
    if (options.fds) for (const [number, file] of options.fds) child.inherit(number, file)
    if (!options.newSession) return
    for (const file of child.fds.values()) {
      const pty = this.#ptyOf(file)
      if (!pty || pty.session) continue
      pty.session = child.processGroup.session
      pty.foreground = child.processGroup
      child.processGroup.session.tty = pty
      break
    }
  }

  #ptyOf(file: OpenFile): Pty | undefined {
    const name = file.tty?.name
    if (name === undefined) return undefined
    return (('description' in file ? (file.description as OpenFile).tty : file.tty) as Pty | undefined) ?? undefined
  }

  signalTo(sender: KernelProcess, pid: number, signal: Signal | 0): void {
    const targets = this.#targets(sender, pid)
    if (targets.length === 0) throw new SystemError('ESRCH')
    const may = sender.credentials.capabilities.has('CAP_KILL')
    const allowed = targets.filter((target) => may || realUser(sender) === realUser(target))
    if (allowed.length === 0) throw new SystemError('EPERM')
    if (signal !== 0) for (const target of allowed) target.receive(signal, sender)
  }

  #targets(sender: KernelProcess, pid: number): KernelProcess[] {
    const { members, init } = sender.namespaces.pid
    if (pid > 0) {
      const target = members.get(pid)
      return target ? [target] : []
    }
    if (pid === -1) return [...members.values()].filter((member) => member !== init && member !== sender)
    const group = pid === 0 ? sender.processGroup : sender.findGroup(-pid)
    return group ? [...group.members] : []
  }

  hasEnded(process: KernelProcess): void {
    this.#count--
    for (const group of process.cgroup('pids').lineage()) group.pidsCurrent--
    const namespace = process.namespaces.pid
    if (namespace.init === process) {
      namespace.dead = true
      for (const member of [...namespace.members.values()])
        if (member !== process) member.end({ code: undefined, signal: 'SIGKILL' })
    }
    this.#reparent(process)
    this.#leaveSession(process)
    this.#kernel.releaseNetwork(process.namespaces.net)
    const { parent } = process
    if (!parent || parent.exitStatus || parent.reapsOrphans || process.adopted || parent.ignores('SIGCHLD'))
      process.reap()
    parent?.receive('SIGCHLD')
  }

  #reparent(process: KernelProcess): void {
    const namespace = process.namespaces.pid
    let heir = process.parent
    while (heir && !(heir.reapsOrphans && heir.namespaces.pid === namespace)) heir = heir.parent
    if (namespace.init && !namespace.dead && (!heir || namespace.parent)) heir = heir ?? namespace.init
    heir ??= this.#kernel.init
    for (const child of [...process.children]) {
      process.children.delete(child)
      child.parent = heir
      heir.children.add(child)
      child.adopted = heir.reapsOrphans || REAPERS.has(heir.comm)
      if (child.exitStatus && child.adopted) child.reap()
    }
  }

  #leaveSession(process: KernelProcess): void {
    const { session } = process.processGroup
    if (session.leader !== process) return
    session.leader = undefined
    const { tty } = session
    if (!tty) return
    session.tty = undefined
    tty.session = undefined
    const group = tty.foreground
    tty.foreground = undefined
    if (group)
      for (const member of [...group.members]) {
        member.receive('SIGHUP')
        member.receive('SIGCONT')
      }
  }
}

function realUser({ credentials }: KernelProcess): number {
  return credentials.outside?.uid ?? credentials.uid
}
