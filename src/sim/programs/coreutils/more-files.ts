import type { OpenFile } from '../../linux/file.ts'
import { posixRegExp } from '../../linux/regexp/posix-regexp.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, quoteAlways, say, words } from '../applet/applet.ts'
import { readInputText } from '../applet/input.ts'
import { applyMode } from '../applet/mode.ts'
import { missingOperand, parseOptions } from '../applet/options.ts'
import { parseSize } from '../applet/sizes.ts'
import { groupByName, userByName } from '../applet/users.ts'
import { targets } from './cp.ts'

/** Bytes of a block that are moved at once. */
const PIECE = 1024 * 1024

export const dd: Applet = async (call) => {
  const { process } = call
  const values = new Map(call.args.map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)]))
  const block = parseSize(values.get('bs') ?? values.get('ibs') ?? '512') ?? 512
  const count = values.has('count') ? Number(values.get('count')) : Number.POSITIVE_INFINITY
  const open = (path: string, write: boolean): OpenFile => {
    try {
      return process.files.open(
        path,
        write ? { write: true, create: true, truncate: !values.get('conv')?.includes('notrunc') } : { read: true },
      )
    } catch (error) {
      throw new AppletError(
        say(call, `failed to open ${quoteAlways(path)}: ${words(error)}`, `can't open '${path}': ${words(error)}`),
      )
    }
  }
  const input = values.has('if') ? open(values.get('if')!, false) : process.stdin
  const output = values.has('of') ? open(values.get('of')!, true) : process.stdout
  if (values.has('skip')) {
    const skipped = Number(values.get('skip')) * block
    if (input.stat().type === 'fifo')
      for (let left = skipped; left > 0; ) {
        const chunk = await input.read(Math.min(left, PIECE))
        if (chunk.length === 0) break
        left -= chunk.length
      }
    else input.seek(skipped, 'start')
  }
  if (values.has('seek')) output.seek(Number(values.get('seek')) * block, 'start')
  const started = process.uptime()
  const wholeBlocks = values.get('iflag')?.includes('fullblock') ?? false
  process.setMemory(1024 * 1024 + block)
  let [full, partial, bytes] = [0, 0, 0]
  let failure: string | undefined
  for (let n = 0; n < count; n++) {
    let got = 0
    while (got < block && !failure) {
      const piece = Math.min(block - got, PIECE)
      const chunk = await input.read(piece)
      if (chunk.length === 0) break
      try {
        await output.write(chunk)
      } catch (error) {
        failure = words(error)
      }
      got += chunk.length
      if (!failure) bytes += chunk.length
      await process.compute(chunk.length / 2_000_000)
      if (chunk.length < piece && !wholeBlocks) break
    }
    if (got === 0) break
    if (got === block) full++
    else partial++
    if (failure) break
  }
  if (values.has('of')) output.release()
  if (failure)
    await complain(
      call,
      say(
        call,
        `error writing ${quoteAlways(values.get('of') ?? 'standard output')}: ${failure}`,
        `error writing '${values.get('of')}': ${failure}`,
      ),
    )
  const seconds = Math.max(0.000001, (process.uptime() - started) / 1000)
  const status = values.get('status')
  if (status !== 'none') {
    const rate = bytes / seconds
    const human = (n: number) =>
      n >= 1e9
        ? `${(n / 1e9).toFixed(1)} GB`
        : n >= 1e6
          ? `${(n / 1e6).toFixed(1)} MB`
          : n >= 1e3
            ? `${(n / 1e3).toFixed(1)} kB`
            : `${n} B`
    const mib =
      bytes >= 1024 ** 3
        ? `${(bytes / 1024 ** 3).toFixed(1)} GiB`
        : bytes >= 1024 ** 2
          ? `${(bytes / 1024 ** 2).toFixed(0)} MiB`
          : `${(bytes / 1024).toFixed(0)} KiB`
    const gnu = `${bytes} byte${bytes === 1 ? '' : 's'}${bytes >= 1000 ? ` (${human(bytes)}${bytes >= 1024 ? `, ${mib}` : ''})` : ''} copied, ${seconds.toPrecision(6)} s, ${human(rate)}/s\n`
    const busybox = `${bytes} bytes (${(bytes / 1024).toFixed(1)}KB) copied, ${seconds.toFixed(6)} seconds, ${(rate / 1024 ** 2).toFixed(1)}MB/s\n`
    await process.printError(
      `${full}+${partial} records in\n${full}+${partial} records out\n${status === 'noxfer' ? '' : say(call, gnu, busybox)}`,
    )
  }
  return failure ? 1 : 0
}

export const truncate: Applet = async (call) => {
  const options = parseOptions(call, { short: 's:cr:o', long: { 'size=': 's', 'no-create': 'c' } })
  const asked = options.get('s') ?? ''
  const size = parseSize(asked.replace(/^[-+]/, ''))
  if (options.operands.length === 0) throw missingOperand(call)
  if (size === undefined)
    throw new AppletError(
      say(
        call,
        asked === '' ? "you must specify either '--size' or '--reference'" : `Invalid number: ‘${asked}’`,
        `invalid number '${asked}'`,
      ),
    )
  for (const path of options.operands) {
    const file = call.process.files.open(path, { write: true, create: true })
    const now = file.stat().size
    file.truncate(asked.startsWith('+') ? now + size : asked.startsWith('-') ? Math.max(0, now - size) : size)
    file.release()
  }
  return 0
}

