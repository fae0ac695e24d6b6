/** A flag's kind: how its text is checked and what `FlagValues` gives back. */
export type FlagType =
  | 'bool'
  | 'string'
  | 'int'
  | 'int32'
  | 'int64'
  | 'duration'
  | 'list'
  | 'array'
  | 'map'
  | 'tristate'

export interface FlagSpec {
  name: string
  shorthand?: string
  /** `list` splits at commas, `array` keeps each value whole, `map` is key=value pairs. */
  type: FlagType
  /** Text form, as `--help` shows it. */
  default?: string
  usage: string
  /** Value when the flag stands alone (`--dry-run`); booleans have `true`. */
  alone?: string
  hidden?: boolean
  deprecated?: string
  required?: boolean
}

export const bool = (name: string, usage: string, options: Partial<FlagSpec> = {}): FlagSpec => ({
  name,
  type: 'bool',
  default: 'false',
  alone: 'true',
  usage,
  ...options,
})

export const string = (name: string, usage: string, options: Partial<FlagSpec> = {}): FlagSpec => ({
  name,
  type: 'string',
  default: '',
  usage,
  ...options,
})

export const int = (name: string, usage: string, options: Partial<FlagSpec> = {}): FlagSpec => ({
  name,
  type: 'int',
  default: '0',
  usage,
  ...options,
})

export const duration = (name: string, usage: string, options: Partial<FlagSpec> = {}): FlagSpec => ({
  name,
  type: 'duration',
  default: '0s',
  usage,
  ...options,
})

export const list = (name: string, usage: string, options: Partial<FlagSpec> = {}): FlagSpec => ({
  name,
  type: 'list',
  usage,
  ...options,
})

export const array = (name: string, usage: string, options: Partial<FlagSpec> = {}): FlagSpec => ({
  name,
  type: 'array',
  usage,
  ...options,
})
