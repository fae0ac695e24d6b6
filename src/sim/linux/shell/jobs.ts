import type { ExitStatus, Process } from '../process.ts'
import { SIGNALS } from '../signals.ts'
import type { Dialect } from './shell.ts'

export type JobState = 'running' | 'stopped' | 'done'

export interface Job {
  id: number
  processes: Process[]
  statuses: (ExitStatus | undefined)[]
  group: number
  command: string
  state: JobState
  /** The user has been told of the state. */
  notified: boolean
  /** Started with `&` or sent there by `bg`. */
  background: boolean
}

/** `$?` of an ended process: the code, or 128 + the signal's number. */
export function statusCode(status: ExitStatus): number {
  return status.signal === undefined ? (status.code ?? 0) : 128 + SIGNALS[status.signal]
}

const SIGNAL_WORDS: Readonly<Record<string, string>> = {
  SIGHUP: 'Hangup',
  SIGINT: 'Interrupt',
  SIGQUIT: 'Quit',
  SIGILL: 'Illegal instruction',
  SIGABRT: 'Aborted',
  SIGFPE: 'Floating point exception',
  SIGKILL: 'Killed',
  SIGUSR1: 'User defined signal 1',
  SIGSEGV: 'Segmentation fault',
  SIGUSR2: 'User defined signal 2',
  SIGPIPE: 'Broken pipe',
  SIGALRM: 'Alarm clock',
  SIGTERM: 'Terminated',
}

export const signalWords = (signal: string): string => SIGNAL_WORDS[signal] ?? signal

/** The jobs of one shell. */
export class JobTable {
  jobs: Job[] = []
  /** Ended children that `wait PID` may still ask for. */
  readonly finished = new Map<number, number>()
  #order: Job[] = []

  add(processes: Process[], command: string, group: number, background: boolean): Job {
    const id = Math.max(0, ...this.jobs.map((job) => job.id)) + 1
    const job: Job = {
      id,
      processes,
      statuses: processes.map(() => undefined),
      group,
      command,
      state: 'running',
      notified: false,
      background,
    }
    this.jobs.push(job)
    this.#order.push(job)
    return job
  }

  /** Makes it the current job (`%+`). */
  touch(job: Job): void {
    this.#order = [...this.#order.filter((other) => other !== job), job]
  }

  remove(job: Job): void {
    this.jobs = this.jobs.filter((other) => other !== job)
    this.#order = this.#order.filter((other) => other !== job)
  }

  get current(): Job | undefined {
    const stopped = this.#order.filter((job) => job.state === 'stopped')
    return stopped.at(-1) ?? this.#order.filter((job) => job.state === 'running').at(-1) ?? this.#order.at(-1)
  }

  get previous(): Job | undefined {
    const { current } = this
    const others = this.#order.filter((job) => job !== current)
    return (
      others.filter((job) => job.state === 'stopped').at(-1) ??
      others.filter((job) => job.state === 'running').at(-1) ??
      others.at(-1)
    )
  }

  /** `%1`, `%+`, `%-`, `%name`, `%?text`, `1`. 'ambiguous' when several match. */
  find(spec: string): Job | 'ambiguous' | undefined {
    const body = spec.startsWith('%') ? spec.slice(1) : spec
    if (body === '' || body === '+' || body === '%') return this.current
    if (body === '-') return this.previous ?? this.current
    if (/^\d+$/.test(body)) return this.jobs.find((job) => job.id === Number(body))
    const matches = this.jobs.filter((job) =>
      body.startsWith('?') ? job.command.includes(body.slice(1)) : job.command.startsWith(body),
    )
    return matches.length > 1 ? 'ambiguous' : matches[0]
  }

  mark(job: Job): '+' | '-' | ' ' {
    return job === this.current ? '+' : job === this.previous ? '-' : ' '
  }
}

/** `Running`, `Done`, `Exit 3`, `Terminated`, `Stopped`. */
export function stateWords(job: Job, dialect: Dialect): string {
  if (job.state === 'running') return 'Running'
  if (job.state === 'stopped') return 'Stopped'
  const last = job.statuses.at(-1)
  if (last?.signal) return signalWords(last.signal)
  if (!last?.code) return 'Done'
  return dialect === 'bash' ? `Exit ${last.code}` : `Done(${last.code})`
}

/** One line of `jobs`, without the newline. */
export function jobLine(
  job: Job,
  mark: string,
  dialect: Dialect,
  options: { pids?: boolean; command?: boolean } = {},
): string {
  const words = stateWords(job, dialect)
  const pids = options.pids ? `${job.processes.map((process) => process.pid).join(' ')} ` : ''
  if (dialect === 'bash') {
    const amp = job.state === 'running' && job.background ? ' &' : ''
    return `[${job.id}]${mark}  ${pids}${words.padEnd(pids ? 22 : 24)}${job.command}${amp}`
  }
  const head = dialect === 'ash' ? `[${job.id}]${mark}  ` : `[${job.id}] ${mark} `
  return `${head}${pids}${words}`.padEnd(33) + (options.command === false ? '' : job.command)
}
