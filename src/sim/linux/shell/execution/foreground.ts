import type { ExitStatus, Process } from '../../process.ts'
import { Interrupted } from '../control.ts'
import { type Job, jobLine, signalWords, statusCode } from '../jobs.ts'
import type { Shell } from '../shell.ts'

/** Waits for the processes of a foreground command; the status is the last one's. */
export async function waitForeground(shell: Shell, processes: Process[], command: string): Promise<number> {
  if (shell.interactive)
    return waitJob(shell, shell.jobs.add(processes, command, processes[0]!.group || processes[0]!.pid, false))
  const statuses: ExitStatus[] = []
  for (const process of processes) statuses.push(await shell.process.wait(process))
  shell.pipeStatus = statuses.map(statusCode)
  await reportSignal(shell, processes.at(-1)!, statuses.at(-1)!, command)
  return lastStatus(shell)
}

/** `$?` of a pipeline whose PIPESTATUS is known. */
export function lastStatus(shell: Shell): number {
  if (shell.options.has('pipefail')) return shell.pipeStatus.findLast((status) => status !== 0) ?? 0
  return shell.pipeStatus.at(-1) ?? 0
}

/** Scripts tell which of their commands was killed. */
async function reportSignal(shell: Shell, process: Process, status: ExitStatus, command: string): Promise<void> {
  const { signal } = status
  if (!signal || signal === 'SIGINT' || signal === 'SIGPIPE') return
  const words = signalWords(signal)
  if (shell.isBash && !shell.quietLines)
    await shell.complain(`${String(process.pid).padStart(5)} ${words.padEnd(23)} ${command}`, '')
  else await shell.process.printError(`${words}\n`)
}

/** Gives the terminal to a job, waits until it ends or stops, takes the terminal back. */
export async function waitJob(shell: Shell, job: Job): Promise<number> {
  const tty = shell.process.fds.get(0)?.tty ?? shell.process.fds.get(2)?.tty
  if (tty) tty.foregroundGroup = job.group
  try {
    await settle(shell, job)
  } finally {
    if (tty) tty.foregroundGroup = shell.process.group
  }
  if (job.state === 'stopped') {
    shell.jobs.touch(job)
    job.background = false
    job.notified = true
    await shell.process.printError(`\n${jobLine(job, shell.jobs.mark(job), shell.dialect)}\n`)
    return 148
  }
  shell.jobs.remove(job)
  shell.pipeStatus = job.statuses.map((status) => (status ? statusCode(status) : 0))
  const last = job.statuses.at(-1)
  if (last?.signal === 'SIGINT') {
    shell.status = 130
    throw new Interrupted()
  }
  if (last?.signal && last.signal !== 'SIGPIPE') await shell.process.printError(`${signalWords(last.signal)}\n`)
  return lastStatus(shell)
}

async function settle(shell: Shell, job: Job): Promise<void> {
  for (const [index, process] of job.processes.entries()) {
    if (job.statuses[index]) continue
    if ((await shell.process.waitChange(process)) === 'stopped') {
      job.state = 'stopped'
      return
    }
    job.statuses[index] = await shell.process.wait(process)
  }
  job.state = 'done'
}
