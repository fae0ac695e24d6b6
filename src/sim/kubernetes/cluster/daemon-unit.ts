import type { Kernel } from '../../linux/kernel.ts'
import type { Process } from '../../linux/process.ts'
import type { ServiceUnit } from '../../linux/system-calls.ts'

/** How long systemd waits before it starts a service again that failed (RestartSec=10). */
const RESTART = 10_000

/**
 * A service of a machine. `launch` starts it and returns its process; what it throws is written to the journal, and it
 * is tried again after 10 s, as with `Restart=always`.
 */
export class DaemonUnit implements ServiceUnit {
  readonly description: string
  readonly log: { time: number; text: string }[] = []
  enabled = true
  readonly #kernel: Kernel
  readonly #launch: () => Process
  readonly #end: () => void
  #process: Process | undefined
  #retry: { cancel(): void } | undefined

  constructor(kernel: Kernel, description: string, launch: () => Process, end: () => void = () => {}) {
    this.#kernel = kernel
    this.description = description
    this.#launch = launch
    this.#end = end
  }

  get running(): boolean {
    return this.#process !== undefined && this.#process.exitStatus === undefined
  }

  get state(): string {
    if (this.running) return 'active (running)'
    return this.#retry ? 'activating (auto-restart)' : 'inactive (dead)'
  }

  get mainPid(): number | undefined {
    return this.running ? this.#process!.pid : undefined
  }

  start(): void {
    if (this.running) return
    this.#retry?.cancel()
    this.#retry = undefined
    try {
      this.#process = this.#launch()
      this.write(`Started ${this.description}.`)
    } catch (error) {
      this.write((error as Error).message)
      this.#retry = this.#kernel.world.clock.after(RESTART, () => this.start())
    }
  }

  stop(): void {
    this.#retry?.cancel()
    this.#retry = undefined
    if (!this.running) return
    this.#end()
    this.#kernel.process(this.#process!.pid)?.receive('SIGKILL')
    this.#process = undefined
    this.write(`Stopped ${this.description}.`)
  }

  write(text: string): void {
    if (this.log.length >= 200) this.log.shift()
    this.log.push({ time: this.#kernel.wallClock(), text })
  }
}
