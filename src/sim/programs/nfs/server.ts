import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { defer } from '../../time/waiting.ts'
import { ETAB, parseExports } from './exports.ts'

/** There while the NFS server runs. */
export const NFSD_PID = '/run/nfsd.pid'
const RPC_PORT = 111
const NFS_PORT = 2049
const encoder = new TextEncoder()

/** The machine's NFS server with its port mapper: answers showmount; mounts are the kernel's affair. */
export const nfsd: Program = async (process) => {
  const stopped = defer<number>(process.machine.world.waiting)
  process.on('SIGTERM', () => stopped.resolve(0))
  try {
    for (const port of [RPC_PORT, NFS_PORT]) serve(process, port).catch((error) => stopped.reject(error))
    process.files.write(NFSD_PID, `${process.pid}\n`)
    return await stopped.promise
  } finally {
    if (process.files.exists(NFSD_PID)) process.files.unlink(NFSD_PID)
  }
}

async function serve(process: Process, port: number): Promise<void> {
  const listener = process.net.listen({ port })
  for (;;) {
    const connection = await listener.accept()
    const answer = async () => {
      const lists = new Map<string, string[]>()
      const exports = process.files.exists(ETAB) ? parseExports(process.files.readText(ETAB)) : []
      for (const { path, client } of exports) lists.set(path, [...(lists.get(path) ?? []), client])
      await connection.write(
        encoder.encode([...lists].map(([path, clients]) => `${path} ${clients.join(',')}\n`).join('')),
      )
      connection.close()
    }
    answer().catch(() => connection.close())
  }
}

/** Starts the server unless it runs. */
export function startNfs(process: Process): void {
  if (process.files.exists(NFSD_PID)) return
  if (!process.files.exists('/var/lib/nfs')) process.files.mkdir('/var/lib/nfs', { parents: true })
  process.spawn({ argv: ['[nfsd]'], program: nfsd, newSession: true })
  process.files.write(NFSD_PID, '')
}

export function stopNfs(process: Process): void {
  if (!process.files.exists(NFSD_PID)) return
  const pid = Number(process.files.readText(NFSD_PID))
  try {
    if (pid > 0) process.kill(pid, 'SIGTERM')
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
  }
  process.files.unlink(NFSD_PID)
}

/** The systemd unit. */
export const nfsServer = {
  running: (process: Process) => process.files.exists(NFSD_PID),
  start: startNfs,
  stop: stopNfs,
}
