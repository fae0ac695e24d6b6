import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say, words } from '../applet/applet.ts'
import { readInput, readInputText, splitLines, writeBytes } from '../applet/input.ts'
import { type Options, parseOptions } from '../applet/options.ts'
import { md5, sha1, sha256, sha512 } from './digests.ts'

export const base64: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'dDiw:', long: { decode: 'd', 'ignore-garbage': 'i', 'wrap=': 'w' } })
  const path = options.operands[0] ?? '-'
  let bytes: Uint8Array
  try {
    bytes = await readInput(process, path)
  } catch (error) {
    throw new AppletError(`${path}: ${words(error)}`)
  }
  if (options.has('d') || options.has('D')) {
    const text = new TextDecoder('latin1').decode(bytes).replace(/\s/g, '')
    const clean = /^[A-Za-z0-9+/]*={0,2}$/.exec(text) && (text.length % 4 === 0 || !text.includes('='))
    const usable = options.has('i') ? text.replace(/[^A-Za-z0-9+/]/g, '') : (/^[A-Za-z0-9+/]*/.exec(text)?.[0] ?? '')
    const whole = usable.slice(0, usable.length - (usable.length % 4 === 1 ? 1 : 0))
    await writeBytes(
      process,
      Uint8Array.from(atob(whole.padEnd(Math.ceil(whole.length / 4) * 4, '=')), (char) => char.charCodeAt(0)),
    )
    if ((!clean || text.length % 4 !== 0) && !options.has('i')) {
      await complain(call, say(call, 'invalid input', 'truncated input'))
      return 1
    }
    return 0
  }
  let binary = ''
  for (const byte of bytes) binary += String.fromCharCode(byte)
  const width = Number(options.get('w') ?? 76)
  const text = btoa(binary)
  if (text === '') return 0
  await process.print(width === 0 ? text : `${text.match(new RegExp(`.{1,${width}}`, 'g'))!.join('\n')}\n`)
  return 0
}

const DIGESTS: Readonly<Record<string, (bytes: Uint8Array) => string>> = {
  md5sum: md5,
  sha1sum: sha1,
  sha256sum: sha256,
  sha512sum: sha512,
}

/** md5sum, sha1sum, sha256sum, sha512sum. */
export const checksum: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'cbtsw',
    long: { check: 'c', binary: 'b', text: 't', status: 's', quiet: 'quiet', tag: 'tag' },
  })
  const digest = DIGESTS[call.name] ?? sha256
  if (options.has('c')) return check(call, options, digest)
  let status = 0
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    try {
      const bytes = await readInput(process, path)
      await process.compute(bytes.length / 400_000)
      await process.print(`${digest(bytes)} ${options.has('b') ? '*' : ' '}${path}\n`)
    } catch (error) {
      await complain(call, say(call, `${path}: ${words(error)}`, `can't open '${path}': ${words(error)}`))
      status = 1
    }
  }
  return status
}

async function check(call: AppletCall, options: Options, digest: (bytes: Uint8Array) => string): Promise<number> {
  const { process } = call
  let failed = 0
  for (const list of options.operands.length > 0 ? options.operands : ['-']) {
    for (const line of splitLines(await readInputText(process, list))) {
      const match = /^([0-9a-f]+) [ *](.+)$/.exec(line)
      if (!match) continue
      let good = false
      try {
        good = digest(await readInput(process, match[2]!)) === match[1]
      } catch (error) {
        await complain(call, `${match[2]}: ${words(error)}`)
      }
      if (!good) failed++
      if (!options.has('s')) await process.print(`${match[2]}: ${good ? 'OK' : 'FAILED'}\n`)
    }
  }
  if (failed > 0 && !options.has('s'))
    await complain(
      call,
      say(
        call,
        `WARNING: ${failed} computed checksum${failed === 1 ? '' : 's'} did NOT match`,
        `WARNING: ${failed} of ${failed} computed checksums did NOT match`,
      ),
    )
  return failed > 0 ? 1 : 0
}

const NAMED = ['\\0', '001', '002', '003', '004', '005', '006', '\\a', '\\b', '\\t', '\\n', '\\v', '\\f', '\\r']

