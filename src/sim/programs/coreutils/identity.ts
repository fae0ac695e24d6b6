import { formatAddress } from '../../linux/net/ipv4.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, curly, say } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import type { User } from '../applet/users.ts'
import { groupById, groupsOf, userById, userByName } from '../applet/users.ts'

function named(id: number, name: string | undefined): string {
  return name === undefined ? String(id) : `${id}(${name})`
}

function who(call: AppletCall, name: string | undefined): { uid: number; gid: number; groups: number[] } {
  if (name === undefined) {
    const { uid, gid, groups } = call.process.credentials
    return { uid, gid, groups: groups.includes(gid) ? [...groups] : [gid, ...groups] }
  }
  const user: User | undefined =
    userByName(call.process, name) ?? (/^\d+$/.test(name) ? userById(call.process, Number(name)) : undefined)
  if (!user) throw new AppletError(say(call, `${curly(name)}: no such user`, `unknown user ${name}`))
  return { uid: user.uid, gid: user.gid, groups: groupsOf(call.process, user) }
}

export const id: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'ugGnrz',
    long: { user: 'u', group: 'g', groups: 'G', name: 'n', real: 'r' },
  })
  const { uid, gid, groups } = who(call, options.operands[0])
  const user = (value: number) => userById(process, value)?.name
  const group = (value: number) => groupById(process, value)?.name
  const show = (value: number, name: string | undefined) => (options.has('n') ? (name ?? String(value)) : String(value))
  if (options.has('u')) await process.print(`${show(uid, user(uid))}\n`)
  else if (options.has('g')) await process.print(`${show(gid, group(gid))}\n`)
  else if (options.has('G')) await process.print(`${groups.map((each) => show(each, group(each))).join(' ')}\n`)
  else if (options.has('n')) throw new AppletError('cannot print only names or real IDs in default format')
  else
    await process.print(
      `uid=${named(uid, user(uid))} gid=${named(gid, group(gid))} groups=${groups.map((each) => named(each, group(each))).join(',')}\n`,
    )
  return 0
}

export const whoami: Applet = async (call) => {
  const { uid } = call.process.credentials
  const user = userById(call.process, uid)
  if (!user) throw new AppletError(say(call, `cannot find name for user ID ${uid}`, `unknown uid ${uid}`))
  await call.process.print(`${user.name}\n`)
  return 0
}

export const groups: Applet = async (call) => {
  const [name] = call.args
  const found = who(call, name)
  const text = found.groups.map((gid) => groupById(call.process, gid)?.name ?? String(gid)).join(' ')
  await call.process.print(`${name === undefined ? '' : `${name} : `}${text}\n`)
  return 0
}

export const hostname: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'fsidIAF:',
    long: { fqdn: 'f', short: 's', 'ip-address': 'i', 'all-ip-addresses': 'I', 'file=': 'F' },
  })
  const name = process.system.namespaces.uts.hostname
  const wanted =
    options.operands[0] ?? (options.has('F') ? process.files.readText(options.get('F')!).trim() : undefined)
  if (wanted !== undefined) {
    try {
      process.system.setHostname(wanted)
    } catch (error) {
      throw new AppletError(
        say(call, 'you must be root to change the host name', `sethostname: ${(error as Error).message}`),
      )
    }
    return 0
  }
  if (options.has('I') || options.has('i')) {
    const { interfaces } = process.system.network
    const shown: string[] = []
    for (const each of interfaces)
      for (const { address, scope } of each.addresses) if (scope === 'global') shown.push(formatAddress(address))
    await process.print(options.has('I') ? `${shown.join(' ')} \n` : `${shown[0] ?? '127.0.1.1'}\n`)
    return 0
  }
  await process.print(`${options.has('s') ? name.split('.')[0] : name}\n`)
  return 0
}

export const env: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'iu:0C:S:',
    long: { 'ignore-environment': 'i', 'unset=': 'u', null: '0', 'chdir=': 'C' },
    inOrder: true,
    status: 125,
  })
  const operands = [...options.operands]
  if (options.has('S')) operands.unshift(...options.get('S')!.split(/\s+/))
  const variables = new Map(options.has('i') ? [] : process.env)
  if (operands[0] === '-') {
    variables.clear()
    operands.shift()
  }
  for (const name of options.all('u')) variables.delete(name)
  while (operands[0]?.includes('=')) {
    const word = operands.shift()!
    variables.set(word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1))
  }
  if (operands.length === 0) {
    await process.print(
      [...variables].map(([name, text]) => `${name}=${text}${options.has('0') ? '\0' : '\n'}`).join(''),
    )
    return 0
  }
  return execWords(call, operands, { env: variables, ...(options.has('C') ? { cwd: options.get('C')! } : {}) })
}

/** Becomes another command (env, nice, nohup, chroot): 127 when it is not there, 126 when it cannot run. */
export async function execWords(
  call: AppletCall,
  argv: readonly string[],
  options: { env?: ReadonlyMap<string, string>; cwd?: string } = {},
): Promise<number> {
  try {
    return await call.process.exec({ argv, ...options })
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'SystemError') throw error
    const missing = error.message === 'No such file or directory'
    throw new AppletError(
      say(
        call,
        `${call.name === 'env' ? curly(argv[0]!) : `failed to run command ${curly(argv[0]!)}`}: ${error.message}`,
        `can't execute '${argv[0]}': ${error.message}`,
      ),
      missing ? 127 : 126,
    )
  }
}
