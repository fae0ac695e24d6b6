import { SystemError } from '../../../linux/errors.ts'
import type { Stat } from '../../../linux/file.ts'
import { defer } from '../../../time/waiting.ts'
import { toBytes } from '../../http/message.ts'
import { GuestThrow, type GuestValue } from '../engine/guest.ts'
import type { HostFunctions } from './functions.ts'
import type { NodeProcess } from './node-process.ts'

interface Opened {
  path: string
  position: number
  append: boolean
  readable: boolean
  writable: boolean
}

const shown = (stat: Stat): GuestValue => ({ ...stat })

/** Files: what fails is thrown as the code of the system call's error. */
export function fileFunctions(node: NodeProcess): HostFunctions {
  const { process } = node
  const { files } = process
  const opened = new Map<number, Opened>()
  const watches = new Map<number, { changes: string[][]; wake?: () => void; stop: () => void }>()
  let nextWatch = 1
  const freeDescriptor = () => {
    let fd = 20
    while (opened.has(fd)) fd++
    return fd
  }
  const at = (fd: number): Opened => {
    const file = opened.get(fd)
    if (!file) throw new SystemError('EBADF')
    return file
  }
  const replace = (path: string, position: number, bytes: Uint8Array) => {
    const old = files.readBytes(path)
    const whole = new Uint8Array(Math.max(old.length, position + bytes.length))
    whole.set(old)
    whole.set(bytes, position)
    files.write(path, whole)
  }
  const functions: Record<string, (...args: any[]) => any> = {
    kind: (path: string) => {
      try {
        return files.stat(path).type
      } catch {
        return null
      }
    },
    readText: (path: string) => files.readText(path),
    readBytes: (path: string) => (path === '/dev/stdin' ? wholeInput(node) : files.readBytes(path)),
    readAll: (fd: number) => {
      if (fd === 0) return wholeInput(node)
      const file = at(fd)
      const bytes = files.readBytes(file.path).subarray(file.position)
      file.position += bytes.length
      return bytes
    },
    writeFile: (path: string, data: string | Uint8Array, flag: string, mode: number) => {
      const fd = { '/dev/stdout': 1, '/dev/stderr': 2, '/proc/1/fd/1': process.pid === 1 ? 1 : undefined }[path]
      if (fd !== undefined) return node.write(fd, data)
      if (flag.includes('x') && files.exists(path)) throw new SystemError('EEXIST')
      if (flag.startsWith('r') && !files.exists(path)) throw new SystemError('ENOENT')
      files.write(path, data, { append: flag.startsWith('a'), mode })
    },
    access: (path: string, mode: number) => {
      files.stat(path)
      const want = { read: (mode & 4) !== 0, write: (mode & 2) !== 0, execute: (mode & 1) !== 0 }
      if (mode !== 0 && !files.access(path, want)) throw new SystemError('EACCES')
    },
    stat: (path: string, follow: boolean) => shown(follow ? files.stat(path) : files.lstat(path)),
    list: (path: string) => files.list(path).map(({ name, type }) => [name, type]),
    mkdir: (path: string, parents: boolean, mode: number) => {
      if (parents && files.exists(path)) {
        if (files.stat(path).type !== 'directory') throw new SystemError('EEXIST')
        return
      }
      files.mkdir(path, { parents, mode })
    },
    rmdir: (path: string) => files.rmdir(path),
    removeTree: (path: string) =>
      files.lstat(path).type === 'directory' ? files.removeTree(path) : files.unlink(path),
    unlink: (path: string) => files.unlink(path),
    rename: (from: string, to: string) => files.rename(from, to),
    symlink: (target: string, path: string) => files.symlink(target, path),
    link: (from: string, to: string) => files.link(from, to),
    readlink: (path: string) => files.readlink(path),
    realpath: (path: string) => files.realpath(path),
    chmod: (path: string, mode: number) => files.chmod(path, mode),
    chown: (path: string, uid: number, gid: number) => files.chown(path, uid, gid),
    utimes: (path: string, accessed: number, modified: number) => files.utimes(path, accessed, modified),
    truncate: (path: string, length: number) => {
      const file = files.open(path, { write: true })
      file.truncate(length)
      file.release()
    },
    open: (path: string, flags: string, mode: number) => {
      const [writes, appends] = [/[wa+]/.test(flags), flags.includes('a')]
      files
        .open(path, {
          read: !writes || flags.includes('+'),
          write: writes,
          create: /[wa]/.test(flags),
          exclusive: flags.includes('x'),
          truncate: flags.startsWith('w'),
          mode,
        })
        .release()
      const fd = freeDescriptor()
      const readable = flags.startsWith('r') || flags.includes('+')
      opened.set(fd, { path: files.realpath(path), position: 0, append: appends, readable, writable: writes })
      return fd
    },
    close: (fd: number) => {
      at(fd)
      opened.delete(fd)
    },
    fstat: (fd: number) => shown(fd <= 2 ? process.fds.get(fd)!.stat() : files.stat(at(fd).path)),
    ftruncate: (fd: number, length: number) => functions.truncate!(at(fd).path, length),
    readAt: (fd: number, length: number, position: number) => {
      const file = at(fd)
      if (!file.readable) throw new SystemError('EBADF')
      const from = position < 0 ? file.position : position
      const bytes = files.readBytes(file.path).subarray(from, from + length)
      if (position < 0) file.position += bytes.length
      return bytes
    },
    writeAt: (fd: number, data: Uint8Array, position: number) => {
      if (fd === 1 || fd === 2) {
        node.write(fd, data)
        return data.length
      }
      const file = at(fd)
      if (!file.writable) throw new SystemError('EBADF')
      if (file.append) files.write(file.path, data, { append: true })
      else {
        replace(file.path, position < 0 ? file.position : position, toBytes(data))
        if (position < 0) file.position += data.length
      }
      return data.length
    },
    watch: (path: string) => {
      const id = nextWatch++
      const watch = { changes: [] as string[][], wake: undefined as (() => void) | undefined, stop: () => {} }
      watch.stop = files.watch(path, (change) => {
        watch.changes.push([change.kind, change.path.replace(/^.*\//, '')])
        watch.wake?.()
      })
      watches.set(id, watch)
      return id
    },
    unwatch: (id: number) => {
      watches.get(id)?.stop()
      watches.delete(id)
    },
  }
  return {
    functions: Object.fromEntries(
      Object.entries(functions).map(([name, action]) => [
        name,
        (...args: any[]) => {
          try {
            return action(...args) as GuestValue
          } catch (error) {
            if (error instanceof SystemError) throw new GuestThrow(error.code)
            throw error
          }
        },
      ]),
    ),
    operations: {
      /** Ends in the next turn: for file calls with callbacks. */
      turn: async () => undefined,
      watched: async (id: number) => {
        const watch = watches.get(id)
        if (!watch) throw new SystemError('EBADF')
        while (watch.changes.length === 0) {
          const wait = defer<void>(process.machine.world.waiting)
          watch.wake = () => wait.resolve()
          await wait.promise
        }
        return watch.changes.shift()
      },
      readInput: async () => {
        if (node.input) {
          const { input } = node
          node.input = new Uint8Array()
          return input
        }
        return process.stdin.read(65_536)
      },
    },
  }
}

function wholeInput(node: NodeProcess): Uint8Array {
  if (!node.input) throw new SystemError('EAGAIN')
  const { input } = node
  node.input = new Uint8Array()
  return input
}
