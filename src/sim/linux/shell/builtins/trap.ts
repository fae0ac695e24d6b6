import { parseSignal, SIGNALS, type Signal } from '../../signals.ts'
import { singleQuote } from '../expansion/quote.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

const SHELL_EVENTS = ['EXIT', 'ERR', 'DEBUG', 'RETURN']

/** `INT`, `SIGINT`, `2`, `EXIT`, `0` → the name a trap is kept under. */
function trapName(text: string): string | undefined {
  const upper = text.toUpperCase()
  if (upper === '0' || upper === 'EXIT') return 'EXIT'
  if (SHELL_EVENTS.includes(upper)) return upper
  return parseSignal(text)
}

export const trap: Builtin = async ({ shell, args }) => {
  const words = args[0] === '--' ? args.slice(1) : args
  if (words[0] === '-l') {
    await shell.process.print(signalTable())
    return 0
  }
  if (words.length === 0 || words[0] === '-p') {
    const wanted = words.slice(1).map(trapName)
    for (const [name, action] of orderedTraps(shell)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue
      await shell.process.print(`trap -- ${singleQuote(action)} ${shell.isBash ? name : name.replace(/^SIG/, '')}\n`)
    }
    return 0
  }
  const single = words.length === 1 || /^\d+$/.test(words[0]!)
  const action = single ? '-' : words[0]!
  let status = 0
  for (const text of single ? words : words.slice(1)) {
    const name = trapName(text)
    if (!name) {
      await shell.complain(
        shell.isBash
          ? `${text}: invalid signal specification`
          : shell.dialect === 'ash'
            ? `${text}: invalid signal specification`
            : `${text}: bad trap`,
      )
      status = 1
      continue
    }
    setTrap(shell, name, action)
  }
  return status
}

function orderedTraps(shell: Shell): [string, string][] {
  const rank = (name: string) => (name === 'EXIT' ? 0 : (SIGNALS[name as Signal] ?? 100))
  return [...shell.traps].sort(([a], [b]) => rank(a) - rank(b))
}

export function setTrap(shell: Shell, name: string, action: string): void {
  if (action === '-') shell.traps.delete(name)
  else shell.traps.set(name, action)
  if (SHELL_EVENTS.includes(name) || name === 'SIGKILL' || name === 'SIGSTOP') return
  const signal = name as Signal
  if (action === '-') {
    if (shell.interactive && ['SIGINT', 'SIGTERM', 'SIGTSTP', 'SIGQUIT'].includes(signal))
      shell.process.on(signal, signal === 'SIGINT' ? () => shell.interrupt() : 'ignore')
    else shell.process.on(signal, 'default')
  } else if (action === '') shell.process.on(signal, 'ignore')
  else shell.process.on(signal, () => shell.signalled(signal))
}

/** `kill -l`, `trap -l`. */
export function signalTable(): string {
  const cells = Object.entries(SIGNALS).map(([name, number]) => `${String(number).padStart(2)}) ${name}`)
  let out = ''
  for (let i = 0; i < cells.length; i += 5) out += `${cells.slice(i, i + 5).join('\t')}\n`
  return out
}
