import { SystemError } from '../../linux/errors.ts'
import type { Process, Program } from '../../linux/process.ts'
import { dateFields } from '../../time/date.ts'
import { defer } from '../../time/waiting.ts'
import { ETAB, parseExports } from './exports.ts'

/** There while the NFS server runs. */
export const NFSD_PID = '/run/nfsd.pid'
const RPC_PORT = 111
const NFS_PORT = 2049
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
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

/** The server is threads of the kernel: the unit's own program is done once they run. */
function status(process: Process): string {
  const loaded = 'loaded (/lib/systemd/system/nfs-server.service; enabled; preset: enabled)'
  const head = 'nfs-server.service - NFS server and services\n     Loaded: '
  if (!process.files.exists(NFSD_PID)) return `○ ${head}${loaded}\n     Active: inactive (dead)\n`
  const since = process.files.stat(NFSD_PID).modified
  const { weekday, year, month, day, hour, minute, second } = dateFields(since)
  const two = (n: number) => String(n).padStart(2, '0')
  const at = `${WEEKDAYS[weekday]} ${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)} UTC`
  const seconds = Math.max(0, Math.floor((process.wallClock() - since) / 1000))
  const ago =
    seconds < 60
      ? `${seconds}s`
      : seconds < 3600
        ? `${Math.floor(seconds / 60)}min ${seconds % 60}s`
        : `${Math.floor(seconds / 3600)}h ${Math.floor(seconds / 60) % 60}min`
  return `● ${head}${loaded}\n     Active: active (exited) since ${at}; ${ago} ago\n   Main PID: ${process.files.readText(NFSD_PID).trim()} (code=exited, status=0/SUCCESS)\n        CPU: 12ms\n`
}

/** The systemd unit. */
export const nfsServer = {
  status,
  running: (process: Process) => process.files.exists(NFSD_PID),
  start: startNfs,
  stop: stopNfs,
}
