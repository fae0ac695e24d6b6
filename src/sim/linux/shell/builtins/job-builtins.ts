import { SystemError } from '../../errors.ts'
import { parseSignal, SIGNALS } from '../../signals.ts'
import { waitJob } from '../execution/foreground.ts'
import { type Job, jobLine, statusCode } from '../jobs.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'
import { signalTable } from './trap.ts'

async function findJob(shell: Shell, spec: string | undefined): Promise<Job | undefined> {
  const found = shell.jobs.find(spec ?? '%+')
  if (found && found !== 'ambiguous') return found
  if (found === 'ambiguous') await shell.complain(`${spec}: ambiguous job spec`)
  else
    await shell.complain(
      shell.isBash
        ? `${spec ?? 'current'}: no such job`
        : spec === undefined
          ? 'No current job'
          : `${spec}: no such job`,
    )
  return undefined
}

export const jobs: Builtin = async ({ shell, args }) => {
  const flags = args.filter((word) => word.startsWith('-')).join('')
  const names = args.filter((word) => !word.startsWith('-'))
  const listed =
    names.length > 0
      ? (await Promise.all(names.map((name) => findJob(shell, name)))).filter((job) => job !== undefined)
      : listOrder(shell)
  for (const job of listed) {
    if (flags.includes('r') && job.state !== 'running') continue
    if (flags.includes('s') && job.state !== 'stopped') continue
    if (flags.includes('p')) await shell.process.print(`${job.processes[0]!.pid}\n`)
    else
      await shell.process.print(
        `${jobLine(job, shell.jobs.mark(job), shell.dialect, { pids: flags.includes('l'), command: shell.isBash || shell.interactive })}\n`,
      )
    job.notified = true
  }
  for (const job of [...shell.jobs.jobs]) if (job.state === 'done' && job.notified) shell.jobs.remove(job)
  return names.length > listed.length ? 1 : 0
}

/** ash lists the current job first. */
function listOrder(shell: Shell): Job[] {
  if (shell.isBash) return [...shell.jobs.jobs]
  return [...shell.jobs.jobs].reverse()
}

/** Tells of jobs that ended or stopped since the last prompt. */
export async function notifyJobs(shell: Shell): Promise<void> {
  for (const job of [...shell.jobs.jobs]) {
    if (job.state !== 'done' || job.notified) continue
    await shell.process.printError(`${jobLine(job, shell.jobs.mark(job), shell.dialect)}\n`)
    shell.jobs.remove(job)
  }
}

export const fg: Builtin = async ({ shell, args }) => {
  if (!shell.interactive && !shell.options.has('monitor')) {
    await shell.complain('no job control')
    return 1
  }
  const job = await findJob(shell, args[0])
  if (!job) return 1
  await shell.process.print(`${job.command}\n`)
  continueJob(shell, job, false)
  return waitJob(shell, job)
}

export const bg: Builtin = async ({ shell, args }) => {
  if (!shell.interactive && !shell.options.has('monitor')) {
    await shell.complain('no job control')
    return 1
  }
  const job = await findJob(shell, args[0])
  if (!job) return 1
  if (job.state === 'running') {
    await shell.complain(`job ${job.id} already in background`)
    return 0
  }
  continueJob(shell, job, true)
  await shell.process.print(`[${job.id}]${shell.jobs.mark(job)} ${job.command} &\n`)
  watchJob(shell, job)
  return 0
}

function continueJob(shell: Shell, job: Job, background: boolean): void {
  job.state = 'running'
  job.background = background
  job.notified = false
  shell.jobs.touch(job)
  try {
    shell.process.kill(-job.group, 'SIGCONT')
  } catch {
    // It has just ended: waiting will tell.
  }
}

/** Notices the end of a job that runs on in the background. */
export function watchJob(shell: Shell, job: Job): void {
  for (const [index, process] of job.processes.entries()) {
    if (job.statuses[index]) continue
    void shell.process.wait(process).then(
      (status) => {
        job.statuses[index] = status
        if (index === job.processes.length - 1) shell.jobs.finished.set(process.pid, statusCode(status))
        if (job.statuses.every((each) => each)) job.state = 'done'
      },
      () => {
        // The shell itself has ended.
      },
    )
  }
}

export const disown: Builtin = async ({ shell, args }) => {
  const names = args.filter((word) => !word.startsWith('-'))
  if (args.includes('-a')) for (const job of shell.jobs.jobs.slice()) shell.jobs.remove(job)
  else {
    const job = await findJob(shell, names[0])
    if (!job) return 1
    shell.jobs.remove(job)
  }
  return 0
}

