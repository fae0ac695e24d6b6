import { dryRunOf } from '../../builder/dry-run.ts'
import { fileInfos, hasFiles } from '../../builder/files.ts'
import {
  allFlag,
  allNamespacesFlag,
  dryRunFlag,
  fieldSelectorFlag,
  filenameFlags,
  selectorFlag,
} from '../../builder/flags.ts'
import type { Info, Infos } from '../../builder/info.ts'
import { fetchTargets } from '../../builder/infos.ts'
import { readAll } from '../../builder/manifest-files.ts'
import { MISSING_RESOURCE, targetsOf } from '../../builder/targets.ts'
import type { Command } from '../../command.ts'
import { kindPrefix } from '../../discovery/resource.ts'
import { CliError } from '../../errors/errors.ts'
import { bool, duration, int, string } from '../../flags/flag.ts'
import type { Session } from '../../session.ts'
import { rawTarget, rawText } from '../get/raw.ts'
import { deleteInfos } from './perform.ts'
import { settingsOf } from './settings.ts'

export const deleteCommand: Command = {
  name: 'delete',
  short: 'Delete resources by file names, stdin, resources and names, or by resources and label selector',
  long: `Delete resources by file names, stdin, resources and names, or by resources and label selector.

 JSON and YAML formats are accepted. Only one type of argument may be specified: file names, resources and names, or resources and label selector.

 Some resources, such as pods, support graceful deletion. They get a grace period to stop by themselves before they are killed; --grace-period changes it, and --now sets it to one second. A force deletion does not wait for confirmation from the kubelet.`,
  examples: `
# Delete a pod using the type and name specified in pod.json
kubectl delete -f ./pod.json

# Delete pods and services with same names "baz" and "foo"
kubectl delete pod,service baz foo

# Delete pods and services with label name=myLabel
kubectl delete pods,services -l name=myLabel

# Delete a pod with minimal delay
kubectl delete pod foo --now

# Delete all pods
kubectl delete pods --all`,
  use: 'delete ([-f FILENAME] | [-k DIRECTORY] | TYPE [(NAME | -l label | --all)])',
  flags: [
    ...filenameFlags('containing the resource to delete.'),
    allFlag('Delete all resources, in the namespace of the specified resource types.'),
    allNamespacesFlag(),
    string(
      'cascade',
      'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
      { default: 'background', alone: 'background' },
    ),
    dryRunFlag(),
    fieldSelectorFlag(),
    selectorFlag(),
    bool(
      'force',
      'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
    ),
    int(
      'grace-period',
      'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
      { default: '-1' },
    ),
    bool(
      'ignore-not-found',
      'Treat "resource not found" as a successful delete. Defaults to "true" when --all is specified.',
    ),
    bool('interactive', 'If true, delete resource only when user confirms.', { shorthand: 'i' }),
    bool('now', 'If true, resources are signaled for immediate shutdown (same as --grace-period=1).'),
    string('output', 'Output mode. Use "-o name" for shorter output (resource/name).', { shorthand: 'o' }),
    string('raw', 'Raw URI to DELETE to the server.  Uses the transport specified by the kubeconfig file.'),
    duration(
      'timeout',
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    bool('wait', 'If true, wait for resources to be gone before returning. This waits for finalizers.', {
      default: 'true',
    }),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (flags.string('raw')) {
    const response = await session.client.send({ ...rawTarget(session), method: 'DELETE' })
    return session.print(rawText(response.body))
  }
  const output = flags.string('output')
  if (output !== '' && output !== 'name')
    throw new CliError(`unexpected -o output mode: ${output}. We only support '-o name'`)
  const dryRun = await dryRunOf(session)
  const settings = await settingsOf(session, dryRun)
  const found = await infosToDelete(session, args)
  if (flags.bool('interactive') && found.infos.length > 0 && !(await confirmed(session, found.infos))) {
    return session.print('deletion is cancelled\n')
  }
  await deleteInfos(session, found, settings)
}

async function infosToDelete(session: Session, args: readonly string[]): Promise<Infos> {
  const { flags } = session
  const all = flags.bool('all')
  const selector = flags.string('selector')
  const fieldSelector = flags.string('field-selector')
  if (hasFiles(session)) {
    if (args.length > 0)
      throw new CliError(
        'when paths, URLs, or stdin is provided as input, you may not specify resource arguments as well',
      )
    if (all) throw new CliError('--all cannot be used together with -f')
    return fileInfos(session)
  }
  if (args.length === 0) throw new CliError(MISSING_RESOURCE)
  if (all && selector) throw new CliError("setting 'all' parameter but found a non empty selector. ")
  const targets = await targetsOf(session, args, {
    all,
    selector,
    fieldSelector,
    allNamespaces: flags.bool('all-namespaces'),
  })
  if (targets.every((target) => target.name !== undefined)) {
    return {
      infos: targets.map((t) => ({ resource: t.resource, namespace: t.namespace, name: t.name!, source: '' })),
      errors: [],
    }
  }
  return fetchTargets(session, targets, { selector, fieldSelector })
}

async function confirmed(session: Session, infos: readonly Info[]): Promise<boolean> {
  const names = infos.map((info) => `${kindPrefix(info.resource)}/${info.name}\n`).join('')
  await session.print(
    `You are about to delete the following ${infos.length} resource(s):\n${names}Do you want to continue? (y/N): `,
  )
  const answer = (await readAnswer(session)).trim().toLowerCase()
  return answer === 'y' || answer === 'yes'
}

async function readAnswer(session: Session): Promise<string> {
  if (!session.process.stdin.tty) return readAll(session.process)
  return new TextDecoder().decode(await session.process.stdin.read())
}
