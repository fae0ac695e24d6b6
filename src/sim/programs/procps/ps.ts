import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { clockTime, type ProcessRow, readProcesses, shortTime } from './processes.ts'

interface Column {
  title: string
  width: number
  left?: boolean
  value(row: ProcessRow, call: AppletCall): string
}

const percent = (value: number) => value.toFixed(1)
const elapsed = (row: ProcessRow, { process }: AppletCall) => Math.max(0, process.uptime() - row.started)
const cpuShare = (row: ProcessRow, call: AppletCall) =>
  Math.min(99.9, (row.cpu / Math.max(1, elapsed(row, call))) * 100)

function started(row: ProcessRow, { process }: AppletCall): string {
  const at = process.wallClock() - process.uptime() + row.started
  return dateText(process.wallClock() - at < 86_400_000 ? '%H:%M' : '%b%d', at)
}

function elapsedText(ms: number): string {
  const s = Math.floor(ms / 1000)
  const pad = (n: number) => String(n).padStart(2, '0')
  const days = Math.floor(s / 86_400)
  const hours = Math.floor(s / 3600) % 24
  return `${days > 0 ? `${days}-` : ''}${days > 0 || hours > 0 ? `${pad(hours)}:` : ''}${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`
}

const COLUMNS: Readonly<Record<string, Column>> = {
  pid: { title: 'PID', width: 7, value: (row) => String(row.pid) },
  ppid: { title: 'PPID', width: 7, value: (row) => String(row.ppid) },
  pgid: { title: 'PGID', width: 7, value: (row) => String(row.group) },
  sid: { title: 'SID', width: 7, value: (row) => String(row.session) },
  user: { title: 'USER', width: 8, left: true, value: (row) => row.user },
  uid: { title: 'UID', width: 5, value: (row) => String(row.uid) },
  tty: { title: 'TT', width: 8, left: true, value: (row) => row.tty },
  stat: { title: 'STAT', width: 4, left: true, value: (row) => statText(row) },
  s: { title: 'S', width: 1, left: true, value: (row) => row.state },
  time: { title: 'TIME', width: 8, value: (row) => clockTime(row.cpu) },
  etime: { title: 'ELAPSED', width: 11, value: (row, call) => elapsedText(elapsed(row, call)) },
  etimes: { title: 'ELAPSED', width: 7, value: (row, call) => String(Math.floor(elapsed(row, call) / 1000)) },
  rss: { title: 'RSS', width: 5, value: (row) => String(Math.round(row.rss / 1024)) },
  vsz: { title: 'VSZ', width: 6, value: (row) => String(Math.round(row.virtual / 1024)) },
  pcpu: { title: '%CPU', width: 4, value: (row, call) => percent(cpuShare(row, call)) },
  pmem: { title: '%MEM', width: 4, value: (row, { process }) => percent((row.rss / process.machine.memory) * 100) },
  ni: { title: 'NI', width: 3, value: (row) => String(row.nice) },
  start: { title: 'STARTED', width: 8, value: started },
  stime: { title: 'STIME', width: 5, value: started },
  comm: { title: 'COMMAND', width: 15, left: true, value: (row) => row.comm + (row.state === 'Z' ? ' <defunct>' : '') },
  args: {
    title: 'COMMAND',
    width: 27,
    left: true,
    value: (row) => row.command + (row.state === 'Z' ? ' <defunct>' : ''),
  },
  c: { title: 'C', width: 2, value: (row, call) => String(Math.floor(cpuShare(row, call))) },
}
const ALIASES: Readonly<Record<string, string>> = {
  cmd: 'args',
  command: 'args',
  ucmd: 'comm',
  '%cpu': 'pcpu',
  '%mem': 'pmem',
  euser: 'user',
  ruser: 'user',
  nice: 'ni',
  pgrp: 'pgid',
  tt: 'tty',
  tname: 'tty',
  state: 's',
  cputime: 'time',
  bsdstart: 'start',
  lstart: 'start',
  rssize: 'rss',
  vsize: 'vsz',
  sess: 'sid',
  euid: 'uid',
}

function statText(row: ProcessRow): string {
  return (
    row.state +
    (row.nice < 0 ? '<' : row.nice > 0 ? 'N' : '') +
    (row.session === row.pid ? 's' : '') +
    (row.state === 'R' ? '+' : '')
  )
}