export const wait: Builtin = async ({ shell, args }) => {
  const next = args[0] === '-n'
  const names = args.filter((word) => !word.startsWith('-'))
  if (next) {
    const running = shell.jobs.jobs.filter((job) => job.state === 'running')
    if (running.length === 0 && shell.jobs.jobs.length === 0) return 127
    const done =
      shell.jobs.jobs.find((job) => job.state === 'done') ??
      (await Promise.race(running.map((job) => ended(job).then(() => job))))
    await ended(done)
    shell.jobs.remove(done)
    return jobStatus(done)
  }
  if (names.length === 0) {
    for (const job of [...shell.jobs.jobs]) {
      if (job.state === 'stopped') continue
      const interrupted = await waitFor(shell, ended(job))
      if (interrupted !== undefined) return interrupted
      if (!shell.interactive) shell.jobs.remove(job)
    }
    return 0
  }
  let status = 0
  for (const name of names) {
    if (!name.startsWith('%') && !/^\d+$/.test(name)) {
      await shell.complain(shell.isBash ? `\`${name}': not a pid or valid job spec` : `Illegal number: ${name}`)
      return shell.isBash ? 1 : 2
    }
    const job = name.startsWith('%')
      ? await findJob(shell, name)
      : shell.jobs.jobs.find((each) => each.processes.some((process) => process.pid === Number(name)))
    if (!job) {
      const finished = shell.jobs.finished.get(Number(name))
      if (finished !== undefined) status = finished
      else {
        if (shell.isBash && !name.startsWith('%')) await shell.complain(`pid ${name} is not a child of this shell`)
        status = 127
      }
      continue
    }
    const interrupted = await waitFor(shell, ended(job))
    if (interrupted !== undefined) return interrupted
    job.notified = true
    shell.jobs.remove(job)
    status = jobStatus(job)
  }
  return status
}

async function ended(job: Job): Promise<void> {
  for (const process of job.processes) await process.ended
  for (const [index, process] of job.processes.entries()) job.statuses[index] ??= process.exitStatus
  job.state = 'done'
}

const jobStatus = (job: Job) => {
  const last = job.statuses.at(-1)
  return last ? statusCode(last) : 0
}

/** Waits; a trapped signal ends the wait with 128 + its number. */
async function waitFor(shell: Shell, promise: Promise<void>): Promise<number | undefined> {
  const first = await Promise.race([promise.then(() => 'done' as const), shell.signalArrival()])
  if (first === 'done') return undefined
  const pending = shell.firstPending
  await shell.tick()
  return pending ? 128 + SIGNALS[pending] : 130
}

export const kill: Builtin = async ({ shell, args }) => {
  const plain = (text: string) =>
    shell.isBash ? shell.complain(text) : shell.process.printError(`${shell.name.replace(/^-/, '')}: ${text}\n`)
  let words = [...args]
  if (words[0] === '-l' || words[0] === '-L') return listSignals(shell, words.slice(1))
  let signal: string = 'TERM'
  if (words[0] === '-s' || words[0] === '-n') {
    signal = words[1] ?? ''
    words = words.slice(2)
  } else if (words[0] !== undefined && /^-[A-Za-z0-9]/.test(words[0])) {
    signal = words[0].slice(1)
    words = words.slice(1)
  }
  if (words[0] === '--') words = words.slice(1)
  const number = signal === '0' || signal.toUpperCase() === 'EXIT' ? 0 : parseSignal(signal)
  if (number === undefined) {
    if (shell.isBash) await shell.complain(`${signal}: invalid signal specification`)
    else await plain(shell.dialect === 'dash' ? `Illegal option -${signal[0]}` : `invalid signal name '${signal}'`)
    return 1
  }
  if (words.length === 0) {
    if (shell.isBash)
      await shell.process.printError(
        'kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]\n',
      )
    else await plain('you need to specify whom to kill')
    return shell.isBash ? 2 : 1
  }
  let status = 0
  for (const word of words) {
    const job = word.startsWith('%') ? shell.jobs.find(word) : undefined
    if (word.startsWith('%') && (!job || job === 'ambiguous')) {
      await shell.complain(`${word}: no such job`)
      status = 1
      continue
    }
    if (!job && !/^-?\d+$/.test(word)) {
      if (shell.isBash) await shell.complain(`${word}: arguments must be process or job IDs`)
      else await plain(shell.dialect === 'dash' ? `Illegal number: ${word}` : `invalid number '${word}'`)
      status = 1
      continue
    }
    try {
      if (job && job !== 'ambiguous') {
        if (shell.interactive) shell.process.kill(-job.group, number)
        else for (const process of job.processes) if (!process.exitStatus) shell.process.kill(process.pid, number)
        if (job.state === 'stopped' && (number === 'SIGTERM' || number === 'SIGHUP' || number === 'SIGCONT')) {
          continueJob(shell, job, true)
          watchJob(shell, job)
        } else if (job.state === 'stopped') watchJob(shell, job)
      } else shell.process.kill(Number(word), number)
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      if (shell.isBash) await shell.complain(`(${word}) - ${error.message}`)
      else await plain(shell.dialect === 'dash' ? `kill: ${error.message}` : `can't kill pid ${word}: ${error.message}`)
      status = 1
    }
  }
  // The killed job's end is seen before the next command, as with a real scheduler.
  await shell.process.sleep(0.2)
  return status
}

async function listSignals(shell: Shell, words: readonly string[]): Promise<number> {
  if (words.length === 0) {
    if (shell.isBash) await shell.process.print(signalTable())
    else
      await shell.process.print(
        `${Object.entries(SIGNALS)
          .map(([name, number]) => `${String(number).padStart(2)}) ${name.slice(3)}`)
          .join('\n')}\n`,
      )
    return 0
  }
  for (const word of words) {
    const number = Number(word)
    const signal = parseSignal(/^\d+$/.test(word) && number > 128 ? String(number - 128) : word)
    if (!signal) {
      await shell.complain(`${word}: invalid signal specification`)
      return 1
    }
    await shell.process.print(/^\d+$/.test(word) ? `${signal.slice(3)}\n` : `${SIGNALS[signal]}\n`)
  }
  return 0
}
