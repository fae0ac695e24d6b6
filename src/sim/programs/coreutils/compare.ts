import { structuredPatch } from 'diff'
import { decodeText } from '../../linux/shell/bytes.ts'
import { dateText } from '../../linux/shell/strftime.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { isDirectory, readInput } from '../applet/input.ts'
import { missingOperand, type Options, parseOptions } from '../applet/options.ts'

export const cmp: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'slbn:i:',
    long: { silent: 's', quiet: 's', verbose: 'l', 'bytes=': 'n' },
  })
  const [first, second = '-'] = options.operands
  if (first === undefined) throw missingOperand(call, 2)
  const read = async (path: string) => {
    try {
      const bytes = await readInput(process, path)
      return options.has('n') ? bytes.subarray(0, Number(options.get('n'))) : bytes
    } catch (error) {
      throw new AppletError(
        options.has('s') ? '' : say(call, `${path}: ${words(error)}`, `can't open '${path}': ${words(error)}`),
        2,
      )
    }
  }
  const [a, b] = [await read(first), await read(second)]
  let line = 1
  for (let i = 0; i < Math.min(a.length, b.length); i++) {
    if (a[i] !== b[i]) {
      if (!options.has('s'))
        await process.print(
          `${first} ${second} differ: ${call.flavour === 'gnu' ? 'byte' : 'char'} ${i + 1}, line ${line}\n`,
        )
      return 1
    }
    if (a[i] === 10) line++
  }
  if (a.length === b.length) return 0
  const [path, length] = a.length < b.length ? [first, a.length] : [second, b.length]
  const last = (a.length < b.length ? a : b).at(-1) === 10
  if (!options.has('s'))
    await process.printError(
      `cmp: EOF on ${path}${call.flavour === 'gnu' ? (length === 0 ? ' which is empty' : ` after byte ${length}, ${last ? `line ${line - 1}` : `in line ${line}`}`) : ''}\n`,
    )
  return 1
}

export const diff: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'uqrsbBwiNaU:c',
    long: {
      unified: 'u',
      'unified=?': 'u',
      brief: 'q',
      recursive: 'r',
      'report-identical-files': 's',
      'ignore-space-change': 'b',
      'ignore-all-space': 'w',
      'ignore-case': 'i',
      'ignore-blank-lines': 'B',
      'new-file': 'N',
      'label=': 'label',
      'color=?': 'color',
      'strip-trailing-cr': 'strip',
      text: 'a',
    },
    status: 2,
  })
  const [first, second] = options.operands
  if (first === undefined || second === undefined) {
    throw call.flavour === 'gnu'
      ? new AppletError(
          `missing operand after '${first ?? 'diff'}'`,
          2,
          "diff: Try 'diff --help' for more information.\n",
        )
      : missingOperand(call, 2)
  }
  return compare(call, options, first, second)
}

async function compare(call: AppletCall, options: Options, first: string, second: string): Promise<number> {
  const { process } = call
  const [folderA, folderB] = [isDirectory(process, first), isDirectory(process, second)]
  if (folderA && folderB) return compareFolders(call, options, first, second)
  const a = folderA ? `${first}/${second.replace(/^.*\//, '')}` : first
  const b = folderB ? `${second}/${first.replace(/^.*\//, '')}` : second
  const texts: string[] = []
  for (const path of [a, b]) {
    try {
      texts.push(decodeText(await readInput(process, path)))
    } catch (error) {
      if (options.has('N')) texts.push('')
      else {
        await complain(call, say(call, `${path}: ${words(error)}`, `can't stat '${path}': ${words(error)}`))
        return 2
      }
    }
  }
  const [x, y] = texts as [string, string]
  if (x === y) {
    if (options.has('s')) await process.print(`Files ${a} and ${b} are identical\n`)
    return 0
  }
  const normal = (text: string) => {
    let out = text
    if (options.has('i')) out = out.toLowerCase()
    if (options.has('w')) out = out.replace(/[ \t]+/g, '')
    else if (options.has('b')) out = out.replace(/[ \t]+/g, ' ').replace(/ $/gm, '')
    return out
  }
  if (normal(x) === normal(y)) return 0
  if (options.has('q')) {
    await process.print(`Files ${a} and ${b} differ\n`)
    return 1
  }
  const unified = options.has('u') || options.has('U') || call.flavour === 'busybox'
  const context = options.has('U') ? Number(options.get('U')) : unified ? 3 : 0
  const patch = structuredPatch(a, b, x, y, '', '', { context, ignoreWhitespace: options.has('w') || options.has('b') })
  await process.print(unified ? unifiedText(call, options, a, b, patch.hunks) : normalText(patch.hunks))
  return 1
}

