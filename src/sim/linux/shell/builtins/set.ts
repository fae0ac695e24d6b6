import { ShellError } from '../control.ts'
import { setting } from '../expansion/declaration.ts'
import { singleQuote } from '../expansion/quote.ts'
import { functionText } from '../function-text.ts'
import { OPTION_LETTERS, type Shell } from '../shell.ts'
import { scalar } from '../variables.ts'
import type { Builtin } from './builtin.ts'

const NAMES = Object.keys(OPTION_LETTERS)
const ASH_NAMES = [
  'errexit',
  'noglob',
  'ignoreeof',
  'interactive',
  'monitor',
  'noexec',
  'stdin',
  'xtrace',
  'verbose',
  'noclobber',
  'allexport',
  'notify',
  'nounset',
  'emacs',
  'vi',
  'pipefail',
]

function nameOfLetter(letter: string): string | undefined {
  return NAMES.find((name) => OPTION_LETTERS[name] === letter)
}

/** Switches an option by name; false when there is none. */
export function setOption(shell: Shell, name: string, on: boolean): boolean {
  if (!(shell.isBash ? NAMES : ASH_NAMES).includes(name)) return false
  if (on) shell.options.add(name)
  else shell.options.delete(name)
  return true
}

export const set: Builtin = async ({ shell, args }) => {
  if (args.length === 0) {
    await showVariables(shell)
    return 0
  }
  for (let i = 0; i < args.length; i++) {
    const word = args[i]!
    if (word === '--') {
      shell.positional = args.slice(i + 1)
      return 0
    }
    if (word === '-') {
      setOption(shell, 'xtrace', false)
      setOption(shell, 'verbose', false)
      if (i + 1 < args.length) shell.positional = args.slice(i + 1)
      return 0
    }
    if (!/^[-+]./.test(word)) {
      shell.positional = args.slice(i)
      return 0
    }
    const on = word[0] === '-'
    for (const letter of word.slice(1)) {
      if (letter === 'o') {
        const name = args[++i]
        if (name === undefined) {
          await showOptions(shell, on)
          return 0
        }
        if (setOption(shell, name, on)) continue
        if (shell.isBash) {
          await shell.complain(`${name}: invalid option name`)
          return 2
        }
        throw new ShellError(
          shell.dialect === 'ash' ? `set: illegal option -o ${name}` : `set: Illegal option -o ${name}`,
          2,
        )
      }
      const name = nameOfLetter(letter)
      if (name && setOption(shell, name, on)) continue
      if (!shell.isBash)
        throw new ShellError(
          shell.dialect === 'ash' ? `illegal option -${letter}` : `set: Illegal option -${letter}`,
          2,
        )
      await shell.complain(`${word[0]}${letter}: invalid option`)
      await shell.process.printError('set: usage: set [-abefhkmnptuvxBCEHPT] [-o option-name] [--] [-] [arg ...]\n')
      return 2
    }
  }
  return 0
}

async function showVariables(shell: Shell): Promise<void> {
  let out = ''
  for (const name of shell.variables.names()) {
    const variable = shell.variables.lookup(name)!
    const line = shell.isBash
      ? setting(name, variable)
      : scalar(variable) === undefined
        ? undefined
        : `${name}=${singleQuote(scalar(variable)!)}`
    if (line !== undefined) out += `${line}\n`
  }
  if (shell.isBash)
    for (const [name, found] of [...shell.functions].sort(([a], [b]) => (a < b ? -1 : 1)))
      out += `${functionText(name, found)}\n`
  await shell.process.print(out)
}

async function showOptions(shell: Shell, table: boolean): Promise<void> {
  const names = shell.isBash ? NAMES : ASH_NAMES
  const lines = names.map((name) => {
    const on = shell.options.has(name)
    if (!table) return `set ${on ? '-' : '+'}o ${name}`
    return shell.isBash ? `${name.padEnd(15)}\t${on ? 'on' : 'off'}` : `${name.padEnd(16)}${on ? 'on' : 'off'}`
  })
  await shell.process.print(`${table && !shell.isBash ? 'Current option settings\n' : ''}${lines.join('\n')}\n`)
}

const SHOPTS =
  'autocd assoc_expand_once cdable_vars cdspell checkhash checkjobs checkwinsize cmdhist compat31 compat32 compat40 compat41 compat42 compat43 compat44 complete_fullquote direxpand dirspell dotglob execfail expand_aliases extdebug extglob extquote failglob force_fignore globasciiranges globskipdots globstar gnu_errfmt histappend histreedit histverify hostcomplete huponexit inherit_errexit interactive_comments lastpipe lithist localvar_inherit localvar_unset login_shell mailwarn no_empty_cmd_completion nocaseglob nocasematch noexpand_translation nullglob patsub_replacement progcomp progcomp_alias promptvars restricted_shell shift_verbose sourcepath varredir_close xpg_echo'.split(
    ' ',
  )

export const shopt: Builtin = async ({ shell, args }) => {
  const flags = new Set<string>()
  let names = args
  while (names[0] && /^-[suqpo]+$/.test(names[0])) {
    for (const letter of names[0].slice(1)) flags.add(letter)
    names = names.slice(1)
  }
  const known = flags.has('o') ? NAMES : SHOPTS
  const values = flags.has('o') ? shell.options : shell.shopt
  let status = 0
  for (const name of names.length > 0 ? names : known) {
    if (!known.includes(name)) {
      await shell.complain(`${name}: invalid shell option name`)
      status = 1
    } else if ((flags.has('s') || flags.has('u')) && names.length > 0) {
      if (flags.has('s')) values.add(name)
      else values.delete(name)
    } else {
      const on = values.has(name)
      if (names.length > 0 && !on) status = 1
      if (flags.has('q') || (names.length === 0 && ((flags.has('s') && !on) || (flags.has('u') && on)))) continue
      await shell.process.print(
        flags.has('p') ? `shopt ${on ? '-s' : '-u'} ${name}\n` : `${name.padEnd(15)}\t${on ? 'on' : 'off'}\n`,
      )
    }
  }
  return status
}
