import type { Stat } from '../../../linux/file.ts'
import { TYPE_BITS } from '../../../linux/fs/type-bits.ts'
import { SIGNALS, type Signal } from '../../../linux/signals.ts'
import { PyDict } from '../objects/dict.ts'
import { error, exceptionClass, notSimulated, typeError, valueError } from '../objects/errors.ts'
import { functions, methods } from '../objects/native.ts'
import { toIndex } from '../objects/numbers.ts'
import {
  builtinClass,
  dictClass,
  PyBytes,
  PyFloat,
  PyGetSet,
  PyInstance,
  PyIterator,
  PyList,
  PyTuple,
  tupleClass,
  typeName,
  type Value,
  Wait,
} from '../objects/value.ts'
import type { Runtime } from '../runtime/runtime.ts'
import { findAttribute } from '../vm/attributes.ts'
import type { Interpreter } from '../vm/interpreter.ts'
import { valuesOf } from '../vm/iterate.ts'
import { repr } from '../vm/text.ts'
import type { ModuleDefinition } from './module.ts'

/** os.environ: what is set there reaches the process and its children. */
export const environClass = builtinClass('_Environ', dictClass, 'os')
class Environ extends PyDict {
  readonly #env: Map<string, string>
  constructor(env: Map<string, string>) {
    super(environClass)
    this.#env = env
    for (const [name, value] of env) super.set(name, value)
  }
  override set(key: Value, value: Value): void {
    if (typeof key !== 'string' || typeof value !== 'string')
      throw typeError(`str expected, not ${typeName(typeof key === 'string' ? value : key)}`)
    this.#env.set(key, value)
    super.set(key, value)
  }
  override delete(key: Value): Value {
    this.#env.delete(String(key))
    return super.delete(key)
  }
}
methods(environClass, { __repr__: (vm, self: Environ) => `environ(${repr(vm, PyDict.of(self.entries()))})` })

export function path(vm: Interpreter, value: Value): string {
  if (typeof value === 'string') return value
  if (value instanceof PyBytes) return new TextDecoder().decode(value.data)
  const special = typeof value === 'object' && value !== null ? findAttribute(vm, value, '__fspath__') : undefined
  if (special === undefined) throw typeError(`expected str, bytes or os.PathLike object, not ${typeName(value)}`)
  return vm.call(special, []) as string
}

const statClass = builtinClass('stat_result', tupleClass, 'os')
const STAT = [
  'st_mode',
  'st_ino',
  'st_dev',
  'st_nlink',
  'st_uid',
  'st_gid',
  'st_size',
  'st_atime',
  'st_mtime',
  'st_ctime',
]
for (const [i, name] of STAT.entries())
  statClass.dict.set(
    name,
    new PyGetSet((self: PyTuple) => (i >= 7 ? new PyFloat((self.items[i] as PyFloat).value) : self.items[i]!)),
  )
const statResult = (s: Stat): PyTuple =>
  new PyTuple(
    [
      TYPE_BITS[s.type] | s.mode,
      s.inode,
      s.device,
      s.links,
      s.uid,
      s.gid,
      s.size,
      ...[s.accessed, s.modified, s.changed].map((ms) => new PyFloat(ms / 1000)),
    ],
    statClass,
  )

const dirEntryClass = builtinClass('DirEntry', undefined, 'posix')
const uname = builtinClass('uname_result', tupleClass, 'posix')
const UNAME = ['sysname', 'nodename', 'release', 'version', 'machine']
for (const [i, name] of UNAME.entries()) uname.dict.set(name, new PyGetSet((self: PyTuple) => self.items[i]!))
methods(uname, {
  __repr__: (vm, self: PyTuple) =>
    `posix.uname_result(${UNAME.map((name, i) => `${name}=${repr(vm, self.items[i]!)}`).join(', ')})`,
})

export function hostname({ process }: Runtime): string {
  return process.system.namespaces.uts.hostname
}

