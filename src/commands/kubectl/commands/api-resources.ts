import type { Command } from '../command.ts'
import { type ApiResource, groupResource, groupVersion } from '../discovery/resource.ts'
import { CliError } from '../errors/errors.ts'
import { bool, list, string } from '../flags/flag.ts'
import { TABLE, TabWriter } from '../printers/tab-writer.ts'
import type { Session } from '../session.ts'

export const apiResources: Command = {
  name: 'api-resources',
  short: 'Print the supported API resources on the server',
  long: 'Print the supported API resources on the server.',
  examples: `
# Print the supported API resources
kubectl api-resources

# Print the supported API resources with more information
kubectl api-resources -o wide

# Print the supported namespaced resources
kubectl api-resources --namespaced=true`,
  use: 'api-resources',
  flags: [
    string('api-group', 'Limit to resources in the specified API group.'),
    bool('cached', 'Use the cached list of resources if available.'),
    list('categories', 'Limit to resources that belong to the specified categories.'),
    bool(
      'namespaced',
      'If false, non-namespaced resources will be returned, otherwise returning namespaced resources by default.',
      { default: 'true' },
    ),
    bool(
      'no-headers',
      "When using the default or custom-column output format, don't print headers (default print headers).",
    ),
    string('output', 'Output format. One of: (json, yaml, name, wide).', { shorthand: 'o' }),
    string(
      'sort-by',
      "If non-empty, sort list of resources using specified field. The field can be either 'name' or 'kind'.",
    ),
    list('verbs', 'Limit to resources that support the specified verbs.'),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length > 0) throw session.usageError(`unexpected arguments: [${args.join(' ')}]`)
  const sortBy = flags.string('sort-by')
  if (sortBy && sortBy !== 'name' && sortBy !== 'kind') throw new CliError('--sort-by accepts only name or kind')
  const output = flags.string('output')
  if (!['', 'wide', 'name', 'json', 'yaml'].includes(output)) throw new CliError(`--output ${output} is not available`)
  const { resources, versions, failed } = await session.mapper.discovered()
  const chosen = resources.filter((r) => versions.get(r.group)?.[0] === r.version && wanted(session, r))
  const sorted = [...chosen].sort(sortBy === 'kind' ? byKind : sortBy === 'name' ? byName : byGroup)
  await session.print(
    output === 'name' ? sorted.map((r) => `${groupResource(r)}\n`).join('') : table(session, sorted, output === 'wide'),
  )
  if (failed.length > 0) {
    const list = failed.map((f) => `${f.groupVersion}: ${f.reason}`).join(', ')
    throw new CliError(`unable to retrieve the complete list of server APIs: ${list}`)
  }
}

function wanted(session: Session, r: ApiResource): boolean {
  const { flags } = session
  if (r.verbs.length === 0) return false
  if (flags.changed('api-group') && flags.string('api-group') !== r.group) return false
  if (flags.changed('namespaced') && flags.bool('namespaced') !== r.namespaced) return false
  if (!flags.list('verbs').every((verb) => r.verbs.includes(verb))) return false
  return flags.list('categories').every((category) => r.categories.includes(category))
}

function table(session: Session, resources: readonly ApiResource[], wide: boolean): string {
  const header = `NAME\tSHORTNAMES\tAPIVERSION\tNAMESPACED\tKIND${wide ? '\tVERBS\tCATEGORIES' : ''}`
  const rows = resources.map((r) => {
    const cells = [r.resource, r.shortNames.join(','), groupVersion(r), String(r.namespaced), r.kind]
    return [...cells, ...(wide ? [r.verbs.join(','), r.categories.join(',')] : [])].join('\t')
  })
  const lines = session.flags.bool('no-headers') ? rows : [header, ...rows]
  return new TabWriter(TABLE).format(lines.map((line) => `${line}\n`).join(''))
}

const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
const byName = (a: ApiResource, b: ApiResource) => order(a.resource, b.resource)
const byKind = (a: ApiResource, b: ApiResource) => order(a.kind, b.kind)
const byGroup = (a: ApiResource, b: ApiResource) => order(a.group, b.group) || byName(a, b)

export const apiVersions: Command = {
  name: 'api-versions',
  short: 'Print the supported API versions on the server, in the form of "group/version"',
  long: 'Print the supported API versions on the server, in the form of "group/version".',
  examples: '\n# Print the supported API versions\nkubectl api-versions',
  use: 'api-versions',
  async run(session) {
    if (session.args.length > 0) throw session.usageError(`unexpected arguments: [${session.args.join(' ')}]`)
    const { versions } = await session.mapper.discovered()
    const all = [...versions].flatMap(([group, list]) =>
      list.map((version) => (group ? `${group}/${version}` : version)),
    )
    await session.print(
      all
        .sort()
        .map((line) => `${line}\n`)
        .join(''),
    )
  },
}
