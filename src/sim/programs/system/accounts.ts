import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { groupByName, groups, userByName, users } from '../applet/users.ts'

export const who: Applet = async ({ process, name }) => {
  if (name === 'w') await process.print(` USER     TTY      FROM             LOGIN@   IDLE   JCPU   PCPU WHAT\n`)
  return 0
}

export const getent: Applet = async ({ process, args }) => {
  const [database, ...keys] = args
  const show = async (lines: readonly string[]) => {
    await process.print(lines.map((line) => `${line}\n`).join(''))
    return lines.length > 0 ? 0 : 2
  }
  const lines = (path: string) =>
    process.files.exists(path) ? process.files.readText(path).split('\n').filter(Boolean) : []
  switch (database) {
    case 'passwd':
    case 'group':
      return show(
        lines(`/etc/${database}`).filter(
          (line) => keys.length === 0 || keys.some((key) => line.split(':')[0] === key || line.split(':')[2] === key),
        ),
      )
    case 'hosts':
    case 'ahosts': {
      if (keys.length === 0) return show(lines('/etc/hosts').filter((line) => !line.startsWith('#')))
      const found = await process.net.resolve(keys[0]!).catch(() => [] as string[])
      return show(found.map((address) => `${address.padEnd(15)} ${keys[0]}`))
    }
    default:
      throw new AppletError(
        '',
        1,
        `Unknown database: ${database}\nTry \`getent --help' or \`getent --usage' for more information.\n`,
      )
  }
}

export const useradd: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'mMrd:s:u:g:G:c:DHSh:NUp:k',
    long: {
      'create-home': 'm',
      'home=': 'd',
      'shell=': 's',
      'uid=': 'u',
      'gid=': 'g',
      'groups=': 'G',
      system: 'r',
      'disabled-password': 'D',
      'gecos=': 'c',
      'no-create-home': 'H',
      'ingroup=': 'g',
    },
  })
  const [name, into] = options.operands
  if (name === undefined) throw new AppletError('', 2, `Usage: ${call.name} [options] LOGIN\n`)
  if (call.name === 'adduser' && into !== undefined) return addToGroups(call, name, [into])
  if (process.credentials.uid !== 0)
    throw new AppletError(`Permission denied.\n${call.name}: cannot lock /etc/passwd; try again later.`, 1)
  if (userByName(process, name))
    throw new AppletError(
      say(call, `user '${name}' already exists`, `user '${name}' in use`),
      call.flavour === 'gnu' ? 9 : 1,
    )
  const used = new Set(users(process).map((user) => user.uid))
  let uid = Number(options.get('u') ?? (options.has('r') || options.has('S') ? 999 : 1000))
  const step = options.has('r') ? -1 : 1
  while (used.has(uid)) uid += step
  const group = options.get('g')
  const gid = group === undefined ? uid : (groupByName(process, group)?.gid ?? Number(group))
  const home = options.get('d') ?? `/home/${name}`
  const shell =
    options.get('s') ?? (call.flavour === 'gnu' ? (call.name === 'adduser' ? '/bin/bash' : '/bin/sh') : '/bin/ash')
  process.files.write('/etc/passwd', `${name}:x:${uid}:${gid}:${options.get('c') ?? ''}:${home}:${shell}\n`, {
    append: true,
  })
  if (group === undefined) process.files.write('/etc/group', `${name}:x:${gid}:\n`, { append: true })
  if (options.has('m') || (call.name === 'adduser' && !options.has('H'))) {
    process.files.mkdir(home, { parents: true })
    process.files.chown(home, uid, gid)
  }
  if (options.has('G')) return addToGroups(call, name, options.get('G')!.split(','))
  return 0
}

async function addToGroups(call: AppletCall, name: string, names: readonly string[]): Promise<number> {
  const { files } = call.process
  for (const each of names) {
    if (!groupByName(call.process, each))
      throw new AppletError(
        say(call, `group '${each}' does not exist`, `unknown group ${each}`),
        call.flavour === 'gnu' ? 6 : 1,
      )
  }
  const text = files
    .readText('/etc/group')
    .split('\n')
    .map((line) => {
      const [group, x, gid, members = ''] = line.split(':')
      if (!group || !names.includes(group) || members.split(',').includes(name)) return line
      return [group, x, gid, members === '' ? name : `${members},${name}`].join(':')
    })
  files.write('/etc/group', text.join('\n'))
  return 0
}

export const usermod: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'aG:g:s:d:mLUu:l:c:',
    long: { append: 'a', 'groups=': 'G', 'shell=': 's', 'home=': 'd' },
  })
  const name = options.operands[0] ?? ''
  if (!userByName(call.process, name)) throw new AppletError(`user '${name}' does not exist`, 6)
  if (options.has('G')) return addToGroups(call, name, options.get('G')!.split(','))
  if (options.has('s')) {
    const { files } = call.process
    files.write(
      '/etc/passwd',
      files
        .readText('/etc/passwd')
        .split('\n')
        .map((line) => (line.startsWith(`${name}:`) ? line.replace(/[^:]*$/, options.get('s')!) : line))
        .join('\n'),
    )
  }
  return 0
}

export const groupadd: Applet = async (call) => {
  const options = parseOptions(call, { short: 'g:rfS', long: { 'gid=': 'g', system: 'r' } })
  const name = options.operands.at(-1) ?? ''
  if (groupByName(call.process, name))
    throw new AppletError(
      say(call, `group '${name}' already exists`, `group '${name}' in use`),
      call.flavour === 'gnu' ? 9 : 1,
    )
  const used = new Set(groups(call.process).map((group) => group.gid))
  let gid = Number(options.get('g') ?? 1000)
  while (used.has(gid)) gid++
  call.process.files.write('/etc/group', `${name}:x:${gid}:\n`, { append: true })
  return 0
}

export const userdel: Applet = async (call) => {
  const options = parseOptions(call, { short: 'rf', long: { remove: 'r', 'remove-home': 'r' } })
  const name = options.operands[0] ?? ''
  const user = userByName(call.process, name)
  if (!user)
    throw new AppletError(
      say(call, `user '${name}' does not exist`, `unknown user ${name}`),
      call.flavour === 'gnu' ? 6 : 1,
    )
  const { files } = call.process
  for (const path of ['/etc/passwd', '/etc/group'])
    files.write(
      path,
      files
        .readText(path)
        .split('\n')
        .filter((line) => !line.startsWith(`${name}:`))
        .join('\n'),
    )
  if (options.has('r') && files.exists(user.home)) files.removeTree(user.home)
  return 0
}
