import { SystemError } from '../../linux/errors.ts'
import { posixRegExp } from '../../linux/regexp/posix-regexp.ts'
import { signalTable } from '../../linux/shell/builtins/trap.ts'
import { parseSignal, SIGNALS, type Signal } from '../../linux/signals.ts'
import type { Applet, AppletCall } from '../applet/applet.ts'
import { AppletError, complain, say } from '../applet/applet.ts'
import { tryHelp } from '../applet/options.ts'
import { type ProcessRow, readProcesses } from './processes.ts'

/** Takes `-9`, `-KILL`, `-s KILL` off the front. */
function takeSignal(call: AppletCall, args: readonly string[]): { signal: Signal | 0; rest: string[] } {
  const rest = [...args]
  const at = rest.findIndex((word) => /^-(s|n|-signal)$/.test(word) || /^-[A-Z0-9]+$/.test(word))
  if (at < 0) return { signal: 'SIGTERM', rest }
  const word = rest[at]!
  const separate = /^-(s|n|-signal)$/.test(word)
  const text = separate ? (rest[at + 1] ?? '') : word.slice(1)
  rest.splice(at, separate ? 2 : 1)
  if (text === '0') return { signal: 0, rest }
  const signal = parseSignal(text)
  if (!signal) throw new AppletError(say(call, `unknown signal ${text}; valid signals:`, `bad signal name '${text}'`))
  return { signal, rest }
}

function send(call: AppletCall, pid: number, signal: Signal | 0): string | undefined {
  try {
    call.process.kill(pid, signal)
    return undefined
  } catch (error) {
    if (error instanceof SystemError) return error.message
    throw error
  }
}

export const kill: Applet = async (call) => {
  if (call.args[0] === '-l') {
    const [, text] = call.args
    if (text === undefined) await call.process.print(signalTable())
    else
      await call.process.print(
        /^\d+$/.test(text) ? `${parseSignal(text)?.slice(3) ?? ''}\n` : `${SIGNALS[parseSignal(text) ?? 'SIGTERM']}\n`,
      )
    return 0
  }
  const { signal, rest } = takeSignal(call, call.args)
  if (rest.length === 0)
    throw new AppletError(
      say(call, '', 'you need to specify whom to kill'),
      1,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  let status = 0
  for (const word of rest) {
    if (!/^-?\d+$/.test(word)) {
      await complain(call, say(call, `cannot find process "${word}"`, `invalid number '${word}'`))
      status = 1
      continue
    }
    const problem = send(call, Number(word), signal)
    if (problem === undefined) continue
    await complain(call, say(call, `(${word}): ${problem}`, `can't kill pid ${word}: ${problem}`))
    status = 1
  }
  return status
}

export const killall: Applet = async (call) => {
  const { signal, rest } = takeSignal(call, call.args)
  const quiet = rest.includes('-q')
  const names = rest.filter((word) => !word.startsWith('-'))
  let status = 0
  const rows = readProcesses(call.process)
  for (const name of names) {
    const found = rows.filter(
      (row) =>
        row.pid !== call.process.pid && (row.comm === name || row.command.split(' ')[0]!.replace(/^.*\//, '') === name),
    )
    if (found.length === 0) {
      if (!quiet) await complain(call, `${name}: no process ${call.flavour === 'gnu' ? 'found' : 'killed'}`)
      status = 1
    }
    for (const row of found) send(call, row.pid, signal)
  }
  return status
}

function select(
  call: AppletCall,
  args: readonly string[],
): { rows: ProcessRow[]; flags: Set<string>; values: Map<string, string> } {
  const flags = new Set<string>()
  const values = new Map<string, string>()
  const patterns: string[] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (!word.startsWith('-') || word === '-') patterns.push(word)
    else {
      for (let j = 1; j < word.length; j++) {
        const letter = word[j]!
        if (!'PugsUGd'.includes(letter)) {
          flags.add(letter)
          continue
        }
        values.set(letter, word.slice(j + 1) || args[++i] || '')
        break
      }
    }
  }
  if (patterns.length === 0 && values.size === 0)
    throw new AppletError(
      say(call, 'no matching criteria specified', 'no patterns specified'),
      2,
      call.flavour === 'gnu' ? tryHelp(call) : '',
    )
  const regexp = posixRegExp(patterns.join('|'), {
    extended: true,
    ignoreCase: flags.has('i'),
    ...(flags.has('x') ? { whole: 'line' as const } : {}),
  })
  let rows = readProcesses(call.process).filter((row) => row.pid !== call.process.pid)
  rows = rows.filter(
    (row) => patterns.length === 0 || regexp.test(flags.has('f') ? row.command : row.comm) !== flags.has('v'),
  )
  const parent = values.get('P')
  if (parent !== undefined) rows = rows.filter((row) => parent.split(',').includes(String(row.ppid)))
  const user = values.get('u') ?? values.get('U')
  if (user !== undefined)
    rows = rows.filter((row) => user.split(',').some((each) => each === row.user || each === String(row.uid)))
  if (flags.has('n')) rows = rows.slice(-1)
  if (flags.has('o')) rows = rows.slice(0, 1)
  return { rows, flags, values }
}

export const pgrep: Applet = async (call) => {
  const { rows, flags, values } = select(call, call.args)
  if (flags.has('c')) await call.process.print(`${rows.length}\n`)
  else {
    const lines = rows.map(
      (row) =>
        `${row.pid}${flags.has('a') ? ` ${row.command}` : flags.has('l') ? ` ${flags.has('f') && call.flavour === 'busybox' ? row.command : row.comm}` : ''}`,
    )
    const delimiter = values.get('d') ?? '\n'
    if (lines.length > 0) await call.process.print(`${lines.join(delimiter)}\n`)
  }
  return rows.length > 0 ? 0 : 1
}

export const pkill: Applet = async (call) => {
  const { signal, rest } = takeSignal(call, call.args)
  const { rows } = select(call, rest)
  for (const row of rows) send(call, row.pid, signal)
  return rows.length > 0 ? 0 : 1
}

export const pidof: Applet = async (call) => {
  const names = call.args.filter((word) => !word.startsWith('-'))
  const found = readProcesses(call.process)
    .filter(
      (row) =>
        row.pid !== call.process.pid &&
        names.some((name) => row.comm === name || row.command.split(' ')[0]!.replace(/^.*\//, '') === name),
    )
    .map((row) => row.pid)
    .reverse()
  if (found.length > 0)
    await call.process.print(`${(call.args.includes('-s') ? found.slice(0, 1) : found).join(' ')}\n`)
  return found.length > 0 ? 0 : 1
}

export const pstree: Applet = async (call) => {
  const rows = readProcesses(call.process)
  const pids = call.args.includes('-p')
  const root = Number(call.args.find((word) => /^\d+$/.test(word)) ?? 1)
  const label = (row: ProcessRow) => (pids ? `${row.comm}(${row.pid})` : row.comm)
  const lines = (row: ProcessRow): string[] => {
    const children = rows.filter((each) => each.ppid === row.pid).map(lines)
    const own = label(row)
    if (children.length === 0) return [own]
    const pad = ' '.repeat(own.length)
    return children.flatMap((child, i) => {
      const last = i === children.length - 1
      const lead = i === 0 ? `${own}${children.length === 1 ? '---' : '-+-'}` : `${pad}${last ? ' `-' : ' |-'}`
      return child.map((text, k) => (k === 0 ? lead + text : `${pad}${last ? '   ' : ' | '}${text}`))
    })
  }
  const top = rows.find((row) => row.pid === root)
  if (!top) return 1
  await call.process.print(`${lines(top).join('\n')}\n`)
  return 0
}
