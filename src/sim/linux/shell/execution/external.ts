import { SystemError } from '../../errors.ts'
import type { OpenFile } from '../../file.ts'
import type { Process, SpawnOptions } from '../../process.ts'
import { decodeText } from '../bytes.ts'
import { ShellError } from '../control.ts'
import type { Shell } from '../shell.ts'
import { addDynamicVariables } from '../startup.ts'
import { runSubshell } from './subshell.ts'

/** Bytes of arguments and environment that execve takes. */
const ARG_MAX = 2 * 1024 * 1024
const ARG_ONE = 128 * 1024

/** Where a command lies: the first executable file in PATH, or the path itself when it has a slash. */
export function findCommand(shell: Shell, name: string): string | undefined {
  if (name.includes('/')) return name
  const known = shell.hashed.get(name)
  if (known) {
    known.hits++
    if (shell.process.files.exists(known.path)) return known.path
    shell.hashed.delete(name)
  }
  const path = searchPath(shell, name)[0]
  if (path) shell.hashed.set(name, { path, hits: 1 })
  return path
}

/** Every match of a name in PATH; executable files before others. */
export function searchPath(shell: Shell, name: string): string[] {
  const { files, cwd } = shell.process
  const found: string[] = []
  const unusable: string[] = []
  if (name === '') return []
  for (const folder of (shell.variables.get('PATH') ?? '').split(':')) {
    const path = folder === '' || folder === '.' ? `./${name}` : `${folder}/${name}`
    try {
      if (files.stat(path.startsWith('./') ? `${cwd}/${name}` : path).type === 'directory') continue
      if (files.access(path, { execute: true })) found.push(path)
      else unusable.push(path)
    } catch {
      // Not in this folder.
    }
  }
  return found.length > 0 ? found : unusable
}

export interface External {
  argv: readonly string[]
  path: string
  env: ReadonlyMap<string, string>
  fds: ReadonlyMap<number, OpenFile>
  group?: number
}

/** Starts a program file. Refusals become shell errors with the real words and status 126 or 127. */
export async function startExternal(shell: Shell, external: External): Promise<Process> {
  for (let attempt = 0; ; attempt++) {
    try {
      checkSize(external)
      return shell.process.spawn(spawnOptions(external))
    } catch (error) {
      if (!(error instanceof SystemError)) throw error
      if (error.code === 'ENOEXEC') return startScript(shell, external)
      if (error.code !== 'EAGAIN') throw refusal(shell, external, error)
      await retryFork(shell, attempt)
    }
  }
}

/** Becomes the program (execve). */
export async function becomeExternal(shell: Shell, external: External): Promise<number> {
  try {
    checkSize(external)
    return await shell.process.exec(spawnOptions(external))
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (error.code !== 'ENOEXEC') throw refusal(shell, external, error)
    const text = readScript(shell, external)
    return shell.process.exec({
      argv: external.argv,
      env: external.env,
      fds: external.fds,
      program: (process) => runScript(shell, process, external, text),
    })
  }
}

function spawnOptions(external: External): SpawnOptions {
  return {
    argv: external.argv,
    file: external.path,
    env: external.env,
    fds: external.fds,
    ...(external.group === undefined ? {} : { group: external.group }),
  }
}

function checkSize({ argv, env }: External): void {
  let total = 0
  for (const text of argv) {
    if (text.length >= ARG_ONE) throw new SystemError('E2BIG')
    total += text.length + 9
  }
  for (const [name, text] of env) total += name.length + text.length + 10
  if (total > ARG_MAX) throw new SystemError('E2BIG')
}

/** bash tries again four times; the others give up. */
export async function retryFork(shell: Shell, attempt: number): Promise<void> {
  if (shell.isBash && attempt < 4) {
    await shell.complain('fork: retry: Resource temporarily unavailable', '')
    await shell.process.sleep(1000 * 2 ** attempt)
    return
  }
  await shell.process.compute(1)
  if (shell.isBash) throw new ShellError('fork: Resource temporarily unavailable', 254)
  if (shell.dialect === 'ash') throw new ShellError("can't fork: Resource temporarily unavailable", 2)
  throw new ShellError('Cannot fork', 2)
}

function refusal(shell: Shell, { path, argv }: External, error: SystemError): ShellError {
  const name = argv[0] ?? path
  const missing = error.code === 'ENOENT' || error.code === 'ENOTDIR'
  const status = missing ? 127 : 126
  if (!shell.isBash) {
    const words = missing
      ? 'not found'
      : shell.dialect === 'dash' || error.code !== 'E2BIG'
        ? error.message
        : error.message
    return new ShellError(`${name}: ${words}`, status, false)
  }
  if (isDirectory(shell, path)) return new ShellError(`${path}: Is a directory`, 126, false)
  if (missing && shell.process.files.exists(path))
    return new ShellError(`${path}: cannot execute: required file not found`, 127, false)
  return new ShellError(`${path}: ${error.message}`, status, false)
}

function isDirectory(shell: Shell, path: string): boolean {
  try {
    return shell.process.files.stat(path).type === 'directory'
  } catch {
    return false
  }
}

function readScript(shell: Shell, external: External): string {
  const bytes = shell.process.files.readBytes(external.path)
  if (bytes.subarray(0, 80).includes(0)) {
    throw new ShellError(`${external.path}: cannot execute binary file: Exec format error`, 126, false)
  }
  return decodeText(bytes)
}

/** A file without `#!` is run by a shell of the same kind. */
function startScript(shell: Shell, external: External): Process {
  const text = readScript(shell, external)
  return shell.process.spawn({
    argv: external.argv,
    env: external.env,
    fds: external.fds,
    program: (process) => runScript(shell, process, external, text),
    ...(external.group === undefined ? {} : { group: external.group }),
  })
}

function runScript(shell: Shell, process: Process, external: External, text: string): Promise<number> {
  const script = shell.fork(process)
  script.variables = shell.interpreter.freshVariables(process)
  addDynamicVariables(script)
  script.functions.clear()
  script.aliases.clear()
  script.pid = process.pid
  script.subshell = 0
  script.interactive = false
  script.commandString = false
  script.options = new Set(['braceexpand', 'hashall', 'interactive-comments'])
  script.name = external.path
  script.positional = external.argv.slice(1)
  return runSubshell(script, (inner) =>
    inner.interpreter.runText(inner, text, { text, firstLine: 1, name: external.path }),
  )
}
