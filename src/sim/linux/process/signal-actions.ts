import type { Signal } from '../signals.ts'

const IGNORED: ReadonlySet<Signal> = new Set(['SIGCHLD', 'SIGCONT', 'SIGURG', 'SIGWINCH'])
const STOPPING: ReadonlySet<Signal> = new Set(['SIGSTOP', 'SIGTSTP', 'SIGTTIN', 'SIGTTOU'])

/** What a signal does to a process that has neither a handler nor ignores it (signal(7)). */
export function defaultAction(signal: Signal): 'ignore' | 'stop' | 'terminate' {
  if (IGNORED.has(signal)) return 'ignore'
  return STOPPING.has(signal) ? 'stop' : 'terminate'
}
