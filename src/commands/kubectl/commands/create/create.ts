import { withChangeCause } from '../../builder/change-cause.ts'
import { dryRunOf, fieldValidation, withDryRun } from '../../builder/dry-run.ts'
import { fileInfos, hasFiles } from '../../builder/files.ts'
import {
  dryRunFlag,
  fieldManagerFlag,
  filenameFlags,
  recordFlag,
  saveConfigFlag,
  selectorFlag,
  validateFlag,
} from '../../builder/flags.ts'
import { readManifestFiles } from '../../builder/manifest-files.ts'
import { createObject } from '../../client/objects.ts'
import type { Command } from '../../command.ts'
import { CliError, ExitCode, throwAll, withSource } from '../../errors/errors.ts'
import { bool, string } from '../../flags/flag.ts'
import { usageText } from '../../help/usage.ts'
import { withLastApplied } from '../../last-applied/annotation.ts'
import { printerFor, printFlags } from '../../printers/print-flags.ts'
import type { Session } from '../../session.ts'
import { rawTarget, rawText } from '../get/raw.ts'
import { GENERATORS } from './generators.ts'
import { matchingLabels } from './selector.ts'

export const create: Command = {
  name: 'create',
  short: 'Create a resource from a file or from stdin',
  long: 'Create a resource from a file or from stdin.\n\n JSON and YAML formats are accepted.',
  examples: `
# Create a pod using the data in pod.json
kubectl create -f ./pod.json

# Create a pod based on the JSON passed into stdin
cat pod.json | kubectl create -f -

# Edit the data in registry.yaml in JSON then create the resource using the edited data
kubectl create -f registry.yaml --edit -o json`,
  use: 'create -f FILENAME',
  flags: [
    ...printFlags(),
    ...filenameFlags('to use to create the resource'),
    dryRunFlag(),
    fieldManagerFlag('kubectl-create'),
    validateFlag(),
    saveConfigFlag(),
    recordFlag(),
    selectorFlag(),
    bool('edit', 'Edit the API resource before creating'),
    string('raw', 'Raw URI to POST to the server.  Uses the transport specified by the kubeconfig file.'),
    bool('windows-line-endings', 'Only relevant if --edit=true. Defaults to the line ending native to your platform.'),
  ],
  subcommands: GENERATORS,
  run,
}

async function run(session: Session): Promise<void> {
  const { flags, args } = session
  if (args.length > 0) throw session.usageError(`Unexpected args: [${args.join(' ')}]`)
  if (flags.string('raw')) return createRaw(session)
  if (!hasFiles(session)) {
    await session.printError('error: must specify one of -f and -k\n\n')
    await session.printError(`${create.long}\n\n${usageText(create, 'kubectl create')}`)
    throw new ExitCode(1)
  }
  const dryRun = await dryRunOf(session)
  const printer = printerFor(session, { operation: withDryRun('created', dryRun) })
  const validation = fieldValidation(session)
  const found = await fileInfos(session, { validate: validation !== 'Ignore' })
  const matches = matchingLabels(flags.string('selector'))
  const infos = found.infos.filter((info) => matches(info.object))
  const errors: Error[] = []
  for (const info of infos) {
    const object = withChangeCause(session, flags.bool('save-config') ? withLastApplied(info.object) : info.object)
    try {
      const created =
        dryRun === 'client'
          ? object
          : await createObject(session.client, info, object, {
              dryRun,
              fieldManager: flags.string('field-manager'),
              fieldValidation: validation,
            })
      await session.print(printer.print(created))
    } catch (error) {
      errors.push(withSource('creating', info.source, error))
    }
  }
  throwAll([...errors, ...found.errors])
  if (infos.length === 0) throw new CliError('no objects passed to create')
}

/** Sent as it is: what is no JSON is for the server to refuse. */
function rawBody(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return new TextEncoder().encode(text)
  }
}

async function createRaw(session: Session): Promise<void> {
  const names = session.flags.list('filename')
  if (names.length === 0) throw new CliError('must specify one of -f and -k')
  if (names.length !== 1) throw new CliError('--raw can only use a single local file or stdin')
  const [file] = await readManifestFiles(session.process, names, false)
  const response = await session.client.send({ ...rawTarget(session), method: 'POST', body: rawBody(file!.text) })
  await session.print(rawText(response.body))
}
