import type { Process } from '../../linux/process.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { busyboxHuman } from '../applet/sizes.ts'
import { runWatched } from '../system/run-command.ts'
import { type ProcessRow, readProcesses } from './processes.ts'

interface Memory {
  total: number
  free: number
  shared: number
  buffers: number
  cached: number
  available: number
  swapTotal: number
  swapFree: number
}

/** Bytes, from /proc/meminfo. */
function memory(process: Process): Memory {
  const table = new Map(
    process.files
      .readText('/proc/meminfo')
      .split('\n')
      .map((line) => [line.split(':')[0]!, Number(/(\d+) kB/.exec(line)?.[1] ?? 0) * 1024]),
  )
  const of = (name: string) => table.get(name) ?? 0
  return {
    total: of('MemTotal'),
    free: of('MemFree'),
    shared: of('Shmem'),
    buffers: of('Buffers'),
    cached: of('Cached') + of('SReclaimable'),
    available: of('MemAvailable'),
    swapTotal: of('SwapTotal'),
    swapFree: of('SwapFree'),
  }
}

export const free: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'bkmghtws:c:l',
    long: { bytes: 'b', kibi: 'k', mebi: 'm', gibi: 'g', human: 'h', total: 't', wide: 'w' },
  })
  const { total, free: unused, shared, buffers, cached, available, swapTotal, swapFree } = memory(call.process)
  const gnu = call.flavour === 'gnu'
  const unit = options.has('b') ? 1 : options.has('m') ? 1024 ** 2 : options.has('g') ? 1024 ** 3 : 1024
  const human = (bytes: number) => (bytes === 0 ? (gnu ? '0B' : '0') : gnu ? gnuShort(bytes) : busyboxHuman(bytes))
  const show = (bytes: number) => (options.has('h') ? human(bytes) : String(Math.floor(bytes / unit)))
  const cache = buffers + cached
  const used = gnu ? total - available : total - unused - cache
  const row = (name: string, cells: readonly number[]) =>
    gnu
      ? `${name.padEnd(6)}${cells
          .map((cell) => show(cell).padStart(12))
          .join('')
          .replace(/^ {0}/, '')}`
      : `${name.padEnd(5)}${cells.map((cell, i) => show(cell).padStart(i === 0 ? 14 : 12)).join('')}`
  const head = gnu
    ? '               total        used        free      shared  buff/cache   available'
    : '              total        used        free      shared  buff/cache   available'
  const lines = [
    head,
    row('Mem:', [total, used, unused, shared, cache, available]).replace(/^Mem: {2}/, gnu ? 'Mem:    ' : 'Mem:  '),
    row('Swap:', [swapTotal, swapTotal - swapFree, swapFree]).replace(/^Swap: /, gnu ? 'Swap:   ' : 'Swap: '),
  ]
  await call.process.print(`${lines.join('\n')}\n`)
  return 0
}

function gnuShort(bytes: number): string {
  const units = ['B', 'Ki', 'Mi', 'Gi', 'Ti']
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < 4) {
    value /= 1024
    unit++
  }
  return `${value < 10 && unit > 0 ? value.toFixed(1) : Math.round(value)}${units[unit]}`
}

/** ` 03:17:49 up  1:49,  load average: …` */
function upLine(call: AppletCall): string {
  const { process } = call
  const seconds = Number(process.files.readText('/proc/uptime').split(' ')[0])
  const [one, five, fifteen] = process.files.readText('/proc/loadavg').split(' ')
  const days = Math.floor(seconds / 86_400)
  const hours = Math.floor(seconds / 3600) % 24
  const minutes = Math.floor(seconds / 60) % 60
  const up = `${days > 0 ? `${days} day${days === 1 ? '' : 's'}, ` : ''}${hours > 0 ? `${String(hours).padStart(2)}:${String(minutes).padStart(2, '0')}` : `${minutes} min`}`
  return `${dateText('%H:%M:%S', process.wallClock())} up ${up},${call.flavour === 'gnu' ? '  0 user,' : ''}  load average: ${one}, ${five}, ${fifteen}`
}

