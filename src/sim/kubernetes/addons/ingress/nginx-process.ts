import type { Process } from '../../../linux/process.ts'
import { type Deferred, defer } from '../../../time/waiting.ts'
import { klog } from '../klog.ts'

/** The nginx that an Ingress controller runs and reloads. */
export class NginxProcess {
  /** Settles with the controller's exit status: told to stop, or nginx ended. */
  readonly ended: Deferred<number>
  readonly #process: Process
  #nginx: Process | undefined
  #stopping = false

  constructor(process: Process) {
    this.#process = process
    this.ended = defer<number>(process.machine.world.waiting)
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => this.#stop())
  }

  get stopping(): boolean {
    return this.#stopping
  }

  start(): void {
    const { credentials } = this.#process
    // The image's nginx has this as a file capability.
    const capabilities = new Set([...credentials.capabilities, 'CAP_NET_BIND_SERVICE'])
    this.#nginx = this.#process.spawn({ argv: ['/usr/sbin/nginx'], credentials: { ...credentials, capabilities } })
    void this.#process.wait(this.#nginx).then(
      ({ code }) => {
        if (this.#stopping) return this.ended.resolve(0)
        return klog(
          this.#process,
          'F',
          `main.go:500] NGINX command exited with an error: exit status ${code ?? 137}`,
        ).then(() => this.ended.resolve(255))
      },
      (error: unknown) => this.ended.reject(error),
    )
  }

  /** Lets it take its configuration again. */
  reload(): void {
    this.#nginx?.kill(this.#nginx.pid, 'SIGHUP')
  }

  #stop(): void {
    this.#stopping = true
    if (this.#nginx) this.#nginx.kill(this.#nginx.pid, 'SIGQUIT')
    else this.ended.resolve(0)
  }
}
