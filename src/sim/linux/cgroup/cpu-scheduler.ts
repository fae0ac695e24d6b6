import type { Clock, Timer } from '../../time/event-queue.ts'
import { type Deferred, defer, type Waiting } from '../../time/waiting.ts'
import type { Cgroup } from './cgroup.ts'

/** Something that wants CPU time: a process in compute(). */
export interface CpuConsumer {
  /** Its group in the cpu hierarchy. */
  readonly cpuGroup: Cgroup
  /** Its group in the cpuacct hierarchy. */
  readonly accountGroup: Cgroup
  /** False while stopped or frozen. */
  readonly runnable: boolean
  /** ms of CPU used so far. */
  cpuTime: number
  /** -20 to 19 */
  readonly nice: number
}

/** Tasks past which the sharing is done by turns, of so many ms. */
const CROWD = 100
const TURN = 20

interface Task {
  consumer: CpuConsumer
  /** ms of CPU still wanted. */
  remaining: number
  /** Cores it has now, 0 to 1. */
  rate: number
  done: Deferred<void>
}

interface Share {
  group: Cgroup | undefined
  tasks: Task[]
  children: Share[]
  /** Cores it could use. */
  demand: number
}

/**
 * Shares a machine's cores among the processes that compute, as CFS does in the long run: fairly by cpu.shares at
 * every level of the cgroup tree, never more than quota / period for a group.
 */
export class CpuScheduler {
  readonly #clock: Clock
  readonly #waiting: Waiting
  readonly cores: number
  readonly #tasks = new Map<CpuConsumer, Task>()
  #timer: Timer | undefined
  #settledAt: number
  #busy = 0
  #limited = new Map<Cgroup, number>()
  /** Since when each of these has wanted more than its quota, and up to when its throttled periods are counted. */
  readonly #stretches = new Map<Cgroup, { since: number; counted: number }>()
  #load: [number, number, number] = [0, 0, 0]

  constructor(clock: Clock, waiting: Waiting, cores: number) {
    this.#clock = clock
    this.#waiting = waiting
    this.cores = cores
    this.#settledAt = clock.now
  }

  /** CPU ms used on the whole machine. */
  get busy(): number {
    this.settle()
    return this.#busy
  }

