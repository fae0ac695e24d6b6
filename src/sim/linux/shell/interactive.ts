import { notifyJobs } from './builtins/job-builtins.ts'
import { Interrupted, ShellExit } from './control.ts'
import { expandHistory } from './history.ts'
import { type LineSource, PlainInput } from './input.ts'
import { LineEditor } from './line-editor/line-editor.ts'
import { promptText } from './prompt.ts'
import { runLines } from './run-script.ts'
import type { Shell } from './shell.ts'

/** Signals, process group and options of a shell that a person types to. */
export function prepareInteractive(shell: Shell): void {
  const { process } = shell
  shell.interactive = true
  for (const option of ['monitor', 'emacs', 'history', ...(shell.isBash ? ['histexpand'] : [])])
    shell.options.add(option)
  shell.shopt.add('expand_aliases')
  process.on('SIGINT', () => shell.interrupt())
  // Handlers that do nothing, not "ignore": children would inherit that.
  for (const signal of ['SIGTSTP', 'SIGTTOU', 'SIGTTIN', 'SIGTERM', 'SIGQUIT'] as const) process.on(signal, () => {})
  const { tty } = process.stdin
  if (!tty) return
  try {
    if (process.session !== process.pid) process.setGroup(0, 0)
  } catch {
    // Already the leader of its group.
  }
  tty.foregroundGroup = process.group
}

export async function interactiveLoop(shell: Shell): Promise<number> {
  const { process } = shell
  const lines: LineSource = process.stdin.tty
    ? new LineEditor(shell)
    : new PlainInput(
        () => process.fds.get(0),
        async (continued) =>
          process.printError((await promptText(shell, continued ? 'PS2' : 'PS1')).replace(/[\x01\x02]/g, '')),
      )
  const input: LineSource = {
    next: async (continued) => {
      if (!continued) {
        await notifyJobs(shell)
        const command = shell.variables.get('PROMPT_COMMAND')
        try {
          if (command) await shell.interpreter.runText(shell, command)
        } catch (error) {
          if (!(error instanceof Interrupted)) throw error
          await process.printError('\n')
        }
      }
      const line = await lines.next(continued)
      return line === undefined ? undefined : remember(shell, line, continued)
    },
  }
  for (;;) {
    const status = await runLines(shell, input)
    if (shell.jobs.jobs.some((job) => job.state === 'stopped') && !shell.warnedAboutJobs) {
      shell.warnedAboutJobs = true
      await process.printError('There are stopped jobs.\n')
      continue
    }
    await process.printError(shell.name.startsWith('-') ? 'logout\n' : shell.isBash ? 'exit\n' : '\n')
    throw new ShellExit(status)
  }
}

/** Adds a typed line to the history, with `!!` and friends replaced. */
async function remember(shell: Shell, line: string, continued: boolean): Promise<string> {
  if (line.trim() === '') return line
  const expanded =
    shell.isBash && shell.options.has('histexpand')
      ? expandHistory(shell.history, line)
      : { text: line, changed: false }
  if ('error' in expanded) {
    await shell.complain(`${expanded.error}: event not found`, '')
    return ''
  }
  if (expanded.changed) await shell.process.printError(`${expanded.text}\n`)
  const control = shell.variables.get('HISTCONTROL') ?? ''
  const { history } = shell
  const skip =
    (/ignorespace|ignoreboth/.test(control) && /^\s/.test(line)) ||
    (/ignoredups|ignoreboth/.test(control) && history.at(-1) === expanded.text)
  if (continued && history.length > 0 && shell.isBash)
    history[history.length - 1] +=
      `${/(;|do|then|else|\{|\||&&|\()$/.test(history.at(-1)!.trim()) ? ' ' : '; '}${expanded.text.trim()}`
  else if (!skip) history.push(expanded.text)
  if (history.length > 1000) history.shift()
  return expanded.text
}
