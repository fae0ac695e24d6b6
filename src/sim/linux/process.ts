import type { Random } from '../time/random.ts'
import type { Files, OpenFile } from './file.ts'
import type { Machine } from './machine.ts'
import type { Signal } from './signals.ts'
import type { Sockets } from './socket.ts'
import type { SystemCalls } from './system-calls.ts'

/** Code that runs as a process. Returns its exit status (0 to 255). */
export type Program = (process: Process) => Promise<number> | number

export interface Credentials {
  uid: number
  gid: number
  groups: readonly number[]
  /** Who it is to the filesystem where that differs: in a user namespace, `uid` is only what is shown. */
  outside?: { uid: number; gid: number }
  /** Effective capabilities, e.g. `CAP_SYS_ADMIN`. */
  capabilities: ReadonlySet<string>
}

export interface ExitStatus {
  /** Exit code, or undefined when killed by a signal. */
  code: number | undefined
  signal: Signal | undefined
}

export interface SpawnOptions {
  /** argv; argv[0] is looked up in PATH unless `file` is given. */
  argv: readonly string[]
  /** Program file to execute instead of looking argv[0] up. */
  file?: string
  /** Runs this code instead of a file (subshells, built-in servers). It still shows in ps under argv. */
  program?: Program
  env?: ReadonlyMap<string, string>
  cwd?: string
  /** Descriptors of the child; those not named are inherited 0, 1, 2 from the caller. Retained for the child. */
  fds?: ReadonlyMap<number, OpenFile>
  credentials?: Credentials
  /** 0: a new process group led by the child. */
  group?: number
  /** setsid(2) */
  newSession?: boolean
}

/** A process, and its system calls. Every wait throws `Killed` once the process is dead. */
export interface Process {
  /** In its own PID namespace. */
  readonly pid: number
  readonly ppid: number
  readonly group: number
  readonly session: number
  /** argv[0] is the name it was called by. Servers may put a title there for `ps` (setproctitle). */
  argv: readonly string[]
  readonly env: Map<string, string>
  cwd: string
  umask: number
  credentials: Credentials
  readonly machine: Machine
  readonly files: Files
  readonly net: Sockets
  /** Open descriptors. 0, 1 and 2 exist unless closed. */
  readonly fds: Map<number, OpenFile>
  readonly stdin: OpenFile
  readonly stdout: OpenFile
  readonly stderr: OpenFile
  readonly random: Random
  /** The machine's wall clock: ms since 1970 (`date -s` moves it). */
  wallClock(): number
  /** Virtual ms since the machine booted. */
  uptime(): number

  /** Writes UTF-8 text to standard output / error. */
  print(text: string): Promise<void>
  printError(text: string): Promise<void>

  sleep(ms: number): Promise<void>
  /** Uses CPU for `ms` of CPU time: longer in wall time when the cores are busy or a cgroup throttles. */
  compute(ms: number): Promise<void>
  /** Resident memory in bytes from now on; past the cgroup's limit the OOM killer ends a process. */
  setMemory(bytes: number): void

  /** fork + exec. ENOENT, EACCES, ENOEXEC, EAGAIN (pids limit). */
  spawn(options: SpawnOptions): Process
  /** Replaces this process's program (execve): argv, program; keeps pid and descriptors. Never returns normally. */
  exec(options: SpawnOptions): Promise<number>
  /** Waits for a child to end and reaps it. */
  wait(child: Process): Promise<ExitStatus>
  /** Settles when it has ended; does not reap. */
  readonly ended: Promise<ExitStatus>
  /** Set once it has ended. */
  readonly exitStatus: ExitStatus | undefined
  readonly stopped: boolean
  /** Settles when a child stops (SIGTSTP) or ends: for job control. */
  waitChange(child: Process): Promise<'stopped' | 'ended'>
  /** kill(2): a pid of this PID namespace; negative: a process group. ESRCH, EPERM. */
  kill(pid: number, signal: Signal | 0): void
  /** Replaces a signal's disposition. Handlers run when the process next waits; async ones are awaited by nobody. */
  on(signal: Signal, handler: (() => void) | 'default' | 'ignore'): void
  setGroup(pid: number, group: number): void
  pipe(): { read: OpenFile; write: OpenFile }
  /** Namespaces, mounts, limits, credentials: what only some programs need. */
  readonly system: SystemCalls
}