export const file: Applet = async (call) => {
  const paths = call.args.filter((word) => !word.startsWith('-'))
  const width = Math.max(...paths.map((path) => path.length))
  for (const path of paths)
    await call.process.print(
      call.args.includes('-b')
        ? `${describe(call.process.files, path)}\n`
        : `${`${path}:`.padEnd(width + 1)} ${describe(call.process.files, path)}\n`,
    )
  return 0
}

function describe(files: Parameters<Applet>[0]['process']['files'], path: string): string {
  try {
    const stat = files.lstat(path)
    if (stat.type === 'directory') return 'directory'
    if (stat.type === 'symlink') return `${files.exists(path) ? '' : 'broken '}symbolic link to ${files.readlink(path)}`
    if (stat.type === 'character') return `character special (${stat.major}/${stat.minor})`
    if (stat.type === 'block') return `block special (${stat.major}/${stat.minor})`
    if (stat.type === 'fifo') return 'fifo (named pipe)'
    if (stat.type === 'socket') return 'socket'
    if (stat.size === 0) return 'empty'
    const head = files.readBytes(path).subarray(0, 4096)
    const text = new TextDecoder('latin1').decode(head)
    if (text.startsWith('\x7fELF'))
      return 'ELF 64-bit LSB pie executable, x86-64, version 1 (SYSV), dynamically linked, interpreter /lib64/ld-linux-x86-64.so.2, for GNU/Linux 3.2.0, stripped'
    if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip compressed data, from Unix'
    if (text.slice(257, 262) === 'ustar') return 'POSIX tar archive (GNU)'
    if (/^#!.*\bbash/.test(text)) return 'Bourne-Again shell script, ASCII text executable'
    if (/^#!.*\bsh/.test(text)) return 'POSIX shell script, ASCII text executable'
    if (/^\s*[[{]/.test(text) && isJson(text)) return 'JSON text data'
    if (head.includes(0)) return 'data'
    return head.some((byte) => byte > 127)
      ? 'Unicode text, UTF-8 text'
      : `ASCII text${text.includes('\n') ? '' : ', with no line terminators'}`
  } catch (error) {
    return `cannot open \`${path}' (${words(error)})`
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

export const tree: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'adfiL:I:P:hspDCn',
    long: { noreport: 'noreport', dirsfirst: 'dirsfirst' },
  })
  const limit = Number(options.get('L') ?? Number.POSITIVE_INFINITY)
  let [folders, files] = [0, 0]
  const walk = async (path: string, prefix: string, depth: number): Promise<void> => {
    let entries = process.files
      .list(path)
      .filter(
        (entry) =>
          (options.has('a') || !entry.name.startsWith('.')) && (!options.has('d') || entry.type === 'directory'),
      )
    entries = entries.sort((a, b) => (a.name < b.name ? -1 : 1))
    for (const [i, entry] of entries.entries()) {
      const last = i === entries.length - 1
      const full = `${path.replace(/\/$/, '')}/${entry.name}`
      const link = entry.type === 'symlink' ? ` -> ${process.files.readlink(full)}` : ''
      if (entry.type === 'directory') folders++
      else files++
      await process.stdout.write(
        encodeText(`${prefix}${last ? '└── ' : '├── '}${options.has('f') ? full : entry.name}${link}\n`),
      )
      if (entry.type === 'directory' && depth < limit)
        await walk(full, `${prefix}${last ? '    ' : call.flavour === 'gnu' ? '│\u00a0\u00a0 ' : '│   '}`, depth + 1)
    }
  }
  for (const path of options.operands.length > 0 ? options.operands : ['.']) {
    if (!process.files.exists(path)) {
      await process.print(`${path}  [error opening dir]\n`)
      continue
    }
    await process.print(`${path}\n`)
    await walk(path, '', 1)
  }
  if (!options.has('noreport'))
    await process.print(
      `\n${folders} director${folders === 1 ? 'y' : 'ies'}${options.has('d') ? '' : `, ${files} file${files === 1 ? '' : 's'}`}\n`,
    )
  return 0
}

export const install: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'dDm:o:g:t:vcpsT',
    long: { directory: 'd', 'mode=': 'm', 'owner=': 'o', 'group=': 'g', 'target-directory=': 't' },
  })
  const mode = applyMode(options.get('m') ?? '755', 0, false, 0) ?? 0o755
  const finish = (path: string) => {
    process.files.chmod(path, mode)
    const owner = options.get('o')
    const group = options.get('g')
    if (owner !== undefined || group !== undefined) {
      const stat = process.files.stat(path)
      process.files.chown(
        path,
        owner === undefined ? stat.uid : (userByName(process, owner)?.uid ?? Number(owner)),
        group === undefined ? stat.gid : (groupByName(process, group)?.gid ?? Number(group)),
      )
    }
  }
  if (options.has('d')) {
    for (const path of options.operands) {
      process.files.mkdir(path, { parents: true })
      finish(path)
    }
    return 0
  }
  for (const [from, to] of targets(call, options)) {
    if (options.has('D')) process.files.mkdir(to.slice(0, to.lastIndexOf('/')) || '.', { parents: true })
    try {
      process.files.write(to, process.files.readBytes(from))
    } catch (error) {
      throw new AppletError(
        say(call, `cannot stat ${quoteAlways(from)}: ${words(error)}`, `can't stat '${from}': ${words(error)}`),
      )
    }
    finish(to)
  }
  return 0
}

