import { GoNil, GoStruct } from '../../go-template/value.ts'

/** Fields whose values are maps and not structs, by field name. */
const MAPS = new Set([
  'Labels',
  'Ports',
  'Networks',
  'Volumes',
  'ExposedPorts',
  'PortBindings',
  'Options',
  'Containers',
  'Data',
  'Sysctls',
  'Tmpfs',
  'Config.Config',
  'DriverOpts',
])
const NIL_MAPS = new Set([
  'Labels',
  'Volumes',
  'ExposedPorts',
  'PortBindings',
  'Options',
  'Sysctls',
  'Tmpfs',
  'DriverOpts',
  'Status',
])
const NIL_POINTERS = new Set([
  'Health',
  'IPAMConfig',
  'PidsLimit',
  'MemorySwappiness',
  'OomKillDisable',
  'Init',
  'Healthcheck',
  'StopTimeout',
  'UsageData',
])
/** Fields that JSON leaves out when they are empty, by the struct that has them. */
const OMITTED: Readonly<Record<string, readonly (readonly [string, unknown])[]>> = {
  State: [['Health', new GoNil('pointer')]],
  Config: [
    ['ExposedPorts', new GoNil('map')],
    ['Healthcheck', new GoNil('pointer')],
    ['ArgsEscaped', false],
    ['NetworkDisabled', false],
    ['MacAddress', ''],
    ['StopSignal', ''],
    ['StopTimeout', new GoNil('pointer')],
    ['Shell', new GoNil('slice')],
  ],
  HostConfig: [
    ['Tmpfs', new GoNil('map')],
    ['Sysctls', new GoNil('map')],
    ['Mounts', new GoNil('slice')],
    ['Init', new GoNil('pointer')],
  ],
}

/** JSON of the API as the Go values that docker's own templates see: structs, maps and typed nils. */
export function typed(value: unknown, name: string, typeName: string): unknown {
  if (value === null) {
    if (NIL_POINTERS.has(name)) return new GoNil('pointer')
    return new GoNil(NIL_MAPS.has(name) ? 'map' : 'slice')
  }
  if (Array.isArray(value)) return value.map((item) => typed(item, '', name))
  if (typeof value !== 'object') return value
  const entries = Object.entries(value as object)
  if (MAPS.has(name))
    return Object.fromEntries(entries.map(([key, item]) => [key, typed(item, key === name ? '' : '', name)]))
  const fields: Record<string, unknown> = {}
  for (const [key, item] of entries) fields[key] = typed(item, key, `container.${key}`)
  for (const [key, missing] of OMITTED[name] ?? []) if (!(key in fields)) fields[key] = missing
  return new GoStruct(typeName, fields)
}