interface Hunk {
  oldStart: number
  oldLines: number
  newStart: number
  newLines: number
  lines: string[]
}

function unifiedText(call: AppletCall, options: Options, a: string, b: string, hunks: readonly Hunk[]): string {
  const stamp = (path: string) => {
    try {
      return `\t${dateText('%Y-%m-%d %H:%M:%S.%N %z', path === '-' ? call.process.wallClock() : call.process.files.stat(path).modified)}`
    } catch {
      return '\t1970-01-01 00:00:00.000000000 +0000'
    }
  }
  const labels = options.all('label')
  const head = (path: string, index: number) => labels[index] ?? `${path}${call.flavour === 'gnu' ? stamp(path) : ''}`
  const range = (start: number, lines: number) =>
    lines === 1 ? String(start) : `${lines === 0 ? start : start},${lines}`
  return `--- ${head(a, 0)}\n+++ ${head(b, 1)}\n${hunks.map((hunk) => `@@ -${range(hunk.oldStart, hunk.oldLines)} +${range(hunk.newStart, hunk.newLines)} @@\n${hunk.lines.map((line) => `${line}\n`).join('')}`).join('')}`
}

/** `2c2`, `<`, `---`, `>`. */
function normalText(hunks: readonly Hunk[]): string {
  let out = ''
  for (const hunk of hunks) {
    const removed = hunk.lines.filter((line) => line[0] === '-')
    const added = hunk.lines.filter((line) => line[0] === '+')
    const span = (start: number, count: number) => (count > 1 ? `${start},${start + count - 1}` : String(start))
    const kind = removed.length === 0 ? 'a' : added.length === 0 ? 'd' : 'c'
    const oldStart =
      removed.length === 0
        ? hunk.oldStart - (hunk.oldLines === 0 && hunk.oldStart > 0 && hunk.newLines > 0 ? 0 : 0)
        : hunk.oldStart
    out += `${span(oldStart, removed.length)}${kind}${span(hunk.newStart, added.length)}\n`
    let mark = ''
    for (const line of hunk.lines) {
      if (line[0] === '\\') out += `${line}\n`
      else {
        if (line[0] === '+' && mark === '-') out += '---\n'
        mark = line[0]!
        out += `${line[0] === '-' ? '<' : '>'} ${line.slice(1)}\n`
      }
    }
  }
  return out
}

async function compareFolders(call: AppletCall, options: Options, first: string, second: string): Promise<number> {
  const { files } = call.process
  const names = (path: string) => files.list(path).map((entry) => entry.name)
  const [a, b] = [new Set(names(first)), new Set(names(second))]
  let status = 0
  for (const name of [...new Set([...a, ...b])].sort()) {
    if (!a.has(name) || !b.has(name)) {
      await call.process.print(`Only in ${a.has(name) ? first : second}: ${name}\n`)
      status = Math.max(status, 1)
      continue
    }
    const [x, y] = [`${first}/${name}`, `${second}/${name}`]
    if (isDirectory(call.process, x) && isDirectory(call.process, y)) {
      if (options.has('r')) status = Math.max(status, await compareFolders(call, options, x, y))
      else await call.process.print(`Common subdirectories: ${x} and ${y}\n`)
      continue
    }
    const equal = decodeText(files.readBytes(x)) === decodeText(files.readBytes(y))
    if (!equal && !options.has('q') && call.flavour === 'gnu')
      await call.process.print(`diff${options.has('r') ? ' -r' : ''}${options.has('u') ? ' -u' : ''} ${x} ${y}\n`)
    status = Math.max(status, await compare(call, options, x, y))
  }
  return status
}
