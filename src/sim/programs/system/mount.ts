import { SystemError } from '../../linux/errors.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { type Options, parseOptions } from '../applet/options.ts'

interface Mounted {
  device: string
  path: string
  type: string
  options: string
}

/** The mounts of this process's namespace, from /proc/self/mounts. */
export function mounted({ process }: AppletCall): Mounted[] {
  let text = ''
  for (const path of ['/proc/self/mounts', '/proc/mounts', '/etc/mtab']) {
    try {
      text = process.files.readText(path)
      break
    } catch {
      // Without /proc nothing is known.
    }
  }
  const decode = (part: string) =>
    part.replace(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8)))
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => {
      const [device = '', path = '', type = '', options = ''] = line.split(' ')
      return { device: decode(device), path: decode(path), type, options }
    })
}

export const mount: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'at:o:rwvBRnfMl',
    long: {
      bind: 'B',
      rbind: 'R',
      'types=': 't',
      'options=': 'o',
      'read-only': 'r',
      move: 'M',
      'make-private': 'private',
      'make-rprivate': 'private',
      'make-shared': 'shared',
      'make-rshared': 'shared',
      'make-slave': 'slave',
      'make-rslave': 'slave',
      verbose: 'v',
    },
  })
  const [first, second] = options.operands
  if (first === undefined) {
    const type = options.get('t')
    const rows = mounted(call).filter((each) => type === undefined || type.split(',').includes(each.type))
    await process.print(
      rows.map((each) => `${each.device} on ${each.path} type ${each.type} (${each.options})\n`).join(''),
    )
    return 0
  }
  if (['private', 'shared', 'slave'].some((key) => options.has(key))) return 0
  return doMount(call, options, first, second)
}

async function doMount(call: AppletCall, options: Options, first: string, second: string | undefined): Promise<number> {
  const { process } = call
  const given = options.all('o').join(',').split(',').filter(Boolean)
  const bind = options.has('B') || options.has('R') || given.includes('bind') || given.includes('rbind')
  const remount = given.includes('remount')
  const target = second ?? first
  if (second === undefined && !remount)
    throw new AppletError(
      say(call, `${first}: can't find in /etc/fstab.`, `can't find ${first} in /etc/fstab`),
      call.flavour === 'gnu' ? 1 : 1,
    )
  const readonly = options.has('r') || given.includes('ro')
  const rest = given.filter((each) => !['bind', 'rbind', 'remount', 'ro', 'rw', 'defaults', 'loop'].includes(each))
  const full = (path: string) =>
    path.startsWith('/') || !process.files.exists(path) ? path : `${process.cwd === '/' ? '' : process.cwd}/${path}`
  const type = options.get('t')
  try {
    if (!process.files.exists(target))
      throw new AppletError(
        say(
          call,
          `${full(target)}: mount point does not exist.\n       dmesg(1) may have more information after failed mount system call.`,
          `mounting ${first} on ${target} failed: No such file or directory`,
        ),
        call.flavour === 'gnu' ? 32 : 1,
      )
    if (bind && !process.files.exists(first))
      throw new AppletError(
        say(
          call,
          `${full(target)}: special device ${first} does not exist.\n       dmesg(1) may have more information after failed mount system call.`,
          `mounting ${first} on ${target} failed: No such file or directory`,
        ),
        call.flavour === 'gnu' ? 32 : 1,
      )
    const usual = !bind && !remount && type === undefined
    if (usual && isDirectory(process, first)) {
      throw new AppletError(
        say(
          call,
          `${full(target)}: ${first} is not a block device.\n       dmesg(1) may have more information after failed mount system call.`,
          `mounting ${first} on ${target} failed: Invalid argument`,
        ),
        32,
      )
    }
    process.system.mount({
      source: first,
      target,
      ...(type === undefined ? {} : { type }),
      ...(bind ? { bind: true, recursive: options.has('R') || given.includes('rbind') } : {}),
      ...(remount ? { remount: true } : {}),
      ...(readonly ? { readonly: true } : {}),
      options: rest,
    })
    return 0
  } catch (error) {
    if (error instanceof AppletError) throw error
    const text = words(error)
    if (type?.startsWith('nfs') && error instanceof SystemError && error.code !== 'EPERM' && call.flavour === 'gnu') {
      await process.printError(`mount.nfs: ${nfsWords(error, first)}\n`)
      return 32
    }
    const more = '\n       dmesg(1) may have more information after failed mount system call.'
    const gnu =
      text === 'No such device'
        ? `${full(target)}: unknown filesystem type '${type}'.${more}`
        : text === 'Operation not permitted'
          ? `${full(target)}: must be superuser to use mount.${more}`
          : text === 'Permission denied'
            ? `${full(target)}: permission denied.${more}`
            : text === 'No such file or directory'
              ? `${full(target)}: special device ${first} does not exist.${more}`
              : text === 'Not a directory' && bind
                ? `${full(target)}: mount(2) system call failed: Not a directory.${more}`
                : `${full(target)}: wrong fs type, bad option, bad superblock on ${first}, missing codepage or helper program, or other error.${more}`
    throw new AppletError(
      say(
        call,
        gnu,
        text === 'Operation not permitted'
          ? `permission denied (are you root?)`
          : `mounting ${first} on ${target} failed: ${text}`,
      ),
      call.flavour === 'gnu' ? 32 : text === 'Operation not permitted' ? 1 : 255,
    )
  }
}

