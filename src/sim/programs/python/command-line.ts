/** How python was called. */
export interface CommandLine {
  kind: 'version' | 'help' | 'command' | 'module' | 'script' | 'stdin' | 'bad'
  /** The command, module or file. */
  what: string
  args: readonly string[]
  unbuffered: boolean
  interactive: boolean
  quiet: boolean
}

/** The options of python that matter here; the others are taken and do nothing. */
export function parseCommandLine(words: readonly string[]): CommandLine {
  const line: CommandLine = { kind: 'stdin', what: '', args: [], unbuffered: false, interactive: false, quiet: false }
  let i = 0
  for (; i < words.length; i++) {
    const word = words[i]!
    if (word === '-' || !word.startsWith('-')) break
    if (word === '--version') return { ...line, kind: 'version' }
    if (word === '--help') return { ...line, kind: 'help' }
    if (word.startsWith('--')) return { ...line, kind: 'bad', what: `unknown option ${word}` }
    for (let at = 1; at < word.length; at++) {
      const letter = word[at]!
      const rest = word.slice(at + 1)
      if (letter === 'V') return { ...line, kind: 'version' }
      if (letter === 'h') return { ...line, kind: 'help' }
      if (letter === 'u') line.unbuffered = true
      else if (letter === 'i') line.interactive = true
      else if (letter === 'q') line.quiet = true
      else if (letter === 'c' || letter === 'm') {
        const what = rest !== '' ? rest : words[++i]
        if (what === undefined) return { ...line, kind: 'bad', what: `Argument expected for the -${letter} option` }
        return { ...line, kind: letter === 'c' ? 'command' : 'module', what, args: words.slice(i + 1) }
      } else if (letter === 'W' || letter === 'X') {
        if (rest === '') i++
        break
      } else if (!'bBdEIOsSvxPR'.includes(letter)) return { ...line, kind: 'bad', what: `Unknown option: -${letter}` }
    }
  }
  if (i >= words.length) return line
  if (words[i] === '-') return { ...line, args: words.slice(i + 1) }
  return { ...line, kind: 'script', what: words[i]!, args: words.slice(i + 1) }
}
