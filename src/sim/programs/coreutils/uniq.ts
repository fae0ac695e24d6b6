import type { Applet } from '../applet/applet.ts'
import { AppletError, say, words } from '../applet/applet.ts'
import { Output, readInputText, splitLines } from '../applet/input.ts'
import { parseOptions } from '../applet/options.ts'

export const uniq: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, {
    short: 'cduif:s:w:zD',
    long: {
      count: 'c',
      repeated: 'd',
      unique: 'u',
      'ignore-case': 'i',
      'skip-fields=': 'f',
      'skip-chars=': 's',
      'check-chars=': 'w',
    },
  })
  const [input = '-', target] = options.operands
  let text: string
  try {
    text = await readInputText(process, input)
  } catch (error) {
    throw new AppletError(say(call, `${input}: ${words(error)}`, `can't open '${input}': ${words(error)}`))
  }
  const keyOf = (line: string) => {
    let key = line
    for (let i = 0; i < Number(options.get('f') ?? 0); i++) key = key.replace(/^[ \t]*[^ \t]*/, '')
    key = key.slice(Number(options.get('s') ?? 0))
    if (options.has('w')) key = key.slice(0, Number(options.get('w')))
    return options.has('i') ? key.toLowerCase() : key
  }
  const groups: { line: string; lines: string[] }[] = []
  for (const line of splitLines(text)) {
    const last = groups.at(-1)
    if (last && keyOf(last.line) === keyOf(line)) last.lines.push(line)
    else groups.push({ line, lines: [line] })
  }
  let out = ''
  for (const { line, lines } of groups) {
    if (options.has('D')) {
      if (lines.length > 1) out += lines.map((each) => `${each}\n`).join('')
      continue
    }
    if ((options.has('d') && lines.length < 2) || (options.has('u') && lines.length > 1)) continue
    out += options.has('c') ? `${String(lines.length).padStart(7)} ${line}\n` : `${line}\n`
  }
  if (target !== undefined) process.files.write(target, out)
  else {
    const output = new Output(process)
    await output.write(out)
    await output.flush()
  }
  return 0
}