/** mount.nfs(8) */
function nfsWords(error: SystemError, source: string): string {
  if (error.code === 'EACCES') return `access denied by server while mounting ${source}`
  if (error.code === 'ENOENT') return `mounting ${source} failed, reason given by server: No such file or directory`
  return error.message
}

function isDirectory(process: AppletCall['process'], path: string): boolean {
  return process.files.exists(path) && process.files.stat(path).type === 'directory'
}

export const umount: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'alfRrdvnt:', long: { all: 'a', lazy: 'l', force: 'f', recursive: 'R' } })
  let status = 0
  for (const path of options.operands) {
    const full = path.startsWith('/') ? path : `${process.cwd === '/' ? '' : process.cwd}/${path}`
    try {
      if (!process.files.exists(path)) {
        await complain(
          call,
          say(call, `${path}: no mount point specified.`, `can't unmount ${path}: No such file or directory`),
        )
        status = call.flavour === 'gnu' ? 32 : 1
        continue
      }
      process.system.unmount(path, { lazy: options.has('l'), recursive: options.has('R') })
    } catch (error) {
      const text = words(error)
      const gnu =
        text === 'Invalid argument'
          ? `${path}: not mounted.`
          : text === 'Device or resource busy'
            ? `${path === full ? path : full}: target is busy.`
            : text === 'Operation not permitted'
              ? `${path}: must be superuser to unmount.`
              : `${path}: ${text}.`
      await complain(call, say(call, gnu, `can't unmount ${full}: ${text}`))
      status = call.flavour === 'gnu' ? 32 : 1
    }
  }
  return status
}

export const mountpoint: Applet = async (call) => {
  const options = parseOptions(call, { short: 'qdnx', long: { quiet: 'q' } })
  const path = options.operands[0] ?? ''
  if (!call.process.files.exists(path)) throw new AppletError(`${path}: No such file or directory`)
  const real = call.process.files.realpath(path)
  const is = mounted(call).some((each) => each.path === real)
  if (!options.has('q'))
    await call.process.print(
      say(call, `${path} is ${is ? '' : 'not '}a mountpoint\n`, `${path} is ${is ? '' : 'not '}a mountpoint\n`),
    )
  return is ? 0 : call.flavour === 'gnu' ? 32 : 1
}

export const findmnt: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'no:t:lrT:M:aD',
    long: { noheadings: 'n', 'output=': 'o', 'types=': 't', list: 'l', raw: 'r', 'target=': 'T', 'mountpoint=': 'M' },
  })
  const wanted = options.operands[0] ?? options.get('T') ?? options.get('M')
  const columns = (options.get('o') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS').split(',')
  const all = mounted(call)
  const rows = wanted === undefined ? all : all.filter((each) => each.path === wanted).slice(-1)
  if (rows.length === 0) return 1
  const info = new Map(
    call.process.files
      .readText('/proc/self/mountinfo')
      .split('\n')
      .filter(Boolean)
      .map((line) => [line.split(' ')[4]!, line]),
  )
  const cell = (row: Mounted, column: string) =>
    ({
      TARGET: row.path,
      SOURCE: row.device,
      FSTYPE: row.type,
      OPTIONS: row.options,
      PROPAGATION: / shared:/.test(info.get(row.path) ?? '') ? 'shared' : 'private',
    })[column.toUpperCase()] ?? ''
  const table = [
    ...(options.has('n') ? [] : [columns.map((column) => column.toUpperCase())]),
    ...rows.map((row) => columns.map((column) => cell(row, column))),
  ]
  const widths = columns.map((_, i) => Math.max(...table.map((row) => row[i]!.length)))
  await call.process.print(
    table
      .map((row) => `${row.map((text, i) => (i === row.length - 1 ? text : text.padEnd(widths[i]!))).join(' ')}\n`)
      .join(''),
  )
  return 0
}
