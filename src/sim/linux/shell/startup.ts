import type { Process } from '../process.ts'
import type { Shell } from './shell.ts'
import { type Variable, Variables } from './variables.ts'

/** The variables of a new shell process: its environment, PATH, PWD, IFS and so on. */
export function freshVariables(process: Process, keepsAll = true): Variables {
  const variables = new Variables()
  for (const [name, value] of process.env) {
    // Shells other than bash take, and hand on, only what could be a variable of theirs.
    if (!keepsAll && !/^[A-Za-z_]\w*$/.test(name)) continue
    const variable = variables.ensureGlobal(name)
    variable.value = value
    variable.exported = true
  }
  variables.ensureGlobal('IFS').value = ' \t\n'
  const usual: [string, string][] = [
    ['PATH', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    ['PS4', '+ '],
    ['OPTIND', '1'],
  ]
  for (const [name, value] of usual) if (variables.get(name) === undefined) variables.ensureGlobal(name).value = value
  variables.ensureGlobal('OPTIND').value = '1'
  const pwd = variables.ensureGlobal('PWD')
  pwd.value = process.cwd
  pwd.exported = true
  variables.ensureGlobal('PPID').value = String(process.ppid)
  return variables
}

/** Variables that are computed when read. */
export function addDynamicVariables(shell: Shell): void {
  const define = (name: string, dynamic: NonNullable<Variable['dynamic']>) => {
    const variable = shell.variables.ensureGlobal(name)
    if (variable.exported) return
    variable.dynamic = dynamic
  }
  let seed: number | undefined
  define('RANDOM', {
    read: () => {
      if (seed === undefined) return String(shell.process.random.int(0, 32_767))
      seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0
      return String((seed >>> 16) & 32_767)
    },
    write: (text) => {
      seed = Number(text) || 0
    },
  })
  define('LINENO', { read: () => String(shell.line) })
  if (shell.dialect === 'dash') return
  define('SECONDS', {
    read: () => String(Math.floor((shell.process.uptime() - shell.secondsBase) / 1000)),
    write: (text) => {
      shell.secondsBase = shell.process.uptime() - (Number(text) || 0) * 1000
    },
  })
  define('EPOCHSECONDS', { read: () => String(Math.floor(shell.process.wallClock() / 1000)) })
  define('EPOCHREALTIME', { read: () => (shell.process.wallClock() / 1000).toFixed(6) })
  if (!shell.isBash) return
  define('SRANDOM', { read: () => String(shell.process.random.uint32()) })
  define('BASHPID', { read: () => String(shell.process.pid) })
  define('BASH_SUBSHELL', { read: () => String(shell.subshell) })
  define('BASH_COMMAND', { read: () => shell.source.text.slice(shell.position).split('\n')[0] ?? '' })
  addArrays(shell)
}

function addArrays(shell: Shell): void {
  const live = (name: string, read: () => string[]) => {
    const variable = shell.variables.ensureGlobal(name)
    Object.defineProperty(variable, 'indexed', {
      enumerable: true,
      configurable: true,
      get: () => new Map(read().map((text, index) => [index, text])),
      set: () => {},
    })
  }
  live('PIPESTATUS', () => shell.pipeStatus.map(String))
  live('FUNCNAME', () => [...shell.functionNames].reverse().concat(shell.functionNames.length > 0 ? ['main'] : []))
  live('BASH_SOURCE', () => [shell.source.name ?? shell.name])
  live('GROUPS', () => [...shell.process.credentials.groups].map(String))
  live('DIRSTACK', () => [shell.process.cwd, ...shell.directoryStack])
  const set = (name: string, value: string) => {
    const variable = shell.variables.ensureGlobal(name)
    variable.value ??= value
  }
  set('BASH', '/bin/bash')
  set('BASH_VERSION', '5.2.15(1)-release')
  set('HOSTNAME', shell.process.system.namespaces.uts.hostname)
  set('HOSTTYPE', 'x86_64')
  set('MACHTYPE', 'x86_64-pc-linux-gnu')
  set('OSTYPE', 'linux-gnu')
  set('UID', String(shell.process.credentials.uid))
  set('EUID', String(shell.process.credentials.uid))
  for (const name of ['UID', 'EUID', 'PPID'])
    Object.assign(shell.variables.ensureGlobal(name), { readonly: true, integer: true })
  const version = shell.variables.ensureGlobal('BASH_VERSINFO')
  version.indexed = new Map(['5', '2', '15', '1', 'release', 'x86_64-pc-linux-gnu'].map((text, index) => [index, text]))
  version.readonly = true
}
