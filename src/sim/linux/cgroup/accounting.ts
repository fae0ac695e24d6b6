import type { Kernel } from '../kernel.ts'
import type { KernelProcess } from '../process/kernel-process.ts'
import { type Cgroup, type Controller, NO_MEMORY_LIMIT } from './cgroup.ts'

/** What processes use, booked to their control groups, and what follows when it is too much. */
export class CgroupAccounting {
  readonly #kernel: Kernel

  constructor(kernel: Kernel) {
    this.#kernel = kernel
  }

  /** Tells the scheduler that limits of a group changed; wakes its processes after a thaw. */
  changed(group: Cgroup): void {
    this.#kernel.scheduler.changed()
    if (group.frozenNow) return
    for (const process of this.#kernel.processes)
      for (const at of process.cgroup('freezer').lineage()) if (at === group) process.wake()
  }

  /** Moves a process to a group of one hierarchy. */
  move(process: KernelProcess, controller: Controller, group: Cgroup): void {
    this.#kernel.scheduler.settle()
    const old = process.cgroup(controller)
    if (old === group) return
    if (controller === 'pids') {
      for (const at of old.lineage()) at.pidsCurrent--
      for (const at of group.lineage()) at.pidsCurrent++
    }
    if (controller === 'memory') {
      for (const at of old.lineage()) at.memoryUsage -= process.memory
      for (const at of group.lineage()) at.memoryUsage += process.memory
    }
    process.assignCgroup(controller, group)
    if (controller === 'cpu') this.#kernel.scheduler.changed()
    if (controller === 'freezer' && process.runnable) process.wake()
  }

  /** Charges memory to a process's groups; past a limit the biggest process of the group is killed. */
  chargeMemory(process: KernelProcess, by: number): void {
    for (const group of process.cgroup('memory').lineage()) {
      group.memoryUsage += by
      group.memoryPeak = Math.max(group.memoryPeak, group.memoryUsage)
    }
    if (by > 0) this.#enforce(process.cgroup('memory'))
  }

  /** Charges the pages of one tmpfs to the groups of those who write them, and gives them back, the newest first. */
  pages(): (bytes: number, writer?: unknown) => void {
    const charged: { group: Cgroup; bytes: number }[] = []
    const book = (group: Cgroup, bytes: number) => {
      for (const at of group.lineage()) {
        at.memoryUsage += bytes
        at.memoryPeak = Math.max(at.memoryPeak, at.memoryUsage)
      }
    }
    return (bytes, writer) => {
      if (bytes > 0) {
        const group = (writer as KernelProcess | undefined)?.cgroup?.('memory')
        if (!group?.parent) return
        if (charged.at(-1)?.group === group) charged.at(-1)!.bytes += bytes
        else charged.push({ group, bytes })
        book(group, bytes)
        this.#enforce(group)
        return
      }
      for (let left = -bytes; left > 0 && charged.length > 0; ) {
        const last = charged.at(-1)!
        const back = Math.min(left, last.bytes)
        last.bytes -= back
        left -= back
        book(last.group, -back)
        if (last.bytes === 0) charged.pop()
      }
    }
  }

  /** Past a limit the biggest process of the group is killed. */
  #enforce(charged: Cgroup): void {
    for (const group of charged.lineage()) {
      const limit = group.parent ? group.memoryLimit : Math.min(group.memoryLimit, this.#kernel.memory)
      if (limit === NO_MEMORY_LIMIT || group.memoryUsage <= limit) continue
      group.memoryFailures++
      this.#killForMemory(group)
    }
  }

  #killForMemory(group: Cgroup): void {
    let victim: KernelProcess | undefined
    for (const process of this.#kernel.processes) {
      if (process.exitStatus || process === this.#kernel.init || !isBelow(process.cgroup('memory'), group)) continue
      if (!victim || process.memory > victim.memory) victim = process
    }
    if (!victim) return
    group.oomKills++
    const kb = Math.floor(victim.memory / 1024)
    this.#kernel.printk(
      `${victim.comm} invoked oom-killer: gfp_mask=0xcc0(GFP_KERNEL), order=0, oom_score_adj=${victim.oomScoreAdjust}`,
    )
    this.#kernel.printk(
      `Memory cgroup out of memory: Killed process ${victim.hostPid} (${victim.comm}) total-vm:${kb + 2048}kB, anon-rss:${kb}kB, file-rss:0kB, shmem-rss:0kB, UID:${victim.credentials.uid} pgtables:64kB oom_score_adj:${victim.oomScoreAdjust}`,
    )
    for (const at of victim.cgroup('memory').lineage()) at.onOom?.()
    const lineage = [...victim.cgroup('memory').lineage()]
    // The highest group that dies as one, at or below the one whose limit it was.
    const whole = lineage.slice(0, lineage.indexOf(group) + 1).findLast((at) => at.oomGroup)
    if (whole) this.#killGroup(whole, victim)
    victim.end({ code: undefined, signal: 'SIGKILL' })
  }

  #killGroup(group: Cgroup, first: KernelProcess): void {
    this.#kernel.printk(`Tasks in ${group.path} are going to be killed due to memory.oom.group set`)
    for (const process of [...this.#kernel.processes]) {
      if (process === first || process.exitStatus || !isBelow(process.cgroup('memory'), group)) continue
      group.oomKills++
      process.end({ code: undefined, signal: 'SIGKILL' })
    }
  }
}

function isBelow(group: Cgroup, ancestor: Cgroup): boolean {
  for (const at of group.lineage()) if (at === ancestor) return true
  return false
}
