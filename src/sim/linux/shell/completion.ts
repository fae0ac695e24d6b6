import { KEYWORDS } from './builtins/lookup-builtins.ts'
import { compareBytes } from './expansion/glob.ts'
import type { Shell } from './shell.ts'

export interface CompletionRequest {
  readonly shell: Shell
  /** The words of the command up to the cursor; the last is what is being completed (perhaps empty). */
  readonly words: readonly string[]
}

/** Proposes whole words to stand where the last word is. A name that ends in `/`, `=` or `:` gets no space after it. */
export type Completer = (request: CompletionRequest) => Promise<readonly string[]> | readonly string[]

const registry = new Map<string, Completer>()

/** Commands with words of their own (kubectl, docker) register here by name. */
export function registerCompleter(command: string, completer: Completer): void {
  registry.set(command, completer)
}

/** Proposals for the word before the cursor, sorted and without doubles. */
export async function complete(shell: Shell, line: string): Promise<{ word: string; proposals: string[] }> {
  const words = lastCommandWords(line)
  const word = words.at(-1) ?? ''
  const proposals = new Set(await propose(shell, words))
  return { word, proposals: [...proposals].sort(compareBytes) }
}

async function propose(shell: Shell, words: readonly string[]): Promise<readonly string[]> {
  const word = words.at(-1) ?? ''
  if (word.startsWith('$')) {
    const brace = word.startsWith('${') ? '${' : '$'
    return shell.variables
      .names()
      .filter((name) => name.startsWith(word.slice(brace.length)))
      .map((name) => `${brace}${name}${brace === '${' ? '}' : ''}`)
  }
  if (words.length <= 1 && !word.includes('/')) return commandNames(shell, word)
  const command = words[0]!.replace(/^.*\//, '')
  const known = registry.get(command)
  if (known && words.length > 1) {
    const found = await known({ shell, words })
    if (found.length > 0) return found
  }
  if (command === 'cd' || command === 'rmdir') return fileNames(shell, word).filter((name) => name.endsWith('/'))
  return fileNames(shell, word)
}

function commandNames(shell: Shell, prefix: string): string[] {
  const names = [
    ...shell.interpreter.builtinNames(),
    ...KEYWORDS.filter((name) => /^[a-z]/.test(name)),
    ...shell.functions.keys(),
    ...shell.aliases.keys(),
  ]
  for (const folder of (shell.variables.get('PATH') ?? '').split(':')) {
    try {
      for (const entry of shell.process.files.list(folder)) names.push(entry.name)
    } catch {
      // PATH may name folders that do not exist.
    }
  }
  return names.filter((name) => name.startsWith(prefix))
}

/** Files that begin so; folders end in a slash. */
export function fileNames(shell: Shell, word: string): string[] {
  const slash = word.lastIndexOf('/') + 1
  const folder = word.slice(0, slash)
  const base = word.slice(slash)
  const home = shell.variables.get('HOME') ?? '/'
  const real = folder.startsWith('~/') ? home + folder.slice(1) : folder || '.'
  const { files } = shell.process
  try {
    return files
      .list(real)
      .filter((entry) => entry.name.startsWith(base) && (base.startsWith('.') || !entry.name.startsWith('.')))
      .map((entry) => folder + entry.name + (isFolder(`${real}/${entry.name}`, entry.type) ? '/' : ''))
  } catch {
    return []
  }
  function isFolder(path: string, type: string): boolean {
    if (type !== 'symlink') return type === 'directory'
    try {
      return files.stat(path).type === 'directory'
    } catch {
      return false
    }
  }
}

/** The words of the command the cursor is in, after the last `|`, `;`, `&` or `(`; quotes are removed. */
export function lastCommandWords(line: string): string[] {
  let words: string[] = []
  let word: string | undefined
  let quote = ''
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    if (quote) {
      if (char === quote) quote = ''
      else word = (word ?? '') + char
    } else if (char === '\\') word = (word ?? '') + (line[++i] ?? '')
    else if (char === '"' || char === "'") {
      quote = char
      word ??= ''
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word)
      word = undefined
    } else if (/[|;&(]/.test(char)) {
      words = []
      word = undefined
    } else if (/[<>]/.test(char)) {
      // What follows a redirection is a file.
      words = ['<']
      word = undefined
    } else word = (word ?? '') + char
  }
  while (words[0] && /^[A-Za-z_]\w*=/.test(words[0])) words.shift()
  while (words[0] && ['sudo', 'time', 'command', 'exec', 'watch', 'then', 'do', 'else', '!'].includes(words[0]))
    words.shift()
  return [...words, word ?? '']
}
