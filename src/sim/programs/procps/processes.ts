import type { Process } from '../../linux/process.ts'
import { Names } from '../applet/users.ts'

export interface ProcessRow {
  pid: number
  ppid: number
  group: number
  session: number
  uid: number
  user: string
  tty: string
  state: string
  /** ms of CPU. */
  cpu: number
  /** ms since boot. */
  started: number
  rss: number
  virtual: number
  nice: number
  comm: string
  command: string
}

/** Everything /proc shows, by number. */
export function readProcesses(process: Process): ProcessRow[] {
  const { files } = process
  const names = new Names(process)
  const rows: ProcessRow[] = []
  for (const entry of files.list('/proc')) {
    if (!/^\d+$/.test(entry.name)) continue
    try {
      const stat = files.readText(`/proc/${entry.name}/stat`)
      const match = /^(\d+) \((.*)\) (\S) (.*)$/s.exec(stat)!
      const fields = match[4]!.trim().split(' ')
      const { uid } = files.stat(`/proc/${entry.name}`)
      const cmdline = files.readText(`/proc/${entry.name}/cmdline`).replace(/\0$/, '').replace(/\0/g, ' ')
      const device = Number(fields[3])
      rows.push({
        pid: Number(match[1]),
        ppid: Number(fields[0]),
        group: Number(fields[1]),
        session: Number(fields[2]),
        uid,
        user: names.user(uid),
        tty: device === 0 || device === -1 ? '?' : `pts/${device & 255}`,
        state: match[3]!,
        cpu: (Number(fields[10]) + Number(fields[11])) * 10,
        started: Number(fields[18]) * 10,
        virtual: Number(fields[19]),
        rss: Number(fields[20]) * 4096,
        nice: Number(fields[15]),
        comm: match[2]!,
        command: cmdline || `[${match[2]}]`,
      })
    } catch {
      // It ended while we looked.
    }
  }
  return rows.sort((a, b) => a.pid - b.pid)
}

/** `00:00:19` */
export function clockTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const pad = (n: number) => String(n).padStart(2, '0')
  return `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`
}

/** `0:19` */
export function shortTime(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`
}
