import { SystemError } from '../../linux/errors.ts'
import type { Process } from '../../linux/process.ts'
import { type Applet, AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { groupByName, groups, type User, userById, userByName } from '../applet/users.ts'
import { credentialsOf, loginVariables } from './credentials.ts'

const USAGE = `usage: sudo -h | -K | -k | -V
usage: sudo -v [-ABkNnS] [-g group] [-h host] [-p prompt] [-u user]
usage: sudo -l [-ABkNnS] [-g group] [-h host] [-p prompt] [-U user] [-u user] [command [arg ...]]
usage: sudo [-ABbEHkNnPS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] [VAR=value] [-i | -s] [command [arg ...]]
usage: sudo -e [-ABkNnS] [-r role] [-t type] [-C num] [-D directory] [-g group] [-h host] [-p prompt] [-R directory] [-T timeout] [-u user] file ...
`
const SECURE_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** Runs a command as root or another user. Members of group sudo and those in /etc/sudoers need no password. */
export const sudo: Applet = async (call) => {
  const { process } = call
  const { system } = process
  const options = parseOptions(call, {
    short: 'ABbEHKknPSsilvVu:g:h:p:U:C:D:T:e',
    long: {
      login: 'i',
      shell: 's',
      'user=': 'u',
      'group=': 'g',
      'preserve-env': 'E',
      'preserve-env=?': 'E',
      list: 'l',
      'non-interactive': 'n',
      stdin: 'S',
      'set-home': 'H',
      'chdir=': 'D',
      validate: 'v',
      version: 'V',
      background: 'b',
    },
    inOrder: true,
  })
  if (options.has('e')) throw new AppletError('not simulated: sudo -e')
  if (options.has('V')) {
    await process.print(
      'Sudo version 1.9.13p3\nSudoers policy plugin version 1.9.13p3\nSudoers file grammar version 50\nSudoers I/O plugin version 1.9.13p3\nSudoers audit plugin version 1.9.13p3\n',
    )
    return 0
  }
  const caller = userById(process, system.invoker.uid)
  const callerName = caller?.name ?? `#${system.invoker.uid}`
  if (options.has('k') || options.has('K')) if (options.operands.length === 0) return 0
  if (!allowed(process, callerName, system.invoker)) {
    if (options.has('n')) throw new AppletError('a password is required')
    throw new AppletError(
      '',
      1,
      `${callerName} is not in the sudoers file.\nThis incident has been reported to the administrator.\n`,
    )
  }
  if (options.has('v')) return 0
  if (options.has('l')) {
    await process.print(
      `User ${callerName} may run the following commands on ${system.namespaces.uts.hostname}:\n    (ALL : ALL) NOPASSWD: ALL\n`,
    )
    return 0
  }
  const wanted = options.get('u') ?? 'root'
  const user: User | undefined = wanted.startsWith('#')
    ? userById(process, Number(wanted.slice(1)))
    : userByName(process, wanted)
  if (!user) throw new AppletError(`unknown user ${wanted}\nsudo: error initializing audit plugin sudoers_audit`)
  const credentials = { ...credentialsOf(process, user) }
  if (options.has('g')) {
    const group = groupByName(process, options.get('g')!)
    if (!group) throw new AppletError(`unknown group ${options.get('g')}`)
    credentials.gid = group.gid
  }
  const words = [...options.operands]
  const given = new Map<string, string>()
  while (/^\w+=/.test(words[0] ?? '')) {
    const word = words.shift()!
    given.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
  }
  const login = options.has('i')
  if (words.length === 0 && !login && !options.has('s')) throw new AppletError('', 1, USAGE)
  const env = loginVariables(user, process.env.get('TERM'))
  env.set('PATH', SECURE_PATH)
  if (!login)
    for (const name of ['LANG', 'DISPLAY', 'COLUMNS', 'LINES'])
      if (process.env.has(name)) env.set(name, process.env.get(name)!)
  if (options.has('E'))
    for (const [name, value] of process.env)
      if (!['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL'].includes(name) || name === 'HOME') env.set(name, value)
  if (!login) env.set('SHELL', process.env.get('SHELL') ?? user.shell)
  env.set('SUDO_USER', callerName)
  env.set('SUDO_UID', String(system.invoker.uid))
  env.set('SUDO_GID', String(system.invoker.gid))
  const shell = login ? user.shell : (process.env.get('SHELL') ?? '/bin/bash')
  const argv =
    login || options.has('s')
      ? [login ? `-${shell.replace(/^.*\//, '')}` : shell, ...(words.length > 0 ? ['-c', words.join(' ')] : [])]
      : words
  env.set('SUDO_COMMAND', login || options.has('s') ? shell : words.join(' '))
  for (const [name, value] of given) env.set(name, value)
  const cwd = options.get('D') ?? (login ? user.home : process.cwd)
  try {
    // The search goes by the caller's path, so that sudo finds what the caller finds.
    const file = login || options.has('s') ? shell : find(process, words[0]!, env.get('PATH')!)
    return await process.exec({ argv, env, credentials, cwd, ...(file === undefined ? {} : { file }) })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (error.code === 'ENOENT') throw new AppletError(`${words[0] ?? shell}: command not found`)
    throw new AppletError(`unable to execute ${words[0] ?? shell}: ${error.message}`)
  }
}

function find(process: Process, name: string, path: string): string | undefined {
  if (name.includes('/')) return name
  for (const folder of path.split(':'))
    if (process.files.access(`${folder}/${name}`, { execute: true })) return `${folder}/${name}`
  return undefined
}

function allowed(
  process: Process,
  name: string,
  invoker: { uid: number; gid: number; groups: readonly number[] },
): boolean {
  if (invoker.uid === 0) return true
  const own = new Set([invoker.gid, ...invoker.groups])
  const names = new Set(
    groups(process)
      .filter((group) => own.has(group.gid))
      .map((group) => group.name),
  )
  const files = ['/etc/sudoers']
  if (process.files.exists('/etc/sudoers.d'))
    files.push(...process.files.list('/etc/sudoers.d').map((each) => `/etc/sudoers.d/${each.name}`))
  const rules = files.flatMap((file) => (process.files.exists(file) ? process.files.readText(file).split('\n') : []))
  // Debian's own rule, for machines without the file.
  if (!process.files.exists('/etc/sudoers')) rules.push('%sudo ALL=(ALL:ALL) ALL')
  return rules.some((rule) => {
    const who = rule.trim().split(/\s+/)[0] ?? ''
    return /\sALL\s*=/.test(rule) && (who === name || (who.startsWith('%') && names.has(who.slice(1))))
  })
}
