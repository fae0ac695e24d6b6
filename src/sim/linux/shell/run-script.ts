import type { Statement } from 'unbash'
import { expandAliases } from './alias.ts'
import { Interrupted, ShellError, ShellExit } from './control.ts'
import type { LineSource } from './input.ts'
import { isIncomplete, parseScript } from './parse.ts'
import type { Shell } from './shell.ts'
import { reportSyntaxError } from './syntax-error.ts'

export interface ScriptOptions {
  name?: string
  firstLine?: number
  /** Nothing comes after it: the last command may replace the shell. */
  tail?: boolean
}

/**
 * Runs a whole text as the main program. An error that discards the current command (not the shell) goes on with
 * the next line; in a `-c` text it ends everything.
 */
export async function runScript(shell: Shell, original: string, options: ScriptOptions = {}): Promise<number> {
  const text = expandAliases(shell, original)
  const script = parseScript(text)
  const outer = { source: shell.source, position: shell.position }
  shell.source = {
    text,
    firstLine: options.firstLine ?? 1,
    ...(options.name === undefined ? {} : { name: options.name }),
  }
  const error = script.errors?.[0]
  const lineStart = error ? text.lastIndexOf('\n', Math.max(0, error.pos - 1)) + 1 : 0
  // A command that the end of the text leaves open (`for …; do …` without `done`) has no length.
  const ready = error ? script.commands.filter(({ pos, end }) => end <= lineStart && end > pos) : script.commands
  try {
    let status = 0
    const units = linesOf(text, ready)
    for (const [index, unit] of units.entries()) {
      const last = !error && index === units.length - 1
      status = await runUnit(shell, unit, options, last)
      shell.status = status
    }
    if (!error) return status
    await reportSyntaxError(shell, text, error)
    return 2
  } finally {
    Object.assign(shell, outer)
  }
}

async function runUnit(
  shell: Shell,
  unit: readonly Statement[],
  options: ScriptOptions,
  last: boolean,
): Promise<number> {
  try {
    return await shell.interpreter.runStatements(shell, unit, last && options.tail ? { tail: true } : {})
  } catch (error) {
    if (!(error instanceof ShellError)) throw error
    const ends = !shell.interactive && (error.fatal || !shell.isBash || shell.commandString || shell.subshell > 0)
    if (error.message !== '') await shell.complain(error.message, shell.isBash ? '' : shell.builtin)
    shell.builtin = undefined
    shell.status = error.status
    if (ends) throw new ShellExit(error.fatal || !shell.isBash ? error.status : 1)
    return error.status >= 126 ? error.status : 1
  }
}

/** Statements that stand on one line belong together. */
function linesOf(text: string, statements: readonly Statement[]): Statement[][] {
  const units: Statement[][] = []
  let end = -1
  for (const statement of statements) {
    const sameLine = end >= 0 && !text.slice(end, statement.pos).includes('\n')
    if (sameLine) units.at(-1)!.push(statement)
    else units.push([statement])
    end = statement.end
  }
  return units
}

/** Reads commands line by line until the input ends. */
export async function runLines(shell: Shell, input: LineSource, afterEach?: () => Promise<void>): Promise<number> {
  let line = 1
  for (;;) {
    const read = await readCommand(shell, input)
    if (read === undefined) return shell.status
    try {
      if (read.trim() !== '')
        shell.status = await runScript(shell, read, {
          firstLine: line,
          ...(shell.source.name === undefined ? {} : { name: shell.source.name }),
        })
    } catch (error) {
      if (!(error instanceof Interrupted)) throw error
      if (shell.interactive) await shell.process.printError('\n')
      shell.status = 130
    }
    line += read.split('\n').length
    await afterEach?.()
  }
}

/** One complete command: lines are added while it is unfinished. */
async function readCommand(shell: Shell, input: LineSource): Promise<string | undefined> {
  const first = await input.next(false)
  if (first === undefined) return undefined
  let text = first
  while (isIncomplete(text, parseScript(text))) {
    const more = await input.next(true)
    if (more === undefined) return text
    if (shell.cancelled) {
      shell.cancelled = false
      return ''
    }
    text += `\n${more}`
  }
  shell.cancelled = false
  return text
}
