import { SystemError } from '../../../linux/errors.ts'
import type { OpenFile } from '../../../linux/file.ts'
import type { Process } from '../../../linux/process.ts'
import { parseSignal } from '../../../linux/signals.ts'
import { GuestThrow } from '../engine/guest.ts'
import type { HostFunctions } from './functions.ts'
import type { NodeProcess } from './node-process.ts'

interface Child {
  process: Process
  input?: OpenFile
  output: (OpenFile | undefined)[]
}

/** Child processes. Their standard streams are pipes to the script, unless inherited. */
export function childFunctions({ process }: NodeProcess): HostFunctions {
  const children = new Map<number, Child>()
  return {
    functions: {
      /** `json`: argv, env, cwd, stdio (`pipe`, `inherit` or `ignore` each). Gives the pid. */
      spawn: (json: string) => {
        const { argv, env, cwd, stdio } = JSON.parse(json) as {
          argv: string[]
          env?: Record<string, string>
          cwd?: string
          stdio: string[]
        }
        const fds = new Map<number, OpenFile>()
        const ours: (OpenFile | undefined)[] = []
        const theirs: OpenFile[] = []
        for (const fd of [0, 1, 2]) {
          const how = stdio[fd] ?? 'pipe'
          if (how === 'inherit') {
            const file = process.fds.get(fd)
            if (file) fds.set(fd, file)
          } else {
            const { read, write } = process.pipe()
            fds.set(fd, fd === 0 ? read : write)
            theirs.push(fd === 0 ? read : write)
            ours[fd] = fd === 0 ? write : read
          }
        }
        try {
          const child = process.spawn({
            argv,
            fds,
            ...(env && { env: new Map(Object.entries(env)) }),
            ...(cwd && { cwd }),
          })
          children.set(child.pid, {
            process: child,
            output: [undefined, ours[1], ours[2]],
            ...(ours[0] && { input: ours[0] }),
          })
          return child.pid
        } catch (error) {
          for (const file of ours) file?.release()
          if (error instanceof SystemError) throw new GuestThrow(error.code)
          throw error
        } finally {
          for (const file of theirs) file.release()
        }
      },
      childKill: (pid: number, signal: string) => {
        const child = children.get(pid)
        if (!child || child.process.exitStatus) return false
        process.kill(pid, parseSignal(signal) ?? 'SIGTERM')
        return true
      },
      childEndInput: (pid: number) => {
        const child = children.get(pid)
        child?.input?.release()
        if (child) delete child.input
        return undefined
      },
    },
    operations: {
      childRead: async (pid: number, fd: number) => {
        const file = children.get(pid)?.output[fd]
        if (!file) return new Uint8Array()
        const bytes = await file.read(65_536)
        if (bytes.length === 0) file.release()
        return bytes
      },
      childWrite: async (pid: number, bytes: Uint8Array) => {
        await children.get(pid)?.input?.write(bytes)
        return undefined
      },
      childWait: async (pid: number) => {
        const child = children.get(pid)
        if (!child) throw new SystemError('ECHILD')
        const { code, signal } = await process.wait(child.process)
        return [code ?? null, signal ?? null]
      },
    },
  }
}
