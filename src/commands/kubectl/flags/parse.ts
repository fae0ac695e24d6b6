import { durationError, parseDuration } from './duration.ts'
import type { FlagSpec } from './flag.ts'
import { FlagValues } from './values.ts'

/** A flag that pflag refuses; the message is pflag's. */
export class FlagError extends Error {}

export class HelpRequested extends Error {}

export interface ParsedFlags {
  values: FlagValues
  args: string[]
  /** How many arguments stood before `--`; -1 without it. */
  dashAt: number
}

/** Reads arguments as pflag does: interspersed flags, bundled shorthands, `--x=y`, `-xVALUE`, `--`. */
export function parseFlags(
  specs: readonly FlagSpec[],
  argv: readonly string[],
  options: { stopAtFirstArg?: boolean } = {},
): ParsedFlags {
  const byName = new Map(specs.map((spec) => [spec.name, spec]))
  const byShorthand = new Map(specs.filter((s) => s.shorthand).map((s) => [s.shorthand!, s]))
  const values = new FlagValues(byName)
  const args: string[] = []
  let dashAt = -1
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!
    if (arg === '--') {
      dashAt = args.length
      args.push(...argv.slice(i + 1))
      break
    }
    if (arg === '-' || !arg.startsWith('-')) {
      if (options.stopAtFirstArg) {
        args.push(...argv.slice(i))
        break
      }
      args.push(arg)
    } else if (arg.startsWith('--')) {
      const [name, value] = splitLong(arg)
      const spec = byName.get(name)
      if (!spec) {
        if (name === 'help') throw new HelpRequested()
        throw new FlagError(`unknown flag: --${name}`)
      }
      if (value !== undefined) set(values, spec, value)
      else if (spec.alone !== undefined) set(values, spec, spec.alone)
      else if (i + 1 < argv.length) set(values, spec, argv[++i]!)
      else throw new FlagError(`flag needs an argument: --${name}`)
    } else i += shorthands(arg.slice(1), argv[i + 1], byShorthand, values)
  }
  return { values, args, dashAt }
}

/** Kubectl's name normaliser lets `_` stand for `-`. */
function splitLong(arg: string): [string, string | undefined] {
  const body = arg.slice(2)
  const eq = body.indexOf('=')
  const name = eq < 0 ? body : body.slice(0, eq)
  if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${arg}`)
  return [name.replaceAll('_', '-'), eq < 0 ? undefined : body.slice(eq + 1)]
}

/** Returns how many following arguments were used up. */
function shorthands(
  letters: string,
  next: string | undefined,
  byShorthand: ReadonlyMap<string, FlagSpec>,
  values: FlagValues,
): number {
  for (let i = 0; i < letters.length; i++) {
    const c = letters[i]!
    const rest = letters.slice(i + 1)
    const spec = byShorthand.get(c)
    if (!spec) {
      if (c === 'h') throw new HelpRequested()
      throw new FlagError(`unknown shorthand flag: '${c}' in -${letters}`)
    }
    if (rest.startsWith('=')) {
      set(values, spec, rest.slice(1))
      return 0
    }
    if (spec.alone !== undefined) {
      set(values, spec, spec.alone)
      continue
    }
    if (rest !== '') {
      set(values, spec, rest)
      return 0
    }
    if (next === undefined) throw new FlagError(`flag needs an argument: '${c}' in -${letters}`)
    set(values, spec, next)
    return 1
  }
  return 0
}

function set(values: FlagValues, spec: FlagSpec, text: string): void {
  const problem = check(spec, text)
  if (problem) {
    const label = spec.shorthand ? `-${spec.shorthand}, --${spec.name}` : `--${spec.name}`
    throw new FlagError(`invalid argument ${quote(text)} for "${label}" flag: ${problem}`)
  }
  values.set(spec.name, text)
}

const BOOLEANS = ['1', 't', 'T', 'true', 'TRUE', 'True', '0', 'f', 'F', 'false', 'FALSE', 'False']

function check(spec: FlagSpec, text: string): string | undefined {
  switch (spec.type) {
    case 'bool':
      return BOOLEANS.includes(text) ? undefined : `strconv.ParseBool: parsing ${quote(text)}: invalid syntax`
    case 'int':
    case 'int32':
    case 'int64':
      if (!/^[-+]?(0x[0-9a-f]+|\d+)$/i.test(text)) return `strconv.ParseInt: parsing ${quote(text)}: invalid syntax`
      if (spec.type !== 'int64' && spec.type !== 'int' && Math.abs(Number(text)) > 2147483647)
        return `strconv.ParseInt: parsing ${quote(text)}: value out of range`
      return undefined
    case 'duration':
      return parseDuration(text) === undefined ? durationError(text) : undefined
    case 'map':
      return text.split(',').every((pair) => pair.includes('=')) ? undefined : `${text} must be formatted as key=value`
    default:
      return undefined
  }
}

const quote = (text: string) => JSON.stringify(text)
