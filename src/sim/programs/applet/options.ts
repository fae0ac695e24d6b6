import { type AppletCall, AppletError } from './applet.ts'
import { busyboxUsage } from './usage.ts'

export interface OptionSpec {
  /** As for getopt: `nr` flags, `k:` with a value, `w::` with an optional value. */
  short: string
  /** Long names and the letter (or name) they stand for; `=` for a value, `=?` for an optional one. */
  long?: Readonly<Record<string, string>>
  /** Exit status of usage errors; 1 unless told. */
  status?: number
  /** Stop at the first operand (as `env`, `timeout`, `xargs` do). */
  inOrder?: boolean
  /** `-5` means `-n 5`: the letter that digits stand for. */
  digits?: string
}

/** Options and operands of a command line. */
export class Options {
  readonly values = new Map<string, string[]>()
  operands: string[] = []
  /** Options in the order they were given. */
  readonly order: { key: string; value: string | undefined }[] = []

  has(key: string): boolean {
    return this.values.has(key)
  }

  /** The last value given. */
  get(key: string): string | undefined {
    return this.values.get(key)?.at(-1)
  }

  all(key: string): readonly string[] {
    return this.values.get(key) ?? []
  }

  count(key: string): number {
    return this.values.get(key)?.length ?? 0
  }

  add(key: string, value: string | undefined): void {
    this.order.push({ key, value })
    const list = this.values.get(key) ?? []
    list.push(value ?? '')
    this.values.set(key, list)
  }
}

/** Parses as getopt_long does; errors in the flavour's words. */
export function parseOptions(call: AppletCall, spec: OptionSpec, args: readonly string[] = call.args): Options {
  const options = new Options()
  const wants = (letter: string): 'none' | 'value' | 'optional' | undefined => {
    const at = letter === ':' ? -1 : spec.short.indexOf(letter)
    if (at < 0) return undefined
    if (spec.short.startsWith('::', at + 1)) return 'optional'
    return spec.short[at + 1] === ':' ? 'value' : 'none'
  }
  let i = 0
  for (; i < args.length; i++) {
    const word = args[i]!
    if (word === '--') {
      i++
      break
    }
    if (word === '-' || word[0] !== '-') {
      if (spec.inOrder) break
      options.operands.push(word)
      continue
    }
    if (word.startsWith('--')) {
      i += longOption(call, spec, options, word.slice(2), args[i + 1])
      continue
    }
    if (spec.digits && /^-\d+$/.test(word)) {
      options.add(spec.digits, word.slice(1))
      continue
    }
    for (let j = 1; j < word.length; j++) {
      const letter = word[j]!
      const kind = wants(letter)
      if (kind === undefined) throw invalidOption(call, spec, letter)
      if (kind === 'none') {
        options.add(letter, undefined)
        continue
      }
      let value: string | undefined = word.slice(j + 1)
      if (value === '' && kind === 'value') {
        value = args[++i]
        if (value === undefined) throw missingArgument(call, spec, letter)
      }
      options.add(letter, value === '' && kind === 'optional' ? undefined : value)
      break
    }
  }
  options.operands.push(...args.slice(i))
  return options
}

/** Returns how many further words it took. */
function longOption(
  call: AppletCall,
  spec: OptionSpec,
  options: Options,
  text: string,
  next: string | undefined,
): number {
  const at = text.indexOf('=')
  const name = at < 0 ? text : text.slice(0, at)
  const given = at < 0 ? undefined : text.slice(at + 1)
  const known = Object.keys(spec.long ?? {})
  const bare = known.map((each) => each.replace(/=\??$/, ''))
  const matches = bare.includes(name) ? [name] : bare.filter((each) => each.startsWith(name))
  if (name === 'help' && matches.length === 0) throw helpAsked(call)
  if (name === 'version' && matches.length === 0 && call.flavour === 'gnu') throw new VersionAsked()
  if (matches.length !== 1) {
    if (matches.length > 1 && call.flavour === 'gnu') {
      throw new AppletError(
        `option '--${name}' is ambiguous; possibilities: ${matches.map((each) => `'--${each}'`).join(' ')}`,
        spec.status ?? 1,
        tryHelp(call),
      )
    }
    throw new AppletError(
      call.flavour === 'gnu' ? `unrecognized option '--${text}'` : `unrecognized option: ${name}`,
      spec.status ?? 1,
      tryHelp(call),
    )
  }
  const full = matches[0]!
  const entry = known.find((each) => each.replace(/=\??$/, '') === full)!
  const key = spec.long![entry]!
  if (entry.endsWith('=')) {
    if (given !== undefined) options.add(key, given)
    else if (next === undefined)
      throw new AppletError(
        call.flavour === 'gnu' ? `option '--${full}' requires an argument` : `option requires an argument: ${full}`,
        spec.status ?? 1,
        tryHelp(call),
      )
    else {
      options.add(key, next)
      return 1
    }
  } else options.add(key, given)
  return 0
}

export class VersionAsked extends AppletError {
  constructor() {
    super('', 0)
  }
}

function helpAsked(call: AppletCall): AppletError {
  return new AppletError(
    '',
    0,
    call.flavour === 'gnu' ? `Usage: ${call.name} [OPTION]... [FILE]...\n` : busyboxUsage(call.name),
  )
}

function invalidOption(call: AppletCall, spec: OptionSpec, letter: string): AppletError {
  const said = call.flavour === 'gnu' ? `invalid option -- '${letter}'` : `unrecognized option: ${letter}`
  return new AppletError(said, spec.status ?? 1, tryHelp(call))
}

function missingArgument(call: AppletCall, spec: OptionSpec, letter: string): AppletError {
  const said =
    call.flavour === 'gnu' ? `option requires an argument -- '${letter}'` : `option requires an argument: ${letter}`
  return new AppletError(said, spec.status ?? 1, tryHelp(call))
}

/** What follows a usage error. */
export function tryHelp(call: AppletCall): string {
  return call.flavour === 'gnu' ? `Try '${call.name} --help' for more information.\n` : busyboxUsage(call.name)
}

/** `missing operand` in the flavour's way. */
export function missingOperand(call: AppletCall, status = 1): AppletError {
  return call.flavour === 'gnu'
    ? new AppletError('missing operand', status, tryHelp(call))
    : new AppletError('', status, busyboxUsage(call.name))
}
