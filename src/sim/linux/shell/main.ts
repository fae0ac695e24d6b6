import { Exit, SystemError } from '../errors.ts'
import type { Process, Program } from '../process.ts'
import { setOption } from './builtins/set.ts'
import { decodeText } from './bytes.ts'
import { ShellExit } from './control.ts'
import { runSubshell } from './execution/subshell.ts'
import { PlainInput } from './input.ts'
import { interactiveLoop, prepareInteractive } from './interactive.ts'
import { interpreter } from './interpreter.ts'
import { JobTable } from './jobs.ts'
import { runLines, runScript } from './run-script.ts'
import { type Dialect, OPTION_LETTERS, Shell } from './shell.ts'
import { addDynamicVariables, freshVariables } from './startup.ts'

interface Invocation {
  command?: string
  script?: string
  args: string[]
  login: boolean
  interactive: boolean
  fromInput: boolean
  noProfile: boolean
  noRc: boolean
  rcFile?: string
  /** `-x` and the like, to be switched on. */
  options: string[]
}

/** GNU bash. */
export const bash: Program = (process) => startShell(process, 'bash')
/** busybox ash. */
export const ash: Program = (process) => startShell(process, 'ash')
/** Debian's /bin/sh. */
export const dash: Program = (process) => startShell(process, 'dash')

async function startShell(process: Process, dialect: Dialect): Promise<number> {
  const called = process.argv[0] ?? dialect
  const invocation = parseArguments(process.argv.slice(1), called)
  const name = called.replace(/^.*\/(?=[^/]+$)/, '')
  if (typeof invocation === 'string') {
    if (invocation.startsWith('GNU') || invocation.startsWith('BusyBox')) {
      await process.print(invocation)
      return 0
    }
    await process.printError(
      `${dialect === 'dash' ? `${name}: 0: Illegal option ${invocation.split(':')[0]}` : `${name}: ${invocation}`}\n`,
    )
    return 2
  }
  const shell = createShell(process, dialect, called)
  for (const option of invocation.options) setOption(shell, option, true)
  shell.positional = invocation.args
  if (invocation.command !== undefined) {
    if (invocation.args.length > 0) {
      shell.name = invocation.args[0]!
      shell.positional = invocation.args.slice(1)
    }
    shell.commandString = true
  }
  const interactive =
    invocation.interactive ||
    (invocation.command === undefined &&
      invocation.script === undefined &&
      process.fds.get(0)?.tty !== undefined &&
      process.fds.get(2)?.tty !== undefined)
  return runSubshell(shell, () => runShell(shell, invocation, interactive))
}

/** A new main shell on a process. */
export function createShell(process: Process, dialect: Dialect, name: string): Shell {
  const shell = new Shell(process, interpreter, dialect, name)
  shell.variables = freshVariables(process, dialect === 'bash')
  shell.jobs = new JobTable()
  if (dialect !== 'bash') shell.options = new Set()
  addDynamicVariables(shell)
  if (dialect === 'bash') {
    const level = shell.variables.ensureGlobal('SHLVL')
    level.value = String((Number(level.value) || 0) + 1)
    level.exported = true
  }
  return shell
}

async function runShell(shell: Shell, invocation: Invocation, interactive: boolean): Promise<number> {
  if (interactive) prepareInteractive(shell)
  // Theirs ends on Ctrl-C by its own hand, so also as process 1, whom signals without a handler do not reach.
  else if (!shell.isBash && shell.process.pid === 1) shell.process.on('SIGINT', exitOnInterrupt)
  if (invocation.login && !invocation.noProfile) await runProfiles(shell)
  if (interactive && !invocation.noRc && (!invocation.login || !shell.isBash))
    await runRcFiles(shell, invocation.rcFile)
  if (invocation.command !== undefined)
    return runScript(shell, invocation.command, { tail: !interactive && shell.dialect !== 'dash' })
  if (invocation.script !== undefined) return runFile(shell, invocation.script)
  if (interactive) return interactiveLoop(shell)
  return runLines(shell, new PlainInput(() => shell.process.fds.get(0)))
}

function exitOnInterrupt(): void {
  throw new Exit(130)
}

