import { encodeText } from '../../linux/shell/bytes.ts'
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
  const to = second === undefined ? [] : expandSet(call, second, from.length)
  const selected = new Uint8Array(256).fill(complement ? 1 : 0)
  for (const byte of from) selected[byte] = complement ? 0 : 1
  const map = Uint8Array.from({ length: 256 }, (_, byte) => byte)
  if (to.length > 0 && !deleting) {
    if (complement) for (let byte = 0; byte < 256; byte++) map[byte] = selected[byte] ? to.at(-1)! : byte
    // A later mapping of the same byte wins, as in the real tables.
    else for (const [i, byte] of from.entries()) map[byte] = to[Math.min(i, to.length - 1)]!
  }
  const squeezed = second === undefined ? selected : new Uint8Array(256)
  for (const byte of to) squeezed[byte] = 1
  let last = -1
  for (let chunk = await process.stdin.read(65_536); chunk.length > 0; chunk = await process.stdin.read(65_536)) {
    const out = new Uint8Array(chunk.length)
    let length = 0
    for (const byte of chunk) {
      if (deleting && selected[byte]) continue
      const next = map[byte]!
      if (squeezing && next === last && squeezed[next]) continue
      last = next
      out[length++] = next
    }
    await process.compute(chunk.length / 200_000)
    if (length > 0) await process.stdout.write(out.subarray(0, length))
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

/** A set's bytes; characters beyond ASCII are several. */
function expandSet(call: AppletCall, text: string, wanted = 0): number[] {
  const out: string[] = []
  const chars = unescaped(String.fromCharCode(...encodeText(text)))
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
  return out.map((char) => char.charCodeAt(0) & 255)
}

function unescaped(text: string): string[] {
  const names: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v' }
  return [...text.matchAll(/\\([0-7]{1,3}|[\s\S])|[\s\S]/gu)].map((match) => {
    const code = match[1]
    if (code === undefined) return match[0]
    return /^[0-7]/.test(code) ? String.fromCharCode(Number.parseInt(code, 8)) : (names[code] ?? code)
  })
}
