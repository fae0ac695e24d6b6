import { formatPrintf } from '../../linux/shell/builtins/printf-format.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, curly, say, words } from '../applet/applet.ts'
import { linesOf, Output, openInput, readInputText, splitLines } from '../applet/input.ts'
import { missingOperand, parseOptions, tryHelp } from '../applet/options.ts'

export const seq: Applet = async (call) => {
  // Negative numbers are operands.
  const args = call.args.map((word) => (/^-[\d.]/.test(word) ? `\0${word}` : word))
  const options = parseOptions(
    call,
    { short: 'ws:f:', long: { 'equal-width': 'w', 'separator=': 's', 'format=': 'f' }, inOrder: true },
    args,
  )
  const texts = options.operands.map((word) => word.replace(/^\0/, ''))
  if (texts.length === 0) throw missingOperand(call)
  if (texts.length > 3) throw new AppletError(`extra operand ${curly(texts[3]!)}`, 1, tryHelp(call))
  for (const text of texts) {
    if (text === '' || Number.isNaN(Number(text)))
      throw new AppletError(
        say(call, `invalid floating point argument: ${curly(text)}`, `invalid number '${text}'`),
        1,
        call.flavour === 'gnu' ? tryHelp(call) : '',
      )
  }
  const [first, step, last] =
    texts.length === 1
      ? ['1', '1', texts[0]!]
      : texts.length === 2
        ? [texts[0]!, '1', texts[1]!]
        : [texts[0]!, texts[1]!, texts[2]!]
  if (Number(step) === 0)
    throw new AppletError(
      say(call, `invalid Zero increment value: ${curly(step)}`, `invalid number '0'`),
      1,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  const digits = Math.max(...[first, step].map((text) => text.split('.')[1]?.length ?? 0))
  const scale = 10 ** digits
  const [from, by, to] = [Math.round(Number(first) * scale), Math.round(Number(step) * scale), Number(last) * scale]
  const width = options.has('w') ? Math.max(...[from, to].map((value) => (value / scale).toFixed(digits).length)) : 0
  const format = options.get('f')
  const separator = options.get('s') ?? '\n'
  const output = new Output(call.process)
  let any = false
  for (let value = from; by > 0 ? value <= to + 1e-9 : value >= to - 1e-9; value += by) {
    const text = (value / scale).toFixed(digits)
    const shown = format
      ? formatPrintf(format, [text]).text
      : text.startsWith('-')
        ? `-${text.slice(1).padStart(width - 1, '0')}`
        : text.padStart(width, '0')
    await output.write((any ? separator : '') + shown)
    any = true
  }
  if (any) await output.write('\n')
  await output.flush()
  return 0
}

export const tee: Applet = async (call) => {
  const { process } = call
  const options = parseOptions(call, { short: 'aip', long: { append: 'a', 'ignore-interrupts': 'i' } })
  if (options.has('i')) process.on('SIGINT', 'ignore')
  let status = 0
  const files = []
  for (const path of options.operands) {
    try {
      files.push(
        process.files.open(path, {
          write: true,
          create: true,
          ...(options.has('a') ? { append: true } : { truncate: true }),
        }),
      )
    } catch (error) {
      await complain(call, `${path}: ${words(error)}`)
      status = 1
    }
  }
  for (let chunk = await process.stdin.read(65_536); chunk.length > 0; chunk = await process.stdin.read(65_536)) {
    await process.stdout.write(chunk)
    for (const [index, file] of files.entries()) {
      try {
        await file.write(chunk)
      } catch (error) {
        await complain(call, `${options.operands[index]}: ${words(error)}`)
        status = 1
      }
    }
  }
  return status
}

/** Applets that change each line for itself. */
function perLine(change: (line: string) => string): Applet {
  return async (call) => {
    const output = new Output(call.process)
    let status = 0
    for (const path of call.args
      .filter((word) => word === '-' || !word.startsWith('-'))
      .concat(call.args.every((word) => word.startsWith('-')) ? ['-'] : [])) {
      try {
        const { file, close } = openInput(call.process, path)
        for await (const raw of linesOf(file, '\n', call.process))
          await output.write(raw.endsWith('\n') ? `${change(raw.slice(0, -1))}\n` : change(raw))
        close()
      } catch (error) {
        await complain(call, say(call, `cannot open ${path}: ${words(error)}`, `${path}: ${words(error)}`))
        status = 1
      }
    }
    await output.flush()
    return status
  }
}

export const rev = perLine((line) => [...line].reverse().join(''))

export const tac: Applet = async (call) => {
  const options = parseOptions(call, { short: 'bs:r' })
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    const text = await readInputText(call.process, path)
    const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? []
    await call.process.stdout.write(encodeText(lines.reverse().join('')))
  }
  return 0
}

