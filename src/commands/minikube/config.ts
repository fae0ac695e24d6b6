import type { Process } from '../../sim/linux/process.ts'
import { flags } from '../docker/cli/flag.ts'
import { COMMON, type Command, Exit, firstArgument, KUBERNETES_VERSION } from './command.ts'
import { home } from './profile.ts'

type Settings = Record<string, string | number | boolean>

const BOOLEANS =
  'WantUpdateNotification WantBetaUpdateNotification WantNoneDriverWarning ReminderWaitPeriodInHours native-ssh rootless embed-certs EmbedCerts auto-update-drivers disable-optimizations'.split(
    ' ',
  )
const NUMBERS = ['cpus', 'nodes', 'v']
const TEXTS =
  'driver vm-driver container-runtime feature-gates memory disk-size host-only-cidr log_dir kubernetes-version iso-url bootstrapper insecure-registry hyperv-virtual-switch cache disable-driver-mounts profile MaxAuditEntries'.split(
    ' ',
  )

const fileOf = (process: Process) => `${home(process)}/config/config.json`

/** What `minikube config set` has kept. */
export function settings(process: Process): Settings {
  const path = fileOf(process)
  return process.files.exists(path) ? (JSON.parse(process.files.readText(path)) as Settings) : {}
}

export function changeSetting(process: Process, name: string, value: string | number | boolean | undefined): void {
  const { [name]: _, ...rest } = settings(process)
  const changed = value === undefined ? rest : { ...rest, [name]: value }
  process.files.mkdir(`${home(process)}/config`, { parents: true })
  const sorted = Object.fromEntries(Object.entries(changed).sort(([a], [b]) => (a < b ? -1 : 1)))
  process.files.write(fileOf(process), `${JSON.stringify(sorted, null, 4)}`)
}

function parseSetting(name: string, text: string): string | number | boolean {
  if (BOOLEANS.includes(name)) {
    if (/^(1|t|true)$/i.test(text)) return true
    if (/^(0|f|false)$/i.test(text)) return false
    throw new Exit('MK_CONFIG_SET', `Set failed: strconv.ParseBool: parsing "${text}": invalid syntax`, 10)
  }
  if (NUMBERS.includes(name)) {
    if (/^-?\d+$/.test(text)) return Number(text)
    throw new Exit('MK_CONFIG_SET', `Set failed: strconv.Atoi: parsing "${text}": invalid syntax`, 10)
  }
  if (!TEXTS.includes(name))
    throw new Exit(
      'MK_CONFIG_SET',
      `Set failed: find settings for "${name}" value of "${text}": property name "${name}" not found`,
      10,
    )
  if (name === 'memory' && !/^\d+\s*(k|m|g|kb|mb|gb|kib|mib|gib)?$/i.test(text) && text !== 'max')
    throw new Exit(
      'MK_CONFIG_SET',
      `Set failed: run validations for "${name}" with value of "${text}": [invalid memory size: invalid size: '${text}']`,
      10,
    )
  return text
}

const set: Command = {
  name: 'config set',
  summary: 'Sets an individual value in a minikube config file',
  flags: COMMON,
  async run({ process, args, out }) {
    const [name, value, ...more] = args
    if (name === undefined || value === undefined || more.length > 0)
      throw new Exit(
        'MK_USAGE',
        `not enough arguments (${args.length}).\nusage: minikube config set PROPERTY_NAME PROPERTY_VALUE`,
        14,
      )
    changeSetting(process, name, parseSetting(name, value))
    if (['driver', 'vm-driver', 'container-runtime', 'memory', 'cpus', 'disk-size', 'nodes'].includes(name))
      await out.warning('These changes will take effect upon a minikube delete and then a minikube start')
    return 0
  },
}

const unset: Command = {
  name: 'config unset',
  summary: 'unsets an individual value in a minikube config file',
  flags: COMMON,
  async run({ process, args }) {
    if (args.length !== 1) throw new Exit('MK_USAGE', 'usage: minikube config unset PROPERTY_NAME', 14)
    changeSetting(process, args[0]!, undefined)
    return 0
  },
}

const get: Command = {
  name: 'config get',
  summary: 'Gets the value of PROPERTY_NAME from the minikube config file',
  flags: COMMON,
  async run({ process, args }) {
    if (args.length !== 1) throw new Exit('MK_USAGE', 'usage: minikube config get PROPERTY_NAME', 14)
    const value = settings(process)[args[0]!]
    if (value === undefined) {
      await process.printError('\nError: specified key could not be found in config\n')
      return 1
    }
    await process.print(`${value}\n`)
    return 0
  },
}

const view: Command = {
  name: 'config view',
  summary: 'Display values currently set in the minikube config file',
  flags: [
    ...COMMON,
    ...flags`
      --format string   Go template format string for the config view output.
`,
  ],
  async run({ process, flags: given }) {
    const format = given.string('format') ?? '- {{.ConfigKey}}: {{.ConfigValue}}\n'
    for (const [key, value] of Object.entries(settings(process)))
      await process.print(
        format.replace(/\{\{\s*\.ConfigKey\s*\}\}/g, key).replace(/\{\{\s*\.ConfigValue\s*\}\}/g, String(value)),
      )
    return 0
  },
}

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  driver: ['docker'],
  'kubernetes-version': [KUBERNETES_VERSION],
}

const defaults: Command = {
  name: 'config defaults',
  summary: 'Lists all valid default values for PROPERTY_NAME',
  flags: COMMON,
  async run({ process, args }) {
    const name = firstArgument(args, 'usage: minikube config defaults PROPERTY_NAME')
    const found = DEFAULTS[name]
    if (!found) {
      await process.print(`No defaults available for ${name}\n`)
      return 0
    }
    await process.print(found.map((value) => `* ${value}\n`).join(''))
    return 0
  },
}

export const CONFIG_COMMANDS: readonly Command[] = [set, unset, get, view, defaults]
