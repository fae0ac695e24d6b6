import { parseDocuments } from '../builder/documents.ts'
import { dryRunOf, fieldValidation, withDryRun } from '../builder/dry-run.ts'
import { fileInfos, hasFiles } from '../builder/files.ts'
import {
  dryRunFlag,
  fieldManagerFlag,
  filenameFlags,
  saveConfigFlag,
  subresourceFlag,
  validateFlag,
} from '../builder/flags.ts'
import { readManifestFiles } from '../builder/manifest-files.ts'
import { createObject, replaceObject } from '../client/objects.ts'
import type { Command } from '../command.ts'
import { CliError, throwAll, withSource } from '../errors/errors.ts'
import { bool, duration, int, string } from '../flags/flag.ts'
import { lastApplied, withLastApplied } from '../last-applied/annotation.ts'
import { printerFor, printFlags } from '../printers/print-flags.ts'
import type { Session } from '../session.ts'
import { deleteInfos } from './delete/perform.ts'
import { rawTarget, rawText } from './get/raw.ts'

export const replace: Command = {
  name: 'replace',
  short: 'Replace a resource by file name or stdin',
  long: `Replace a resource by file name or stdin.

 JSON and YAML formats are accepted. If replacing an existing resource, the complete resource spec must be provided. This can be obtained by

  $ kubectl get TYPE NAME -o yaml`,
  examples: `
# Replace a pod using the data in pod.json
kubectl replace -f ./pod.json

# Force replace, delete and then re-create the resource
kubectl replace --force -f ./pod.json`,
  use: 'replace -f FILENAME',
  flags: [
    ...printFlags(),
    ...filenameFlags('to use to replace the resource.'),
    string(
      'cascade',
      'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents (e.g. Pods created by a ReplicationController). Defaults to background.',
      { default: 'background', alone: 'background' },
    ),
    dryRunFlag(),
    fieldManagerFlag('kubectl-replace'),
    bool(
      'force',
      'If true, immediately remove resources from API and bypass graceful deletion. Note that immediate deletion of some resources may result in inconsistency or data loss and requires confirmation.',
    ),
    int(
      'grace-period',
      'Period of time in seconds given to the resource to terminate gracefully. Ignored if negative. Set to 1 for immediate shutdown. Can only be set to 0 when --force is true (force deletion).',
      { default: '-1' },
    ),
    string('raw', 'Raw URI to PUT to the server.  Uses the transport specified by the kubeconfig file.'),
    saveConfigFlag(),
    subresourceFlag(),
    duration(
      'timeout',
      'The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object',
    ),
    validateFlag(),
    bool('wait', 'If true, wait for resources to be gone before returning. This waits for finalizers.'),
  ],
  run,
}

async function run(session: Session): Promise<void> {
  const { flags } = session
  if (flags.string('raw')) return replaceRaw(session)
  if (!hasFiles(session)) throw session.usageError('Must specify --filename to replace')
  const dryRun = await dryRunOf(session)
  if (flags.int('grace-period') >= 0 && !flags.bool('force'))
    throw new CliError('--grace-period must have --force specified')
  if (flags.duration('timeout') !== 0 && !flags.bool('force'))
    throw new CliError('--timeout must have --force specified')
  const validation = fieldValidation(session)
  const found = await fileInfos(session, { validate: validation !== 'Ignore' })
  if (flags.bool('force')) {
    throwAll(found.errors)
    await deleteInfos(session, found, {
      dryRun: 'none',
      gracePeriod: flags.int('grace-period'),
      force: true,
      ignoreNotFound: true,
      wait: true,
      timeout: flags.duration('timeout'),
      propagationPolicy: 'Background',
      shortOutput: false,
      quiet: false,
    })
  }
  const printer = printerFor(session, { operation: withDryRun('replaced', dryRun) })
  const errors: Error[] = []
  for (const info of found.infos) {
    const save = flags.bool('save-config') || lastApplied(info.object) !== undefined
    const object = save ? withLastApplied(info.object) : info.object
    const options = {
      dryRun,
      fieldManager: flags.string('field-manager'),
      fieldValidation: validation,
      subresource: flags.string('subresource') || undefined,
    }
    try {
      const result =
        dryRun === 'client'
          ? object
          : flags.bool('force')
            ? await createObject(session.client, info, object, options)
            : await replaceObject(session.client, info, object, options)
      await session.print(printer.print(result))
    } catch (error) {
      errors.push(flags.bool('force') ? (error as Error) : withSource('replacing', info.source, error))
    }
  }
  throwAll([...errors, ...found.errors])
}

async function replaceRaw(session: Session): Promise<void> {
  const [file] = await readManifestFiles(session.process, session.flags.list('filename'), false)
  if (!file) throw new CliError('--raw can only use a single local file or stdin')
  const { objects } = parseDocuments(file, false)
  const response = await session.client.send({ ...rawTarget(session), method: 'PUT', body: objects[0] })
  await session.print(rawText(response.body))
}
