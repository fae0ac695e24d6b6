import { ALL_CAPABILITIES } from '../../linux/process/capabilities.ts'
import type { Credentials, Process } from '../../linux/process.ts'
import { groupsOf, type User } from '../applet/users.ts'

/** What a process of this user may do; root gets what the caller has, or all when it has none. */
export function credentialsOf(process: Process, user: User): Credentials {
  const own = process.credentials.capabilities
  const capabilities = user.uid === 0 ? (own.size > 0 ? own : ALL_CAPABILITIES) : new Set<string>()
  return { uid: user.uid, gid: user.gid, groups: groupsOf(process, user), capabilities }
}

/** The environment of a fresh login. */
export function loginVariables(user: User, term: string | undefined): Map<string, string> {
  const path =
    user.uid === 0
      ? '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'
      : '/usr/local/bin:/usr/bin:/bin:/usr/local/games:/usr/games:/usr/sbin:/sbin'
  return new Map([
    ['HOME', user.home],
    ['USER', user.name],
    ['LOGNAME', user.name],
    ['SHELL', user.shell],
    ['PATH', path],
    ['LANG', 'C.UTF-8'],
    ...(term === undefined ? [] : [['TERM', term] as const]),
  ])
}

/** A login's shell, unless the account is closed. */
export const mayLogIn = (user: User): boolean => !/(nologin|false)$/.test(user.shell)
