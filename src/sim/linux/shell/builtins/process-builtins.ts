import { SystemError } from '../../errors.ts'
import { decodeText } from '../bytes.ts'
import { Return, ShellError, ShellExit } from '../control.ts'
import { becomeExternal, findCommand, searchPath } from '../execution/external.ts'
import { holdText } from '../expansion/expand.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

/** Functions and files that run within each other. */
const MOST_NESTED = 1000

export const exec: Builtin = async ({ shell, args }) => {
  let words = [...args]
  let name: string | undefined
  let clean = false
  while (words[0] && /^-[acl]+$/.test(words[0])) {
    if (words[0].includes('c')) clean = true
    if (words[0].includes('a')) {
      name = words[1]
      words = words.slice(1)
    }
    words = words.slice(1)
  }
  if (words.length === 0) return 0
  shell.builtin = shell.isBash ? 'exec' : undefined
  const path = findCommand(shell, words[0]!)
  try {
    if (path === undefined)
      throw new ShellError(
        shell.isBash ? `${words[0]}: not found` : `${shell.dialect === 'dash' ? 'exec: ' : ''}${words[0]}: not found`,
        127,
        false,
      )
    const env = clean ? new Map<string, string>() : shell.variables.environment()
    return await becomeExternal(shell, {
      argv: [name ?? words[0]!, ...words.slice(1)],
      path,
      env,
      fds: new Map(shell.process.fds),
    })
  } catch (error) {
    if (!(error instanceof ShellError)) throw error
    await shell.complain(error.message, shell.isBash ? (path === undefined ? 'exec' : '') : '')
    if (shell.interactive) return error.status
    throw new ShellExit(error.status)
  }
}

export const source: Builtin = async ({ shell, name, args }) => {
  const [file, ...rest] = args
  if (file === undefined) {
    await shell.complain('filename argument required')
    await shell.process.printError(`${name}: usage: ${name} filename [arguments]\n`)
    return 2
  }
  let text: string
  let path = file
  try {
    if (!file.includes('/')) path = searchSource(shell, file)
    text = await readWhole(shell, path)
  } catch (error) {
    if (!(error instanceof SystemError)) throw error
    if (shell.isBash) {
      await shell.complain(`${file}: ${error.message}`, '')
      return 1
    }
    if (shell.dialect === 'ash') throw new ShellError(`${name}: can't open '${file}': ${error.message}`, 2)
    throw new ShellError(`${name}: cannot open ${file}: No such file`, 2)
  }
  const { positional, builtin } = shell
  if (shell.returnable >= MOST_NESTED)
    throw new ShellError(`${file}: maximum source nesting level exceeded (${MOST_NESTED})`, 1)
  shell.builtin = undefined
  if (rest.length > 0) shell.positional = rest
  shell.returnable++
  try {
    return await shell.interpreter.runText(shell, text, { firstLine: 1, name: path })
  } catch (error) {
    if (error instanceof Return) return error.status
    throw error
  } finally {
    shell.returnable--
    shell.builtin = builtin
    if (rest.length > 0) shell.positional = positional
  }
}

function searchSource(shell: Shell, name: string): string {
  for (const folder of (shell.variables.get('PATH') ?? '').split(':')) {
    const path = `${folder}/${name}`
    if (shell.process.files.exists(path) && shell.process.files.stat(path).type === 'file') return path
  }
  if (!shell.isBash && !shell.process.files.exists(name)) throw new SystemError('ENOENT')
  return searchPath(shell, name)[0] ?? name
}

/** Reads a file or a pipe (`source <(…)`) to its end. */
async function readWhole(shell: Shell, path: string): Promise<string> {
  const known = shell.openDescriptorPath(path)
  if (!known && shell.process.files.stat(path).type === 'directory') throw new SystemError('EISDIR')
  const file = known ?? shell.process.files.open(path, { read: true })
  let text = ''
  try {
    for (let chunk = await file.read(); chunk.length > 0; chunk = await file.read()) {
      text += decodeText(chunk)
      holdText(shell, text)
    }
  } finally {
    if (!known) file.release()
  }
  return text
}

export const umask: Builtin = async ({ shell, args }) => {
  const symbolic = args.includes('-S')
  const value = args.find((word) => !/^-[Sp]/.test(word))
  const { process } = shell
  if (value === undefined) {
    const octal = process.umask.toString(8).padStart(4, '0')
    await process.print(
      symbolic ? `${symbolicMask(process.umask)}\n` : `${args.includes('-p') ? 'umask ' : ''}${octal}\n`,
    )
    return 0
  }
  if (/^[0-7]{1,4}$/.test(value)) process.umask = Number.parseInt(value, 8) & 0o777
  else if (/^\d+$/.test(value)) {
    await shell.complain(shell.isBash ? `${value}: octal number out of range` : `Illegal number: ${value}`)
    return 1
  } else {
    const changed = applySymbolic(~process.umask & 0o777, value)
    if (changed === undefined) {
      await shell.complain(shell.isBash ? `\`${value[0]}': invalid symbolic mode operator` : `Illegal mode: ${value}`)
      return 1
    }
    process.umask = ~changed & 0o777
  }
  return 0
}

function symbolicMask(mask: number): string {
  const allowed = ~mask & 0o777
  const bits = (shift: number) => ['r', 'w', 'x'].filter((_, i) => (allowed >> shift) & (4 >> i)).join('')
  return `u=${bits(6)},g=${bits(3)},o=${bits(0)}`
}