export const nl: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'b:w:s:v:i:n:ph:f:d:l:',
    long: {
      'body-numbering=': 'b',
      'number-width=': 'w',
      'number-separator=': 's',
      'starting-line-number=': 'v',
      'number-format=': 'n',
    },
  })
  const all = options.get('b') === 'a'
  const width = Number(options.get('w') ?? 6)
  const separator = options.get('s') ?? '\t'
  const format = options.get('n') ?? 'rn'
  let number = Number(options.get('v') ?? 1)
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    for (const line of splitLines(await readInputText(call.process, path))) {
      if (line === '' && !all) {
        await call.process.print(`${' '.repeat(width + 1)}\n`)
        continue
      }
      const digits = String(number)
      const shown = format === 'ln' ? digits.padEnd(width) : digits.padStart(width, format === 'rz' ? '0' : ' ')
      await call.process.stdout.write(encodeText(`${shown}${separator}${line}\n`))
      number += Number(options.get('i') ?? 1)
    }
  }
  return 0
}

export const paste: Applet = async (call) => {
  const options = parseOptions(call, { short: 'd:sz', long: { 'delimiters=': 'd', serial: 's' } })
  const delimiters = [...(options.get('d') ?? '\t').replace(/\\n/g, '\n').replace(/\\t/g, '\t').replace(/\\0/g, '\0')]
  const delimiter = (i: number) => (delimiters.length === 0 ? '' : delimiters[i % delimiters.length]!.replace('\0', ''))
  const inputs: string[][] = []
  let standard: string[] | undefined
  const paths = options.operands.length > 0 ? options.operands : ['-']
  const dashes = paths.filter((path) => path === '-').length
  for (const path of paths) {
    if (path !== '-' || dashes === 1 || options.has('s'))
      inputs.push(splitLines(await readInputText(call.process, path)))
    else {
      standard ??= splitLines(await readInputText(call.process, '-'))
      const k = inputs.length
      const lines = standard
      inputs.push(lines.filter((_, i) => i % dashes === k % dashes))
    }
  }
  const output = new Output(call.process)
  const join = (parts: readonly string[]) => parts.map((part, i) => (i === 0 ? part : delimiter(i - 1) + part)).join('')
  if (options.has('s')) for (const lines of inputs) await output.write(`${join(lines)}\n`)
  else {
    const rows = Math.max(...inputs.map((lines) => lines.length))
    for (let row = 0; row < rows; row++) await output.write(`${join(inputs.map((lines) => lines[row] ?? ''))}\n`)
  }
  await output.flush()
  return 0
}

export const comm: Applet = async (call) => {
  const options = parseOptions(call, { short: '123' })
  const [a, b] = [
    splitLines(await readInputText(call.process, options.operands[0] ?? '-')),
    splitLines(await readInputText(call.process, options.operands[1] ?? '-')),
  ]
  const output = new Output(call.process)
  const put = (column: 1 | 2 | 3, line: string) => {
    if (options.has(String(column))) return Promise.resolve()
    const tabs = [1, 2].filter((each) => each < column && !options.has(String(each))).length
    return output.write(`${'\t'.repeat(tabs)}${line}\n`)
  }
  let [i, j] = [0, 0]
  while (i < a.length || j < b.length) {
    if (j >= b.length || (i < a.length && a[i]! < b[j]!)) await put(1, a[i++]!)
    else if (i >= a.length || b[j]! < a[i]!) await put(2, b[j++]!)
    else {
      await put(3, a[i++]!)
      j++
    }
  }
  await output.flush()
  return 0
}

