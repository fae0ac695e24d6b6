import { SystemError } from '../../../linux/errors.ts'
import { parseSignal, SIGNALS, type Signal } from '../../../linux/signals.ts'
import { GuestThrow } from '../engine/guest.ts'
import { library, NOT_SIMULATED, PARTS } from '../library/registry.ts'
import type { HostFunctions } from './functions.ts'
import type { NodeProcess } from './node-process.ts'

/** The process itself: arguments, environment, signals, its end. */
export function processFunctions(node: NodeProcess): HostFunctions {
  const { process, release, invocation } = node
  const trying = <T>(action: () => T): T => {
    try {
      return action()
    } catch (error) {
      if (error instanceof SystemError) throw new GuestThrow(error.code)
      throw error
    }
  }
  return {
    functions: {
      builtins: () => [...Object.keys(library), ...Object.keys(PARTS), ...NOT_SIMULATED],
      facts: () => ({
        version: release.version,
        lts: release.lts,
        versions: {
          node: release.version,
          acorn: '8.14.0',
          ares: '1.34.5',
          modules: { 18: '108', 20: '115', 22: '127' }[release.major] ?? '137',
          openssl: '3.0.17',
          uv: '1.46.0',
          v8: release.v8,
          zlib: '1.3.0.1-motley',
        },
        argv: ['/usr/local/bin/node', ...(invocation.file === undefined ? [] : [invocation.file]), ...invocation.args],
        argv0: process.argv[0] ?? 'node',
        execArgv: invocation.execArgv,
        execPath: nodePath(node),
        env: Object.fromEntries(process.env),
        pid: process.pid,
        ppid: process.ppid,
        uid: process.credentials.uid,
        gid: process.credentials.gid,
        booted: Math.floor(process.uptime() / 1000),
        memoryLimit: node.memoryLimit,
        loaderLine: release.major >= 22 ? 1404 : 1210,
        signals: SIGNALS,
      }),
      write: (fd: number, data: string | Uint8Array) => node.write(fd, data) as undefined,
      exit: (code: number) => {
        if (!node.stopped) node.exitCode = code
        return undefined
      },
      cwd: () => process.cwd,
      chdir: (path: string) =>
        trying(() => {
          if (process.files.stat(path).type !== 'directory') throw new SystemError('ENOTDIR')
          process.cwd = process.files.realpath(path)
          return undefined
        }),
      umask: (mask?: number) => {
        const old = process.umask
        if (mask !== undefined) process.umask = mask
        return old
      },
      setEnvironment: (name: string, value?: string) => {
        if (value === undefined) process.env.delete(name)
        else process.env.set(name, value)
        return undefined
      },
      setTitle: (title: string) => {
        process.argv = [title]
        return undefined
      },
      kill: (pid: number, signal: string | number) =>
        trying(() => process.kill(pid, signal === 0 ? 0 : (parseSignal(`${signal}`) ?? 'SIGTERM')) as undefined),
      catchSignal: (name: Signal, caught: boolean) => {
        if (name === 'SIGKILL' || name === 'SIGSTOP') return undefined
        process.on(name, caught ? () => node.signal(name, SIGNALS[name]) : 'default')
        return undefined
      },
      cpu: () => [Math.round(node.cpu * 1000), Math.round(node.cpu * 200)],
      memory: () => {
        const used = node.guest.memory - 11 * 1024 ** 2
        return {
          rss: node.residentMemory,
          heapTotal: used,
          heapUsed: Math.round(used * 0.8),
          external: 1_646_000,
          arrayBuffers: 10_515,
        }
      },
      seed: () => [0, 1, 2, 3].map(() => process.random.uint32() | 0),
      randomBytes: (count: number) => Uint8Array.from({ length: count }, () => process.random.int(0, 255)),
    },
  }
}

/** Where the program's file is. */
export function nodePath({ process }: NodeProcess): string {
  return process.files.exists('/usr/local/bin/node') ? '/usr/local/bin/node' : '/usr/bin/node'
}