export const envsubst: Applet = async (call) => {
  const { process } = call
  const allowed = call.args.find((word) => !word.startsWith('-'))
  const names =
    allowed === undefined ? undefined : new Set([...allowed.matchAll(/\$\{?(\w+)\}?/g)].map((match) => match[1]!))
  const text = await readInputText(process, '-')
  await process.stdout.write(
    encodeText(
      text.replace(/\$\{(\w+)\}|\$(\w+)/g, (all, braced: string | undefined, bare: string | undefined) => {
        const name = (braced ?? bare)!
        return names && !names.has(name) ? all : (process.env.get(name) ?? '')
      }),
    ),
  )
  return 0
}

export const expr: Applet = async (call) => {
  const tokens = [...call.args]
  let at = 0
  const number = (text: string) => {
    if (!/^-?\d+$/.test(text)) throw new AppletError(say(call, 'non-integer argument', 'non-numeric argument'), 2)
    return BigInt(text)
  }
  const levels: readonly (readonly string[])[] = [
    ['|'],
    ['&'],
    ['=', '==', '!=', '<', '<=', '>', '>='],
    ['+', '-'],
    ['*', '/', '%'],
    [':'],
  ]
  const parse = (level: number): string => {
    const row = levels[level]
    if (!row) return primary()
    let left = parse(level + 1)
    while (tokens[at] !== undefined && row.includes(tokens[at]!)) {
      const operator = tokens[at++]!
      left = apply(operator, left, parse(level + 1))
    }
    return left
  }
  const primary = (): string => {
    const token = tokens[at++]
    if (token === undefined)
      throw new AppletError(
        say(call, `syntax error: missing argument after ‘${tokens.at(-1) ?? ''}’`, 'syntax error'),
        2,
      )
    if (token === '(') {
      const inner = parse(0)
      if (tokens[at++] !== ')') throw new AppletError("syntax error: expecting ')'", 2)
      return inner
    }
    if (token === 'length') return String([...primary()].length)
    if (token === 'substr') {
      const [text, from, length] = [primary(), Number(primary()), Number(primary())]
      return from < 1 ? '' : [...text].slice(from - 1, from - 1 + length).join('')
    }
    if (token === 'index') {
      const [text, chars] = [primary(), primary()]
      return String([...text].findIndex((char) => chars.includes(char)) + 1)
    }
    if (token === 'match') return apply(':', primary(), primary())
    return token
  }
  const zero = (text: string) => text === '' || /^-?0+$/.test(text)
  const apply = (operator: string, a: string, b: string): string => {
    if (operator === '|') return zero(a) ? (b === '' ? '0' : b) : a
    if (operator === '&') return zero(a) || zero(b) ? '0' : a
    if (operator === ':') {
      const match = posixRegExp(b, { extended: false, flags: 'y' }).exec(a)
      return /\\\(/.test(b) ? (match?.[1] ?? '') : String(match ? [...match[0]].length : 0)
    }
    if ('+-*/%'.includes(operator)) {
      const [x, y] = [number(a), number(b)]
      if (y === 0n && '/%'.includes(operator)) throw new AppletError('division by zero', 2)
      return String(
        operator === '+'
          ? x + y
          : operator === '-'
            ? x - y
            : operator === '*'
              ? x * y
              : operator === '/'
                ? x / y
                : x % y,
      )
    }
    const integers = /^-?\d+$/.test(a) && /^-?\d+$/.test(b)
    const order = integers ? (BigInt(a) < BigInt(b) ? -1 : BigInt(a) > BigInt(b) ? 1 : 0) : a < b ? -1 : a > b ? 1 : 0
    const holds = {
      '=': order === 0,
      '==': order === 0,
      '!=': order !== 0,
      '<': order < 0,
      '<=': order <= 0,
      '>': order > 0,
      '>=': order >= 0,
    }[operator]
    return holds ? '1' : '0'
  }
  if (tokens.length === 0) throw missingOperand(call, 2)
  const result = parse(0)
  if (at < tokens.length)
    throw new AppletError(say(call, `syntax error: unexpected argument ‘${tokens[at]}’`, 'syntax error'), 2)
  await call.process.print(`${result}\n`)
  return zero(result) ? 1 : 0
}
