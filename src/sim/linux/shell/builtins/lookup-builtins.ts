import { findCommand, searchPath } from '../execution/external.ts'
import { singleQuote } from '../expansion/quote.ts'
import { functionText } from '../function-text.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './builtin.ts'

export const KEYWORDS = [
  'if',
  'then',
  'else',
  'elif',
  'fi',
  'case',
  'esac',
  'for',
  'select',
  'while',
  'until',
  'do',
  'done',
  'in',
  'function',
  'time',
  '{',
  '}',
  '!',
  '[[',
  ']]',
  'coproc',
]

interface Meaning {
  kind: 'alias' | 'keyword' | 'function' | 'builtin' | 'file'
  /** The alias's text or the file's path. */
  text: string
}

/** What a name means as a command, in the order the shell tries. */
export function meanings(shell: Shell, name: string, isBuiltin: (name: string) => boolean): Meaning[] {
  const out: Meaning[] = []
  if (shell.aliases.has(name)) out.push({ kind: 'alias', text: shell.aliases.get(name)! })
  if (KEYWORDS.includes(name) && (shell.isBash || !['select', 'function', '[[', ']]', 'coproc'].includes(name)))
    out.push({ kind: 'keyword', text: name })
  if (shell.functions.has(name)) out.push({ kind: 'function', text: name })
  if (isBuiltin(name)) out.push({ kind: 'builtin', text: name })
  const paths = name.includes('/')
    ? shell.process.files.access(name, { execute: true })
      ? [name]
      : []
    : searchPath(shell, name)
  out.push(...paths.map((path): Meaning => ({ kind: 'file', text: path })))
  return out
}

function describe(shell: Shell, name: string, meaning: Meaning): string {
  switch (meaning.kind) {
    case 'alias':
      return shell.isBash ? `${name} is aliased to \`${meaning.text}'` : `${name} is an alias for ${meaning.text}`
    case 'keyword':
      return `${name} is a shell keyword`
    case 'function':
      return shell.isBash
        ? `${name} is a function\n${functionText(name, shell.functions.get(name)!)}`
        : shell.dialect === 'dash'
          ? `${name} is a shell function`
          : `${name} is a function`
    case 'builtin':
      return `${name} is a ${!shell.isBash && ['.', ':', 'break', 'continue', 'eval', 'exec', 'exit', 'export', 'readonly', 'return', 'set', 'shift', 'times', 'trap', 'unset'].includes(name) ? 'special ' : ''}shell builtin`
    case 'file':
      return shell.isBash && shell.hashed.has(name)
        ? `${name} is hashed (${meaning.text})`
        : `${name} is ${meaning.text}`
  }
}

export const type: Builtin = async ({ shell, args }) => {
  const flags = new Set<string>()
  let names = args
  while (shell.isBash && names[0] && /^-[afptP]+$/.test(names[0])) {
    for (const letter of names[0].slice(1)) flags.add(letter)
    names = names.slice(1)
  }
  let status = 0
  for (const name of names) {
    const all = meanings(shell, name, shell.interpreter.isBuiltin)
    const shown = flags.has('a') ? all : all.slice(0, 1)
    if (shown.length === 0) {
      status = shell.isBash ? 1 : 127
      if (flags.has('t') || flags.has('p')) continue
      if (shell.isBash) await shell.complain(`${name}: not found`)
      else await shell.process.print(`${name}: not found\n`)
    }
    for (const meaning of shown) {
      if (flags.has('t')) await shell.process.print(`${meaning.kind}\n`)
      else if (flags.has('p') || flags.has('P')) {
        const file = flags.has('P')
          ? all.find((each) => each.kind === 'file')
          : meaning.kind === 'file'
            ? meaning
            : undefined
        if (file) await shell.process.print(`${file.text}\n`)
      } else await shell.process.print(`${describe(shell, name, meaning)}\n`)
    }
  }
  return status
}

export const command: Builtin = async ({ shell, args }) => {
  const flags = new Set<string>()
  let words = args
  while (words[0] && /^-[pvV]+$/.test(words[0])) {
    for (const letter of words[0].slice(1)) flags.add(letter)
    words = words.slice(1)
  }
  if (words[0] === '--') words = words.slice(1)
  if (words.length === 0) return 0
  if (!flags.has('v') && !flags.has('V')) {
    shell.builtin = undefined
    return shell.interpreter.runWords(shell, words)
  }
  let found = false
  for (const name of words) {
    const meaning = meanings(shell, name, shell.interpreter.isBuiltin)[0]
    if (!meaning) {
      if (flags.has('V')) {
        if (shell.isBash) await shell.complain(`${name}: not found`)
        else await shell.process.print(`${name}: not found\n`)
      }
      continue
    }
    found = true
    if (flags.has('V')) await shell.process.print(`${describe(shell, name, meaning)}\n`)
    else
      await shell.process.print(
        `${meaning.kind === 'alias' ? `alias ${name}=${singleQuote(meaning.text)}` : meaning.kind === 'file' ? meaning.text : name}\n`,
      )
  }
  return found ? 0 : shell.isBash ? 1 : 127
}

export const builtin: Builtin = async ({ shell, args }) => {
  const [name] = args
  if (name === undefined) return 0
  if (!shell.interpreter.isBuiltin(name)) {
    await shell.complain(`${name}: not a shell builtin`)
    return 1
  }
  return shell.interpreter.runWords(shell, args)
}

export const hash: Builtin = async ({ shell, args }) => {
  if (args[0] === '-r') {
    shell.hashed.clear()
    return 0
  }
  if (args.length === 0) {
    if (shell.hashed.size === 0) await shell.process.print(shell.isBash ? 'hash: hash table empty\n' : '')
    else if (shell.isBash) {
      await shell.process.print('hits\tcommand\n')
      for (const { path, hits } of shell.hashed.values())
        await shell.process.print(`${String(hits).padStart(4)}\t${path}\n`)
    } else for (const { path } of shell.hashed.values()) await shell.process.print(`${path}\n`)
    return 0
  }
  let status = 0
  for (const name of args) {
    if (name.startsWith('-') || findCommand(shell, name)) continue
    await shell.complain(`${name}: not found`)
    status = 1
  }
  return status
}

export const alias: Builtin = async ({ shell, args }) => {
  const show = (name: string) =>
    shell.process.print(`${shell.isBash ? 'alias ' : ''}${name}=${singleQuote(shell.aliases.get(name)!)}\n`)
  const words = args.filter((word) => word !== '-p')
  if (words.length === 0) for (const name of [...shell.aliases.keys()].sort()) await show(name)
  let status = 0
  for (const word of words) {
    const at = word.indexOf('=')
    if (at > 0) shell.aliases.set(word.slice(0, at), word.slice(at + 1))
    else if (shell.aliases.has(word)) await show(word)
    else {
      await shell.complain(`${word}${shell.isBash ? ': not found' : ' not found'}`)
      status = 1
    }
  }
  return status
}

export const unalias: Builtin = async ({ shell, args }) => {
  if (args[0] === '-a') shell.aliases.clear()
  let status = 0
  for (const name of args.filter((word) => word !== '-a')) {
    if (shell.aliases.delete(name)) continue
    await shell.complain(`${name}: not found`)
    status = 1
  }
  return status
}