export const od: Applet = async (call) => {
  const options = parseOptions(
    call,
    { short: 'cbdoxAt:vN:j:w::aX', long: { 'address-radix=': 'A', 'format=': 't' } },
    call.args.map((word) =>
      /^-A$/.test(word) ? '--address-radix' : /^-A./.test(word) ? `--address-radix=${word.slice(2)}` : word,
    ),
  )
  let bytes = await readInput(call.process, options.operands[0] ?? '-')
  bytes = bytes.subarray(Number(options.get('j') ?? 0))
  if (options.has('N')) bytes = bytes.subarray(0, Number(options.get('N')))
  const radix = options.get('A') ?? 'o'
  const type = options.has('c')
    ? 'c'
    : options.has('b')
      ? 'o1'
      : options.has('x')
        ? 'x2'
        : options.has('d')
          ? 'u2'
          : (options.get('t') ?? 'o2')
  const address = (at: number) =>
    radix === 'n' ? '' : at.toString(radix === 'x' ? 16 : radix === 'd' ? 10 : 8).padStart(radix === 'x' ? 6 : 7, '0')
  const kind = type[0]!
  const size = kind === 'c' || kind === 'a' ? 1 : Number(type[1] ?? (kind === 'c' ? 1 : 4)) || 4
  const width =
    kind === 'c' || kind === 'a'
      ? 3
      : kind === 'x'
        ? size * 2
        : kind === 'o'
          ? { 1: 3, 2: 6, 4: 11 }[size]!
          : { 1: 3, 2: 5, 4: 10 }[size]!
  let out = ''
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16)
    out += address(at)
    for (let i = 0; i < row.length; i += size) {
      let value = 0
      for (let k = size - 1; k >= 0; k--) value = value * 256 + (row[i + k] ?? 0)
      const text =
        kind === 'c'
          ? (NAMED[value] ??
            (value >= 32 && value < 127 ? String.fromCharCode(value) : value.toString(8).padStart(3, '0')))
          : kind === 'x'
            ? value.toString(16).padStart(width, '0')
            : kind === 'o'
              ? value.toString(8).padStart(width, '0')
              : String(value)
      out += ` ${text.padStart(width)}`
    }
    out += '\n'
  }
  await call.process.print(`${out}${radix === 'n' ? '' : `${address(bytes.length)}\n`}`)
  return 0
}

const printable = (row: Uint8Array) =>
  [...row].map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('')

export const hexdump: Applet = async (call) => {
  const options = parseOptions(call, { short: 'Cvn:s:e:xbcdo' })
  let bytes = await readInput(call.process, options.operands[0] ?? '-')
  bytes = bytes.subarray(Number(options.get('s') ?? 0))
  if (options.has('n')) bytes = bytes.subarray(0, Number(options.get('n')))
  const canonical = options.has('C') || call.name === 'hd'
  let out = ''
  for (let at = 0; at < bytes.length; at += 16) {
    const row = bytes.subarray(at, at + 16)
    if (canonical) {
      const cell = (i: number) => (row[i] === undefined ? '  ' : row[i]!.toString(16).padStart(2, '0'))
      const half = (from: number) => Array.from({ length: 8 }, (_, i) => cell(from + i)).join(' ')
      out += `${at.toString(16).padStart(8, '0')}  ${half(0)}  ${half(8)}  |${printable(row)}|\n`
    } else {
      out += at.toString(16).padStart(7, '0')
      for (let i = 0; i < row.length; i += 2)
        out += ` ${((row[i + 1] ?? 0) * 256 + row[i]!).toString(16).padStart(4, '0')}`
      out += '\n'
    }
  }
  await call.process.print(
    bytes.length === 0 ? '' : `${out}${bytes.length.toString(16).padStart(canonical ? 8 : 7, '0')}\n`,
  )
  return 0
}

export const xxd: Applet = async (call) => {
  const options = parseOptions(call, { short: 'prl:s:c:g:ui' })
  if (options.has('r')) {
    const text = await readInputText(call.process, options.operands[0] ?? '-')
    const digits = options.has('p')
      ? text.replace(/\s/g, '')
      : splitLines(text)
          .map((line) =>
            line
              .replace(/^[0-9a-f]+:\s*/, '')
              .split(/ {2}/)[0]!
              .replace(/\s/g, ''),
          )
          .join('')
    await writeBytes(
      call.process,
      Uint8Array.from(digits.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)),
    )
    return 0
  }
  let bytes = await readInput(call.process, options.operands[0] ?? '-')
  bytes = bytes.subarray(Number(options.get('s') ?? 0))
  if (options.has('l')) bytes = bytes.subarray(0, Number(options.get('l')))
  const digits = (row: Uint8Array) => [...row].map((byte) => byte.toString(16).padStart(2, '0'))
  let out = ''
  if (options.has('p'))
    for (let at = 0; at < bytes.length; at += 30) out += `${digits(bytes.subarray(at, at + 30)).join('')}\n`
  else {
    for (let at = 0; at < bytes.length; at += 16) {
      const row = bytes.subarray(at, at + 16)
      const cells = digits(row)
      let body = ''
      for (let i = 0; i < 16; i += 2) body += `${(cells[i] ?? '  ') + (cells[i + 1] ?? '  ')} `
      out += `${at.toString(16).padStart(8, '0')}: ${body} ${printable(row)}\n`
    }
  }
  await call.process.print(out)
  return 0
}

export const strings: Applet = async (call) => {
  const options = parseOptions(call, { short: 'an:f', digits: 'n' })
  const least = Number(options.get('n') ?? 4)
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    const text = new TextDecoder('latin1').decode(await readInput(call.process, path))
    for (const found of text.matchAll(new RegExp(`[\\t -~]{${least},}`, 'g'))) await call.process.print(`${found[0]}\n`)
  }
  return 0
}
