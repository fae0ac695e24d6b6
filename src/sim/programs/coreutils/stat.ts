import type { Stat } from '../../linux/file.ts'
import { TYPE_BITS } from '../../linux/fs/type-bits.ts'
import { decodeEscapes } from '../../linux/shell/expansion/quote.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { complain, quoteAlways, say, words } from '../applet/applet.ts'
import { modeText } from '../applet/mode.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'
import { Names } from '../applet/users.ts'

const KINDS: Readonly<Record<string, string>> = {
  file: 'regular file',
  directory: 'directory',
  symlink: 'symbolic link',
  fifo: 'fifo',
  socket: 'socket',
  character: 'character special file',
  block: 'block special file',
}
export const stat: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'c:Lftl',
    long: { 'format=': 'c', 'printf=': 'printf', dereference: 'L', 'file-system': 'f', terse: 't' },
  })
  if (options.operands.length === 0) throw missingOperand(call)
  let status = 0
  for (const path of options.operands) {
    try {
      if (options.has('f')) {
        await process.print(fileSystem(call, path, options.get('c')))
        continue
      }
      const found = options.has('L') ? process.files.stat(path) : process.files.lstat(path)
      const format = options.get('printf') ?? options.get('c')
      if (format === undefined) await process.print(long(call, path, found))
      else
        await process.print(
          options.has('printf')
            ? decodeEscapes(fill(call, format, path, found), 'printf').text
            : `${fill(call, format, path, found)}\n`,
        )
    } catch (error) {
      await complain(
        call,
        say(
          call,
          `cannot ${options.has('f') ? 'read file system information for' : 'statx'} ${quoteAlways(path)}: ${words(error)}`,
          `can't stat '${path}': ${words(error)}`,
        ),
      )
      status = 1
    }
  }
  return status
}

const time = (ms: number) => dateText('%Y-%m-%d %H:%M:%S.%N %z', ms)
const blocksOf = (found: Stat) =>
  found.type === 'file'
    ? Math.ceil(found.size / 4096) * 8
    : found.type === 'directory' && found.size >= 4096
      ? (found.size / 4096) * 8
      : 0
const kindOf = (found: Stat) => (found.type === 'file' && found.size === 0 ? 'regular empty file' : KINDS[found.type]!)

function fill(call: AppletCall, format: string, path: string, found: Stat): string {
  const names = new Names(call.process)
  const { files } = call.process
  return format.replace(/%([-0#+ ]*)(\d*)(?:\.\d+)?([a-zA-Z%])/g, (all, flags: string, width: string, code: string) => {
    const value = (): string => {
      switch (code) {
        case 'n':
          return path
        case 'N':
          return quoteAlways(path) + (found.type === 'symlink' ? ` -> ${quoteAlways(files.readlink(path))}` : '')
        case 's':
          return String(found.size)
        case 'a':
          return found.mode.toString(8)
        case 'A':
          return modeText(found)
        case 'f':
          return (found.mode | TYPE_BITS[found.type]!).toString(16)
        case 'F':
          return kindOf(found)
        case 'u':
          return String(found.uid)
        case 'U':
          return names.user(found.uid)
        case 'g':
          return String(found.gid)
        case 'G':
          return names.group(found.gid)
        case 'i':
          return String(found.inode)
        case 'h':
          return String(found.links)
        case 'd':
          return String(found.device)
        case 'D':
          return found.device.toString(16)
        case 't':
          return (found.major ?? 0).toString(16)
        case 'T':
          return (found.minor ?? 0).toString(16)
        case 'b':
          return String(blocksOf(found))
        case 'B':
          return '512'
        case 'o':
          return '4096'
        case 'm':
          return call.process.system.usage(path).mount ? '/' : '/'
        case 'x':
          return time(found.accessed)
        case 'X':
          return String(Math.floor(found.accessed / 1000))
        case 'y':
          return time(found.modified)
        case 'Y':
          return String(Math.floor(found.modified / 1000))
        case 'z':
          return time(found.changed)
        case 'Z':
          return String(Math.floor(found.changed / 1000))
        case 'w':
          return time(found.changed)
        case 'W':
          return String(Math.floor(found.changed / 1000))
        case '%':
          return '%'
        default:
          return all
      }
    }
    const text = value()
    return flags.includes('-')
      ? text.padEnd(Number(width))
      : text.padStart(Number(width), flags.includes('0') ? '0' : ' ')
  })
}

function long(call: AppletCall, path: string, found: Stat): string {
  const names = new Names(call.process)
  const link = found.type === 'symlink' ? ` -> ${call.process.files.readlink(path)}` : ''
  const device = found.type === 'character' || found.type === 'block'
  const gnu = call.flavour === 'gnu'
  const place = gnu
    ? `Device: ${(found.device >> 8).toString()},${(found.device & 255).toString()}\tInode: ${String(found.inode).padEnd(11)} Links: ${found.links}`
    : `Device: ${found.device.toString(16)}h/${found.device}d\tInode: ${String(found.inode).padEnd(10)}  Links: ${found.links}`
  return `  File: ${path}${link}
  Size: ${String(found.size).padEnd(10)}\tBlocks: ${String(blocksOf(found)).padEnd(10)} IO Block: 4096   ${kindOf(found)}
${place}${device ? `     Device type: ${(found.major ?? 0).toString(16)},${(found.minor ?? 0).toString(16)}` : ''}
Access: (${found.mode.toString(8).padStart(4, '0')}/${modeText(found)})  Uid: (${String(found.uid).padStart(5)}/${names.user(found.uid).padStart(8)})   Gid: (${String(found.gid).padStart(5)}/${names.group(found.gid).padStart(8)})
Access: ${time(found.accessed)}
Modify: ${time(found.modified)}
Change: ${time(found.changed)}
${gnu ? ` Birth: ${time(found.changed)}\n` : ''}`
}

function fileSystem(call: AppletCall, path: string, format: string | undefined): string {
  const { fs, total, used, available } = call.process.system.usage(path)
  const blocks = (bytes: number) => Math.floor(bytes / 4096)
  if (format !== undefined) {
    return `${format.replace(/%([a-zA-Z])/g, (all, code: string) => ({ T: typeName(fs.type), n: path, b: String(blocks(total)), f: String(blocks(total - used)), a: String(blocks(available)), s: '4096', S: '4096' })[code] ?? all)}\n`
  }
  return `  File: "${path}"
    ID: 0        Namelen: 255     Type: ${typeName(fs.type)}
Block size: 4096       Fundamental block size: 4096
Blocks: Total: ${String(blocks(total)).padEnd(10)} Free: ${String(blocks(total - used)).padEnd(10)} Available: ${blocks(available)}
Inodes: Total: 16777216   Free: 16500000
`
}

const typeName = (type: string) =>
  type === 'ext4' ? 'ext2/ext3' : type === 'overlay' ? 'overlayfs' : type === 'cgroup' ? 'cgroupfs' : type
