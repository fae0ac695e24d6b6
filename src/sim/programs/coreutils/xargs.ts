import { SystemError } from '../../linux/errors.ts'
import { decodeText } from '../../linux/shell/bytes.ts'
import { SIGNALS } from '../../linux/signals.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say } from '../applet/applet.ts'
import { readToEnd } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'

/** Bytes of arguments of one command. */
const MAX_LINE = 131_072

export const xargs: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: '0n:I:i::L:P:rtd:s:xpa:E:',
    long: {
      null: '0',
      'max-args=': 'n',
      'replace=?': 'i',
      'max-lines=': 'L',
      'max-procs=': 'P',
      'no-run-if-empty': 'r',
      verbose: 't',
      'delimiter=': 'd',
      'arg-file=': 'a',
    },
    inOrder: true,
  })
  const command = options.operands.length > 0 ? options.operands : ['echo']
  const text = decodeText(
    options.has('a') ? process.files.readBytes(options.get('a')!) : await readToEnd(process.stdin),
  )
  const replace = options.get('I') ?? (options.has('i') ? options.get('i') || '{}' : undefined)
  const delimiter = options.has('0')
    ? '\0'
    : options.has('d')
      ? options.get('d')!.replace('\\n', '\n').replace('\\t', '\t').replace('\\0', '\0')
      : undefined
  let groups: string[][]
  if (delimiter !== undefined) {
    const items = text.split(delimiter)
    if (items.at(-1) === '') items.pop()
    groups = replace !== undefined ? items.map((item) => [item]) : chunk(items, Number(options.get('n') ?? 0))
  } else if (replace !== undefined)
    groups = text
      .split('\n')
      .map((line) => line.trim())
      .filter(Boolean)
      .map((line) => [unquote(call, line).join(' ')])
  else if (options.has('L'))
    groups = chunkLines(
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => unquote(call, line)),
      Number(options.get('L')),
    )
  else groups = chunk(unquote(call, text), Number(options.get('n') ?? 0))
  if (groups.length === 0 && !options.has('r') && replace === undefined && call.flavour === 'gnu') groups = [[]]
  if (groups.length === 0 && call.flavour === 'busybox' && !options.has('r') && replace === undefined) groups = [[]]
  const parallel = Math.max(1, Number(options.get('P') ?? 1) || 64)
  let status = 0
  const running = new Set<Promise<void>>()
  for (const items of groups) {
    const argv =
      replace === undefined ? [...command, ...items] : command.map((word) => word.replaceAll(replace, items[0]!))
    if (options.has('t')) await process.printError(`${argv.join(' ')}\n`)
    const job = runOne(call, argv).then((code) => {
      if (code !== 0) status = Math.max(status, code)
    })
    running.add(job)
    void job.finally(() => running.delete(job)).catch(() => {})
    if (running.size >= parallel) await Promise.race(running)
    if (status >= 124) break
  }
  await Promise.all(running)
  return status
}

async function runOne(call: AppletCall, argv: readonly string[]): Promise<number> {
  const { process } = call
  try {
    const null_ = process.files.open('/dev/null', { read: true })
    const child = process.spawn({ argv, fds: new Map([[0, null_]]) })
    null_.release()
    const { code, signal } = await process.wait(child)
    if (signal) {
      await complain(
        call,
        say(
          call,
          `${argv[0]}: terminated by signal ${SIGNALS[signal]}`,
          `'${argv[0]}' terminated by signal ${SIGNALS[signal]}`,
        ),
      )
      return 125
    }
    if (code === 255) {
      await complain(
        call,
        say(call, `${argv[0]}: exited with status 255; aborting`, `${argv[0]}: exited with status 255; aborting`),
      )
      return 124
    }
    return code ? 123 : 0
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    await complain(call, say(call, `${argv[0]}: ${error.message}`, `can't execute '${argv[0]}': ${error.message}`))
    return error.code === 'ENOENT' ? 127 : 126
  }
}

/** Splits at blanks; quotes and backslashes protect. */
function unquote(call: AppletCall, text: string): string[] {
  const items: string[] = []
  let current: string | undefined
  for (let i = 0; i < text.length; i++) {
    const char = text[i]!
    if (/\s/.test(char)) {
      if (current !== undefined) items.push(current)
      current = undefined
    } else if (char === '"' || char === "'") {
      const end = text.indexOf(char, i + 1)
      if (end < 0 || text.slice(i, end).includes('\n'))
        throw new AppletError(
          say(
            call,
            `unmatched ${char === "'" ? 'single' : 'double'} quote; by default quotes are special to xargs unless you use the -0 option`,
            `unmatched ${char === "'" ? 'single' : 'double'} quote`,
          ),
        )
      current = (current ?? '') + text.slice(i + 1, end)
      i = end
    } else if (char === '\\') current = (current ?? '') + (text[++i] ?? '')
    else current = (current ?? '') + char
  }
  if (current !== undefined) items.push(current)
  return items
}

function chunk(items: readonly string[], size: number): string[][] {
  const out: string[][] = []
  let current: string[] = []
  let length = 0
  for (const item of items) {
    if ((size > 0 && current.length >= size) || (current.length > 0 && length + item.length > MAX_LINE)) {
      out.push(current)
      current = []
      length = 0
    }
    current.push(item)
    length += item.length + 1
  }
  if (current.length > 0) out.push(current)
  return out
}

function chunkLines(lines: readonly string[][], size: number): string[][] {
  const out: string[][] = []
  for (let i = 0; i < lines.length; i += size) out.push(lines.slice(i, i + size).flat())
  return out
}
