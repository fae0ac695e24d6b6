import { decodeText, encodeText } from '../../linux/shell/bytes.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, curly, say, words } from '../applet/applet.ts'
import { linesOf, Output, openInput } from '../applet/input.ts'
import { parseOptions, tryHelp } from '../applet/options.ts'

type Ranges = readonly (readonly [number, number])[]

export const cut: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'b:c:f:d:snD',
    long: {
      'bytes=': 'b',
      'characters=': 'c',
      'fields=': 'f',
      'delimiter=': 'd',
      'only-delimited': 's',
      complement: 'complement',
      'output-delimiter=': 'output',
    },
  })
  const kinds = ['b', 'c', 'f'].filter((key) => options.has(key))
  if (kinds.length !== 1) {
    throw new AppletError(
      say(
        call,
        kinds.length === 0
          ? 'you must specify a list of bytes, characters, or fields'
          : 'only one list may be specified',
        kinds.length === 0
          ? 'expected a list of bytes, characters, or fields'
          : 'only one type of list may be specified',
      ),
      1,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  }
  const kind = kinds[0]!
  const ranges = parseRanges(call, options.get(kind)!, kind)
  const delimiter = options.get('d') ?? '\t'
  if ([...delimiter].length !== 1 && delimiter !== '')
    throw new AppletError(
      say(call, 'the delimiter must be a single character', 'the delimiter must be a single character'),
      1,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  const joiner = options.get('output') ?? (kind === 'f' ? delimiter : '')
  const complement = options.has('complement')
  const output = new Output(process)
  let status = 0
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    try {
      const { file, close } = openInput(process, path)
      try {
        for await (const raw of linesOf(file, '\n', process)) {
          const line = raw.endsWith('\n') ? raw.slice(0, -1) : raw
          const cutLine =
            kind === 'f'
              ? cutFields(line, delimiter, ranges, joiner, complement, options.has('s'))
              : kind === 'b'
                ? decodeText(Uint8Array.from(choose([...encodeText(line)], ranges, complement)))
                : choose([...line], ranges, complement).join(joiner)
          if (cutLine !== undefined) await output.write(`${cutLine}\n`)
        }
      } finally {
        close()
      }
    } catch (error) {
      await output.flush()
      await complain(call, `${path}: ${words(error)}`)
      status = 1
    }
  }
  await output.flush()
  return status
}

function parseRanges(call: AppletCall, text: string, kind: string): Ranges {
  return text.split(/[,\s]/).map((part) => {
    const match = /^(\d+)?(-)?(\d+)?$/.exec(part)
    const [from, to] = [
      Number(match?.[1] ?? 1),
      match?.[2] ? Number(match[3] ?? Number.POSITIVE_INFINITY) : Number(match?.[1]),
    ]
    if (!match || part === '' || part === '-')
      throw new AppletError(
        say(
          call,
          part === '-'
            ? 'invalid range with no endpoint: -'
            : `invalid ${kind === 'f' ? 'field' : 'byte/character'} ${part === '' ? 'range' : `value ${curly(part)}`}`,
          `bad range '${text}'`,
        ),
        1,
        call.flavour === 'gnu' ? tryHelp(call) : '',
      )
    if (from === 0)
      throw new AppletError(
        say(
          call,
          kind === 'f' ? 'fields are numbered from 1' : 'byte/character positions are numbered from 1',
          `bad range '${text}'`,
        ),
        1,
        call.flavour === 'gnu' ? tryHelp(call) : '',
      )
    if (to < from)
      throw new AppletError(
        say(call, 'invalid decreasing range', `bad range '${text}'`),
        1,
        call.flavour === 'gnu' ? tryHelp(call) : '',
      )
    return [from, to] as const
  })
}

function choose<T>(items: readonly T[], ranges: Ranges, complement: boolean): T[] {
  return items.filter((_, i) => ranges.some(([from, to]) => i + 1 >= from && i + 1 <= to) !== complement)
}

function cutFields(
  line: string,
  delimiter: string,
  ranges: Ranges,
  joiner: string,
  complement: boolean,
  onlyDelimited: boolean,
): string | undefined {
  if (!line.includes(delimiter)) return onlyDelimited ? undefined : line
  return choose(line.split(delimiter), ranges, complement).join(joiner)
}