/** Columns of one `-o` list: `pid,ppid=,user=NAME`. */
function chosen(lists: readonly string[]): Column[] {
  return lists.flatMap((list) => {
    const at = list.indexOf('=')
    const names = (at < 0 ? list : list.slice(0, at)).split(/[ ,]/).filter(Boolean)
    return names.map((name, i) => {
      const column = COLUMNS[ALIASES[name.toLowerCase()] ?? name.toLowerCase()]
      if (!column)
        throw new AppletError(
          `error: unknown user-defined format specifier "${name}"`,
          1,
          "\nUsage:\n ps [options]\n\n Try 'ps --help <simple|list|output|threads|misc|all>'\n  or 'ps --help <s|l|o|t|m|a>'\n for additional help text.\n\nFor more details see ps(1).\n",
        )
      const title =
        at >= 0 && i === names.length - 1
          ? list.slice(at + 1)
          : name === 'cmd' || name === 'ucmd'
            ? 'CMD'
            : column.title
      return { ...column, title, width: title === '' ? 0 : Math.max(column.width, title.length) }
    })
  })
}

export const ps: Applet = async (call) => (call.flavour === 'gnu' ? gnuPs(call) : busyboxPs(call))

async function gnuPs(call: AppletCall): Promise<number> {
  const { process } = call
  if (!process.files.exists('/proc/self/stat')) {
    await process.printError('fatal library error, lookup self\n')
    return 1
  }
  if (readProcesses(process).every((row) => row.pid !== process.pid)) {
    await process.printError('fatal library error, lookup self\n')
    return 1
  }
  const [first = ''] = call.args
  const bsd = first !== '' && !first.startsWith('-') && /^[auxwlfejvhrcT]+$/.test(first)
  const args = bsd ? call.args.slice(1) : call.args
  const options = parseOptions(
    call,
    {
      short: 'AadefFljo:p:u:U:C:t:G:g:q:HLTwNcMVxkZ',
      long: {
        'sort=': 'sort',
        'format=': 'o',
        'pid=': 'p',
        'ppid=': 'ppid',
        'no-headers': 'noheaders',
        'no-heading': 'noheaders',
        noheaders: 'noheaders',
        forest: 'H',
        'user=': 'u',
        headers: 'headers',
        cols: 'cols',
        'cols=': 'cols',
      },
    },
    args,
  )
  let rows = readProcesses(process)
  const own = rows.find((row) => row.pid === process.pid)
  const list = (key: string) =>
    options
      .all(key)
      .flatMap((text) => text.split(/[ ,]+/))
      .filter(Boolean)
  const pids = [...list('p'), ...list('q'), ...(bsd ? [] : []), ...options.operands].map(Number)
  if (pids.length > 0) rows = rows.filter((row) => pids.includes(row.pid))
  else if (options.has('ppid')) rows = rows.filter((row) => list('ppid').includes(String(row.ppid)))
  else if (options.has('C')) rows = rows.filter((row) => list('C').includes(row.comm))
  else if (options.has('u') || options.has('U'))
    rows = rows.filter((row) =>
      [...list('u'), ...list('U')].some((user) => user === row.user || user === String(row.uid)),
    )
  else if (
    !(options.has('e') || options.has('A') || (bsd && first.includes('x') && first.includes('a')) || first === 'ax')
  ) {
    if (bsd && first.includes('x')) rows = rows.filter((row) => row.uid === own?.uid)
    else if (bsd && first.includes('a')) rows = rows.filter((row) => row.tty !== '?')
    else if (own && own.tty === '?' && process.fds.get(0)?.tty === undefined)
      rows = rows.filter((row) => row.uid === own.uid && row.tty === '?')
    else rows = rows.filter((row) => row.tty === own?.tty && row.uid === own?.uid)
  }
  const lists = options.all('o')
  let columns: Column[]
  if (lists.length > 0) columns = chosen(lists)
  else if (bsd && first.includes('u'))
    columns = [
      { ...COLUMNS.user!, width: 8 },
      { ...COLUMNS.pid!, width: 11 - 4 + 0 },
      COLUMNS.pcpu!,
      COLUMNS.pmem!,
      COLUMNS.vsz!,
      COLUMNS.rss!,
      { ...COLUMNS.tty!, title: 'TTY' },
      COLUMNS.stat!,
      { ...COLUMNS.stime!, title: 'START' },
      { ...COLUMNS.time!, width: 6, value: (row) => shortTime(row.cpu) },
      COLUMNS.args!,
    ]
  else if (options.has('f') || options.has('F'))
    columns = [
      { ...COLUMNS.user!, title: 'UID' },
      COLUMNS.pid!,
      COLUMNS.ppid!,
      COLUMNS.c!,
      COLUMNS.stime!,
      { ...COLUMNS.tty!, title: 'TTY' },
      COLUMNS.time!,
      { ...COLUMNS.args!, title: 'CMD' },
    ]
  else if (bsd)
    columns = [
      COLUMNS.pid!,
      { ...COLUMNS.tty!, title: 'TTY' },
      COLUMNS.stat!,
      { ...COLUMNS.time!, width: 6, value: (row) => shortTime(row.cpu) },
      COLUMNS.args!,
    ]
  else columns = [COLUMNS.pid!, { ...COLUMNS.tty!, title: 'TTY' }, COLUMNS.time!, { ...COLUMNS.comm!, title: 'CMD' }]
  const sort = options.get('sort')
  if (sort) {
    const down = sort.startsWith('-')
    const key = COLUMNS[ALIASES[sort.replace(/^[-+]/, '')] ?? sort.replace(/^[-+]/, '')]
    if (key)
      rows.sort(
        (a, b) => (down ? -1 : 1) * key.value(a, call).localeCompare(key.value(b, call), 'en', { numeric: true }),
      )
  }
  const header = options.has('noheaders') || columns.every((column) => column.title === '') ? [] : [undefined]
  const line = (row: ProcessRow | undefined) =>
    columns
      .map((column, i) => {
        const text = row ? column.value(row, call) : column.title
        if (i === columns.length - 1 && column.left) return text
        return column.left ? text.padEnd(column.width) : text.padStart(column.width)
      })
      .join(' ')
  const width = process.stdout.tty?.size.columns
  for (const row of [...header, ...rows]) {
    const text = line(row)
    await process.print(
      `${width && !options.has('w') && !(bsd && first.includes('w')) ? text.slice(0, width) : text}\n`,
    )
  }
  return rows.length > 0 ? 0 : 1
}

