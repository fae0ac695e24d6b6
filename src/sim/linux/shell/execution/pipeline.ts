import type { CommandNode, Pipeline, PipelineNode } from 'unbash'
import { SystemError } from '../../errors.ts'
import type { OpenFile } from '../../file.ts'
import type { Process } from '../../process.ts'
import { HereDocument } from '../here-document.ts'
import { statusCode } from '../jobs.ts'
import type { Shell } from '../shell.ts'
import { retryFork } from './external.ts'
import { waitForeground } from './foreground.ts'
import { startSubshell } from './subshell.ts'

/** Starts every stage as a process, each reading what the one before writes. */
export async function startStages(
  shell: Shell,
  node: Pipeline | CommandNode,
  options: { background?: boolean } = {},
): Promise<Process[]> {
  const commands = node.type === 'Pipeline' ? node.commands : [node]
  const operators = node.type === 'Pipeline' ? node.operators : []
  const processes: Process[] = []
  let input: OpenFile | undefined
  for (const [index, command] of commands.entries()) {
    const fds = new Map<number, OpenFile>(shell.process.fds)
    if (options.background && index === 0 && !shell.interactive) fds.set(0, nullInput(shell))
    if (input) fds.set(0, input)
    const pipe = index < commands.length - 1 ? shell.process.pipe() : undefined
    if (pipe) fds.set(1, pipe.write)
    if (pipe && operators[index] === '|&') fds.set(2, pipe.write)
    const group = shell.interactive ? (processes[0]?.pid ?? 0) : undefined
    try {
      processes.push(await forkStage(shell, command, fds, group, options.background ?? false))
    } finally {
      input?.release()
      pipe?.write.release()
      input = pipe?.read
    }
  }
  return processes
}

function nullInput(shell: Shell): OpenFile {
  try {
    return shell.process.files.open('/dev/null', { read: true })
  } catch {
    return new HereDocument(new Uint8Array())
  }
}

async function forkStage(
  shell: Shell,
  node: CommandNode,
  fds: Map<number, OpenFile>,
  group: number | undefined,
  background: boolean,
): Promise<Process> {
  await shell.forked()
  for (let attempt = 0; ; attempt++) {
    try {
      return startSubshell(
        shell,
        (sub) => {
          sub.interactive = false
          // `( … )` has its process already.
          return node.type === 'Subshell'
            ? sub.interpreter.runStatements(sub, node.body.commands, { tail: true })
            : sub.interpreter.runNode(sub, node, { tail: true })
        },
        { fds, background, ...(group === undefined ? {} : { group }) },
      )
    } catch (error) {
      if (!(error instanceof SystemError) || error.code !== 'EAGAIN') throw error
      await retryFork(shell, attempt)
    }
  }
}

/** A pipeline in the foreground. */
export async function runPipeline(shell: Shell, node: Pipeline): Promise<number> {
  await shell.tick()
  shell.position = node.pos
  const processes = await startStages(shell, node)
  return waitForeground(shell, processes, shell.source.text.slice(node.pos, node.end))
}

/** `cmd &`: a job that the shell does not wait for. */
export async function runInBackground(shell: Shell, node: PipelineNode | import('unbash').AndOr): Promise<number> {
  await shell.tick()
  const text = shell.source.text.slice(node.pos, node.end).replace(/\s*&?\s*$/, '')
  const plain = node.type === 'Pipeline' && node.prefixes.length === 0
  const processes =
    plain || (node.type !== 'AndOr' && node.type !== 'Pipeline')
      ? await startStages(shell, node as Pipeline | CommandNode, { background: true })
      : [await forkList(shell, node)]
  const last = processes.at(-1)!
  const job = shell.jobs.add(processes, text, processes[0]!.group, true)
  shell.lastBackground = last.pid
  if (shell.interactive) await shell.process.printError(`[${job.id}] ${last.pid}\n`)
  for (const [index, process] of processes.entries()) {
    void shell.process.wait(process).then(
      (status) => {
        job.statuses[index] = status
        if (process === last) shell.jobs.finished.set(process.pid, statusCode(status))
        if (job.statuses.every((each) => each)) {
          job.state = 'done'
          job.notified = false
          if (!shell.interactive && shell.isBash) shell.signalledChild()
        }
      },
      () => {
        // The shell itself has ended.
      },
    )
  }
  return 0
}

async function forkList(shell: Shell, node: import('unbash').AndOr | PipelineNode): Promise<Process> {
  const group = shell.interactive ? 0 : undefined
  const fds = new Map<number, OpenFile>(shell.process.fds)
  if (!shell.interactive) fds.set(0, nullInput(shell))
  return startSubshell(
    shell,
    (sub) => {
      sub.interactive = false
      return sub.interpreter.runAndOr(sub, node)
    },
    { fds, background: true, ...(group === undefined ? {} : { group }) },
  )
}
