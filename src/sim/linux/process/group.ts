import type { Pty } from '../tty/pty.ts'
import type { KernelProcess } from './kernel-process.ts'

/** A session: process groups that share a terminal. */
export class Session {
  /** Process numbers of its leader, by level of PID namespace. */
  readonly numbers: readonly number[]
  leader: KernelProcess | undefined
  tty: Pty | undefined

  constructor(leader: KernelProcess, numbers: readonly number[]) {
    this.leader = leader
    this.numbers = numbers
  }
}

/** A process group: what a terminal or kill(-n) signals as one. */
export class ProcessGroup {
  readonly numbers: readonly number[]
  readonly session: Session
  readonly members = new Set<KernelProcess>()

  constructor(numbers: readonly number[], session: Session) {
    this.numbers = numbers
    this.session = session
  }
}