async function runFile(shell: Shell, path: string): Promise<number> {
  const { files } = shell.process
  let found = path
  try {
    if (!path.includes('/') && !files.exists(path) && shell.isBash) {
      const folder = (shell.variables.get('PATH') ?? '').split(':').find((each) => files.exists(`${each}/${path}`))
      if (folder) found = `${folder}/${path}`
    }
    if (files.stat(found).type === 'directory') throw new SystemError('EISDIR')
    const bytes = files.readBytes(found)
    if (bytes.subarray(0, 80).includes(0)) {
      await shell.process.printError(
        shell.isBash
          ? `${path}: ${path}: cannot execute binary file\n`
          : `${path}: line 1: syntax error: unexpected "("\n`,
      )
      return shell.isBash ? 126 : 2
    }
    shell.name = path
    shell.source = { text: '', firstLine: 1, name: path }
    return await runScript(shell, decodeText(bytes), { name: path })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    const name = shell.name.replace(/^.*\/(?=[^/]+$)/, '')
    if (shell.isBash) await shell.process.printError(`${name}: ${path}: ${error.message}\n`)
    else if (shell.dialect === 'ash')
      await shell.process.printError(`${name}: can't open '${path}': ${error.message}\n`)
    else await shell.process.printError(`${name}: 0: cannot open ${path}: No such file\n`)
    return shell.isBash ? (error.code === 'ENOENT' ? 127 : 126) : 2
  }
}

async function runProfiles(shell: Shell): Promise<void> {
  await runIfThere(shell, '/etc/profile')
  const home = shell.variables.get('HOME') ?? '/'
  const own = shell.isBash ? ['.bash_profile', '.bash_login', '.profile'] : ['.profile']
  const first = own.find((name) => shell.process.files.exists(`${home}/${name}`))
  if (first) await runIfThere(shell, `${home}/${first}`)
}

async function runRcFiles(shell: Shell, rcFile: string | undefined): Promise<void> {
  if (!shell.isBash) {
    const env = shell.variables.get('ENV')
    if (env) await runIfThere(shell, env)
    return
  }
  await runIfThere(shell, '/etc/bash.bashrc')
  await runIfThere(shell, rcFile ?? `${shell.variables.get('HOME') ?? ''}/.bashrc`)
}

async function runIfThere(shell: Shell, path: string): Promise<void> {
  let text: string
  try {
    text = shell.process.files.readText(path)
  } catch {
    return
  }
  shell.returnable++
  try {
    await runScript(shell, text, { name: path })
  } catch (error) {
    if (error instanceof ShellExit) throw error
    throw error
  } finally {
    shell.returnable--
  }
}

/** What the words after the shell's name ask for; a text is an error or the version. */
function parseArguments(args: readonly string[], called: string): Invocation | string {
  const out: Invocation = {
    args: [],
    login: called.startsWith('-'),
    interactive: false,
    fromInput: false,
    noProfile: false,
    noRc: false,
    options: [],
  }
  let wantsCommand = false
  let i = 0
  for (; i < args.length; i++) {
    const word = args[i]!
    if (word === '--' || word === '-') {
      i++
      break
    }
    if (word.startsWith('--')) {
      if (word === '--version')
        return 'GNU bash, version 5.2.15(1)-release (x86_64-pc-linux-gnu)\nCopyright (C) 2022 Free Software Foundation, Inc.\nLicense GPLv3+: GNU GPL version 3 or later <http://gnu.org/licenses/gpl.html>\n\nThis is free software; you are free to change and redistribute it.\nThere is NO WARRANTY, to the extent permitted by law.\n'
      if (word === '--login') out.login = true
      else if (word === '--noprofile') out.noProfile = true
      else if (word === '--norc') out.noRc = true
      else if (word === '--posix') out.options.push('posix')
      else if (word === '--rcfile' || word === '--init-file') out.rcFile = args[++i] ?? ''
      else return `${word}: invalid option`
      continue
    }
    if (!/^[-+]./.test(word)) break
    for (const letter of word.slice(1)) {
      if (letter === 'c') wantsCommand = true
      else if (letter === 'i') out.interactive = true
      else if (letter === 'l') out.login = true
      else if (letter === 's') out.fromInput = true
      else if (letter === 'o' || letter === 'O') {
        const name = args[++i]
        if (letter === 'o' && name) out.options.push(name)
      } else {
        const name = Object.keys(OPTION_LETTERS).find((each) => OPTION_LETTERS[each] === letter)
        if (!name) return `-${letter}: invalid option`
        if (word[0] === '-') out.options.push(name)
      }
    }
  }
  const rest = args.slice(i)
  if (wantsCommand) {
    if (rest.length === 0) return '-c: option requires an argument'
    out.command = rest[0]!
    out.args = rest.slice(1)
  } else if (rest.length > 0 && !out.fromInput) {
    out.script = rest[0]!
    out.args = rest.slice(1)
  } else out.args = rest
  return out
}
