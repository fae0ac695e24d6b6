import type { Command } from '../command.ts'
import { type ApiResource, parseGroupVersion } from '../discovery/resource.ts'
import { CliError } from '../errors/errors.ts'
import type { Schema } from '../explain/schema.ts'
import { explainText, FieldMissing } from '../explain/text.ts'
import { bool, string } from '../flags/flag.ts'
import type { Session } from '../session.ts'

export const explain: Command = {
  name: 'explain',
  short: 'Get documentation for a resource',
  long: `Describe fields and structure of various resources.

 This command describes the fields associated with each supported API resource. Fields are identified via a simple JSONPath identifier:

        <type>.<fieldName>[.<fieldName>]
        
 Information about each field is retrieved from the server in OpenAPI format.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `
# Get the documentation of the resource and its fields
kubectl explain pods

# Get all the fields in the resource
kubectl explain pods --recursive

# Get the documentation of a specific field of a resource
kubectl explain pods.spec.containers`,
  use: 'explain TYPE [--recursive=FALSE|TRUE] [--api-version=api-version-group] [-o|--output=plaintext|plaintext-openapiv2]',
  flags: [
    string('api-version', 'Use given api-version (group/version) of the resource.'),
    string('output', 'Format in which to render the schema. Valid values are: (plaintext, plaintext-openapiv2).', {
      shorthand: 'o',
      default: 'plaintext',
    }),
    bool(
      'recursive',
      'When true, print the name of all the fields recursively. Otherwise, print the available fields with their description.',
    ),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { args, flags } = session
  if (args.length === 0) {
    throw new CliError(
      'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.',
    )
  }
  if (args.length > 1) throw new CliError('We accept only this format: explain RESOURCE')
  const { resource, path } = await resourceAndPath(session, args[0]!)
  const schemas = await schemasOf(session, resource)
  const schema = Object.values(schemas).find((candidate) =>
    (candidate['x-kubernetes-group-version-kind'] ?? []).some(
      (gvk) => gvk.kind === resource.kind && gvk.group === resource.group && gvk.version === resource.version,
    ),
  )
  if (!schema)
    throw new CliError(`couldn't find resource for "${resource.group}/${resource.version}, Kind=${resource.kind}"`)
  const { group, version, kind } = resource
  try {
    await session.print(
      explainText({ group, version, kind, schema, path, schemas, recursive: flags.bool('recursive') }),
    )
  } catch (error) {
    if (!(error instanceof FieldMissing)) throw error
    await session.print(error.output)
    throw new CliError(error.message)
  }
}

/** `pods.spec.containers`; the group may stand in between, as in `ingresses.networking.k8s.io.spec`. */
async function resourceAndPath(session: Session, text: string): Promise<{ resource: ApiResource; path: string[] }> {
  const [type = '', ...rest] = text.replace(/\.$/, '').split('.')
  const wanted = session.flags.string('api-version')
  if (wanted) {
    const base = await session.mapper.resource(type)
    const { group, version } = parseGroupVersion(wanted)
    const { resources } = await session.mapper.discovered()
    const found = resources.find((r) => r.group === group && r.version === version && r.kind === base.kind)
    if (!found) throw new CliError(`couldn't find resource for "${wanted}, Resource=${base.resource}"`)
    return { resource: found, path: rest }
  }
  const { resources } = await session.mapper.discovered()
  for (let n = rest.length; n > 0; n--) {
    const group = rest.slice(0, n).join('.')
    if (!resources.some((r) => r.group === group)) continue
    const named = resources.find(
      (r) => r.group === group && [r.resource, r.singular, ...r.shortNames].includes(type.toLowerCase()),
    )
    if (named) return { resource: named, path: rest.slice(n) }
  }
  return { resource: await session.mapper.resource(type), path: rest }
}

async function schemasOf(session: Session, { group, version }: ApiResource): Promise<Record<string, Schema>> {
  const key = group ? `apis/${group}/${version}` : `api/${version}`
  const index = await session.client.json({ path: '/openapi/v3' })
  const url: string | undefined = index.paths?.[key]?.serverRelativeURL
  if (!url) throw new CliError(`couldn't find resource for "${group}/${version}"`)
  const [path = '', search = ''] = url.split('?')
  const query = search
    .split('&')
    .filter(Boolean)
    .map((pair) => pair.split('=') as [string, string])
  return (await session.client.json({ path, query })).components?.schemas ?? {}
}