function kernelText({ process }: Runtime, file: string, fallback: string): string {
  try {
    return process.files.readText(file).trim()
  } catch {
    return fallback
  }
}

export function unameParts(runtime: Runtime): string[] {
  return [
    'Linux',
    hostname(runtime),
    kernelText(runtime, '/proc/sys/kernel/osrelease', '5.10.0'),
    kernelText(runtime, '/proc/sys/kernel/version', '#1 SMP'),
    'x86_64',
  ]
}

export const osPath: ModuleDefinition = {
  names: ({ process, vm }) => {
    const { files } = process
    const normal = (text: string): string => {
      const absolute = text.startsWith('/')
      const out: string[] = []
      for (const part of text.split('/')) {
        if (part === '' || part === '.') continue
        if (part === '..' && (out.length > 0 ? out.at(-1) !== '..' : absolute)) out.pop()
        else out.push(part)
      }
      return (absolute ? '/' : '') + out.join('/') || (absolute ? '/' : '.')
    }
    const absolute = (text: string) => normal(text.startsWith('/') ? text : `${process.cwd}/${text}`)
    const isType = (type: string) => (_vm: Interpreter, given: Value) => {
      const at = path(vm, given)
      return files.exists(at) && files.stat(at).type === type
    }
    const names = functions({
      'join(first *rest)': (vm, first: Value, rest: Value[]) =>
        rest
          .map((each) => path(vm, each))
          .reduce(
            (base, each) =>
              each.startsWith('/') ? each : base === '' || base.endsWith('/') ? base + each : `${base}/${each}`,
            path(vm, first),
          ),
      'exists(path)': (vm, given: Value) => files.exists(path(vm, given)),
      'lexists(path)': (vm, given: Value) => files.exists(path(vm, given)),
      'isfile(path)': isType('file'),
      'isdir(path)': isType('directory'),
      'islink(path)': (vm, given: Value) => {
        try {
          return files.lstat(path(vm, given)).type === 'symlink'
        } catch {
          return false
        }
      },
      'isabs(path)': (vm, given: Value) => path(vm, given).startsWith('/'),
      'basename(path)': (vm, given: Value) => path(vm, given).replace(/^.*\//s, ''),
      'dirname(path)': (vm, given: Value) => {
        const at = path(vm, given)
        const head = at.slice(0, at.lastIndexOf('/') + 1)
        return head.replace(/\/+$/, '') || head
      },
      'split(path)': (vm, given: Value) => {
        const at = path(vm, given)
        const head = at.slice(0, at.lastIndexOf('/') + 1)
        return new PyTuple([head.replace(/\/+$/, '') || head, at.slice(at.lastIndexOf('/') + 1)])
      },
      'splitext(path)': (vm, given: Value) => {
        const at = path(vm, given)
        const m = /^(.*[^/.][^/]*?)(\.[^./]*)$/s.exec(at)
        return new PyTuple(m ? [m[1]!, m[2]!] : [at, ''])
      },
      'abspath(path)': (vm, given: Value) => absolute(path(vm, given)),
      'realpath(path)': (vm, given: Value) => {
        try {
          return files.realpath(path(vm, given))
        } catch {
          return absolute(path(vm, given))
        }
      },
      'normpath(path)': (vm, given: Value) => normal(path(vm, given)),
      'relpath(path start?)': (vm, given: Value, start?: Value) => {
        const from = absolute(start === undefined ? '.' : path(vm, start))
          .split('/')
          .filter(Boolean)
        const to = absolute(path(vm, given)).split('/').filter(Boolean)
        let same = 0
        while (same < from.length && from[same] === to[same]) same++
        return [...from.slice(same).map(() => '..'), ...to.slice(same)].join('/') || '.'
      },
      'expanduser(path)': (vm, given: Value) =>
        path(vm, given).replace(/^~(?=\/|$)/, process.env.get('HOME') ?? '/root'),
      'expandvars(path)': (vm, given: Value) =>
        path(vm, given).replace(
          /\$(\w+)|\$\{(\w+)\}/g,
          (all, a?: string, b?: string) => process.env.get(a ?? b ?? '') ?? all,
        ),
      'getsize(path)': (vm, given: Value) => files.stat(path(vm, given)).size,
      'getmtime(path)': (vm, given: Value) => new PyFloat(files.stat(path(vm, given)).modified / 1000),
      'getctime(path)': (vm, given: Value) => new PyFloat(files.stat(path(vm, given)).changed / 1000),
      'getatime(path)': (vm, given: Value) => new PyFloat(files.stat(path(vm, given)).accessed / 1000),
      'commonprefix(paths)': (vm, paths: Value) => {
        const all = valuesOf(vm, paths).map(String)
        let prefix = all[0] ?? ''
        while (!all.every((each) => each.startsWith(prefix))) prefix = prefix.slice(0, -1)
        return prefix
      },
      'ismount(path)': (vm, given: Value) => process.system.mounts().some((mount) => mount.path === path(vm, given)),
      'samefile(a b)': (vm, a: Value, b: Value) => files.stat(path(vm, a)).inode === files.stat(path(vm, b)).inode,
    })
    for (const [name, value] of Object.entries({ sep: '/', pardir: '..', curdir: '.', pathsep: ':', extsep: '.' }))
      names.set(name, value)
    return names
  },
}

export const os: ModuleDefinition = {
  also: 'os.path',
  cost: 1,
  names: (runtime) => {
    const { process } = runtime
    const { files } = process
    const environ = new Environ(process.env)
    const walk = (top: string): PyTuple[] => {
      let entries: readonly { name: string; type: string }[]
      try {
        entries = [...files.list(top)]
      } catch {
        return []
      }
      const kind = ({ name, type }: { name: string; type: string }) =>
        type === 'directory' ||
        (type === 'symlink' && files.exists(`${top}/${name}`) && files.stat(`${top}/${name}`).type === 'directory')
      const folders = entries.filter(kind).map(({ name }) => name)
      const rest = entries.filter((each) => !kind(each)).map(({ name }) => name)
      const here = new PyTuple([top, new PyList(folders), new PyList(rest)])
      return [
        here,
        ...entries
          .filter(({ type }) => type === 'directory')
          .flatMap(({ name }) => walk(top.endsWith('/') ? top + name : `${top}/${name}`)),
      ]
    }
    const child = async (command: string): Promise<number> => {
      await runtime.stdout.flush()
      const spawned = process.spawn({ argv: ['sh', '-c', command], file: '/bin/sh' })
      const status = await process.wait(spawned)
      return status.signal ? SIGNALS[status.signal] : (status.code ?? 0) * 256
    }
    const names = functions({
      'getenv(name default?)': (_vm, name: string, fallback: Value = null) => process.env.get(name) ?? fallback,
      'putenv(name value)': (_vm, name: string, value: string) => {
        process.env.set(name, value)
        return null
      },
      'unsetenv(name)': (_vm, name: string) => {
        process.env.delete(name)
        return null
      },
      getcwd: () => process.cwd,
      'chdir(path)': (vm, to: Value) => {
        process.cwd = path(vm, to)
        return null
      },
      getpid: () => process.pid,
      getppid: () => process.ppid,
      getuid: () => process.credentials.uid,
      geteuid: () => process.credentials.uid,
      getgid: () => process.credentials.gid,
      getegid: () => process.credentials.gid,
      getgroups: () => new PyList([...process.credentials.groups]),
      getpgrp: () => process.group,
      getlogin: () => process.env.get('USER') ?? 'root',
      uname: () => new PyTuple(unameParts(runtime), uname),
      cpu_count: () => process.machine.cores,
      'sched_getaffinity(pid)': () => new PyList(Array.from({ length: process.machine.cores }, (_, i) => i)),
      getloadavg: () =>
        new PyTuple(
          kernelText(runtime, '/proc/loadavg', '0 0 0')
            .split(' ')
            .slice(0, 3)
            .map((each) => new PyFloat(Number(each))),
        ),
      'listdir(path?)': (vm, at?: Value) =>
        new PyList(files.list(at === undefined || at === null ? '.' : path(vm, at)).map(({ name }) => name)),
      'scandir(path?)': (vm, at?: Value) => {
        const folder = at === undefined ? '.' : path(vm, at)
        const entries = files.list(folder).map(({ name, type }) => {
          const entry = new PyInstance(dirEntryClass)
          entry.attrs.set('name', name)
          entry.attrs.set('path', `${folder}/${name}`)
          entry.attrs.set('_type', type)
          return entry
        })
        let i = 0
        return new PyIterator(() => entries[i++])
      },
      'walk(top topdown?)': (vm, top: Value) => {
        const all = walk(path(vm, top))
        let i = 0
        return new PyIterator(() => all[i++])
      },
      'mkdir(path mode?)': (vm, at: Value, mode?: Value) => {
        files.mkdir(path(vm, at), mode === undefined ? {} : { mode: toIndex(mode) })
        return null
      },
      'makedirs(name mode? exist_ok?)': (vm, at: Value, _mode?: Value, exists?: Value) => {
        const folder = path(vm, at)
        if (files.exists(folder) && exists !== true) files.mkdir(folder)
        files.mkdir(folder, { parents: true })
        return null
      },
      'rmdir(path)': (vm, at: Value) => {
        files.rmdir(path(vm, at))
        return null
      },
      'remove(path)': (vm, at: Value) => {
        files.unlink(path(vm, at))
        return null
      },
      'unlink(path)': (vm, at: Value) => {
        files.unlink(path(vm, at))
        return null
      },
      'rename(src dst)': (vm, from: Value, to: Value) => {
        files.rename(path(vm, from), path(vm, to))
        return null
      },
      'replace(src dst)': (vm, from: Value, to: Value) => {
        files.rename(path(vm, from), path(vm, to))
        return null
      },
      'link(src dst)': (vm, from: Value, to: Value) => {
        files.link(path(vm, from), path(vm, to))
        return null
      },
      'symlink(src dst)': (vm, from: Value, to: Value) => {
        files.symlink(path(vm, from), path(vm, to))
        return null
      },
      'readlink(path)': (vm, at: Value) => files.readlink(path(vm, at)),
      'chmod(path mode)': (vm, at: Value, mode: Value) => {
        files.chmod(path(vm, at), toIndex(mode))
        return null
      },
      'chown(path uid gid)': (vm, at: Value, uid: Value, gid: Value) => {
        files.chown(path(vm, at), toIndex(uid), toIndex(gid))
        return null
      },
      'utime(path times?)': (vm, at: Value) => {
        files.utimes(path(vm, at), process.wallClock(), process.wallClock())
        return null
      },
      'stat(path)': (vm, at: Value) => statResult(files.stat(path(vm, at))),
      'lstat(path)': (vm, at: Value) => statResult(files.lstat(path(vm, at))),
      'access(path mode)': (vm, at: Value, mode: Value) => {
        const bits = toIndex(mode)
        const given = path(vm, at)
        return (
          files.exists(given) &&
          files.access(given, { read: (bits & 4) > 0, write: (bits & 2) > 0, execute: (bits & 1) > 0 })
        )
      },
      'umask(mask)': (_vm, mask: Value) => {
        const before = process.umask
        process.umask = toIndex(mask)
        return before
      },
      'system(command)': (_vm, command: string) => new Wait(child(command)),
      'kill(pid signal)': (_vm, pid: Value, signal: Value) => {
        const number = toIndex(signal)
        const name =
          number === 0 ? 0 : (Object.entries(SIGNALS).find(([, each]) => each === number)?.[0] as Signal | undefined)
        if (name === undefined) throw valueError('invalid signal')
        process.kill(toIndex(pid), name)
        // A signal to itself is there at once.
        return new Wait(process.sleep(0.01).then(() => null))
      },
      abort: () => {
        process.kill(process.pid, 'SIGABRT')
        return new Wait(process.sleep(1).then(() => null))
      },
      '_exit(status)': (_vm, status: Value) => {
        throw new HardExit(toIndex(status))
      },
      'nice(by)': (_vm, by: Value) => {
        process.system.nice += toIndex(by)
        return process.system.nice
      },
      'urandom(size)': (_vm, size: Value) =>
        new PyBytes(Uint8Array.from({ length: toIndex(size) }, () => process.random.int(0, 255))),
      'isatty(fd)': (_vm, fd: Value) => process.fds.get(toIndex(fd))?.tty !== undefined,
      'get_terminal_size(fd?)': () =>
        new PyTuple([process.stdout.tty?.size.columns ?? 80, process.stdout.tty?.size.rows ?? 24]),
      'fspath(path)': (vm, at: Value) => path(vm, at),
      'fsync(fd)': () => null,
      sync: () => null,
      'times()': () => new PyTuple([0, 0, 0, 0, 0].map((each) => new PyFloat(each))),
      'write(fd data)': (_vm, fd: Value, data: PyBytes) => {
        const file = process.fds.get(toIndex(fd))
        if (!file) throw error('OSError', 9, 'Bad file descriptor')
        return new Wait(file.write(data.data).then(() => data.data.length))
      },
      'read(fd size)': (_vm, fd: Value, size: Value) => {
        const file = process.fds.get(toIndex(fd))
        if (!file) throw error('OSError', 9, 'Bad file descriptor')
        return new Wait(file.read(toIndex(size)).then((bytes) => new PyBytes(bytes)))
      },
      fork: () => {
        throw notSimulated('os.fork')
      },
      'execvp(file args)': (vm, file: Value, args: Value) =>
        execute(runtime, [...valuesOf(vm, args)].map(String), path(vm, file)),
      'execv(file args)': (vm, file: Value, args: Value) =>
        execute(runtime, [...valuesOf(vm, args)].map(String), path(vm, file)),
      'execlp(file *args)': (vm, file: Value, args: Value[]) => execute(runtime, args.map(String), path(vm, file)),
    })
    for (const [name, value] of Object.entries({
      environ,
      name: 'posix',
      sep: '/',
      linesep: '\n',
      pathsep: ':',
      curdir: '.',
      pardir: '..',
      devnull: '/dev/null',
      extsep: '.',
      error: exceptionClass('OSError'),
      F_OK: 0,
      R_OK: 4,
      W_OK: 2,
      X_OK: 1,
      O_RDONLY: 0,
      O_WRONLY: 1,
      O_RDWR: 2,
      O_CREAT: 64,
      SEEK_SET: 0,
      SEEK_CUR: 1,
      SEEK_END: 2,
    } as Record<string, Value>))
      names.set(name, value)
    return names
  },
}

for (const [name, type] of [
  ['is_dir', 'directory'],
  ['is_file', 'file'],
  ['is_symlink', 'symlink'],
] as const)
  methods(dirEntryClass, { [name]: (_vm, self: PyInstance) => self.attrs.get('_type') === type })
methods(dirEntryClass, { __repr__: (vm, self: PyInstance) => `<DirEntry ${repr(vm, self.attrs.get('name')!)}>` })

/** os._exit: nothing is tidied up. */
export class HardExit extends Error {
  readonly status: number
  constructor(status: number) {
    super('exit')
    this.status = status
  }
}

function execute(runtime: Runtime, argv: string[], file: string): Wait {
  const run = async (): Promise<Value> => {
    await runtime.stdout.flush()
    await runtime.process.exec({ argv: [file, ...argv.slice(1)] })
    return null
  }
  return new Wait(run())
}
