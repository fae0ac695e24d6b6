import { SystemError } from '../../errors.ts'
import type { OpenFile } from '../../file.ts'
import type { Process } from '../../process.ts'
import { Break, Interrupted, Return, ShellError, ShellExit } from '../control.ts'
import { JobTable } from '../jobs.ts'
import type { Shell } from '../shell.ts'
import { addDynamicVariables } from '../startup.ts'

export interface SubshellOptions {
  fds?: ReadonlyMap<number, OpenFile>
  group?: number
  /** Interactive shells' background children keep default signals; others ignore SIGINT. */
  background?: boolean
}

/** Forks: runs `body` in a copy of this shell, as a child process. EAGAIN passes. */
export function startSubshell(
  shell: Shell,
  body: (sub: Shell) => Promise<number>,
  options: SubshellOptions = {},
): Process {
  const snapshot = shell.fork(shell.process)
  return shell.process.spawn({
    argv: shell.process.argv,
    env: shell.process.env,
    fds: options.fds ?? shell.process.fds,
    ...(options.group === undefined ? {} : { group: options.group }),
    program: (process) => {
      snapshot.process = process
      addDynamicVariables(snapshot)
      snapshot.jobs = new JobTable()
      if (options.background && !shell.interactive) process.on('SIGINT', 'ignore')
      return runSubshell(snapshot, body)
    },
  })
}

/** Runs a shell's commands to their end: prints what went wrong, runs the EXIT trap, gives the exit status. */
export async function runSubshell(shell: Shell, body: (sub: Shell) => Promise<number>): Promise<number> {
  const status = await endOf(shell, () => body(shell))
  shell.status = status
  if (!shell.traps.get('EXIT')) return status & 255
  const action = shell.traps.get('EXIT')!
  shell.traps.delete('EXIT')
  const last = await endOf(shell, async () => {
    await shell.interpreter.runText(shell, action)
    return status
  })
  return last & 255
}

async function endOf(shell: Shell, body: () => Promise<number>): Promise<number> {
  try {
    return await body()
  } catch (error) {
    if (error instanceof ShellExit) return error.status
    if (error instanceof Return) return error.status
    if (error instanceof Break) return 0
    if (error instanceof Interrupted) return 130
    if (error instanceof ShellError) {
      await shell.complain(error.message, '')
      return error.status
    }
    if (error instanceof SystemError) {
      await shell.complain(error.message, '')
      return 1
    }
    throw error
  }
}