  /** Processes that compute or wait for a core. */
  get running(): number {
    let count = 0
    for (const task of this.#tasks.values()) if (task.consumer.runnable) count++
    return count
  }

  /** The load averages of 1, 5 and 15 minutes. */
  get load(): readonly [number, number, number] {
    this.settle()
    return this.#load
  }

  isRunning(consumer: CpuConsumer): boolean {
    return this.#tasks.has(consumer) && consumer.runnable
  }

  /** Settles once the consumer has had `ms` of CPU time. A consumer runs one thing at a time; more add up. */
  run(consumer: CpuConsumer, ms: number): Promise<void> {
    const known = this.#tasks.get(consumer)
    this.settle()
    if (known) {
      known.remaining += ms
      if (!this.#crowded) this.#plan()
      return known.done.promise
    }
    const task: Task = { consumer, remaining: ms, rate: 0, done: defer(this.#waiting) }
    this.#tasks.set(consumer, task)
    if (!this.#crowded) this.#plan()
    return task.done.promise
  }

  /** Gives up what a dead process still wanted. */
  drop(consumer: CpuConsumer): void {
    if (!this.#tasks.has(consumer)) return
    this.settle()
    this.#tasks.delete(consumer)
    if (!this.#crowded) this.#plan()
  }

  /** So many want the CPU that whoever comes or goes is noticed at the next turn only. */
  get #crowded(): boolean {
    return this.#timer !== undefined && this.#tasks.size > CROWD
  }

  /** To be called after a quota, share, stop or freeze changed. */
  changed(): void {
    this.settle()
    if (this.#tasks.size > 0) this.#plan()
  }

  /** Books what has been used up to now. */
  settle(): void {
    const now = this.#clock.now
    const elapsed = now - this.#settledAt
    if (elapsed <= 0) return
    this.#settledAt = now
    let runnable = 0
    for (const task of this.#tasks.values()) {
      if (task.consumer.runnable) runnable++
      const used = Math.min(task.remaining, task.rate * elapsed)
      if (used <= 0) continue
      task.remaining -= used
      this.#account(task.consumer, used)
    }
    for (const [group, cores] of this.#limited) {
      const stretch = this.#stretches.get(group) ?? { since: now - elapsed, counted: now - elapsed }
      this.#stretches.set(group, stretch)
      const period = group.cpuPeriod / 1000
      group.periods += elapsed / period
      // A burst that is over within one period stays below the quota of that period.
      if (now - stretch.since < period) continue
      const throttled = now - stretch.counted
      stretch.counted = now
      group.throttledPeriods += throttled / period
      group.throttledTime += throttled * cores
    }
    for (const group of this.#stretches.keys()) if (!this.#limited.has(group)) this.#stretches.delete(group)
    const seconds = elapsed / 1000
    for (const [index, window] of [60, 300, 900].entries()) {
      const decay = Math.exp(-seconds / window)
      this.#load[index] = this.#load[index]! * decay + runnable * (1 - decay)
    }
  }

  #account(consumer: CpuConsumer, ms: number): void {
    consumer.cpuTime += ms
    this.#busy += ms
    for (const group of consumer.accountGroup.lineage()) group.cpuUsage += ms
  }

  #plan(): void {
    this.#timer?.cancel()
    this.#timer = undefined
    this.#limited.clear()
    const runnable: Task[] = []
    for (const task of this.#tasks.values()) {
      task.rate = 0
      if (task.consumer.runnable) runnable.push(task)
    }
    if (runnable.length === 0) return
    if (runnable.length <= this.cores && runnable.every((task) => !hasQuota(task.consumer.cpuGroup)))
      for (const task of runnable) task.rate = 1
    else this.#share(runnable)
    let soonest = Number.POSITIVE_INFINITY
    for (const task of runnable) if (task.rate > 0) soonest = Math.min(soonest, task.remaining / task.rate)
    if (soonest < Number.POSITIVE_INFINITY)
      this.#timer = this.#clock.after(this.#tasks.size > CROWD ? Math.max(TURN, soonest) : soonest, () =>
        this.#finish(),
      )
  }

  #finish(): void {
    this.#timer = undefined
    this.settle()
    for (const [consumer, task] of this.#tasks) {
      if (task.remaining > 1e-6) continue
      this.#tasks.delete(consumer)
      task.done.resolve()
    }
    this.#plan()
  }

  #share(tasks: readonly Task[]): void {
    const shares = new Map<Cgroup, Share>()
    const shareOf = (group: Cgroup): Share => {
      let share = shares.get(group)
      if (!share) {
        share = { group, tasks: [], children: [], demand: 0 }
        shares.set(group, share)
        if (group.parent) shareOf(group.parent).children.push(share)
      }
      return share
    }
    for (const task of tasks) shareOf(task.consumer.cpuGroup).tasks.push(task)
    const root = shareOf([...tasks[0]!.consumer.cpuGroup.lineage()].at(-1)!)
    this.#demand(root)
    this.#allot(root, Math.min(this.cores, root.demand))
  }

  #demand(share: Share): number {
    let sum = share.tasks.length
    for (const child of share.children) sum += this.#demand(child)
    const { group } = share
    const limit =
      group && group.cpuQuota > 0 && group.parent ? group.cpuQuota / group.cpuPeriod : Number.POSITIVE_INFINITY
    if (group && sum > limit) this.#limited.set(group, sum - limit)
    share.demand = Math.min(sum, limit)
    return share.demand
  }

  /** Fills from the smallest need upwards, by weight. */
  #allot(share: Share, cores: number): void {
    const parts = [
      ...share.tasks.map((task) => ({ weight: 1024 * 1.25 ** -task.consumer.nice, demand: 1, task, child: undefined })),
      ...share.children.map((child) => ({
        weight: child.group?.cpuShares ?? 1024,
        demand: child.demand,
        task: undefined,
        child,
      })),
    ].sort((a, b) => a.demand / a.weight - b.demand / b.weight)
    let left = cores
    let weights = parts.reduce((sum, part) => sum + part.weight, 0)
    for (const part of parts) {
      const given = Math.min(part.demand, (left * part.weight) / weights)
      left -= given
      weights -= part.weight
      if (part.task) part.task.rate = given
      else if (part.child) this.#allot(part.child, given)
    }
  }
}

function hasQuota(group: Cgroup): boolean {
  for (const at of group.lineage()) if (at.cpuQuota > 0) return true
  return false
}
