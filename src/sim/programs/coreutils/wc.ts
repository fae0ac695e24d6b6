import { decodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { complain, say, words } from '../applet/applet.ts'
import { isDirectory, readInput } from '../applet/input.ts'
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
      rows.push({ counts: count(await readInput(process, path ?? '-'), shown), path })
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

function count(bytes: Uint8Array, shown: readonly string[]): number[] {
  let lines = 0
  let words = 0
  let inWord = false
  for (const byte of bytes) {
    if (byte === 10) lines++
    const space = byte === 32 || (byte >= 9 && byte <= 13)
    if (!space && !inWord) words++
    inWord = !space
  }
  const text = shown.includes('m') || shown.includes('L') ? decodeText(bytes) : ''
  return shown.map((key) => {
    if (key === 'l') return lines
    if (key === 'w') return words
    if (key === 'c') return bytes.length
    if (key === 'm') return [...text].length
    return Math.max(0, ...text.split('\n').map((line) => [...line].length))
  })
}
