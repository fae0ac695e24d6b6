import { SystemError } from '../errors.ts'
import { GeneratedDirectory, GeneratedFile } from '../fs/generated.ts'
import type { FileSystem, Inode, Viewer } from '../fs/inode.ts'
import type { Kernel } from '../kernel.ts'
import { KernelProcess } from '../process/kernel-process.ts'
import { Cgroup, CONTROLLERS, type Controller } from './cgroup.ts'
import { type CgroupFile, type CgroupMachine, V1_FILES } from './v1-files.ts'
import { V2_FILES } from './v2-files.ts'
import { parseInteger } from './write-error.ts'

/** A cgroup hierarchy as a filesystem: one controller's (v1), or the unified one (v2). */
export class CgroupFs implements FileSystem {
  readonly type: 'cgroup' | 'cgroup2'
  readonly source: string
  readonly options: string
  readonly device: number
  readonly controller: Controller | undefined
  readonly #kernel: Kernel
  readonly #machine: CgroupMachine
  readonly #directories = new WeakMap<Cgroup, Inode>()
  #lastNumber = 1

  constructor(kernel: Kernel, controller: Controller | undefined, device: number) {
    this.#kernel = kernel
    this.controller = controller
    this.device = device
    this.type = controller ? 'cgroup' : 'cgroup2'
    this.source = this.type
    this.options = controller === 'systemd' ? 'name=systemd' : (controller ?? '')
    this.#machine = {
      cores: kernel.cores,
      memory: kernel.memory,
      settle: () => kernel.scheduler.settle(),
      changed: (group) => kernel.cgroupChanged(group),
    }
  }

  get root(): Inode {
    return this.directory(this.#kernel.cgroups)
  }

  usage() {
    return { total: 0, used: 0, available: 0 }
  }

  /** The folder of a group: a container mounts its own as the root. */
  directory(group: Cgroup): Inode {
    let made = this.#directories.get(group)
    if (!made) {
      made = this.#build(group)
      this.#directories.set(group, made)
    }
    return made
  }

  #init(mode: number) {
    return { fs: this, number: ++this.#lastNumber, mode, time: this.#kernel.wallClock() }
  }

  #build(group: Cgroup): Inode {
    const files = new Map<string, Inode>()
    const names = this.#fileNames(group)
    return new GeneratedDirectory(this.#init(0o755), {
      names: () => [...this.#childNames(group), ...names],
      lookup: (name) => {
        const child = group.child(name)
        if (child && this.#isHere(child)) return this.directory(child)
        if (!names.includes(name)) return undefined
        let inode = files.get(name)
        if (!inode) {
          const behaviour = this.#behaviour(group, name)
          const mode = behaviour.mode ?? (behaviour.write ? 0o644 : 0o444)
          inode = new GeneratedFile(this.#init(mode), behaviour)
          files.set(name, inode)
        }
        return inode
      },
      mkdir: (name) => this.#mkdir(group, name),
      rmdir: (name) => this.#rmdir(group, name),
    })
  }

  #isHere(group: Cgroup): boolean {
    return this.controller ? group.isIn(this.controller) : true
  }

  *#childNames(group: Cgroup): Generator<string> {
    for (const child of group.children?.values() ?? []) if (this.#isHere(child)) yield child.name
  }

  #fileNames(group: Cgroup): string[] {
    const table = this.controller ? V1_FILES[this.controller] : V2_FILES
    const common = this.controller
      ? ['cgroup.clone_children', 'cgroup.procs', ...(group.parent ? [] : ['cgroup.sane_behavior', 'release_agent'])]
      : ['cgroup.procs', 'cgroup.threads']
    const own = Object.keys(table).filter((name) => group.parent || !table[name]!(group, this.#machine).notInRoot)
    return [...common, ...own, ...(this.controller ? ['notify_on_release', 'tasks'] : [])]
  }

  #behaviour(group: Cgroup, name: string): CgroupFile {
    const table = this.controller ? V1_FILES[this.controller] : V2_FILES
    const special = table[name]
    if (special) return special(group, this.#machine)
    if (name === 'tasks' || name === 'cgroup.procs' || name === 'cgroup.threads')
      return {
        read: (viewer) => this.#members(group, viewer),
        write: (text, viewer) => this.#move(group, text, viewer),
      }
    return { read: () => (name === 'release_agent' ? '\n' : '0\n'), write: () => {} }
  }

  #members(group: Cgroup, viewer: Viewer | undefined): string {
    let text = ''
    for (const process of this.#kernel.processes) {
      if (process.exitStatus || process.cgroup(this.controller ?? 'systemd') !== group) continue
      const number = viewer instanceof KernelProcess ? viewer.numberIn(process.numbers) : process.hostPid
      if (number !== 0) text += `${number}\n`
    }
    return text
  }

  #move(group: Cgroup, text: string, viewer: Viewer | undefined): void {
    const pid = parseInteger(text)
    const members =
      viewer instanceof KernelProcess ? viewer.namespaces.pid.members : this.#kernel.namespaces.pid.members
    const process = pid === 0 && viewer instanceof KernelProcess ? viewer : members.get(pid)
    if (!process || process.exitStatus) throw new SystemError('ESRCH')
    for (const controller of this.controller ? [this.controller] : CONTROLLERS)
      this.#kernel.moveToCgroup(process, controller, group)
  }

  #mkdir(group: Cgroup, name: string): Inode {
    let child = group.child(name)
    if (!child) {
      child = new Cgroup(name, group, this.controller ? new Set([this.controller]) : undefined)
      group.children ??= new Map()
      group.children.set(name, child)
    } else if (this.controller && child.present) child.present.add(this.controller)
    return this.directory(child)
  }

  #rmdir(group: Cgroup, name: string): void {
    const child = group.child(name)
    if (!child || !this.#isHere(child)) throw new SystemError('ENOENT')
    for (const _ of this.#childNames(child)) throw new SystemError('EBUSY')
    for (const process of this.#kernel.processes)
      if (!process.exitStatus && process.cgroup(this.controller ?? 'systemd') === child) throw new SystemError('EBUSY')
    child.remove(this.controller)
  }
}