async function busyboxPs(call: AppletCall): Promise<number> {
  const { process } = call
  const rows = readProcesses(process)
  const at = call.args.indexOf('-o')
  const inline = call.args.find((word) => /^-o./.test(word))?.slice(2)
  const spec = at >= 0 ? call.args[at + 1] : inline
  if (spec === undefined) {
    await process.print('PID   USER     TIME  COMMAND\n')
    const width = process.stdout.tty?.size.columns
    for (const row of rows) {
      const text = `${String(row.pid).padStart(5)} ${row.user.slice(0, 8).padEnd(8)} ${shortTime(row.cpu).padStart(5)} ${row.command.startsWith('[') && row.state === 'Z' ? `[${row.comm}]` : row.command}`
      await process.print(`${width ? text.slice(0, width) : text}\n`)
    }
    return 0
  }
  const widths: Readonly<Record<string, number>> = {
    pid: 5,
    ppid: 5,
    pgid: 5,
    user: 8,
    group: 8,
    comm: 16,
    args: 256,
    time: 5,
    etime: 6,
    vsz: 4,
    rss: 4,
    stat: 4,
    tty: 6,
    nice: 5,
    sid: 5,
  }
  const names = spec.split(',').map((part) => ({
    name: part.replace(/=.*$/, ''),
    title: part.includes('=') ? part.slice(part.indexOf('=') + 1) : undefined,
  }))
  const cell = (row: ProcessRow, name: string) =>
    name === 'time'
      ? shortTime(row.cpu)
      : name === 'args'
        ? row.command
        : name === 'nice'
          ? String(row.nice)
          : (COLUMNS[ALIASES[name] ?? name]?.value(row, call) ?? '')
  for (const { name } of names)
    if (!widths[name])
      throw new AppletError(
        `bad -o argument '${name}', supported arguments: user,group,comm,args,pid,ppid,pgid,tty,vsz,sid,stat,rss`,
        1,
      )
  const right = /^(pid|ppid|pgid|time|sid)$/
  const line = (cells: readonly string[], header: boolean) =>
    cells
      .map((text, i) => {
        const { name } = names[i]!
        if (i === cells.length - 1) return text
        return right.test(name) && !header ? text.padStart(widths[name]!) : text.padEnd(widths[name]!)
      })
      .join(' ')
  const head = names.map(({ name, title }) => title ?? TITLES[name] ?? name.toUpperCase())
  await process.print(`${line(head, true)}\n`)
  for (const row of rows) {
    const cells = names.map(({ name }) => cell(row, name))
    await process.print(`${line(cells, false)}\n`)
  }
  return 0
}

const TITLES: Readonly<Record<string, string>> = {
  comm: 'COMMAND',
  args: 'COMMAND',
  nice: 'NI',
  etime: 'ELAPSED',
  tty: 'TT',
}
