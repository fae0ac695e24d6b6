import { SystemError } from '../../linux/errors.ts'
import type { Program } from '../../linux/process.ts'
import { SIGNALS, type Signal } from '../../linux/signals.ts'

const NOT_FORWARDED = new Set([
  'SIGKILL',
  'SIGSTOP',
  'SIGCHLD',
  'SIGTTIN',
  'SIGTTOU',
  'SIGSEGV',
  'SIGBUS',
  'SIGFPE',
  'SIGILL',
  'SIGTRAP',
  'SIGABRT',
  'SIGSYS',
])

/** docker-init: runs a command as its only child, passes signals on to it, ends as it ends. */
export function initProgram(argv: readonly string[]): Program {
  return async (process) => {
    let child: ReturnType<typeof process.spawn>
    try {
      child = process.spawn({ argv, group: 0 })
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      await process.printError(`[FATAL tini (${process.pid})] exec ${argv[0]} failed: ${error.message}\n`)
      return error.code === 'ENOENT' ? 127 : 126
    }
    const { tty } = process.stdin
    if (tty) tty.foregroundGroup = child.pid
    for (const signal of Object.keys(SIGNALS) as Signal[])
      if (!NOT_FORWARDED.has(signal))
        process.on(signal, () => {
          if (!child.exitStatus) process.kill(child.pid, signal)
        })
    const status = await process.wait(child)
    return status.code ?? 128 + SIGNALS[status.signal!]
  }
}
