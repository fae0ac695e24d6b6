import { hasFiles } from '../builder/files.ts'
import { allNamespacesFlag, chunkSizeFlag, filenameFlags, selectorFlag } from '../builder/flags.ts'
import type { Info } from '../builder/info.ts'
import { fetchTargets, findInfos } from '../builder/infos.ts'
import { targetsOf } from '../builder/targets.ts'
import type { Command } from '../command.ts'
import { describerOf } from '../describe/registry.ts'
import { DescribeWriter } from '../describe/writer.ts'
import { CliError, isNotFound, throwAll } from '../errors/errors.ts'
import { bool } from '../flags/flag.ts'
import type { Session } from '../session.ts'

export const describe: Command = {
  name: 'describe',
  short: 'Show details of a specific resource or group of resources',
  long: `Show details of a specific resource or group of resources.

 Print a detailed description of the selected resources, including related resources such as events or controllers. You may select a single object by name, all objects of that type, provide a name prefix, or label selector.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `
# Describe a node
kubectl describe nodes kubernetes-node-emt8.c.myproject.internal

# Describe a pod
kubectl describe pods/nginx

# Describe all pods
kubectl describe pods

# Describe pods by label name=myLabel
kubectl describe pods -l name=myLabel`,
  use: 'describe (-f FILENAME | TYPE [NAME_PREFIX | -l label] | TYPE/NAME)',
  flags: [
    ...filenameFlags('containing the resource to describe'),
    allNamespacesFlag(),
    chunkSizeFlag(),
    selectorFlag(),
    bool('show-events', 'If true, display events related to the described object.', { default: 'true' }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { args, flags } = session
  if (args.length === 0 && !hasFiles(session)) {
    throw new CliError(
      'You must specify the type of resource to describe. Use "kubectl api-resources" for a complete list of supported resources.',
    )
  }
  const options = {
    listable: true,
    latest: true,
    allNamespaces: flags.bool('all-namespaces'),
    selector: flags.string('selector'),
  }
  const found = await findInfos(session, args, options)
  const infos = found.infos.length > 0 ? found.infos : await byPrefix(session, found.errors)
  const errors = infos === found.infos ? [...found.errors] : []
  let first = true
  for (const info of infos) {
    try {
      const text = await describeInfo(session, info)
      await session.print(first ? text : `\n\n${text}`)
      first = false
    } catch (error) {
      errors.push(error as Error)
    }
  }
  if (infos.length === 0 && errors.length === 0) {
    await session.printError(
      flags.bool('all-namespaces') ? 'No resources found\n' : `No resources found in ${session.namespace} namespace.\n`,
    )
  }
  throwAll(errors)
}

export async function describeInfo(session: Session, info: Info): Promise<string> {
  const writer = new DescribeWriter()
  const { kind, group } = info.resource
  await describerOf(kind, group)(writer, {
    session,
    info,
    object: info.object,
    now: session.now(),
    showEvents: session.flags.bool('show-events'),
    get: (path, query) => session.client.json({ path, query }),
  })
  return writer.toString()
}

/** `describe pod web` also means all Pods whose names begin with `web`. */
async function byPrefix(session: Session, errors: readonly Error[]): Promise<Info[]> {
  const { args } = session
  if (errors.length !== 1 || !isNotFound(errors[0])) return []
  const named = args.length === 2 ? args : args.length === 1 ? args[0]!.split('/') : []
  const [type, prefix] = named
  if (!type || !prefix) return []
  const targets = await targetsOf(session, [type], {
    listable: true,
    allNamespaces: session.flags.bool('all-namespaces'),
  })
  const { infos } = await fetchTargets(session, targets)
  const matching = infos.filter((info) => info.name.startsWith(prefix))
  if (matching.length === 0) throwAll(errors)
  return matching
}