export const uptime: Applet = async (call) => {
  if (call.args.includes('-p'))
    await call.process.print(`up ${Math.max(1, Math.floor(call.process.uptime() / 60_000))} minutes\n`)
  else if (call.args.includes('-s'))
    await call.process.print(`${dateText('%Y-%m-%d %H:%M:%S', call.process.wallClock() - call.process.uptime())}\n`)
  else await call.process.print(` ${upLine(call)}\n`)
  return 0
}

interface Sample {
  at: number
  cpu: Map<number, number>
}

const sample = (process: Process, rows: readonly ProcessRow[]): Sample => ({
  at: process.uptime(),
  cpu: new Map(rows.map((row) => [row.pid, row.cpu])),
})

export const top: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'bn:d:p:u:Hico:' })
  const rounds = Number(options.get('n') ?? Number.POSITIVE_INFINITY)
  const delay = Number(options.get('d') ?? (call.flavour === 'gnu' ? 3 : 5)) * 1000
  const tty = options.has('b') ? undefined : process.stdin.tty
  const before = tty && { ...tty.modes }
  if (tty) tty.modes = { canonical: false, echo: false, signals: true, outputCrLf: true }
  let last: Sample | undefined
  let pendingKey: Promise<Uint8Array> | undefined
  try {
    for (let round = 0; round < rounds; round++) {
      let rows = readProcesses(process)
      // The first screen is measured over a short while, as the real one does.
      if (!last) {
        last = sample(process, rows)
        await process.sleep(call.flavour === 'gnu' ? 150 : 100)
        rows = readProcesses(process)
      }
      const pids = options.all('p').flatMap((text) => text.split(','))
      if (pids.length > 0) rows = rows.filter((row) => pids.includes(String(row.pid)))
      if (options.has('u')) rows = rows.filter((row) => row.user === options.get('u'))
      const text = call.flavour === 'gnu' ? gnuScreen(call, rows, last) : busyboxScreen(call, rows, last)
      last = sample(process, readProcesses(process))
      await process.stdout.write(
        encodeText(
          tty
            ? `\x1b[H\x1b[J${text.split('\n').slice(0, tty.size.rows).join('\n')}`
            : `${round > 0 ? '\n' : ''}${text}`,
        ),
      )
      if (round === rounds - 1) break
      if (!tty) {
        await process.sleep(delay)
        continue
      }
      pendingKey ??= process.stdin.read(16)
      const key = await Promise.race([pendingKey, process.sleep(delay).then(() => undefined)])
      if (key === undefined) continue
      pendingKey = undefined
      if (key.length === 0 || /[q\x03]/.test(new TextDecoder().decode(key))) break
    }
  } finally {
    if (tty && before) tty.modes = before
  }
  if (tty) await process.print('\n')
  return 0
}

function shares(process: Process, rows: readonly ProcessRow[], last: Sample): Map<number, number> {
  const elapsed = Math.max(1, process.uptime() - last.at)
  return new Map(
    rows.map((row) => [row.pid, (Math.max(0, row.cpu - (last.cpu.get(row.pid) ?? row.cpu)) / elapsed) * 100]),
  )
}

function gnuScreen(call: AppletCall, rows: readonly ProcessRow[], last: Sample): string {
  const { process } = call
  const share = shares(process, rows, last)
  const count = (states: string) => rows.filter((row) => states.includes(row.state)).length
  const busy = Math.min(100, [...share.values()].reduce((sum, each) => sum + each, 0) / process.machine.cores)
  const m = memory(process)
  const mib = (bytes: number) => (bytes / 1024 ** 2).toFixed(1).padStart(8)
  const sorted = [...rows].sort((a, b) => share.get(b.pid)! - share.get(a.pid)! || a.pid - b.pid)
  const lines = [
    `top - ${upLine(call)}`,
    `Tasks: ${String(rows.length).padStart(3)} total, ${String(count('R')).padStart(3)} running, ${String(count('SDI')).padStart(3)} sleeping, ${String(count('T')).padStart(3)} stopped, ${String(count('Z')).padStart(3)} zombie`,
    `%Cpu(s): ${busy.toFixed(1).padStart(4)} us,  0.0 sy,  0.0 ni, ${(100 - busy).toFixed(1).padStart(4)} id,  0.0 wa,  0.0 hi,  0.0 si,  0.0 st `,
    `MiB Mem : ${mib(m.total)} total, ${mib(m.free)} free, ${mib(m.total - m.available)} used, ${mib(m.buffers + m.cached)} buff/cache     `,
    `MiB Swap: ${mib(m.swapTotal)} total, ${mib(m.swapFree)} free, ${mib(m.swapTotal - m.swapFree)} used. ${mib(m.available)} avail Mem `,
    '',
    '    PID USER      PR  NI    VIRT    RES    SHR S  %CPU  %MEM     TIME+ COMMAND',
    ...sorted.map((row) => {
      const kb = (bytes: number) => String(Math.round(bytes / 1024))
      const time = `${Math.floor(row.cpu / 60_000)}:${((row.cpu / 1000) % 60).toFixed(2).padStart(5, '0')}`
      return `${String(row.pid).padStart(7)} ${row.user.slice(0, 8).padEnd(8)}  ${String(20 + row.nice).padStart(2)} ${String(row.nice).padStart(3)} ${kb(row.virtual).padStart(7)} ${kb(row.rss).padStart(6)} ${kb(row.rss * 0.6).padStart(6)} ${row.state} ${share.get(row.pid)!.toFixed(1).padStart(5)} ${((row.rss / m.total) * 100).toFixed(1).padStart(5)} ${time.padStart(9)} ${row.comm}`
    }),
  ]
  return `${lines.join('\n')}\n`
}

