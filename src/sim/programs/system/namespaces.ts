import { SystemError } from '../../linux/errors.ts'
import type { NamespaceKind } from '../../linux/process/namespaces.ts'
import { SIGNALS } from '../../linux/signals.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, say, words } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'

const LETTERS: Readonly<Record<string, NamespaceKind>> = {
  m: 'mnt',
  u: 'uts',
  i: 'ipc',
  n: 'net',
  p: 'pid',
  U: 'user',
  C: 'cgroup',
  T: 'time',
}
/** CLONE_NEW* of the kernel, for the message of busybox. */
const CLONE: Readonly<Record<NamespaceKind, number>> = {
  time: 0x80,
  mnt: 0x20000,
  cgroup: 0x2000000,
  uts: 0x4000000,
  ipc: 0x8000000,
  user: 0x10000000,
  pid: 0x20000000,
  net: 0x40000000,
}

const LONG = {
  'mount=?': 'm',
  mount: 'm',
  'uts=?': 'u',
  'ipc=?': 'i',
  'net=?': 'n',
  'pid=?': 'p',
  'user=?': 'U',
  'cgroup=?': 'C',
  'time=?': 'T',
}

/** Runs a command to its end in this process's stead, or becomes it. */
async function runCommand(call: AppletCall, argv: readonly string[], fork: boolean): Promise<number> {
  const { process } = call
  try {
    if (!fork) return await process.exec({ argv })
    const { code, signal } = await process.wait(process.spawn({ argv }))
    return signal ? 128 + SIGNALS[signal] : (code ?? 0)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(
      say(call, `failed to execute ${argv[0]}: ${error.message}`, `can't execute '${argv[0]}': ${error.message}`),
      error.code === 'ENOENT' ? 127 : 126,
    )
  }
}

export const unshare: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'm::u::i::n::p::U::C::T::frR:w:S:G:c',
    long: {
      ...LONG,
      fork: 'f',
      'map-root-user': 'r',
      'map-current-user': 'c',
      'mount-proc=?': 'proc',
      'propagation=': 'propagation',
      'root=': 'R',
      'wd=': 'w',
      'kill-child=?': 'kill',
      'setgroups=': 'setgroups',
    },
    inOrder: true,
  })
  const kinds = Object.entries(LETTERS)
    .filter(([letter]) => options.has(letter))
    .map(([, kind]) => kind)
  if (options.has('proc') && !kinds.includes('mnt')) kinds.push('mnt')
  if ((options.has('r') || options.has('c')) && !kinds.includes('user')) kinds.push('user')
  try {
    process.system.unshare(kinds, { mapRoot: options.has('r') })
  } catch (error) {
    throw new AppletError(
      say(
        call,
        `unshare failed: ${words(error)}`,
        `unshare(0x${kinds.reduce((sum, kind) => sum + CLONE[kind], 0).toString(16)}): ${words(error)}`,
      ),
    )
  }
  const argv = options.operands.length > 0 ? options.operands : [process.env.get('SHELL') ?? '/bin/sh']
  const prepare = (child: typeof process) => {
    if (options.has('R')) child.system.chroot(options.get('R')!)
    if (options.has('w')) child.cwd = options.get('w')!
    if (options.has('proc'))
      child.system.mount({ type: 'proc', source: 'proc', target: options.get('proc') || '/proc' })
  }
  if (!options.has('f')) {
    prepare(process)
    return runCommand(call, argv, false)
  }
  const child = process.spawn({
    argv: process.argv,
    program: async (inner) => {
      try {
        prepare(inner)
      } catch (error) {
        await inner.printError(`unshare: mount /proc failed: ${words(error)}\n`)
        return 1
      }
      try {
        return await inner.exec({ argv })
      } catch (error) {
        if (!(error instanceof SystemError)) throw error
        await inner.printError(
          say(
            call,
            `unshare: failed to execute ${argv[0]}: ${error.message}\n`,
            `unshare: can't execute '${argv[0]}': ${error.message}\n`,
          ),
        )
        return error.code === 'ENOENT' ? 127 : 126
      }
    },
  })
  process.on('SIGINT', 'ignore')
  process.on('SIGTERM', 'ignore')
  const { code, signal } = await process.wait(child)
  return signal ? 128 + SIGNALS[signal] : (code ?? 0)
}

