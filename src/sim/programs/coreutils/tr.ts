import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, curly } from '../applet/applet.ts'
import { missingOperand, parseOptions, tryHelp } from '../applet/options.ts'

export const tr: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'cCdst',
    long: { complement: 'c', delete: 'd', 'squeeze-repeats': 's', 'truncate-set1': 't' },
    inOrder: true,
  })
  const [first, second] = options.operands
  if (first === undefined) throw missingOperand(call)
  const deleting = options.has('d')
  const squeezing = options.has('s')
  if (second === undefined && !deleting && !squeezing) {
    throw call.flavour === 'gnu'
      ? new AppletError(
          `missing operand after ${curly(first)}`,
          1,
          `Two strings must be given when translating.\n${tryHelp(call)}`,
        )
      : missingOperand(call)
  }
  const complement = options.has('c') || options.has('C')
  const from = expandSet(call, first)
  const inFrom = new Set(from)
  const selected = (char: string) => inFrom.has(char) !== complement
  const to = second === undefined ? [] : expandSet(call, second, from.length)
  const map = new Map(from.map((char, i) => [char, to[Math.min(i, to.length - 1)] ?? char]))
  // A later mapping of the same character wins, as in the real tables.
  for (const [i, char] of from.entries()) if (to.length > 0) map.set(char, to[Math.min(i, to.length - 1)]!)
  const squeezeSet = new Set(second === undefined || (deleting && squeezing) ? (second === undefined ? [] : to) : to)
  let last = ''
  for (let chunk = await process.stdin.read(65_536); chunk.length > 0; chunk = await process.stdin.read(65_536)) {
    let out = ''
    for (const char of decodeText(chunk)) {
      let next = char
      if (deleting) {
        if (selected(char)) continue
      } else if (second !== undefined && selected(char)) next = complement ? to.at(-1)! : map.get(char)!
      if (squeezing && next === last && (second === undefined ? selected(next) : squeezeSet.has(next))) continue
      last = next
      out += next
    }
    if (out !== '') await process.stdout.write(encodeText(out))
  }
  return 0
}

const CLASSES: Readonly<Record<string, [number, number][]>> = {
  alpha: [
    [65, 90],
    [97, 122],
  ],
  upper: [[65, 90]],
  lower: [[97, 122]],
  digit: [[48, 57]],
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  blank: [
    [9, 9],
    [32, 32],
  ],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  print: [[32, 126]],
  graph: [[33, 126]],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
}

function expandSet(call: AppletCall, text: string, wanted = 0): string[] {
  const out: string[] = []
  const chars = unescaped(text)
  for (let i = 0; i < chars.length; i++) {
    const rest = chars.slice(i).join('')
    const named = /^\[:(\w+):\]/.exec(rest)
    const repeat = /^\[(.)\*(\d*)\]/su.exec(rest)
    if (named) {
      const ranges = CLASSES[named[1]!]
      if (!ranges)
        throw new AppletError(
          call.flavour === 'gnu'
            ? `invalid character class ${curly(named[1]!)}`
            : `invalid character class '${named[1]}'`,
        )
      for (const [from, to] of ranges) for (let code = from; code <= to; code++) out.push(String.fromCharCode(code))
      i += named[0].length - 1
    } else if (repeat) {
      const count = repeat[2]
        ? Number.parseInt(repeat[2], repeat[2].startsWith('0') ? 8 : 10)
        : Math.max(0, wanted - out.length)
      for (let n = 0; n < count; n++) out.push(repeat[1]!)
      i += [...repeat[0]].length - 1
    } else if (chars[i + 1] === '-' && i + 2 < chars.length) {
      const [from, to] = [chars[i]!.codePointAt(0)!, chars[i + 2]!.codePointAt(0)!]
      if (to < from)
        throw new AppletError(
          call.flavour === 'gnu'
            ? `range-endpoints of '${chars[i]}-${chars[i + 2]}' are in reverse collating sequence order`
            : `invalid range '${chars[i]}-${chars[i + 2]}'`,
        )
      for (let code = from; code <= to; code++) out.push(String.fromCodePoint(code))
      i += 2
    } else out.push(chars[i]!)
  }
  return out
}

function unescaped(text: string): string[] {
  const names: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
  return [...text.matchAll(/\\([0-7]{1,3}|[\s\S])|[\s\S]/gu)].map((match) => {
    const code = match[1]
    if (code === undefined) return match[0]
    return /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (names[code] ?? code)
  })
}
