import type { Applet, AppletCall } from '../applet/applet.ts'
import { complain, quoteAlways, say, words } from '../applet/applet.ts'
import { parseOptions } from '../applet/options.ts'
import { busyboxHuman, gnuHuman } from '../applet/sizes.ts'
import { mounted } from './mount.ts'

export const df: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'hkmTiPHat:x:lB:',
    long: {
      'human-readable': 'h',
      'print-type': 'T',
      inodes: 'i',
      portability: 'P',
      all: 'a',
      'type=': 't',
      total: 'total',
    },
  })
  const gnu = call.flavour === 'gnu'
  const human = options.has('h') || options.has('H')
  const unit = options.has('m') ? 1024 ** 2 : 1024
  const show = (bytes: number) =>
    human ? (bytes === 0 ? '0' : gnu ? gnuHuman(bytes) : busyboxHuman(bytes)) : String(Math.ceil(bytes / unit))
  let status = 0
  let rows = mounted(call)
  if (options.operands.length > 0) {
    const picked: typeof rows = []
    for (const path of options.operands) {
      try {
        const { mount } = process.system.usage(path)
        const place = process.system.mounts().find((each) => each.mount === mount)?.path
        const row = rows.findLast((each) => each.path === place)
        if (row) picked.push(row)
      } catch (error) {
        await complain(call, say(call, `${path}: ${words(error)}`, `${path}: can't find mount point`))
        status = 1
      }
    }
    if (picked.length === 0) return 1
    rows = picked
  }
  const lines = rows.flatMap((row) => {
    if (options.has('t') && options.get('t') !== row.type) return []
    const { total, used, available } = process.system.usage(row.path)
    if (total === 0 && !options.has('a') && options.operands.length === 0) return []
    const percent = used + available === 0 ? '-' : `${Math.ceil((used / (used + available)) * 100)}%`
    return [
      [
        row.device,
        ...(options.has('T') ? [row.type] : []),
        show(total),
        show(used),
        show(available),
        percent,
        row.path,
      ],
    ]
  })
  const size = human ? 'Size' : options.has('m') ? '1M-blocks' : options.has('P') ? '1024-blocks' : '1K-blocks'
  const head = [
    'Filesystem',
    ...(options.has('T') ? ['Type'] : []),
    size,
    'Used',
    human && gnu ? 'Avail' : 'Available',
    options.has('P') && gnu ? 'Capacity' : 'Use%',
    'Mounted on',
  ]
  const left = options.has('T') ? 2 : 1
  if (!gnu) {
    const text = (cells: readonly string[]) =>
      `${cells[0]!.padEnd(20)} ${options.has('T') ? `${cells[1]!.padEnd(10)} ` : ''}${cells
        .slice(left, -2)
        .map((cell) => cell.padStart(9))
        .join(' ')} ${cells.at(-2)!.padStart(4)} ${cells.at(-1)}\n`
    await process.print([head, ...lines].map(text).join(''))
    return status
  }
  const table = [head, ...lines]
  const least = (i: number) => (i === 0 ? 14 : i >= left && i < left + 3 && human ? 5 : 0)
  const widths = head.map((_, i) => Math.max(least(i), ...table.map((row) => row[i]!.length)))
  await process.print(
    table
      .map(
        (row) =>
          `${row.map((cell, i) => (i === row.length - 1 ? cell : i < left ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join(' ')}\n`,
      )
      .join(''),
  )
  return status
}

export const du: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'shkmacd:xbLl',
    long: {
      summarize: 's',
      'human-readable': 'h',
      all: 'a',
      total: 'c',
      'max-depth=': 'd',
      bytes: 'b',
      'apparent-size': 'b',
    },
  })
  const gnu = call.flavour === 'gnu'
  const limit = options.has('s') ? 0 : options.has('d') ? Number(options.get('d')) : Number.POSITIVE_INFINITY
  const show = (bytes: number) =>
    options.has('h')
      ? gnu
        ? gnuHuman(bytes)
        : busyboxHuman(bytes)
      : options.has('b')
        ? String(bytes)
        : String(Math.ceil(bytes / (options.has('m') ? 1024 ** 2 : 1024)))
  let status = 0
  let total = 0
  for (const path of options.operands.length > 0 ? options.operands : ['.']) {
    try {
      total += await sizeOf(call, path, 0)
    } catch (error) {
      await complain(call, say(call, `cannot access ${quoteAlways(path)}: ${words(error)}`, `${path}: ${words(error)}`))
      status = 1
    }
  }
  if (options.has('c')) await process.print(`${show(total)}\ttotal\n`)
  return status

  async function sizeOf({ process: { files } }: AppletCall, path: string, depth: number): Promise<number> {
    const stat = files.lstat(path)
    const own =
      stat.type === 'symlink'
        ? 0
        : options.has('b')
          ? stat.size
          : stat.type === 'directory'
            ? 4096
            : Math.ceil(stat.size / 4096) * 4096
    if (stat.type !== 'directory') {
      if (options.has('a') ? depth <= limit : depth === 0) await process.print(`${show(own)}\t${path}\n`)
      return own
    }
    let sum = own
    for (const entry of files.list(path))
      sum += await sizeOf(
        call,
        `${path.replace(/(.)\/$/, '$1') === '/' ? '' : path.replace(/(.)\/$/, '$1')}/${entry.name}`,
        depth + 1,
      )
    if (depth <= limit) await process.print(`${show(sum)}\t${path}\n`)
    return sum
  }
}
