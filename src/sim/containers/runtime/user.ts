import type { Files } from '../../linux/file.ts'

export interface ResolvedUser {
  uid: number
  gid: number
  groups: number[]
  home: string
}

function lines(files: Files, path: string): string[][] {
  try {
    return files
      .readText(path)
      .split('\n')
      .filter((line) => line.includes(':'))
      .map((line) => line.split(':'))
  } catch {
    return []
  }
}

/**
 * Who `1000`, `nginx`, `1000:1000` or `` is, by the container's own /etc/passwd and /etc/group. Throws an Error with
 * runc's words when there is no such name.
 */
export function resolveUser(files: Files, text: string, supplementalGroups: readonly number[] = []): ResolvedUser {
  const [userText = '', groupText] = text === '' ? ['0'] : text.split(':')
  const passwd = lines(files, '/etc/passwd')
  const groups = lines(files, '/etc/group')
  const account = passwd.find(([name, , uid]) => name === userText || uid === userText)
  if (!account && !/^\d+$/.test(userText))
    throw new Error(`unable to find user ${userText}: no matching entries in passwd file`)
  const uid = Number(account ? account[2] : userText)
  let gid = Number(account?.[3] ?? 0)
  let others: number[] = []
  if (groupText !== undefined && groupText !== '') {
    const group = groups.find(([name, , number]) => name === groupText || number === groupText)
    if (!group && !/^\d+$/.test(groupText))
      throw new Error(`unable to find group ${groupText}: no matching entries in group file`)
    gid = Number(group ? group[2] : groupText)
  } else if (account) {
    const name = account[0]!
    others = groups
      .filter(([, , , members]) => members?.split(',').includes(name))
      .map(([, , number]) => Number(number))
  }
  return {
    uid,
    gid,
    groups: [...new Set([gid, ...others, ...supplementalGroups])].sort((a, b) => a - b),
    home: account?.[5] || '/',
  }
}