export const join: Applet = async (call) => {
  const options = parseOptions(call, { short: 't:1:2:a:v:o:e:j:i' })
  const [first, second] = options.operands
  if (first === undefined || second === undefined) throw missingOperand(call)
  const separator = options.get('t')
  const split = (line: string) => (separator === undefined ? line.trim().split(/\s+/) : line.split(separator))
  const [k1, k2] = [
    Number(options.get('1') ?? options.get('j') ?? 1) - 1,
    Number(options.get('2') ?? options.get('j') ?? 1) - 1,
  ]
  const [a, b] = [
    splitLines(await readInputText(call.process, first)).map(split),
    splitLines(await readInputText(call.process, second)).map(split),
  ]
  const glue = separator ?? ' '
  const unpaired = [...options.all('a'), ...options.all('v')]
  const onlyUnpaired = options.has('v')
  const output = new Output(call.process)
  const row = (x: string[] | undefined, y: string[] | undefined, key: string) => {
    const format = options.get('o')
    const cells = format
      ? format
          .split(/[ ,]/)
          .map((spec) =>
            spec === '0' ? key : ((spec[0] === '1' ? x : y)?.[Number(spec.slice(2)) - 1] ?? options.get('e') ?? ''),
          )
      : [key, ...(x ?? []).filter((_, i) => i !== k1), ...(y ?? []).filter((_, i) => i !== k2)]
    return output.write(`${cells.join(glue)}\n`)
  }
  const usedB = new Set<string[]>()
  for (const x of a) {
    const matches = b.filter((y) => y[k2] === x[k1])
    for (const y of matches) {
      usedB.add(y)
      if (!onlyUnpaired) await row(x, y, x[k1]!)
    }
    if (matches.length === 0 && unpaired.includes('1')) await row(x, undefined, x[k1] ?? '')
  }
  if (unpaired.includes('2')) for (const y of b) if (!usedB.has(y)) await row(undefined, y, y[k2] ?? '')
  await output.flush()
  return 0
}

export const fold: Applet = async (call) => {
  const options = parseOptions(call, { short: 'w:sb', long: { 'width=': 'w', spaces: 's', bytes: 'b' }, digits: 'w' })
  const width = Number(options.get('w') ?? 80)
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    const text = await readInputText(call.process, path)
    const lines = text.split('\n').map((line) => {
      const parts: string[] = []
      let rest = [...line]
      while (rest.length > width) {
        let cut = width
        if (options.has('s')) {
          const space = rest.slice(0, width).lastIndexOf(' ')
          if (space >= 0) cut = space + 1
        }
        parts.push(rest.slice(0, cut).join(''))
        rest = rest.slice(cut)
      }
      return [...parts, rest.join('')].join('\n')
    })
    await call.process.stdout.write(encodeText(lines.join('\n')))
  }
  return 0
}

export const expand: Applet = async (call) => {
  const options = parseOptions(call, { short: 't:ai', long: { 'tabs=': 't' } })
  const size = Number(options.get('t') ?? 8)
  for (const path of options.operands.length > 0 ? options.operands : ['-']) {
    const text = await readInputText(call.process, path)
    const lines = text.split('\n').map((line) => {
      let out = ''
      for (const char of line) out += char === '\t' ? ' '.repeat(size - (out.length % size)) : char
      return out
    })
    await call.process.stdout.write(encodeText(lines.join('\n')))
  }
  return 0
}

export const column: Applet = async (call) => {
  const options = parseOptions(call, {
    short: 'ts:o:c:nx',
    long: { table: 't', 'separator=': 's', 'output-separator=': 'o' },
  })
  const lines: string[] = []
  for (const path of options.operands.length > 0 ? options.operands : ['-'])
    lines.push(...splitLines(await readInputText(call.process, path)).filter((line) => line.trim() !== ''))
  if (!options.has('t')) {
    await call.process.print(lines.map((line) => `${line}\n`).join(''))
    return 0
  }
  const separator = options.get('s')
  const rows = lines.map((line) =>
    separator === undefined
      ? line.trim().split(/\s+/)
      : line.split(new RegExp(`[${separator.replace(/[\]\\^-]/g, '\\$&')}]`)),
  )
  const widths: number[] = []
  for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, [...cell].length)
  const glue = options.get('o') ?? '  '
  for (const row of rows)
    await call.process.stdout.write(
      encodeText(
        `${row.map((cell, i) => (i === row.length - 1 ? cell : cell + ' '.repeat(widths[i]! - [...cell].length))).join(glue)}\n`,
      ),
    )
  return 0
}
