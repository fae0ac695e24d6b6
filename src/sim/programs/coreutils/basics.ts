import { echoText } from '../../linux/shell/builtins/output.ts'
import { formatPrintf } from '../../linux/shell/builtins/printf-format.ts'
import { evaluateTest, TestSyntaxError } from '../../linux/shell/builtins/test-expression.ts'
import { encodeText } from '../../linux/shell/bytes.ts'
import type { Applet } from '../applet/applet.ts'
import { AppletError, complain, curly, say } from '../applet/applet.ts'
import { missingOperand, tryHelp } from '../applet/options.ts'

export const trueApplet: Applet = () => 0
export const falseApplet: Applet = () => 1

export const echo: Applet = async ({ process, args, flavour }) => {
  await process.stdout.write(encodeText(echoText(args, flavour === 'gnu' ? 'bash' : 'ash')))
  return 0
}

export const printf: Applet = async (call) => {
  const { process, args } = call
  if (args.length === 0) throw missingOperand(call)
  const { text, errors } = formatPrintf(args[0]!, args.slice(1), {
    now: process.wallClock(),
    style: call.flavour === 'gnu' ? 'bash' : 'ash',
  })
  await process.stdout.write(encodeText(text))
  for (const error of errors)
    await complain(
      call,
      say(
        call,
        error.replace(/^(.*): invalid number$/, (_, value: string) => `${curly(value)}: expected a numeric value`),
        error,
      ),
    )
  return errors.length > 0 ? 1 : 0
}

export const test: Applet = async (call) => {
  let words = call.args
  if (call.name === '[') {
    if (words.at(-1) !== ']') throw new AppletError(say(call, "missing ']'", 'missing ]'), 2)
    words = words.slice(0, -1)
  }
  try {
    return evaluateTest({ process: call.process }, words, call.flavour === 'gnu' ? 'bash' : 'ash') ? 0 : 1
  } catch (error) {
    if (!(error instanceof TestSyntaxError)) throw error
    throw new AppletError(error.message, 2)
  }
}

export const pwd: Applet = async ({ process }) => {
  await process.print(`${process.cwd}\n`)
  return 0
}

export const printenv: Applet = async ({ process, args }) => {
  const names = args.filter((word) => !word.startsWith('-'))
  if (names.length === 0) await process.print([...process.env].map(([name, text]) => `${name}=${text}\n`).join(''))
  let status = 0
  for (const name of names) {
    const text = process.env.get(name)
    if (text === undefined) status = 1
    else await process.print(`${text}\n`)
  }
  return status
}

export const yes: Applet = async ({ process, args }) => {
  const line = `${args.length > 0 ? args.join(' ') : 'y'}\n`
  const block = line.repeat(Math.max(1, Math.floor(8192 / line.length)))
  for (;;) await process.print(block)
}

/** `3`, `1.5`, `2m`, `1h`, `1d` in ms; undefined when it is none. */
export function parseDuration(text: string): number | undefined {
  if (text === 'infinity' || text === 'inf') return 2 ** 40
  const match = /^(\d+\.?\d*|\.\d+)([smhd]?)$/.exec(text)
  if (!match) return undefined
  return Number(match[1]) * { '': 1000, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 }[match[2] as 's']
}

export const sleep: Applet = async (call) => {
  if (call.args.length === 0) throw missingOperand(call)
  if (call.args[0] === '--help') throw new AppletError('', 0, tryHelp(call))
  let total = 0
  for (const text of call.args) {
    const ms = parseDuration(text)
    if (ms === undefined)
      throw new AppletError(
        say(call, `invalid time interval ${curly(text)}`, `invalid number '${text}'`),
        1,
        call.flavour === 'gnu' ? tryHelp(call) : '',
      )
    total += ms
  }
  await call.process.sleep(total)
  return 0
}

export const sync: Applet = () => 0

export const uname: Applet = async (call) => {
  const { process, args } = call
  const { machine } = process
  const letters = new Set(
    args.flatMap((word) =>
      word.startsWith('--')
        ? [
            {
              '--all': 'a',
              '--kernel-name': 's',
              '--nodename': 'n',
              '--kernel-release': 'r',
              '--kernel-version': 'v',
              '--machine': 'm',
              '--operating-system': 'o',
            }[word] ?? '',
          ]
        : [...word.replace(/^-/, '')],
    ),
  )
  const unknown = [...letters].find((letter) => !'asnrvmpio'.includes(letter))
  if (unknown !== undefined)
    throw new AppletError(
      say(call, `invalid option -- '${unknown}'`, `unrecognized option: ${unknown}`),
      1,
      tryHelp(call),
    )
  const all = letters.has('a')
  const parts: [string, string][] = [
    ['s', 'Linux'],
    ['n', process.system.namespaces.uts.hostname],
    ['r', machine.kernelRelease],
    ['v', '#1 SMP PREEMPT_DYNAMIC @0'],
    ['m', 'x86_64'],
    ['o', call.flavour === 'gnu' ? 'GNU/Linux' : 'Linux'],
  ]
  const shown = parts
    .filter(([letter]) => all || letters.has(letter) || (letters.size === 0 && letter === 's'))
    .map(([, text]) => text)
  if (!all && (letters.has('p') || letters.has('i'))) shown.push('unknown')
  await process.print(`${shown.join(' ')}\n`)
  return 0
}

export const arch: Applet = async ({ process }) => {
  await process.print('x86_64\n')
  return 0
}

export const nproc: Applet = async ({ process }) => {
  await process.print(`${process.machine.cores}\n`)
  return 0
}

export const tty: Applet = async ({ process }) => {
  const name = process.fds.get(0)?.tty?.name
  await process.print(`${name ?? 'not a tty'}\n`)
  return name ? 0 : 1
}

export const clear: Applet = async ({ process }) => {
  await process.print('\x1b[H\x1b[J\x1b[3J')
  return 0
}

export const reset: Applet = async ({ process }) => {
  await process.print('\x1bc')
  return 0
}
