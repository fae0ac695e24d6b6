import { type Applet, AppletError, say } from '../applet/applet.ts'
import { Output, readInput, readInputText, splitLines } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'
import { parseSize } from '../applet/sizes.ts'

export const split: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'l:b:n:a:d',
    long: { 'lines=': 'l', 'bytes=': 'b', 'suffix-length=': 'a', 'numeric-suffixes=?': 'd' },
    digits: 'l',
  })
  const [path = '-', prefix = 'x'] = options.operands
  const bytes = await readInput(process, path)
  const alphabet = options.has('d') ? '0123456789' : 'abcdefghijklmnopqrstuvwxyz'
  const suffix = suffixes(alphabet, options.has('a') ? Number(options.get('a')) : undefined)
  const cuts: number[] = [0]
  if (options.has('b')) {
    const size = parseSize(options.get('b')!)
    if (!size) throw new AppletError(`invalid number of bytes: ‘${options.get('b')}’`)
    for (let at = size; at < bytes.length; at += size) cuts.push(at)
  } else {
    const most = Number(options.get('l') ?? 1000)
    let lines = 0
    bytes.forEach((byte, at) => {
      if (byte === 10 && ++lines % most === 0 && at + 1 < bytes.length) cuts.push(at + 1)
    })
  }
  if (bytes.length === 0) return 0
  for (const [i, from] of cuts.entries()) {
    if (i % 16 === 15) await process.compute(1)
    const name = suffix(i)
    if (name === undefined) throw new AppletError(say(call, 'output file suffixes exhausted', 'suffixes exhausted'))
    process.files.write(prefix + name, bytes.subarray(from, cuts[i + 1]))
  }
  return 0
}

/** aa, ab … Without a width they widen before the last letter is used up: yz, zaaa; undefined when there are no more. */
function suffixes(alphabet: string, width: number | undefined): (index: number) => string | undefined {
  const base = alphabet.length
  const written = (index: number, digits: number) =>
    Array.from({ length: digits }, (_, i) => alphabet[Math.floor(index / base ** (digits - 1 - i)) % base]).join('')
  return (index) => {
    if (width !== undefined) return index < base ** width ? written(index, width) : undefined
    let left = index
    for (let digits = 2; ; digits++) {
      const room = base ** digits - base ** (digits - 1)
      if (left < room) return alphabet.at(-1)!.repeat(digits - 2) + written(left, digits)
      left -= room
    }
  }
}

export const shuf: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'n:i:erz', long: { 'head-count=': 'n', 'input-range=': 'i', echo: 'e' } })
  const range = /^(\d+)-(\d+)$/.exec(options.get('i') ?? '')
  if (range && Number(range[2]) - Number(range[1]) > 1_000_000)
    throw new AppletError('not simulated: more than a million numbers')
  const lines = range
    ? Array.from({ length: Number(range[2]) - Number(range[1]) + 1 }, (_, i) => String(Number(range[1]) + i))
    : options.has('e')
      ? [...options.operands]
      : splitLines(await readInputText(process, options.operands[0] ?? '-'))
  for (let i = lines.length - 1; i > 0; i--) {
    const j = process.random.int(0, i)
    ;[lines[i], lines[j]] = [lines[j]!, lines[i]!]
  }
  const out = new Output(process)
  for (const line of lines.slice(0, Number(options.get('n') ?? lines.length))) await out.write(`${line}\n`)
  await out.flush()
  return 0
}