export const nsenter: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 't:am::u::i::n::p::U::C::T::r::w::FS:G:Z',
    long: {
      ...LONG,
      'target=': 't',
      all: 'a',
      'no-fork': 'F',
      'root=?': 'r',
      'wd=?': 'w',
      'preserve-credentials': 'keep',
    },
    inOrder: true,
  })
  const target = options.get('t')
  const kinds = Object.entries(LETTERS)
    .filter(
      ([letter, kind]) =>
        (options.has(letter) && options.get(letter) === '') || (options.has('a') && kind !== 'user' && kind !== 'time'),
    )
    .map(([, kind]) => kind)
  const files = Object.entries(LETTERS)
    .filter(([letter]) => options.get(letter))
    .map(([letter, kind]) => ({ kind, path: options.get(letter)! }))
  if (kinds.length > 0 && target === undefined)
    throw new AppletError(say(call, 'no target PID specified', 'no target PID specified'))
  try {
    for (const { kind, path } of files) process.system.joinFile(path.replace(/^=/, ''), kind)
    if (target !== undefined && kinds.length > 0) process.system.joinProcess(Number(target), kinds)
  } catch (error) {
    const file = kinds.includes('uts') && kinds.length === 1 ? 'uts' : (kinds[0] ?? files[0]?.kind ?? 'mnt')
    const text = words(error)
    throw new AppletError(
      say(
        call,
        text === 'No such process'
          ? `cannot open /proc/${target}/ns/${file}: No such file or directory`
          : `reassociate to namespace 'ns/${file}' failed: ${text}`,
        `can't open '/proc/${target}/ns/${file}': ${text === 'No such process' ? 'No such file or directory' : text}`,
      ),
    )
  }
  const argv = options.operands.length > 0 ? options.operands : [process.env.get('SHELL') ?? '/bin/sh']
  return runCommand(
    call,
    argv,
    (kinds.includes('pid') || files.some((each) => each.kind === 'pid')) && !options.has('F'),
  )
}

export const chroot: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: '',
    long: { 'userspec=': 'user', 'groups=': 'groups', 'skip-chdir': 'skip' },
    inOrder: true,
    status: 125,
  })
  const [root, ...argv] = options.operands
  if (root === undefined) throw new AppletError('missing operand', 125, "Try 'chroot --help' for more information.\n")
  try {
    process.system.chroot(root)
    process.cwd = '/'
  } catch (error) {
    throw new AppletError(
      say(
        call,
        `cannot change root directory to '${root}': ${words(error)}`,
        `can't change root directory to '${root}': ${words(error)}`,
      ),
      call.flavour === 'gnu' ? 125 : 1,
    )
  }
  const command = argv.length > 0 ? argv : [process.env.get('SHELL') ?? '/bin/sh', '-i']
  try {
    return await process.exec({ argv: command })
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    throw new AppletError(
      say(
        call,
        `failed to run command ‘${command[0]}’: ${error.message}`,
        `can't execute '${command[0]}': ${error.message}`,
      ),
      error.code === 'ENOENT' ? 127 : 126,
    )
  }
}

export const pivotRoot: Applet = async (call) => {
  const [root, old] = call.args
  if (root === undefined || old === undefined) throw new AppletError('bad usage')
  try {
    call.process.system.pivotRoot(root, old)
    return 0
  } catch (error) {
    throw new AppletError(
      say(call, `failed to change root from \`${root}' to \`${old}': ${words(error)}`, `can't pivot: ${words(error)}`),
    )
  }
}

export const lsns: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 't:p:lno:r',
    long: { 'type=': 't', 'task=': 'p', noheadings: 'n', 'output=': 'o', list: 'l' },
  })
  const rows = new Map<
    string,
    { id: string; type: string; count: number; pid: number; user: string; command: string }
  >()
  const pids = process.files
    .list('/proc')
    .map((entry) => Number(entry.name))
    .filter((pid) => pid > 0)
    .sort((a, b) => a - b)
  for (const pid of pids) {
    if (options.has('p') && pid !== Number(options.get('p'))) continue
    for (const type of ['time', 'cgroup', 'pid', 'user', 'uts', 'ipc', 'net', 'mnt']) {
      try {
        const id = /\[(\d+)\]/.exec(process.files.readlink(`/proc/${pid}/ns/${type}`))?.[1]
        if (!id || (options.has('t') && options.get('t') !== type)) continue
        const row = rows.get(id)
        if (row) row.count++
        else
          rows.set(id, {
            id,
            type,
            count: 1,
            pid,
            user:
              process.files.stat(`/proc/${pid}`).uid === 0 ? 'root' : String(process.files.stat(`/proc/${pid}`).uid),
            command: process.files.readText(`/proc/${pid}/cmdline`).replace(/\0/g, ' ').trim(),
          })
      } catch {
        // It ended meanwhile, or belongs to somebody else.
      }
    }
  }
  const table = [...rows.values()].sort((a, b) => a.id.localeCompare(b.id))
  const head = options.has('n') ? [] : [['NS', 'TYPE', 'NPROCS', 'PID', 'USER', 'COMMAND']]
  const lines = [
    ...head,
    ...table.map((row) => [row.id, row.type, String(row.count), String(row.pid), row.user, row.command]),
  ]
  const widths = [0, 1, 2, 3, 4].map((i) => Math.max(...lines.map((line) => line[i]!.length)))
  await process.print(
    lines
      .map(
        ([ns, type, count, pid, user, command]) =>
          `${ns!.padStart(widths[0]!)} ${type!.padEnd(widths[1]!)} ${count!.padStart(widths[2]!)} ${pid!.padStart(widths[3]!)} ${user!.padEnd(widths[4]!)} ${command}\n`,
      )
      .join(''),
  )
  return 0
}