function busyboxScreen(call: AppletCall, rows: readonly ProcessRow[], last: Sample): string {
  const { process } = call
  const share = shares(process, rows, last)
  const m = memory(process)
  const kb = (bytes: number) => `${Math.floor(bytes / 1024)}K`
  const busy = Math.min(100, [...share.values()].reduce((sum, each) => sum + each, 0) / process.machine.cores)
  const load = process.files.readText('/proc/loadavg').trim()
  const sorted = [...rows].sort((a, b) => share.get(b.pid)! - share.get(a.pid)! || a.pid - b.pid)
  const lines = [
    `Mem: ${kb(m.total - m.free)} used, ${kb(m.free)} free, ${kb(m.shared)} shrd, ${kb(m.buffers)} buff, ${kb(m.cached)} cached`,
    `CPU: ${busy.toFixed(1).padStart(4)}% usr  0.0% sys  0.0% nic ${(100 - busy).toFixed(1).padStart(4)}% idle  0.0% io  0.0% irq  0.0% sirq`,
    `Load average: ${load}`,
    '  PID  PPID USER     STAT   VSZ %VSZ CPU %CPU COMMAND',
    ...sorted.map(
      (row) =>
        `${String(row.pid).padStart(5)} ${String(row.ppid).padStart(5)} ${row.user.slice(0, 8).padEnd(8)} ${row.state.padEnd(4)} ${String(Math.round(row.virtual / 1024)).padStart(6)} ${((row.virtual / m.total) * 100).toFixed(1).padStart(4)} ${'0'.padStart(3)} ${(share.get(row.pid)! / process.machine.cores).toFixed(1).padStart(4)} ${row.command}`,
    ),
  ]
  return `${lines.join('\n')}\n`
}

export const watch: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'n:tdegxbcp',
    long: { 'interval=': 'n', 'no-title': 't', 'differences=?': 'd', exec: 'x' },
    inOrder: true,
  })
  if (options.operands.length === 0) throw new AppletError('', 1, 'Usage:\n watch [options] command\n')
  const seconds = Math.max(0.1, Number(options.get('n') ?? 2))
  const text = options.operands.join(' ')
  for (;;) {
    const shown = await runWatched(process, text)
    const { columns, rows } = process.stdout.tty?.size ?? { columns: 80, rows: 24 }
    const left = `Every ${seconds.toFixed(1)}s: ${text}`
    const right = `${process.system.namespaces.uts.hostname}: ${dateText('%a %b %e %H:%M:%S %Y', process.wallClock())}`
    const title = options.has('t')
      ? ''
      : `${left}${' '.repeat(Math.max(1, columns - left.length - right.length))}${right}\n\n`
    const lines = shown
      .split('\n')
      .map((line) => line.slice(0, columns))
      .slice(0, rows - (options.has('t') ? 1 : 3))
    await process.stdout.write(encodeText(`\x1b[H\x1b[J${title}${lines.join('\n')}`))
    await process.sleep(seconds * 1000)
  }
}
