import type { OpenFile } from '../../linux/file.ts'
import type { Process } from '../../linux/process.ts'
import type { Applet } from '../applet/applet.ts'
import { complain, say, words } from '../applet/applet.ts'
import { isDirectory, openInput } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'

const ORDER = ['l', 'w', 'm', 'c', 'L'] as const

export const wc: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'lwcmL',
    long: { lines: 'l', words: 'w', bytes: 'c', chars: 'm', 'max-line-length': 'L' },
  })
  const shown = ORDER.filter((key) => (options.values.size === 0 ? 'lwc'.includes(key) : options.has(key)))
  const rows: { counts: number[]; path: string | undefined }[] = []
  const failures: string[] = []
  for (const path of options.operands.length > 0 ? options.operands : [undefined]) {
    try {
      if (path !== undefined && isDirectory(process, path)) {
        failures.push(`${path}: Is a directory`)
        if (call.flavour === 'gnu') rows.push({ counts: shown.map(() => 0), path })
        continue
      }
      const { file, close } = openInput(process, path ?? '-')
      try {
        rows.push({ counts: await count(process, file, shown), path })
      } finally {
        close()
      }
    } catch (error) {
      failures.push(say(call, `${path}: ${words(error)}`, `${path}: ${words(error)}`))
    }
  }
  for (const failure of failures) await complain(call, failure)
  if (options.operands.length > 1)
    rows.push({ counts: shown.map((_, i) => rows.reduce((sum, row) => sum + row.counts[i]!, 0)), path: 'total' })
  const width =
    call.flavour === 'busybox' ? (shown.length > 1 ? 9 : 0) : gnuWidth(rows, options.operands, shown.length, call)
  for (const { counts, path } of rows) {
    await process.print(
      `${counts.map((each) => String(each).padStart(width)).join(call.flavour === 'busybox' ? ' ' : ' ')}${path === undefined ? '' : ` ${path}`}\n`,
    )
  }
  return failures.length > 0 ? 1 : 0
}

/** GNU makes columns as wide as the total of the files' sizes needs; 7 when it reads a pipe. */
function gnuWidth(
  rows: { counts: number[] }[],
  paths: readonly string[],
  columns: number,
  { process }: Parameters<Applet>[0],
): number {
  if (columns === 1 && paths.length <= 1) return 0
  let total = 0
  let regular = true
  for (const path of paths) {
    try {
      const stat = process.files.stat(path)
      if (stat.type === 'file') total += stat.size
      else regular = false
    } catch {
      // Not counted.
    }
  }
  if (paths.length === 0 || paths.includes('-')) {
    const stat = process.stdin.stat()
    if (stat.type !== 'file') return 7
    total += stat.size
  }
  const needed = Math.max(1, ...rows.flatMap((row) => row.counts.map((each) => String(each).length)))
  return Math.max(regular ? String(total).length : 7, paths.length > 1 ? 1 : 1, regular ? 1 : needed)
}

async function count(process: Process, file: OpenFile, shown: readonly string[]): Promise<number[]> {
  const counts = { l: 0, w: 0, c: 0, m: 0, L: 0 }
  let inWord = false
  let column = 0
  for (let bytes = await file.read(65_536); bytes.length > 0; bytes = await file.read(65_536)) {
    counts.c += bytes.length
    await process.compute(bytes.length / 200_000)
    for (const byte of bytes) {
      const space = byte === 32 || (byte >= 9 && byte <= 13)
      if (!space && !inWord) counts.w++
      inWord = !space
      // The first byte of a character in UTF-8.
      if ((byte & 0xc0) !== 0x80) {
        counts.m++
        column++
      }
      if (byte !== 10) continue
      counts.l++
      counts.L = Math.max(counts.L, column - 1)
      column = 0
    }
  }
  counts.L = Math.max(counts.L, column)
  return shown.map((key) => counts[key as 'l'])
}
