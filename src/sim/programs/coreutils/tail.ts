import type { OpenFile } from '../../linux/file.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { HeldBytes, openInput } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { parseSize } from '../applet/sizes.ts'

interface Range {
  bytes: boolean
  fromStart: boolean
  count: number
}

export const tail: Applet = async (call) => {
  const { process } = call
  const old = /^\+(\d+)$/.exec(call.args[0] ?? '')
  const args = old ? ['-n', call.args[0]!, ...call.args.slice(1)] : call.args
  const options = parseOptions(
    call,
    {
      short: 'n:c:fFqvs:r',
      long: {
        'lines=': 'n',
        'bytes=': 'c',
        'follow=?': 'f',
        follow: 'f',
        quiet: 'q',
        silent: 'q',
        verbose: 'v',
        'pid=': 'pid',
        retry: 'retry',
        'sleep-interval=': 's',
      },
      digits: 'n',
    },
    args,
  )
  const asked = options.get('c') ?? options.get('n') ?? '10'
  const count = parseSize(asked.replace(/^[-+]/, ''))
  if (count === undefined)
    throw new AppletError(
      say(
        call,
        `invalid number of ${options.has('c') ? 'bytes' : 'lines'}: ${curly(asked)}`,
        `invalid number '${asked}'`,
      ),
    )
  const range: Range = { bytes: options.has('c'), fromStart: asked.startsWith('+'), count }
  const paths = options.operands.length > 0 ? options.operands : ['-']
  const titled = options.has('v') || (paths.length > 1 && !options.has('q'))
  const follow = options.has('f') || options.has('F')
  let status = 0
  const open: { path: string; file: OpenFile; close: () => void }[] = []
  for (const [index, path] of paths.entries()) {
    try {
      const { file, close } = openInput(process, path)
      if (titled) await process.print(`${index === 0 ? '' : '\n'}==> ${path === '-' ? 'standard input' : path} <==\n`)
      await process.stdout.write(await lastPart(file, range, process))
      if (follow) open.push({ path, file, close })
      else close()
    } catch (error) {
      const text = words(error)
      await complain(
        call,
        say(call, `cannot open ${quoteAlways(path)} for reading: ${text}`, `can't open '${path}': ${text}`),
      )
      status = 1
    }
  }
  if (follow && open.length === 0 && status !== 0) {
    await complain(call, 'no files remaining')
    return 1
  }
  if (follow) await followAll(call, open, titled, options.has('F'))
  return status
}

/** Keeps no more than it will print. */
async function lastPart(file: OpenFile, range: Range, process: AppletCall['process']): Promise<Uint8Array> {
  const held = new HeldBytes(process)
  const lines: number[] = []
  let after = 0
  for (let chunk = await file.read(65_536); chunk.length > 0; chunk = await file.read(65_536)) {
    held.push(chunk)
    if (range.fromStart) continue
    lines.push(range.bytes ? chunk.length : countLines(chunk))
    after += lines.at(-1)!
    while (lines.length > 1 && after - lines[0]! > range.count) {
      after -= lines.shift()!
      held.shift()
    }
  }
  return select(held.take(), range)
}

function countLines(bytes: Uint8Array): number {
  let count = 0
  for (let at = bytes.indexOf(10); at >= 0; at = bytes.indexOf(10, at + 1)) count++
  return count
}

function select(all: Uint8Array, { bytes, fromStart, count }: Range): Uint8Array {
  if (bytes) return fromStart ? all.subarray(Math.max(0, count - 1)) : all.subarray(Math.max(0, all.length - count))
  if (fromStart) {
    let at = 0
    for (let line = 1; line < count && at >= 0; line++) at = all.indexOf(10, at) + 1 || all.length
    return all.subarray(at)
  }
  if (count === 0) return all.subarray(all.length)
  let left = count
  let at = all.at(-1) === 10 ? all.length - 1 : all.length
  for (; at > 0; at--) if (all[at - 1] === 10 && --left === 0) break
  return all.subarray(at)
}

/** Looks four times a second for what was added. */
async function followAll(
  { process }: AppletCall,
  open: { path: string; file: OpenFile; close: () => void }[],
  titled: boolean,
  byName: boolean,
): Promise<void> {
  let last = open.at(-1)?.path
  const types = new Set(open.map(({ file }) => file.stat().type))
  if (open.length === 1 && !types.has('file') && !types.has('character')) return
  // Nothing is ever added to a device: `tail -f /dev/null` keeps a container alive.
  while (types.size === 1 && types.has('character')) await process.sleep(3_600_000)
  for (;;) {
    await process.sleep(250)
    for (const each of open) {
      if (byName) reopen(process, each)
      const size = each.file.stat().size
      if (each.file.seek(0, 'current') > size) {
        await process.printError(`tail: ${each.path}: file truncated\n`)
        each.file.seek(0, 'start')
      }
      for (let more = await each.file.read(65_536); more.length > 0; more = await each.file.read(65_536)) {
        if (titled && last !== each.path) await process.print(`\n==> ${each.path} <==\n`)
        last = each.path
        await process.stdout.write(more)
      }
    }
  }
}

/** -F follows the name: a rotated file is opened anew. */
function reopen(process: AppletCall['process'], each: { path: string; file: OpenFile; close: () => void }): void {
  try {
    if (process.files.stat(each.path).inode === each.file.stat().inode) return
    const { file, close } = openInput(process, each.path)
    each.close()
    Object.assign(each, { file, close })
  } catch {
    // It is gone for now; the old one stays open.
  }
}
