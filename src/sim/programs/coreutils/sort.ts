import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, curly, quoteAlways, say, words } from '../applet/applet.ts'
import { isDirectory, readInput, writeBytes } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { compareVersions } from '../applet/version-order.ts'

interface Key {
  fromField: number
  fromChar: number
  toField: number | undefined
  toChar: number
  flags: Set<string>
}

export const sort: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'nrufk:t:o:cCghMVbdisRzT:S:m',
    long: {
      'numeric-sort': 'n',
      reverse: 'r',
      unique: 'u',
      'ignore-case': 'f',
      'key=': 'k',
      'field-separator=': 't',
      'output=': 'o',
      check: 'c',
      'human-numeric-sort': 'h',
      'month-sort': 'M',
      'version-sort': 'V',
      'general-numeric-sort': 'g',
      'ignore-leading-blanks': 'b',
      'dictionary-order': 'd',
      stable: 's',
      'zero-terminated': 'z',
      merge: 'm',
      'random-sort': 'R',
      'parallel=': 'parallel',
    },
    status: 2,
  })
  const global = new Set([...options.values.keys()].filter((key) => key.length === 1 && 'nrfghMVbdiR'.includes(key)))
  const separator = options.get('t')?.replace('\\0', '\0').replace('\\t', '\\t')
  if (separator !== undefined && [...separator].length > 1)
    throw new AppletError(say(call, `multi-character tab ${curly(separator)}`, 'bad -t parameter'), 2)
  const keys = options.all('k').map((text) => parseKey(call, text, global))
  const delimiter = options.has('z') ? '\0' : '\n'
  let lines: string[] = []
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    try {
      if (path !== '-' && isDirectory(process, path))
        throw new AppletError(say(call, `read failed: ${path}: Is a directory`, `${path}: Is a directory`), 2)
      const text = decodeText(await readInput(process, path))
      const parts = text.split(delimiter)
      if (parts.at(-1) === '') parts.pop()
      lines = lines.length === 0 ? parts : lines.concat(parts)
    } catch (error) {
      if (error instanceof AppletError) throw error
      throw new AppletError(
        say(
          call,
          `cannot read: ${/[\s'"]/.test(path) ? quoteAlways(path) : path}: ${words(error)}`,
          `${path}: ${words(error)}`,
        ),
        call.flavour === 'gnu' ? 2 : 2,
      )
    }
  }
  const compareKeys = (a: string, b: string) => {
    if (keys.length === 0) return compareTexts(a, b, global)
    for (const key of keys) {
      const order = compareTexts(field(a, key, separator), field(b, key, separator), key.flags)
      if (order !== 0) return order
    }
    return 0
  }
  const compare = (a: string, b: string) => {
    const order = compareKeys(a, b)
    if (order !== 0 || options.has('s') || options.has('u')) return order
    const whole = bytesOrder(a, b)
    return global.has('r') ? -whole : whole
  }
  if (options.has('c') || options.has('C')) {
    for (let i = 1; i < lines.length; i++) {
      const order = compare(lines[i - 1]!, lines[i]!)
      if (order < 0 || (order === 0 && !options.has('u'))) continue
      if (options.has('c')) await complain(call, `${options.operands[0] ?? '-'}:${i + 1}: disorder: ${lines[i]}`)
      return 1
    }
    return 0
  }
  await process.compute(lines.length / 20_000)
  lines.sort(compare)
  if (options.has('u')) lines = lines.filter((line, i) => i === 0 || compareKeys(lines[i - 1]!, line) !== 0)
  const out = encodeText(lines.map((line) => line + delimiter).join(''))
  const target = options.get('o')
  if (target !== undefined) process.files.write(target, out)
  else await writeBytes(process, out)
  return 0
}

function parseKey(call: AppletCall, text: string, global: ReadonlySet<string>): Key {
  const match = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(text)
  if (!match || match[1] === '0')
    throw new AppletError(say(call, `-: invalid field specification ${curly(text)}`, `bad key '${text}'`), 2)
  const own = new Set((match[3] ?? '') + (match[6] ?? ''))
  return {
    fromField: Number(match[1]),
    fromChar: Number(match[2] ?? 1),
    toField: match[4] === undefined ? undefined : Number(match[4]),
    toChar: Number(match[5] ?? 0),
    flags: own.size > 0 ? own : new Set(global),
  }
}

function field(line: string, key: Key, separator: string | undefined): string {
  const starts: number[] = []
  const ends: number[] = []
  if (separator !== undefined) {
    let at = 0
    for (const part of line.split(separator)) {
      starts.push(at)
      ends.push(at + part.length)
      at += part.length + separator.length
    }
  } else {
    for (const match of line.matchAll(/[ \t]*[^ \t]+/g)) {
      starts.push(match.index)
      ends.push(match.index + match[0].length)
    }
  }
  let start = starts[key.fromField - 1]
  if (start === undefined) return ''
  if (key.flags.has('b') && separator === undefined) while (line[start] === ' ' || line[start] === '\t') start++
  start += key.fromChar - 1
  if (key.toField === undefined) return line.slice(start)
  const end =
    key.toChar === 0
      ? (ends[key.toField - 1] ?? line.length)
      : Math.min((starts[key.toField - 1] ?? line.length) + key.toChar, line.length)
  return line.slice(start, Math.max(start, end))
}

const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']
const UNITS = ' KMGTPEZY'

function compareTexts(a: string, b: string, flags: ReadonlySet<string>): number {
  const sign = flags.has('r') ? -1 : 1
  if (flags.has('n')) return sign * Math.sign(numeric(a) - numeric(b))
  if (flags.has('g')) return sign * Math.sign((Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0))
  if (flags.has('h')) return sign * compareHuman(a, b)
  if (flags.has('M')) return sign * Math.sign(month(a) - month(b))
  if (flags.has('V')) return sign * compareVersions(a, b)
  let [x, y] = [a, b]
  if (flags.has('b')) [x, y] = [x.trimStart(), y.trimStart()]
  if (flags.has('d')) [x, y] = [x.replace(/[^A-Za-z0-9 \t]/g, ''), y.replace(/[^A-Za-z0-9 \t]/g, '')]
  if (flags.has('f')) [x, y] = [x.toUpperCase(), y.toUpperCase()]
  return sign * bytesOrder(x, y)
}

const numeric = (text: string) => Number(/^\s*(-?\d*\.?\d*)/.exec(text)?.[1] || 0) || 0
const month = (text: string) => MONTHS.indexOf(text.trim().slice(0, 3).toUpperCase())

function compareHuman(a: string, b: string): number {
  const parse = (text: string) => {
    const match = /^\s*(-?\d*\.?\d+)([KMGTPEZYk]?)/.exec(text)
    return match
      ? { unit: UNITS.indexOf((match[2] || ' ').toUpperCase()), value: Number(match[1]) }
      : { unit: 0, value: 0 }
  }
  const [x, y] = [parse(a), parse(b)]
  return Math.sign(x.unit - y.unit) || Math.sign(x.value - y.value)
}

/** Order of UTF-8 bytes (the C locale). */
function bytesOrder(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
