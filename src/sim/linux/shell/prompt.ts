import { expandBody } from './expansion/expand.ts'
import type { Shell } from './shell.ts'
import { dateText } from './strftime.ts'

/** PS1 or PS2 as it is shown: backslash escapes, then `$` expansions. */
export async function promptText(shell: Shell, name: 'PS1' | 'PS2'): Promise<string> {
  const raw = shell.variables.get(name) ?? (name === 'PS2' ? '> ' : usualPrompt(shell))
  const decoded = shell.dialect === 'dash' ? raw : decodePrompt(shell, raw)
  const { status } = shell
  const text = await expandBody(shell, decoded)
  // Ctrl-C meant a command of the prompt, not the line to come: bash would begin the same prompt anew, for ever.
  shell.forgetInterrupt()
  shell.status = status
  return text
}

function usualPrompt(shell: Shell): string {
  if (shell.isBash) return '\\s-\\v\\$ '
  if (shell.dialect === 'ash') return '\\w \\$ '
  return shell.process.credentials.uid === 0 ? '# ' : '$ '
}

function decodePrompt(shell: Shell, text: string): string {
  return text.replace(
    /\\(\[|\]|D\{([^}]*)\}|[0-7]{3}|.)/g,
    (all, code: string, format: string | undefined) => expandEscape(shell, code, format) ?? all,
  )
}

function expandEscape(shell: Shell, code: string, format: string | undefined): string | undefined {
  const { process } = shell
  const time = (pattern: string) => dateText(pattern, process.wallClock())
  const folder = () => {
    const home = shell.variables.get('HOME')
    const here = shell.variables.get('PWD') ?? process.cwd
    return home && home !== '/' && (here === home || here.startsWith(`${home}/`)) ? `~${here.slice(home.length)}` : here
  }
  if (/^[0-7]{3}$/.test(code)) return String.fromCharCode(Number.parseInt(code, 8))
  switch (code[0]) {
    case 'u':
      return userName(shell)
    case 'h':
      return process.system.namespaces.uts.hostname.split('.')[0]
    case 'H':
      return process.system.namespaces.uts.hostname
    case 'w':
      return folder()
    case 'W': {
      const here = folder()
      return here === '/' || here === '~' ? here : here.slice(here.lastIndexOf('/') + 1)
    }
    case '$':
      return process.credentials.uid === 0 ? '#' : '\\$'
    case 's':
      return shell.name.replace(/^-/, '').replace(/^.*\//, '')
    case 'v':
      return '5.2'
    case 'V':
      return '5.2.15'
    case 'n':
      return '\n'
    case 'r':
      return '\r'
    case 'e':
      return '\x1b'
    case 'a':
      return '\x07'
    case 't':
      return time('%H:%M:%S')
    case 'T':
      return time('%I:%M:%S')
    case '@':
      return time('%I:%M %p')
    case 'A':
      return time('%H:%M')
    case 'd':
      return time('%a %b %e').replace('  ', ' ')
    case 'D':
      return time(format || '%X')
    case 'j':
      return String(shell.jobs.jobs.length)
    case '!':
    case '#':
      return String(shell.history.length + 1)
    case '[':
      return '\x01'
    case ']':
      return '\x02'
    case '\\':
      return '\\\\'
    default:
      return undefined
  }
}

export function userName(shell: Shell): string {
  const { uid } = shell.process.credentials
  try {
    for (const line of shell.process.files.readText('/etc/passwd').split('\n')) {
      const fields = line.split(':')
      if (fields[2] === String(uid)) return fields[0]!
    }
  } catch {
    // No passwd file.
  }
  return uid === 0 ? 'root' : 'I have no name!'
}
