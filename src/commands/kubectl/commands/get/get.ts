import { hasFiles } from '../../builder/files.ts'
import type { InfoOptions } from '../../builder/infos.ts'
import { findInfos } from '../../builder/infos.ts'
import type { Command } from '../../command.ts'
import { CliError, throwAll } from '../../errors/errors.ts'
import { PartialOutput } from '../../printers/go-template.ts'
import { printerFor, TABLE_FORMATS } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'
import { GET_FLAGS } from './flags.ts'
import { printTables } from './human.ts'
import { getRaw } from './raw.ts'
import { sortObjects } from './sort.ts'
import { watch } from './watch.ts'

export const get: Command = {
  name: 'get',
  short: 'Display one or many resources',
  long: `Display one or many resources.

 Prints a table of the most important information about the specified resources. You can filter the list using a label selector and the --selector flag. If the desired resource type is namespaced you will only see results in the current namespace if you don't specify any namespace.

 By specifying the output as 'template' and providing a Go template as the value of the --template flag, you can filter the attributes of the fetched resources.

Use "kubectl api-resources" for a complete list of supported resources.`,
  examples: `
# List all pods in ps output format
kubectl get pods

# List all pods in ps output format with more information (such as node name)
kubectl get pods -o wide

# List a single deployment
kubectl get deployment web

# List a pod in JSON output format
kubectl get -o json pod web-pod-13je7

# List all services and deployments together
kubectl get deploy,services

# Follow changes of pods
kubectl get pods -w`,
  use: 'get [(-o|--output=)json|yaml|kyaml|name|go-template|go-template-file|template|templatefile|jsonpath|jsonpath-as-json|jsonpath-file|custom-columns|custom-columns-file|wide] (TYPE[.VERSION][.GROUP] [NAME | -l label] | TYPE[.VERSION][.GROUP]/NAME ...) [flags]',
  flags: GET_FLAGS,
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (flags.string('raw')) return getRaw(session)
  if (flags.bool('output-watch-events') && !watching(session)) {
    throw new CliError('--output-watch-events option can only be used with --watch or --watch-only')
  }
  if (args.length === 0 && !hasFiles(session)) {
    await session.printError(
      'You must specify the type of resource to get. Use "kubectl api-resources" for a complete list of supported resources.\n\n',
    )
    throw session.usageError(
      'Required resource not specified.\nUse "kubectl explain <resource>" for a detailed description of that resource (e.g. kubectl explain pods).',
    )
  }
  if (flags.string('subresource') && args.length === 1 && !args[0]!.includes('/')) {
    throw new CliError('subresource cannot be used when bulk resources are specified')
  }
  const output = flags.string('output')
  if (!human(output) && !(output === '' && flags.string('template'))) printerFor(session, { also: TABLE_FORMATS })
  if (watching(session)) return watch(session, infoOptions(session))
  if (human(output) && !(output === '' && flags.string('template'))) return printTables(session, infoOptions(session))
  return printObjects(session)
}

const human = (output: string) => output === '' || output === 'wide'

export const watching = (session: Session) => session.flags.bool('watch') || session.flags.bool('watch-only')

function infoOptions(session: Session): InfoOptions {
  const { flags } = session
  return {
    listable: true,
    latest: true,
    allNamespaces: flags.bool('all-namespaces'),
    selector: flags.string('selector'),
    fieldSelector: flags.string('field-selector'),
    subresource: flags.string('subresource') || undefined,
    ignoreNotFound: flags.bool('ignore-not-found'),
  }
}

/** `-o yaml` and the like: one object, or a List of them. */
async function printObjects(session: Session): Promise<void> {
  const printer = printerFor(session, { also: TABLE_FORMATS })
  const options = infoOptions(session)
  const { infos, errors } = await findInfos(session, session.args, options)
  const sortBy = session.flags.string('sort-by')
  const objects = infos.map((info) => info.object)
  const sorted = sortBy ? sortObjects(objects, sortBy, (object) => object) : objects
  const single = singleItemImplied(session)
  if (errors.length > 0 && objects.length === 0) throwAll(errors)
  if (single && objects.length === 0) return
  const shown = single
    ? sorted[0]
    : { apiVersion: 'v1', items: sorted, kind: 'List', metadata: { resourceVersion: '' } }
  try {
    await session.print(printer.print(shown))
  } catch (error) {
    if (error instanceof PartialOutput) await session.print(error.output)
    throw error
  }
  throwAll(errors)
}

/** Whether the call names exactly one object. */
function singleItemImplied(session: Session): boolean {
  const { args, flags } = session
  if (hasFiles(session))
    return (
      flags.list('filename').length === 1 &&
      flags.string('kustomize') === '' &&
      !flags.bool('recursive') &&
      singleFile(session)
    )
  if (args.length === 1) return args[0]!.includes('/')
  return args.length === 2 && !args[0]!.includes('/') && !args[0]!.includes(',')
}

function singleFile(session: Session): boolean {
  const [name = ''] = session.flags.list('filename')
  return (
    session.process.files.exists(name) &&
    session.process.files.stat(name).type === 'file' &&
    !/\n---/.test(session.process.files.readText(name))
  )
}
