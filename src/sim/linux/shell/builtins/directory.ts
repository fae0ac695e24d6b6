import { SystemError } from '../../errors.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

/** Removes `.`, `..` and doubled slashes by text, as the logical `cd` does. */
export function normalPath(path: string): string {
  const out: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') out.pop()
    else if (part !== '' && part !== '.') out.push(part)
  }
  return `/${out.join('/')}`
}

async function changeDirectory(
  shell: Shell,
  target: string,
  options: { physical?: boolean; print?: boolean } = {},
): Promise<number> {
  const { process } = shell
  const here = shell.variables.get('PWD') ?? process.cwd
  const logical = normalPath(target.startsWith('/') ? target : `${here}/${target}`)
  try {
    process.cwd = options.physical ? process.files.realpath(target) : logical
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (shell.isBash) await shell.complain(`${target}: ${error.message}`)
    else if (shell.dialect === 'ash') await shell.complain(`can't cd to ${target}: ${error.message}`)
    else await shell.complain(`can't cd to ${target}`)
    return shell.isBash ? 1 : 2
  }
  shell.variables.ensure('OLDPWD').value = here
  shell.variables.ensure('OLDPWD').exported = true
  const pwd = shell.variables.ensure('PWD')
  pwd.value = options.physical ? process.cwd : logical
  pwd.exported = true
  if (options.print) await process.print(`${pwd.value}\n`)
  return 0
}

export const cd: Builtin = async ({ shell, args }) => {
  let physical = shell.options.has('physical')
  let rest = args
  while (rest[0] && /^-[LPe@]+$/.test(rest[0])) {
    physical = rest[0].includes('P')
    rest = rest.slice(1)
  }
  if (rest[0] === '--') rest = rest.slice(1)
  if (shell.isBash && rest[0] && /^-[^/]/.test(rest[0])) {
    await shell.complain(`${rest[0].slice(0, 2)}: invalid option`)
    await shell.process.printError('cd: usage: cd [-L|[-P [-e]] [-@]] [dir]\n')
    return 2
  }
  if (rest.length > 1 && shell.isBash) {
    await shell.complain('too many arguments')
    return 1
  }
  const [target] = rest
  if (target === undefined) {
    const home = shell.variables.get('HOME')
    if (!home) {
      if (!shell.isBash) return 0
      await shell.complain('HOME not set')
      return 1
    }
    return changeDirectory(shell, home, { physical })
  }
  if (target === '-') {
    const old = shell.variables.get('OLDPWD')
    if (old === undefined) {
      if (!shell.isBash) return changeDirectory(shell, '.', { print: true })
      await shell.complain('OLDPWD not set')
      return 1
    }
    return changeDirectory(shell, old, { physical, print: true })
  }
  if (target === '') return 0
  for (const folder of (/^\.{0,2}\/|^\.\.?$/.test(target) ? '' : (shell.variables.get('CDPATH') ?? '')).split(':')) {
    const path = `${folder}/${target}`
    if (folder !== '' && shell.process.files.exists(path))
      return changeDirectory(shell, path, { physical, print: true })
  }
  return changeDirectory(shell, target, { physical })
}

export const pwd: Builtin = async ({ shell, args }) => {
  const physical = args[0] === '-P' || (shell.options.has('physical') && args[0] !== '-L')
  await shell.process.print(`${physical ? shell.process.cwd : currentFolder(shell)}\n`)
  return 0
}

/** $PWD as long as it is true. */
export function currentFolder(shell: Shell): string {
  const said = shell.variables.get('PWD')
  try {
    const [a, b] = [said ? shell.process.files.stat(said) : undefined, shell.process.files.stat('.')]
    if (said?.startsWith('/') && a && a.inode === b.inode && a.device === b.device) return said
  } catch {
    // The folder is gone; its old name is all there is.
    return said ?? shell.process.cwd
  }
  return shell.process.cwd
}

const shorten = (shell: Shell, path: string) => {
  const home = shell.variables.get('HOME')
  return home && (path === home || path.startsWith(`${home}/`)) ? `~${path.slice(home.length)}` : path
}

const printStack = (shell: Shell) =>
  shell.process.print(
    `${[currentFolder(shell), ...shell.directoryStack].map((path) => shorten(shell, path)).join(' ')}\n`,
  )

export const pushd: Builtin = async ({ shell, args }) => {
  const here = currentFolder(shell)
  const target = args[0] ?? shell.directoryStack[0]
  if (target === undefined) {
    await shell.complain('no other directory')
    return 1
  }
  const status = await changeDirectory(shell, target)
  if (status !== 0) return status
  shell.directoryStack =
    args[0] === undefined ? [here, ...shell.directoryStack.slice(1)] : [here, ...shell.directoryStack]
  await printStack(shell)
  return 0
}

export const popd: Builtin = async ({ shell }) => {
  const target = shell.directoryStack[0]
  if (target === undefined) {
    await shell.complain('directory stack empty')
    return 1
  }
  const status = await changeDirectory(shell, target)
  if (status !== 0) return status
  shell.directoryStack.shift()
  await printStack(shell)
  return 0
}

export const dirs: Builtin = async ({ shell, args }) => {
  if (args[0] === '-c') shell.directoryStack = []
  else await printStack(shell)
  return 0
}
