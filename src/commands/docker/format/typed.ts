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
    ['StorageOpt', new GoNil('map')],
    ['Runtime', ''],
  ],
  // A container's mount points; a bind mount has no name and no driver.
  'Mounts[]': [
    ['Type', ''],
    ['Name', ''],
    ['Driver', ''],
  ],
  // The address pools of a network.
  'Config[]': [
    ['Subnet', ''],
    ['IPRange', ''],
    ['Gateway', ''],
    ['AuxAddress', new GoNil('map')],
  ],
}

/** JSON of the API as the Go values that docker's own templates see: structs, maps and typed nils. */
export function typed(value: unknown, name: string, typeName: string): unknown {
  if (value === null) {
    if (NIL_POINTERS.has(name)) return new GoNil('pointer')
    return new GoNil(NIL_MAPS.has(name) ? 'map' : 'slice')
  }
  if (Array.isArray(value)) return value.map((item) => typed(item, `${name}[]`, name))
  if (typeof value !== 'object') return value
  const entries = Object.entries(value as object)
  if (MAPS.has(name))
    return Object.fromEntries(entries.map(([key, item]) => [key, typed(item, key === name ? '' : '', name)]))
  const fields: Record<string, unknown> = {}
  // What HostConfig asks for is another struct than the mount points that came of it.
  const nameOf = (key: string) => (name === 'HostConfig' && key === 'Mounts' ? 'HostConfig.Mounts' : key)
  for (const [key, item] of entries) fields[key] = typed(item, nameOf(key), `container.${key}`)
  for (const [key, missing] of OMITTED[name] ?? []) if (!(key in fields)) fields[key] = missing
  return new GoStruct(typeName, fields)
}
