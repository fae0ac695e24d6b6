import type { RestPort } from '../rest/port.ts'
import type { Clock } from '../time/event-queue.ts'
import type { Random } from '../time/random.ts'
import type { Waiting } from '../time/waiting.ts'

/** What all parts of one world share. */
export interface WorldContext {
  readonly clock: Clock
  readonly waiting: Waiting
  /** Independent stream per user: `random.fork('dhcp')`. */
  readonly random: Random
  /** Wall clock of the world at virtual time 0: ms since 1970. */
  readonly epoch: number
}

/** A computer: what programs may ask about the whole of it. The kernel implements it. */
export interface Machine {
  readonly hostname: string
  readonly world: WorldContext
  /** CPU cores. */
  readonly cores: number
  /** Bytes. */
  readonly memory: number
  /** `6.1.0-kubebook` */
  readonly kernelRelease: string
  /**
   * Servers this machine can reach by URL origin (`https://192.168.10.210:6443`, `unix:///var/run/docker.sock`),
   * for clients that would otherwise speak HTTP over a socket. Undefined: connection refused.
   */
  dial(origin: string): RestPort | undefined
}
