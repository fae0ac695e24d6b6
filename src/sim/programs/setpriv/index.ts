import { SystemError } from '../../linux/errors.ts'
import type { Credentials, Process, Program } from '../../linux/process.ts'

function account(process: Process, name: string): Credentials | undefined {
  const table = (path: string) =>
    process.files
      .readText(path)
      .split('\n')
      .map((line) => line.split(':'))
  const entry = table('/etc/passwd').find(([login, , uid]) => login === name || uid === name)
  if (!entry && !/^\d+$/.test(name)) return undefined
  const uid = Number(entry?.[2] ?? name)
  const gid = Number(entry?.[3] ?? name)
  const groups = table('/etc/group').filter(([, , , members]) => members?.split(',').includes(entry?.[0] ?? ''))
  const capabilities = uid === 0 ? process.credentials.capabilities : new Set<string>()
  return { uid, gid, groups: [gid, ...groups.map(([, , number]) => Number(number))], capabilities }
}

async function become(process: Process, tool: string, user: string, argv: readonly string[]): Promise<number> {
  const credentials = account(process, user)
  if (!credentials || argv.length === 0) {
    await process.printError(`${tool}: ${argv.length === 0 ? 'no command given' : `failed to parse user ${user}`}\n`)
    return 1
  }
  try {
    return await process.exec({ argv, credentials })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await process.printError(`${tool}: failed to execute ${argv[0]}: ${error.message}\n`)
    return 127
  }
}

/** setpriv --reuid=USER --regid=GROUP --init-groups COMMAND … */
export const setpriv: Program = (process) => {
  const args = process.argv.slice(1)
  let user = '0'
  while (args[0]?.startsWith('-')) {
    const flag = args.shift()!
    if (flag.startsWith('--reuid=')) user = flag.slice(8)
  }
  return become(process, 'setpriv', user, args)
}

/** su-exec USER COMMAND …, gosu USER COMMAND … */
export const suExec: Program = (process) => {
  const [user = '0', ...argv] = process.argv.slice(1)
  return become(process, process.argv[0]!.split('/').at(-1)!, user.split(':')[0]!, argv)
}