function applySymbolic(mode: number, text: string): number | undefined {
  let result = mode
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)([-+=])([rwx]*)$/.exec(clause)
    if (!match) return undefined
    const who = match[1] === '' || match[1]!.includes('a') ? 'ugo' : match[1]!
    const bits = [...match[3]!].reduce((sum, char) => sum | ({ r: 4, w: 2, x: 1 }[char] ?? 0), 0)
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (!who.includes(letter)) continue
      if (match[2] === '+') result |= bits << shift
      else if (match[2] === '-') result &= ~(bits << shift)
      else result = (result & ~(7 << shift)) | (bits << shift)
    }
  }
  return result
}

const LIMITS: readonly [string, string, string][] = [
  ['R', 'real-time non-blocking time  (microseconds, -R)', 'unlimited'],
  ['c', 'core file size              (blocks, -c)', '0'],
  ['d', 'data seg size               (kbytes, -d)', 'unlimited'],
  ['e', 'scheduling priority                 (-e)', '0'],
  ['f', 'file size                   (blocks, -f)', 'unlimited'],
  ['i', 'pending signals                     (-i)', '31432'],
  ['l', 'max locked memory           (kbytes, -l)', '8192'],
  ['m', 'max memory size             (kbytes, -m)', 'unlimited'],
  ['n', 'open files                          (-n)', '1024'],
  ['p', 'pipe size                (512 bytes, -p)', '8'],
  ['q', 'POSIX message queues         (bytes, -q)', '819200'],
  ['r', 'real-time priority                  (-r)', '0'],
  ['s', 'stack size                  (kbytes, -s)', '8192'],
  ['t', 'cpu time                   (seconds, -t)', 'unlimited'],
  ['u', 'max user processes                  (-u)', '31432'],
  ['v', 'virtual memory              (kbytes, -v)', 'unlimited'],
  ['x', 'file locks                          (-x)', 'unlimited'],
]

const KERNEL_LIMITS: Readonly<Record<string, { name: 'fileSize' | 'processes' | 'openFiles' | 'cpu'; unit: number }>> =
  {
    f: { name: 'fileSize', unit: 1024 },
    u: { name: 'processes', unit: 1 },
    n: { name: 'openFiles', unit: 1 },
    t: { name: 'cpu', unit: 1 },
  }

export const ulimit: Builtin = async ({ shell, args }) => {
  const letters = args
    .filter((word) => word.startsWith('-'))
    .join('')
    .replace(/-/g, '')
  const value = args.find((word) => !word.startsWith('-'))
  const current = (letter: string, usual: string) => {
    const known = KERNEL_LIMITS[letter]
    const set = known && shell.process.system?.limit(known.name)
    return set === undefined || !known ? usual : String(Math.floor(set / known.unit))
  }
  if (letters.includes('a')) {
    for (const [letter, label, usual] of LIMITS) await shell.process.print(`${label} ${current(letter, usual)}\n`)
    return 0
  }
  const letter = [...letters].find((each) => each !== 'H' && each !== 'S') ?? 'f'
  const row = LIMITS.find(([each]) => each === letter)
  if (!row) {
    await shell.complain(`-${letter}: invalid option`)
    await shell.process.printError('ulimit: usage: ulimit [-SHabcdefiklmnpqrstuvxPRT] [limit]\n')
    return 2
  }
  if (value === undefined) {
    await shell.process.print(`${current(letter, row[2])}\n`)
    return 0
  }
  if (value !== 'unlimited' && !/^\d+$/.test(value)) {
    await shell.complain(`${value}: invalid number`)
    return 1
  }
  const known = KERNEL_LIMITS[letter]
  if (known) shell.process.system?.setLimit(known.name, value === 'unlimited' ? undefined : Number(value) * known.unit)
  return 0
}

export const times: Builtin = async ({ shell }) => {
  await shell.process.print('0m0.004s 0m0.002s\n0m0.010s 0m0.006s\n')
  return 0
}

export const history: Builtin = async ({ shell, args }) => {
  if (args[0] === '-c') {
    shell.history.length = 0
    return 0
  }
  if (args[0]?.startsWith('-')) return 0
  const count = args[0] === undefined ? shell.history.length : Number(args[0])
  if (!Number.isInteger(count)) {
    await shell.complain(`${args[0]}: numeric argument required`)
    return 1
  }
  const first = Math.max(0, shell.history.length - count)
  let out = ''
  for (let i = first; i < shell.history.length; i++) out += `${String(i + 1).padStart(5)}  ${shell.history[i]}\n`
  await shell.process.print(out)
  return 0
}

export const caller: Builtin = async ({ shell }) => {
  if (shell.functionNames.length === 0) return 1
  await shell.process.print(`${shell.line} ${shell.name}\n`)
  return 0
}

/** `complete -F f kubectl`, `compopt`, `enable`, `bind`: accepted, since completion has its own registry. */
export const accepted: Builtin = ({ shell, name, args }) => {
  const fn = args.indexOf('-F')
  if (name === 'complete' && fn >= 0)
    for (const word of args.slice(fn + 2)) if (!word.startsWith('-')) shell.completions.set(word, args[fn + 1]!)
  return 0
}
