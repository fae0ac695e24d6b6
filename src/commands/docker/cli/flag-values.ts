import { parseRamSize } from '../../../sim/containers/units.ts'
import { type Flag, flagName } from './flag.ts'

/** Wrong use of a flag; printed with the usage line, exit status 125. */
export class FlagError extends Error {}

/** Refuses a value by throwing an Error with the reason. */
export type Check = (value: string) => void

const LISTS = new Set([
  'list',
  'strings',
  'filter',
  'map',
  'mount',
  'network',
  'ulimit',
  'gpu-request',
  'stringArray',
  'stringToString',
])

function integer(value: string): void {
  if (!/^[+-]?(?:\d+|0x[\da-f]+)$/i.test(value))
    throw new Error(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`)
}

function unsigned(value: string): void {
  if (!/^\d+$/.test(value)) throw new Error(`strconv.ParseUint: parsing ${JSON.stringify(value)}: invalid syntax`)
}

/** Milliseconds of a Go duration: `1.5s`, `2m30s`. */
export function parseDuration(text: string): number {
  const units: Record<string, number> = { ns: 1e-6, us: 1e-3, µs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
  const found = /^([+-]?)((?:[\d.]+(?:ns|us|µs|ms|s|m|h))+|0)$/.exec(text)
  if (!found) {
    if (/^[+-]?[\d.]+$/.test(text)) throw new Error(`time: missing unit in duration ${JSON.stringify(text)}`)
    throw new Error(`time: invalid duration ${JSON.stringify(text)}`)
  }
  let sum = 0
  for (const [, number, unit] of found[2]!.matchAll(/([\d.]+)(ns|us|µs|ms|s|m|h)/g))
    sum += Number(number) * units[unit!]!
  return found[1] === '-' ? -sum : sum
}

const CHECKS: Readonly<Record<string, Check>> = {
  int: integer,
  uint: unsigned,
  uint16: unsigned,
  bytes: (value) => {
    if (value !== '-1') parseRamSize(value)
  },
  decimal: (value) => {
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+|\d+\/\d+)(?:[eE][+-]?\d+)?$/.test(value))
      throw new Error(`failed to parse ${value} as a rational number`)
  },
  duration: (value) => {
    parseDuration(value)
  },
  ulimit: (value) => {
    const found = /^(\w+)=(-?\d+)(?::(-?\d+))?$/.exec(value)
    if (!value.includes('=')) throw new Error(`invalid ulimit argument: ${value}`)
    if (!found) throw new Error(`invalid ulimit argument: ${value}`)
  },
  filter: (value) => {
    if (!value.includes('=')) throw new Error('bad format of filter (expected name=value)')
  },
}

/** Values given on a command line. */
export class FlagValues {
  readonly #values = new Map<string, string[]>()
  readonly #flags: readonly Flag[]
  readonly #checks: Readonly<Record<string, Check>>

  constructor(flags: readonly Flag[], checks: Readonly<Record<string, Check>> = {}) {
    this.#flags = flags
    this.#checks = checks
  }

  set(flag: Flag, value: string): void {
    const target = flag.aliasOf ? this.#flags.find((other) => other.name === flag.aliasOf)! : flag
    const refuse = (reason: string) =>
      new FlagError(`invalid argument ${JSON.stringify(value)} for ${JSON.stringify(flagName(flag))} flag: ${reason}`)
    if (target.type === '' && !/^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value))
      throw refuse(`strconv.ParseBool: parsing ${JSON.stringify(value)}: invalid syntax`)
    try {
      CHECKS[target.type]?.(value)
      this.#checks[target.name]?.(value)
    } catch (error) {
      throw refuse((error as Error).message)
    }
    const list = LISTS.has(target.type)
    const before = list ? (this.#values.get(target.name) ?? []) : []
    this.#values.set(target.name, [...before, ...(target.type === 'strings' ? value.split(',') : [value])])
  }

  has(name: string): boolean {
    return this.#values.has(name)
  }

  bool(name: string): boolean {
    const value = this.#values.get(name)?.[0]
    if (value !== undefined) return /^(?:1|t|T|TRUE|true|True)$/.test(value)
    return this.#flags.find((flag) => flag.name === name)?.text.endsWith('(default true)') ?? false
  }

  string(name: string): string | undefined {
    return this.#values.get(name)?.[0]
  }

  list(name: string): string[] {
    return this.#values.get(name) ?? []
  }

  number(name: string): number | undefined {
    const value = this.string(name)
    return value === undefined ? undefined : Number(value)
  }

  bytes(name: string): number | undefined {
    const value = this.string(name)
    if (value === undefined) return undefined
    return value === '-1' ? -1 : parseRamSize(value)
  }

  /** Milliseconds. */
  duration(name: string): number | undefined {
    const value = this.string(name)
    return value === undefined ? undefined : parseDuration(value)
  }
}

/** Takes a command line apart as pflag does. With `interspersed` false everything after the first argument is argument. */
export function parseFlags(
  flags: readonly Flag[],
  argv: readonly string[],
  options: { interspersed?: boolean; checks?: Readonly<Record<string, Check>> } = {},
): { values: FlagValues; args: string[]; help: boolean } {
  const values = new FlagValues(flags, options.checks)
  const args: string[] = []
  let help = false
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i]!
    if (arg === '--') {
      args.push(...argv.slice(i + 1))
      break
    }
    if (!arg.startsWith('-') || arg === '-') {
      args.push(arg)
      if (options.interspersed === false) {
        args.push(...argv.slice(i + 1))
        break
      }
      continue
    }
    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=')
      const name = equals < 0 ? arg.slice(2) : arg.slice(2, equals)
      if (name === '' || name.startsWith('-')) throw new FlagError(`bad flag syntax: ${arg}`)
      const flag = flags.find((candidate) => candidate.name === name)
      if (!flag) {
        if (name === 'help') {
          help = true
          continue
        }
        throw new FlagError(`unknown flag: --${name}`)
      }
      if (equals >= 0) values.set(flag, arg.slice(equals + 1))
      else if (isSwitch(flag)) values.set(flag, 'true')
      else {
        const next = argv[++i]
        if (next === undefined) throw new FlagError(`flag needs an argument: --${name}`)
        values.set(flag, next)
      }
      continue
    }
    for (let at = 1; at < arg.length; at++) {
      const letter = arg[at]!
      const flag = flags.find((candidate) => candidate.shorthand === letter)
      if (!flag) {
        if (letter === 'h') {
          help = true
          continue
        }
        throw new FlagError(`unknown shorthand flag: '${letter}' in -${arg.slice(at)}`)
      }
      const rest = arg.slice(at + 1)
      if (isSwitch(flag)) {
        if (rest.startsWith('=')) {
          values.set(flag, rest.slice(1))
          break
        }
        values.set(flag, 'true')
        continue
      }
      if (rest !== '') values.set(flag, rest.startsWith('=') ? rest.slice(1) : rest)
      else {
        const next = argv[++i]
        if (next === undefined) throw new FlagError(`flag needs an argument: '${letter}' in -${arg.slice(at)}`)
        values.set(flag, next)
      }
      break
    }
  }
  return { values, args, help }
}

function isSwitch(flag: Flag): boolean {
  return flag.type === ''
}
